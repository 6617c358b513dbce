//! `cargo run -- openapi`: the App API as an OpenAPI 3.1 document, made of the code.
//!
//! * Schemas of answers are those of the types that serialise them; schemas of requests stand beside their readers
//!   (`schema` in `doorway-lti` and `doorway-core`), with the limits that these check. Both are behind the feature `openapi`, which
//!   the functions do not have.
//! * `problem`: every error of the App API, as the code makes it: status, code, words, `Retry-After`.
//! * `operation`: the calls, each with the parts that its errors come from.
//! * `example`: the examples are those of `docs/app-api.md`.
//!
//! What it says is held to what is there by tests: to the file that is committed, to the routes of the template, to the table of codes
//! in `docs/app-api.md`, to every answer that any test gets of the App API, and to what schemathesis makes of it
//! (`tests/peers/schemathesis`).

mod example;
mod operation;
mod problem;

use doorway_web::problem::Problem;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The document, as the file has it.
pub fn text() -> String {
    format!("{:#}\n", document())
}

/// The document.
pub fn document() -> Value {
    let mut schemas = Schemas::new();
    let paths = operation::paths(&mut schemas);
    let problems = problem::all();
    let examples: Map<String, Value> = problems.iter().map(|one| (one.code.to_owned(), one.example())).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Doorway: the App API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "externalDocs": { "description": "What to do with each answer", "url": "app-api.md" },
        "servers": [{
            "url": "{toolUrl}",
            "description": "The Tool's public URL: the output `ApiUrl` of the deployment.",
            "variables": { "toolUrl": { "default": "http://127.0.0.1:8400", "description": "By default, that of the local stack." } },
        }],
        "security": [{ "appKey": [] }],
        "tags": operation::TAGS.map(|(name, description)| json!({ "name": name, "description": description })),
        "paths": paths,
        "components": {
            "securitySchemes": {
                "appKey": { "type": "http", "scheme": "bearer", "description": "The App API key. It stays on the server." },
            },
            "headers": headers(),
            "responses": {
                "MethodNotAllowed": problem::response(405, &problem::codes_of(problem::Part::Elsewhere, 405)),
                "NotFound": problem::response(404, &problem::codes_of(problem::Part::Elsewhere, 404)),
                "TooManyRequests": {
                    "description": "From API Gateway, before Doorway is asked: the rate limit is reached. No problem document.",
                },
            },
            "schemas": schemas.finish(),
            "examples": examples,
        },
    })
}

const DESCRIPTION: &str = "What the back end of an App calls, for the launches that Doorway hands it.\n\n\
    Bodies are JSON in UTF-8; a request needs no `Content-Type`. Answers are never cached. Members without a value are left out; new \
    members may be added to answers, and new codes to problem documents. Decide by `code`.\n\n\
    A path that is none answers 404 `not_found`, and a method that a path does not have 405 `method_not_allowed` with `Allow`: see \
    `components.responses`. GET may be asked for by HEAD. API Gateway answers 404 and 429 itself, without a problem document.\n\n\
    This file is generated: `cargo run -- openapi > docs/openapi.json`.";

/// Headers that several answers have.
fn headers() -> Value {
    let text = |description: &str, value: &str| json!({ "description": description, "required": true, "schema": { "type": "string", "const": value } });
    json!({
        "CacheControl": text("Nothing may be kept.", "no-store"),
        "RetryAfter": {
            "description": "After how many seconds the same may be sent again.",
            "required": true,
            "schema": { "type": "integer", "minimum": 0 },
        },
        "WwwAuthenticate": text("How to authorise.", "Bearer"),
        "Allow": { "description": "The methods of this path.", "required": true, "schema": { "type": "string" } },
    })
}

/// Makes schemas of the types that serialise answers, and collects those that have a name.
struct Schemas {
    generator: SchemaGenerator,
    requests: Map<String, Value>,
}

impl Schemas {
    fn new() -> Self {
        let mut settings = SchemaSettings::draft2020_12().for_serialize();
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
        Self { generator: settings.into_generator(), requests: Map::new() }
    }

    /// A reference to the schema of this type.
    fn of<T: JsonSchema>(&mut self) -> Value {
        self.generator.subschema_for::<T>().to_value()
    }

    /// A reference to the schema of a request.
    fn request(&mut self, name: &str, schema: Value) -> Value {
        self.requests.insert(name.to_owned(), schema);
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    fn finish(mut self) -> Map<String, Value> {
        let _described = self.of::<Problem>();
        let mut schemas = self.generator.take_definitions(true);
        for schema in schemas.values_mut() {
            without_null(schema);
        }
        schemas.extend(self.requests);
        schemas
    }
}

/// A member of an answer that is optional is left out when it has no value: it is never `null`, though its type in Rust is an
/// `Option`.
fn without_null(schema: &mut Value) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for property in properties.values_mut() {
            if let Some(Value::Array(kinds)) = property.get_mut("type") {
                kinds.retain(|kind| kind != "null");
                if let [kind] = &kinds[..] {
                    property["type"] = kind.clone();
                }
            }
            if let Some(Value::Array(choices)) = property.get_mut("anyOf") {
                choices.retain(|choice| choice["type"] != "null");
                if let ([choice], Some(property)) = (&choices.clone()[..], property.as_object_mut()) {
                    property.remove("anyOf");
                    property.extend(choice.as_object().cloned().unwrap_or_default());
                }
            }
            without_null(property);
        }
    }
    if let Some(items) = schema.get_mut("items") {
        without_null(items);
    }
}

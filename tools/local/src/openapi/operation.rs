//! The calls of the App API.

use doorway_core::launch_id::PATTERN;
use doorway_core::launch_view::LaunchView;
use doorway_core::line_item_view::{LineItemView, LineItemsView};
use doorway_core::score_view::{ScoreView, StoredScoreView};
use doorway_core::use_case::deep_link::SignedResponse;
use doorway_core::use_case::forget::ForgetCursor;
use doorway_core::use_case::line_items::Results;
use doorway_core::use_case::memberships::Members;
use doorway_core::use_case::submit_score;
use doorway_lti::ids::{MAX_ID_BYTES, MAX_ISSUER_BYTES};
use doorway_lti::nrps::RoleFilter;
use doorway_lti::{ags, deep_linking};
use doorway_web::app_api::MAX_JSON_BYTES;
use serde_json::{Map, Value, json};

use super::Schemas;
use super::example;
use super::problem::Part::{
    Body, Call as Calling, DeepLink, Launch, LineItem, LineItems, Memberships, NewLineItem, Platform, PlatformAnswer,
    Query, Redeem, Results as Resulting, Score, StoredScore, WrittenLineItem,
};
use super::problem::{self, Part};

/// The groups of calls.
pub(super) const TAGS: [(&str, &str); 5] = [
    ("launches", "Redeem, read and forget launches."),
    ("deep linking", "Return what a teacher chose."),
    ("scores", "Publish scores, and see what became of them."),
    ("line items", "Columns of the gradebook, and what they say."),
    ("memberships", "Who is in the context."),
];

/// One call.
struct Call {
    method: &'static str,
    path: &'static str,
    tag: &'static str,
    id: &'static str,
    summary: &'static str,
    description: &'static str,
    parameters: Vec<Value>,
    body: Option<Value>,
    /// Successes, by status.
    answers: Vec<(u16, Value)>,
    /// What its errors come from.
    parts: &'static [Part],
}

/// The paths with their calls.
pub(super) fn paths(schemas: &mut Schemas) -> Value {
    let mut paths = Map::new();
    let calls = [launches(schemas), deep_link(schemas), scores(schemas), line_items(schemas), memberships(schemas)];
    for call in calls.into_iter().flatten() {
        let method = call.method;
        let path = paths.entry(call.path).or_insert_with(|| json!({}));
        path[method] = call.shown();
    }
    Value::Object(paths)
}

impl Call {
    fn shown(self) -> Value {
        let mut responses = problem::responses(self.parts);
        responses.insert("429".to_owned(), json!({ "$ref": "#/components/responses/TooManyRequests" }));
        responses.extend(self.answers.into_iter().map(|(status, answer)| (status.to_string(), answer)));
        let mut shown = json!({
            "tags": [self.tag],
            "operationId": self.id,
            "summary": self.summary,
            "description": self.description,
            "responses": responses,
        });
        if !self.parameters.is_empty() {
            shown["parameters"] = self.parameters.into();
        }
        if let Some(body) = self.body {
            shown["requestBody"] = body;
        }
        shown
    }
}

fn launches(schemas: &mut Schemas) -> Vec<Call> {
    let launch = schemas.of::<LaunchView>();
    let cursor = schemas.of::<ForgetCursor>();
    let redeemed = example::under("Redeem", 0);
    let kept = kept(redeemed.clone());
    vec![
        Call {
            method: "post",
            path: "/v1/launches/{id}/redeem",
            tag: "launches",
            id: "redeemLaunch",
            summary: "Hands out a launch, once",
            description: "With everything that the Platform said. What is personal in it is then erased from Doorway's table. Of several \
                          calls at the same time exactly one succeeds. No body is read.",
            parameters: vec![launch_id()],
            body: None,
            answers: vec![(200, answer("The launch.", &launch, &redeemed))],
            parts: &[Calling, Launch, Redeem],
        },
        Call {
            method: "get",
            path: "/v1/launches/{id}",
            tag: "launches",
            id: "readLaunch",
            summary: "Shows what is kept of a launch",
            description: "The same launch without what is personal, any number of times.",
            parameters: vec![launch_id()],
            body: None,
            answers: vec![(200, answer("What is kept.", &launch, &kept))],
            parts: &[Calling, Launch],
        },
        Call {
            method: "delete",
            path: "/v1/launches/{id}",
            tag: "launches",
            id: "forgetLaunch",
            summary: "Forgets a launch",
            description: "What is not there, or never was a launch, is forgotten already.",
            parameters: vec![parameter(
                "path",
                "id",
                json!({ "type": "string", "minLength": 1 }),
                "The launch, or what may be one.",
            )],
            body: None,
            answers: vec![(204, nothing("It is forgotten."))],
            parts: &[Calling],
        },
        Call {
            method: "delete",
            path: "/v1/users",
            tag: "launches",
            id: "forgetUser",
            summary: "Forgets all launches of one user of one Platform",
            description: "Looks through the whole table, so that launches need not pay for an index. For requests of erasure.",
            parameters: vec![
                parameter("query", "issuer", id(MAX_ISSUER_BYTES), "The Platform: `platform.issuer` of a launch."),
                parameter("query", "sub", id(MAX_ID_BYTES), "The user: `user.id` of a launch."),
                optional(
                    "cursor",
                    json!({ "type": "string", "pattern": PATTERN }),
                    "Of a 202 answer: goes on from there.",
                ),
            ],
            body: None,
            answers: vec![
                (
                    202,
                    with_header(
                        answer(
                            "The time of one request was not enough: make the same call with this cursor.",
                            &cursor,
                            &json!({ "cursor": "McY3EELpbt8LUf_2lrQX9Fk68ZeWd8NI" }),
                        ),
                        "Retry-After",
                        json!({ "$ref": "#/components/headers/RetryAfter" }),
                    ),
                ),
                (204, nothing("All are forgotten.")),
            ],
            parts: &[Calling, Query],
        },
    ]
}

fn deep_link(schemas: &mut Schemas) -> Vec<Call> {
    let selection = schemas.request("Selection", deep_linking::schema::selection());
    let signed = schemas.of::<SignedResponse>();
    let mut answered = answer("The signed response: as JSON, or as a page.", &signed, &example::under("Deep link", 1));
    answered["content"]["text/html"] = json!({ "schema": {
        "type": "string",
        "description": "A whole page that posts the response by itself: with `Accept: text/html` and no `application/json` beside it.",
    } });
    vec![Call {
        method: "post",
        path: "/v1/launches/{id}/deep-link",
        tag: "deep linking",
        id: "answerDeepLink",
        summary: "Signs what a teacher chose",
        description: "For a deep linking request. The choice is checked against the settings of the launch and signed, once: the same request \
                      again within five minutes has the same response. `Accept: text/html`, and no `application/json` beside it, asks \
                      for a page that the browser can be handed.",
        parameters: vec![launch_id()],
        body: Some(body(&selection, &example::under("Deep link", 0))),
        answers: vec![(200, answered)],
        parts: &[Calling, Launch, Body, DeepLink],
    }]
}

fn scores(schemas: &mut Schemas) -> Vec<Call> {
    let score = schemas.request("Score", submit_score::schema());
    let (submitted, stored) = (schemas.of::<ScoreView>(), schemas.of::<StoredScoreView>());
    let delivered = example::under("Scores", 1);
    let mut queued = delivered.clone();
    queued["state"] = "queued".into();
    let location = json!({
        "description": "Where to ask what became of it.",
        "required": true,
        "schema": { "type": "string", "pattern": "^/v1/scores/[A-Za-z0-9_-]{32}$" },
    });
    let key = "The App's own name for this score within this launch. A request with the same key and the same body is the same score.";
    let prefer = "`respond-async`, among others: answers 202 at once, without asking the Platform.";
    vec![
        Call {
            method: "post",
            path: "/v1/launches/{id}/scores",
            tag: "scores",
            id: "publishScore",
            summary: "Publishes a score, now or later, but surely",
            description: "Stores the score, tries the Platform once, and answers. When the Platform cannot take it now, it is queued and \
                          delivered later.",
            parameters: vec![
                launch_id(),
                with_example(header("Idempotency-Key", submit_score::key_schema(), key), "attempt-7"),
                with_example(header("Prefer", json!({ "type": "string" }), prefer), "respond-async"),
            ],
            body: Some(body(&score, &example::under("Scores", 0))),
            answers: vec![
                (200, answer("Nothing is left to do: see `state`.", &submitted, &delivered)),
                (
                    202,
                    with_header(answer("Accepted: it will be delivered.", &submitted, &queued), "Location", location),
                ),
            ],
            parts: &[Calling, Launch, Body, Platform, Score],
        },
        Call {
            method: "get",
            path: "/v1/scores/{id}",
            tag: "scores",
            id: "readScore",
            summary: "Says what became of a score",
            description: "Where it stands, and every attempt.",
            parameters: vec![parameter("path", "id", json!({ "type": "string", "pattern": PATTERN }), "The score.")],
            body: None,
            answers: vec![(200, answer("Where it stands.", &stored, &example::under("Where a score stands", 0)))],
            parts: &[Calling, StoredScore],
        },
    ]
}

fn line_items(schemas: &mut Schemas) -> Vec<Call> {
    const ALL: &str = "/v1/launches/{id}/line-items";
    const ONE: &str = "/v1/launches/{id}/line-items/{lineItemId}";
    let new = schemas.request("NewLineItem", ags::schema::line_item());
    let change = schemas.request("LineItemChange", ags::schema::line_item_change());
    let (item, items, results) = (schemas.of::<LineItemView>(), schemas.of::<LineItemsView>(), schemas.of::<Results>());
    let shown = example::under("Line items", 2);
    let text = || json!({ "type": "string" });
    let call = |method, path, id, summary, description, parameters, body, answers, parts| Call {
        method,
        path,
        tag: "line items",
        id,
        summary,
        description,
        parameters,
        body,
        answers,
        parts,
    };
    vec![
        call(
            "get",
            ALL,
            "listLineItems",
            "Lists the line items of the launch's context",
            "Those that the Platform lets the launch see. Filters may be combined.",
            vec![
                launch_id(),
                optional("resourceLinkId", text(), "Those of this link."),
                optional("resourceId", text(), "Those with this `resourceId`."),
                optional("tag", text(), "Those with this `tag`."),
                limit("One page of about so many. Without it, as many pages as fit into one answer."),
                cursor("`next` of an earlier answer, with the same filters and limit."),
            ],
            None,
            vec![(200, answer("The line items.", &items, &example::under("Line items", 0)))],
            &[Calling, Launch, Query, Platform, PlatformAnswer, LineItems],
        ),
        call(
            "post",
            ALL,
            "createLineItem",
            "Creates a line item, or finds it",
            "With `findOrCreate=true` the one with the same `resourceLinkId`, `resourceId` and `tag`, if there is one.",
            vec![launch_id(), flag("findOrCreate", "Whether one that is there is taken.")],
            Some(body(&new, &example::under("Line items", 1))),
            vec![(200, answer("It was there.", &item, &shown)), (201, answer("It was created.", &item, &shown))],
            &[Calling, Launch, Query, Body, Platform, PlatformAnswer, LineItems, WrittenLineItem, NewLineItem],
        ),
        call(
            "get",
            ONE,
            "readLineItem",
            "Reads a line item",
            "One of the launch's own context.",
            vec![launch_id(), line_item_id()],
            None,
            vec![(200, answer("The line item.", &item, &shown))],
            &[Calling, Launch, Platform, PlatformAnswer, LineItems, LineItem],
        ),
        call(
            "put",
            ONE,
            "changeLineItem",
            "Changes a line item",
            "Send what changes: the rest stays as it is.",
            vec![launch_id(), line_item_id()],
            Some(body(&change, &json!({ "label": "Final test", "gradesReleased": true }))),
            vec![(200, answer("The line item as the Platform applied it.", &item, &shown))],
            &[Calling, Launch, Body, Platform, PlatformAnswer, LineItems, LineItem, WrittenLineItem],
        ),
        call(
            "delete",
            ONE,
            "deleteLineItem",
            "Deletes a line item",
            "With all results in it, at the Platform.",
            vec![launch_id(), line_item_id()],
            None,
            vec![(204, nothing("It is gone."))],
            &[Calling, Launch, Platform, PlatformAnswer, LineItems, LineItem],
        ),
        call(
            "get",
            "/v1/launches/{id}/line-items/{lineItemId}/results",
            "readResults",
            "Reads what the gradebook says",
            "A teacher's changes included.",
            vec![
                launch_id(),
                line_item_id(),
                optional("userId", id(MAX_ID_BYTES), "One learner's."),
                cursor("`next` of an earlier answer."),
            ],
            None,
            vec![(200, answer("The results.", &results, &example::under("Results", 0)))],
            &[Calling, Launch, Query, Platform, PlatformAnswer, LineItem, Resulting],
        ),
    ]
}

fn memberships(schemas: &mut Schemas) -> Vec<Call> {
    let members = schemas.of::<Members>();
    vec![Call {
        method: "get",
        path: "/v1/launches/{id}/memberships",
        tag: "memberships",
        id: "readMemberships",
        summary: "Reads the class list",
        description: "Who is in the launch's context.",
        parameters: vec![
            launch_id(),
            optional(
                "role",
                RoleFilter::schema(),
                "Those with this role: a context role's short name, or any role's URI.",
            ),
            limit("About so many members a page, and one page for each answer."),
            flag("resourceLink", "Only those who can open the launch's link, each with `message`."),
            cursor("`next` or `differences` of an earlier answer."),
        ],
        body: None,
        answers: vec![(200, answer("The members.", &members, &example::under("Memberships", 0)))],
        parts: &[Calling, Launch, Query, Platform, PlatformAnswer, Memberships],
    }]
}

fn parameter(place: &str, name: &str, schema: Value, description: &str) -> Value {
    json!({ "in": place, "name": name, "required": true, "schema": schema, "description": description })
}

fn header(name: &str, schema: Value, description: &str) -> Value {
    json!({ "in": "header", "name": name, "schema": schema, "description": description })
}

/// An empty one is as absent.
fn optional(name: &str, schema: Value, description: &str) -> Value {
    json!({ "in": "query", "name": name, "schema": schema, "description": description, "allowEmptyValue": true })
}

fn with_example(mut parameter: Value, example: &str) -> Value {
    parameter["example"] = example.into();
    parameter
}

fn launch_id() -> Value {
    parameter("path", "id", json!({ "type": "string", "pattern": PATTERN }), "The launch.")
}

fn line_item_id() -> Value {
    let schema = json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+$" });
    parameter("path", "lineItemId", schema, "The line item: `lineItemId`, which is its URL in base64url.")
}

/// An identifier of so many bytes at most.
fn id(most_bytes: usize) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": most_bytes, "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$" })
}

fn limit(description: &str) -> Value {
    optional("limit", json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX }), description)
}

fn flag(name: &str, description: &str) -> Value {
    optional(name, json!({ "type": "boolean" }), description)
}

fn cursor(description: &str) -> Value {
    optional("cursor", json!({ "type": "string" }), description)
}

fn body(schema: &Value, example: &Value) -> Value {
    json!({
        "required": true,
        "description": format!("One JSON object in UTF-8, of at most {} KiB, with no member twice.", MAX_JSON_BYTES / 1024),
        "content": { "application/json": { "schema": schema, "example": example } },
    })
}

fn answer(description: &str, schema: &Value, example: &Value) -> Value {
    let mut answer = nothing(description);
    answer["content"] = json!({ "application/json": { "schema": schema, "example": example } });
    answer
}

/// An answer without a body.
fn nothing(description: &str) -> Value {
    json!({ "description": description, "headers": { "Cache-Control": { "$ref": "#/components/headers/CacheControl" } } })
}

fn with_header(mut answer: Value, name: &str, header: Value) -> Value {
    answer["headers"][name] = header;
    answer
}

/// What is left of a launch when it was redeemed: the example without what is personal.
fn kept(mut launch: Value) -> Value {
    launch["custom"] = json!({});
    launch["claims"] = json!({ "iss": launch["platform"]["issuer"] });
    if let Value::Object(launch) = &mut launch {
        launch.remove("launchPresentation");
    }
    for (object, personal) in
        [("user", &["name", "givenName", "familyName", "email", "locale"][..]), ("resourceLink", &["description"])]
    {
        if let Some(object) = launch[object].as_object_mut() {
            object.retain(|name, _| !personal.contains(&name.as_str()));
        }
    }
    launch
}

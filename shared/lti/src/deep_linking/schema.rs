//! What an App returns in deep linking, as JSON Schema. Which of it this launch may return its settings say.

use serde_json::{Value, json};

use super::{MAX_ID_CHARS, MAX_ITEMS, MAX_MARKUP_BYTES, MAX_TEXT_CHARS, MAX_TITLE_CHARS, MAX_URL_BYTES};
use crate::schema::{WEB_URL, closed, custom, described, flag, nullable, open, plain};

/// A selection as [`Selection::parse`](super::Selection::parse) reads it.
pub fn selection() -> Value {
    let items = json!({
        "type": ["array", "null"], "maxItems": MAX_ITEMS, "items": { "anyOf": items() },
        "description": "What was chosen. None of it, or an empty list: nothing was.",
    });
    let text = |what: &str| described(plain(MAX_TEXT_CHARS), what);
    closed(
        [
            ("contentItems", items),
            ("msg", text("For the teacher, shown by the Platform.")),
            ("log", text("For the Platform's log.")),
            ("errormsg", text("For the teacher, when something went wrong.")),
            ("errorlog", text("For the Platform's log, when something went wrong.")),
        ],
        &[],
        false,
    )
}

/// One schema for each type of content item.
fn items() -> Vec<Value> {
    let window = || {
        nullable(open(
            [
                ("targetName", plain(MAX_TITLE_CHARS)),
                ("windowFeatures", plain(MAX_TITLE_CHARS)),
                ("width", size()),
                ("height", size()),
            ],
            &[],
        ))
    };
    let frame_of_launch =
        || nullable(open([("src", json!({ "type": "null" })), ("width", size()), ("height", size())], &[]));
    let frame_of_link = nullable(open([("src", url()), ("width", size()), ("height", size())], &["src"]));
    let custom = || custom(&json!({ "type": "string", "maxLength": MAX_TEXT_CHARS }));
    let report = nullable(open([("url", nullable(url())), ("custom", custom())], &[]));
    let extension = json!({
        "type": "object", "required": ["type"],
        "properties": { "type": { "type": "string", "maxLength": MAX_URL_BYTES, "pattern": WEB_URL } },
        "description": "An extension of somebody's own: its members pass as they are.",
    });
    vec![
        item(
            "ltiResourceLink",
            [
                ("url", nullable(url())),
                ("custom", custom()),
                ("lineItem", line_item()),
                ("window", window()),
                ("iframe", frame_of_launch()),
                ("available", period()),
                ("submission", period()),
            ],
            &[],
        ),
        item(
            "link",
            [
                ("url", url()),
                ("embed", nullable(open([("html", markup())], &["html"]))),
                ("window", window()),
                ("iframe", frame_of_link),
            ],
            &["url"],
        ),
        item("file", [("url", url()), ("expiresAt", moment()), ("mediaType", media_type())], &["url"]),
        item("html", [("html", markup())], &["html"]),
        item("image", [("url", url()), ("width", size()), ("height", size())], &["url"]),
        item(
            "ltiAssetProcessor",
            [
                ("url", nullable(url())),
                ("custom", custom()),
                ("report", report),
                ("window", window()),
                ("iframe", frame_of_launch()),
            ],
            &[],
        ),
        extension,
    ]
}

/// A content item of this type, with what all of them have.
fn item<const N: usize>(name: &str, members: [(&str, Value); N], required: &[&str]) -> Value {
    let required: Vec<&str> = [&["type"], required].concat();
    let mut schema = open(members, &required);
    schema["title"] = name.into();
    let mut put = |member: &str, value: Value| schema["properties"][member] = value;
    put("type", json!({ "const": name }));
    put("title", plain(MAX_TITLE_CHARS));
    put("text", plain(MAX_TEXT_CHARS));
    if name != "html" {
        let picture = || nullable(open([("url", url()), ("width", size()), ("height", size())], &["url"]));
        put("icon", picture());
        put("thumbnail", picture());
    }
    schema
}

/// The gradebook column that comes with a link.
fn line_item() -> Value {
    let status = json!({ "type": ["array", "null"], "items": { "type": "string" } });
    let custom = custom(&json!({ "type": "string", "maxLength": MAX_TEXT_CHARS }));
    let review = open(
        [("reviewableStatus", status), ("label", plain(MAX_TITLE_CHARS)), ("url", nullable(url())), ("custom", custom)],
        &[],
    );
    nullable(open(
        [
            ("scoreMaximum", json!({ "type": "number", "exclusiveMinimum": 0 })),
            ("label", plain(MAX_TITLE_CHARS)),
            ("resourceId", plain(MAX_ID_CHARS)),
            ("tag", plain(MAX_ID_CHARS)),
            ("gradesReleased", flag()),
            ("submissionReview", nullable(review)),
        ],
        &["scoreMaximum"],
    ))
}

/// When content is open.
fn period() -> Value {
    nullable(open([("startDateTime", moment()), ("endDateTime", moment())], &[]))
}

fn moment() -> Value {
    json!({
        "type": ["string", "null"], "format": "date-time",
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$",
    })
}

fn url() -> Value {
    json!({ "type": "string", "maxLength": MAX_URL_BYTES, "pattern": WEB_URL })
}

fn markup() -> Value {
    let description = format!("A fragment of HTML, not blank: at most {MAX_MARKUP_BYTES} bytes.");
    json!({ "type": "string", "minLength": 1, "maxLength": MAX_MARKUP_BYTES, "pattern": r"\S", "description": description })
}

fn media_type() -> Value {
    json!({ "type": ["string", "null"], "pattern": "^[^*/;,]+/[^*/,]+$" })
}

/// In pixels.
fn size() -> Value {
    json!({ "type": ["integer", "null"], "minimum": 0, "maximum": u64::MAX })
}

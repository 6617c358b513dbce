//! What an App sends about grades, as JSON Schema.

use serde_json::{Value, json};

use super::line_item::{MAX_LABEL_CHARS, MAX_QUALIFIER_CHARS};
use super::score::{ActivityProgress, GradingProgress, MAX_COMMENT_BYTES};
pub use crate::schema::SINCE_1970;
use crate::schema::{closed, custom, described, flag, id, moment, nullable};

/// A score as [`Score::parse`](super::score::Score::parse) reads it.
pub fn score() -> Value {
    let words = |words: Vec<&str>| json!({ "type": "string", "enum": words });
    let activity = words(ActivityProgress::ALL.iter().map(|one| one.as_str()).collect());
    let grading = words(GradingProgress::ALL.iter().map(|one| one.as_str()).collect());
    let mut schema = closed(
        [
            ("activityProgress", described(activity, "How far the learner is.")),
            ("gradingProgress", described(grading, "How far the grading is.")),
            (
                "scoreGiven",
                described(json!({ "type": ["number", "null"], "minimum": 0 }), "Points. May exceed the maximum."),
            ),
            (
                "scoreMaximum",
                described(
                    json!({ "type": ["number", "null"], "exclusiveMinimum": 0 }),
                    "What the points are out of. Required with `scoreGiven`.",
                ),
            ),
            (
                "comment",
                json!({
                    "type": ["string", "null"], "maxLength": MAX_COMMENT_BYTES, "pattern": r"^[^\u0000]*$",
                    "description": format!("For the learner: at most {MAX_COMMENT_BYTES} bytes. A blank one is left out."),
                }),
            ),
            (
                "userId",
                described(
                    nullable(id()),
                    "Whose score it is. By default the person under review, else the launch's user.",
                ),
            ),
            ("scoringUserId", described(id(), "Who graded, when a person did.")),
            ("submission", nullable(closed([("startedAt", moment()), ("submittedAt", moment())], &[], true))),
        ],
        &["activityProgress", "gradingProgress"],
        true,
    );
    let is_number = |name: &str| json!({ "required": [name], "properties": { name: { "type": "number" } } });
    schema["if"] = is_number("scoreGiven");
    schema["then"] = is_number("scoreMaximum");
    schema
}

/// A line item as [`LineItem::parse`](super::line_item::LineItem::parse) reads it.
pub fn line_item() -> Value {
    let mut schema = line_item_change();
    schema["required"] = json!(["label", "scoreMaximum"]);
    for required in ["label", "scoreMaximum"] {
        let kind = schema["properties"][required]["type"][0].take();
        schema["properties"][required]["type"] = kind;
    }
    schema
}

/// Changes as [`LineItem::parse_change`](super::line_item::LineItem::parse_change) reads them.
pub fn line_item_change() -> Value {
    let qualifier = || json!({ "type": ["string", "null"], "maxLength": MAX_QUALIFIER_CHARS });
    let date = |what: &str| {
        let moment = json!({ "type": "string", "format": "date-time", "pattern": SINCE_1970 });
        let description = format!("{what}. `null` and the empty text unset it.");
        json!({ "anyOf": [moment, { "type": "string", "maxLength": 0 }, { "type": "null" }], "description": description })
    };
    let review = closed(
        [
            ("reviewableStatus", json!({ "type": "array", "items": { "type": "string" } })),
            ("label", json!({ "type": ["string", "null"] })),
            ("url", json!({ "type": ["string", "null"], "pattern": crate::schema::WEB_URL })),
            ("custom", custom(&json!({ "type": "string" }))),
        ],
        &["reviewableStatus"],
        true,
    );
    closed(
        [
            ("id", described(json!({}), "Ignored, so that what was read can be sent back.")),
            ("lineItemId", described(json!({}), "Ignored, likewise.")),
            (
                "label",
                json!({ "type": ["string", "null"], "minLength": 1, "maxLength": MAX_LABEL_CHARS, "pattern": r"\S" }),
            ),
            ("scoreMaximum", json!({ "type": ["number", "null"], "exclusiveMinimum": 0 })),
            (
                "resourceLinkId",
                described(
                    json!({ "type": ["string", "null"], "minLength": 1, "maxLength": crate::ids::MAX_ID_BYTES }),
                    "The Platform's id of the link that it belongs to.",
                ),
            ),
            ("resourceId", described(qualifier(), "The App's id of the content.")),
            ("tag", described(qualifier(), "The App's qualifier.")),
            ("startDateTime", date("When the link opens")),
            ("endDateTime", date("When it closes: not before it opens")),
            ("gradesReleased", flag()),
            ("submissionReview", nullable(review)),
        ],
        &[],
        true,
    )
}

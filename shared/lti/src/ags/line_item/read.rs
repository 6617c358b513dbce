//! The members of an App's line item, one by one.

use serde_json::Value;
use url::Url;

use crate::ags::member::{A_MOMENT, Members};
use crate::fault::Faults;
use crate::ids::MAX_ID_BYTES;
use crate::json::Object;
use crate::timestamp::Timestamp;

pub(super) const A_LABEL: &str = "a text of 1 to 1024 characters that is not blank";
pub(super) const A_MAXIMUM: &str = "a number above 0";

/// The longest label, in characters. The standard has no bound; no gradebook shows more.
pub const MAX_LABEL_CHARS: usize = 1024;

/// The longest `resourceId` and `tag`, in characters.
pub const MAX_QUALIFIER_CHARS: usize = 256;

/// The checked members as they go to the Platform, and what is wrong with the others.
pub(super) fn members(mut body: Object) -> (Object, Faults) {
    body.remove("id");
    body.remove("lineItemId");
    let mut faults = Faults::default();
    let mut members = Members::new(body, "", &mut faults);
    let known = [
        ("label", members.text("label", is_label, A_LABEL).map(Value::from)),
        ("scoreMaximum", members.number("scoreMaximum", |maximum| maximum > 0.0, A_MAXIMUM).map(Value::from)),
        ("resourceLinkId", members.text("resourceLinkId", is_id, "an id of 1 to 255 bytes").map(Value::from)),
        ("resourceId", qualifier(&mut members, "resourceId")),
        ("tag", qualifier(&mut members, "tag")),
        ("startDateTime", date(&mut members, "startDateTime")),
        ("endDateTime", date(&mut members, "endDateTime")),
        ("gradesReleased", members.flag("gradesReleased").map(Value::from)),
        ("submissionReview", submission_review(&mut members).map(Value::from)),
    ];
    in_order(&known, &mut members);
    let mut checked = members.extensions();
    checked.extend(known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    (checked, faults)
}

/// The two dates, when both are set.
fn in_order(known: &[(&str, Option<Value>)], members: &mut Members<'_>) {
    let moment = |name: &str| {
        let (_, value) = known.iter().find(|(known, _)| *known == name)?;
        value.as_ref()?.as_str().and_then(Timestamp::parse)
    };
    if moment("startDateTime").zip(moment("endDateTime")).is_some_and(|(start, end)| end < start) {
        members.fault("endDateTime", "at or after startDateTime");
    }
}

fn is_label(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= MAX_LABEL_CHARS
}

fn is_id(text: &str) -> bool {
    (1..=MAX_ID_BYTES).contains(&text.len())
}

fn is_qualifier(text: &str) -> bool {
    text.chars().count() <= MAX_QUALIFIER_CHARS
}

fn qualifier(members: &mut Members<'_>, name: &str) -> Option<Value> {
    members.text(name, is_qualifier, "a text of at most 256 characters").map(Value::from)
}

/// `null` and "" unset a date, so they are sent, as `null`.
fn date(members: &mut Members<'_>, name: &str) -> Option<Value> {
    let sent = members.take_any(name)?;
    match sent.as_str().map(Timestamp::parse) {
        Some(Some(moment)) => Some(Value::from(moment.to_string())),
        _ if sent.is_null() || sent.as_str() == Some("") => Some(Value::Null),
        _ => {
            members.fault(name, format!("{A_MOMENT}, or null"));
            None
        }
    }
}

/// What a submission review opens (Submission Review 1.0): kept as it is.
fn submission_review(members: &mut Members<'_>) -> Option<Object> {
    let review = members.object("submissionReview")?;
    let mut parts = Members::new(review.clone(), "submissionReview.", members.faults());
    let is_words = |value: &Value| value.as_array().is_some_and(|words| words.iter().all(Value::is_string));
    if !parts.take("reviewableStatus").is_some_and(|status| is_words(&status)) {
        parts.fault("reviewableStatus", "an array of activity progresses");
    }
    parts.text("label", |_| true, "a text");
    parts.text("url", is_web_address, "an http or https URL");
    let is_texts = |custom: &Object| custom.values().all(Value::is_string);
    if parts.object("custom").is_some_and(|custom| !is_texts(&custom)) {
        parts.fault("custom", "an object of texts");
    }
    parts.extensions();
    Some(review)
}

fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

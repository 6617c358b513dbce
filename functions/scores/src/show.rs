//! Scores and line items as the App sees them.

use doorway_core::clock::Timestamp;
use doorway_core::date::rfc3339;
use doorway_core::line_item_id;
use doorway_core::scores::{State, SubmissionId};
use doorway_core::store::scores::StoredSubmission;
use doorway_core::use_case::submit_score::Submitted;
use doorway_lti::ags::line_item::FoundLineItem;
use serde_json::{Value, json};

/// A score that was taken care of.
pub(crate) fn submitted(submitted: &Submitted) -> Value {
    let Submitted { id, state, about } = submitted;
    let mut shown = score(id, *state, &about.target.line_item, about.timestamp);
    if let Some(note) = &about.note {
        shown["note"] = json!(note);
    }
    shown
}

/// A score with its attempts.
pub(crate) fn stored(id: &SubmissionId, stored: &StoredSubmission) -> Value {
    let StoredSubmission { about, state, attempts, tries, next_at, expires_at, .. } = stored;
    let mut shown = score(id, *state, &about.target.line_item, about.timestamp);
    shown["acceptedAt"] = json!(Timestamp::from_millis(about.accepted_at * 1000));
    shown["attempts"] = json!(attempts);
    shown["attemptCount"] = json!(tries);
    shown["expiresAt"] = json!(rfc3339(*expires_at));
    if let Some(note) = &about.note {
        shown["note"] = json!(note);
    }
    if let Some(next_at) = next_at.filter(|_| !state.is_settled()) {
        shown["nextAttemptAt"] = json!(rfc3339(next_at));
    }
    shown
}

fn score(id: &SubmissionId, state: State, line_item: &url::Url, timestamp: Timestamp) -> Value {
    json!({ "id": id.as_str(), "state": state.word(), "timestamp": timestamp, "lineItem": line_item })
}

/// A line item with its id for paths.
pub(crate) fn line_item(item: FoundLineItem) -> Value {
    let mut shown = item.members;
    shown.insert("lineItemId".to_owned(), json!(line_item_id::of(&item.id)));
    shown.insert("id".to_owned(), json!(item.id));
    Value::Object(shown)
}

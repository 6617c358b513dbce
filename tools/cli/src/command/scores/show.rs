//! `doorway scores show`.

use doorway_core::clock::{Timestamp, UnixSeconds};
use doorway_core::date::rfc3339;
use doorway_core::scores::{State, SubmissionId};
use doorway_core::store::scores::StoredSubmission;
use serde_json::{Value, json};

use super::scores;
use crate::answer::Answer;
use crate::fault::Fault;
use crate::place::Site;

pub(super) async fn run(id: &SubmissionId, site: &Site) -> Result<Answer, Fault> {
    let stored = scores(site)?.get(id, site.now()).await?.ok_or_else(|| unknown(id))?;
    let mut json = summary(id, &stored);
    json["attempts"] = json!(stored.attempts);
    let mut text = String::new();
    for (member, value) in json.as_object().into_iter().flatten().filter(|(member, _)| *member != "attempts") {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text.push_str(&format!("{member:<14} {value}\n"));
    }
    for attempt in &stored.attempts {
        let shown = json!(attempt);
        let part = |name: &str| match &shown[name] {
            Value::Null => String::new(),
            value => format!(" {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
        };
        text.push_str(&format!("attempt       {}{}{}{}\n", part("at"), part("outcome"), part("status"), part("words")));
    }
    if stored.state == State::Failed {
        text.push_str(&format!("Mend what the last attempt says, then `doorway scores retry {id}`."));
    }
    Ok(Answer::done(text, json))
}

pub(super) fn unknown(id: &SubmissionId) -> Fault {
    Fault::not_found(
        format!("there is no score {id}"),
        "Its record ends 30 days after the last moment at which it is tried.",
    )
}

/// What is known of a score, without whose it is.
pub(super) fn summary(id: &SubmissionId, stored: &StoredSubmission) -> Value {
    let StoredSubmission { about, state, tries, next_at, payload, .. } = stored;
    let registration = about.target.registration();
    let mut shown = json!({
        "id": id.as_str(), "state": state.word(), "issuer": registration.issuer, "clientId": registration.client_id,
        "deploymentId": about.target.deployment_id, "lineItem": about.target.line_item,
        "acceptedAt": Timestamp::from_millis(about.accepted_at * 1000), "timestamp": about.timestamp,
        "retryUntil": rfc3339(UnixSeconds(about.retry_until)), "tries": tries, "isGrade": about.is_grade,
        "launch": about.launch, "hasBody": payload.is_some(),
    });
    if let Some(next_at) = next_at.filter(|_| !state.is_settled()) {
        shown["nextAttemptAt"] = json!(rfc3339(next_at));
    }
    for (member, value) in [("tenant", &about.tenant), ("note", &about.note)] {
        if let Some(value) = value {
            shown[member] = json!(value);
        }
    }
    shown
}

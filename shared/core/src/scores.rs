//! Scores on their way to a Platform: never lost, never out of order.
//!
//! The App's score becomes a [`Submission`]: stored before it is sent, with everything that sending needs. One learner's
//! scores for one line item form a lane ([`LaneKey`]): timestamps in it strictly increase, one submission at a time is
//! on its way, and one that a newer has overtaken is not sent any more.
//!
//! [`delivery`] makes one attempt; [`crate::use_case::submit_score`] makes the first while the App waits, and
//! [`crate::use_case::deliver_scores`] all others. [`backoff`] says when.

mod attempt;
pub mod backoff;
pub mod delivery;
mod lane;
pub mod sparing;
mod submission;
mod target;

pub use attempt::{Attempt, AttemptOutcome, By};
pub use lane::{Lane, LaneGrade, LaneKey};
pub use submission::{State, Submission, SubmissionId};
pub use target::Target;

use doorway_lti::timestamp::Timestamp;

/// The message that stands for a submission in the queue: nothing but its id.
pub fn message(id: &SubmissionId) -> String {
    serde_json::json!({ "submissionId": id.as_str() }).to_string()
}

/// The submission that a message stands for.
pub fn read_message(body: &str) -> Option<SubmissionId> {
    let message: serde_json::Value = serde_json::from_str(body).ok()?;
    SubmissionId::try_from(message.get("submissionId")?.as_str()?).ok()
}

/// Whole seconds until a moment, rounded up; 0 when it has come.
pub fn seconds_until(moment: Timestamp, now: Timestamp) -> u32 {
    let millis = moment.millis().saturating_sub(now.millis());
    u32::try_from(millis.div_ceil(1000)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_whole_seconds_and_never_too_short() {
        let at = Timestamp::from_millis;
        assert_eq!(seconds_until(at(5_000), at(5_000)), 0);
        assert_eq!(seconds_until(at(5_001), at(5_000)), 1);
        assert_eq!(seconds_until(at(6_000), at(5_999)), 1);
        assert_eq!(seconds_until(at(1), at(5_000)), 0);
    }

    #[test]
    fn a_message_is_an_id_and_nothing_more() {
        let id = SubmissionId::try_from("A".repeat(32).as_str()).unwrap();
        assert_eq!(message(&id), format!(r#"{{"submissionId":"{id}"}}"#));
        assert_eq!(read_message(&message(&id)), Some(id));
        for text in ["", "{}", "[]", r#"{"submissionId":1}"#, r#"{"submissionId":"short"}"#] {
            assert_eq!(read_message(text), None, "{text}");
        }
    }
}

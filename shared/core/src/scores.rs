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

pub use attempt::{Attempt, AttemptOutcome};
pub use lane::{Lane, LaneKey};
pub use submission::{State, Submission, SubmissionId};
pub use target::Target;

/// The message that stands for a submission in the queue: nothing but its id.
pub fn message(id: &SubmissionId) -> String {
    serde_json::json!({ "submissionId": id.as_str() }).to_string()
}

/// The submission that a message stands for.
pub fn read_message(body: &str) -> Option<SubmissionId> {
    let message: serde_json::Value = serde_json::from_str(body).ok()?;
    SubmissionId::try_from(message.get("submissionId")?.as_str()?).ok()
}

//! The timestamps of a learner's scores at one line item: strictly increasing, never in the future.
//!
//! Platforms take the score with the latest timestamp and refuse an equal or an older one; a timestamp ahead of
//! their clock blocks what comes after it.
//!
//! Spec: [AGS 2.0, score publish service](https://www.imsglobal.org/spec/lti-ags/v2p0/#score-publish-service).

use crate::fault::Fault;
use crate::platform_family::PlatformFamily;
use crate::timestamp::Timestamp;

/// How far an App's clock may be ahead of ours, in seconds. Canvas refuses times that are a minute ahead of its own.
pub const MAX_AHEAD_SECONDS: u64 = 60;

/// The score before, for the same learner and line item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    /// The timestamp that it got.
    pub sent: Timestamp,
    /// The App's own time behind it, or when it came if the App gave none.
    pub event: Timestamp,
}

/// Where a score belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// It gets this timestamp. When the one before was given in this very moment it is ahead of `now`, by a
    /// step at most (a millisecond; at Moodle a second): wait until then before sending.
    At(Timestamp),
    /// The App has told of a later event already: this score is superseded.
    Older,
}

/// Places a score that tells of `event`, or of now when the App does not say when it happened.
///
/// # Errors
/// A fault on `timestamp` when the event is further ahead than [`MAX_AHEAD_SECONDS`].
pub fn place(
    event: Option<Timestamp>,
    last: Option<Last>,
    now: Timestamp,
    family: PlatformFamily,
) -> Result<Placed, Fault> {
    let latest = Timestamp::from_millis(now.millis().saturating_add(MAX_AHEAD_SECONDS * 1000));
    if event.is_some_and(|event| event > latest) {
        let expected = format!("at most {MAX_AHEAD_SECONDS} seconds ahead of the service's clock");
        return Err(Fault::new("timestamp", expected));
    }
    let Some(last) = last else { return Ok(Placed::At(event.unwrap_or(now).min(now))) };
    if event.is_some_and(|event| event < last.event) {
        return Ok(Placed::Older);
    }
    Ok(Placed::At(event.unwrap_or(now).min(now).max(next_after(last.sent, family))))
}

/// The first timestamp that the Platform takes for a later one. Moodle compares whole seconds.
fn next_after(sent: Timestamp, family: PlatformFamily) -> Timestamp {
    match family {
        PlatformFamily::Moodle => Timestamp::from_millis((sent.seconds() + 1) * 1000),
        _ => Timestamp::from_millis(sent.millis() + 1),
    }
}

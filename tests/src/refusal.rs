//! A refusal, in the three places where it shows: the status and code, the reference, and the log line of that
//! reference.

use http::header::{LOCATION, SET_COOKIE};
use serde_json::Value;

use crate::logs::log_lines;
use crate::tool::Answer;

/// The log line with this reference.
///
/// # Panics
/// When there is none, or more than one.
#[track_caller]
pub fn log_line(reference: &str) -> Value {
    let mut lines = log_lines().into_iter().filter(|line| line["reference"] == reference);
    let line = lines.next().unwrap_or_else(|| panic!("no log line has the reference {reference}"));
    assert_eq!(lines.next(), None, "two log lines have the reference {reference}");
    line
}

/// Checks that the answer refuses with this status and code, tells the person a reference and leads nowhere, and
/// that the log line of that reference has the same status and code. Returns the log line.
///
/// # Panics
/// When one of them differs.
#[track_caller]
pub fn refused(case: &str, answer: &Answer, status: u16, code: &str) -> Value {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{case}: {}", answer.body);
    for header in [LOCATION, SET_COOKIE] {
        assert_eq!(answer.headers.get(&header), None, "{case}: a refusal has no {header}");
    }
    let line = log_line(&answer.reference());
    assert_eq!((&line["http.status"], &line["outcome"]), (&status.into(), &code.into()), "{case}: {line}");
    assert_eq!(line["level"], if status < 500 { "WARN" } else { "ERROR" }, "{case}: {line}");
    line
}

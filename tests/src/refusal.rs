//! A refusal, in the three places where it shows: the status and code, the reference, and the log line of that
//! reference.

use http::header::{LOCATION, SET_COOKIE};
use serde_json::Value;

use crate::tool::Answer;

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
    let line = answer.log_line();
    assert_eq!((&line["http.status"], &line["outcome"]), (&status.into(), &code.into()), "{case}: {line}");
    assert_eq!(line["level"], if status < 500 { "WARN" } else { "ERROR" }, "{case}: {line}");
    line
}

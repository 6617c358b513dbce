//! Dates as RFC 3339 texts.

use aws_sdk_dynamodb::primitives::{DateTime, DateTimeFormat};
use doorway_lti::id_token::UnixSeconds;

/// `2026-01-31T08:00:00Z`.
pub fn rfc3339(moment: UnixSeconds) -> String {
    let seconds = i64::try_from(moment.0).unwrap_or(i64::MAX);
    let date = DateTime::from_secs(seconds);
    date.fmt(DateTimeFormat::DateTime).unwrap_or_else(|_| "9999-12-31T23:59:59Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(rfc3339(UnixSeconds(1_769_846_400)), "2026-01-31T08:00:00Z");
        assert_eq!(rfc3339(UnixSeconds(u64::MAX)), "9999-12-31T23:59:59Z");
    }
}

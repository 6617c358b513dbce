//! Instants as services write them.

use jiff::Timestamp;

/// Unix seconds as RFC 3339 in UTC, with the milliseconds that grade services ask for.
pub(crate) fn rfc3339(unix_seconds: u64) -> String {
    let instant = i64::try_from(unix_seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    format!("{:.3}", instant.unwrap_or(Timestamp::MAX))
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn an_instant_has_milliseconds_and_a_zone() {
        assert_eq!(rfc3339(1_800_000_000), "2027-01-15T08:00:00.000Z");
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn an_instant_beyond_the_calendar_is_its_end() {
        assert!(rfc3339(u64::MAX).starts_with("9999-12-"));
    }
}

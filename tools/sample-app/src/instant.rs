//! Instants as services write them.

use jiff::Timestamp;

/// Unix seconds as RFC 3339 in UTC, with the milliseconds that grade services ask for.
pub(crate) fn rfc3339(unix_seconds: u64) -> String {
    let instant = i64::try_from(unix_seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    format!("{:.3}", instant.unwrap_or(Timestamp::MAX))
}

/// An instant as people read it. What is none is shown as it came.
pub(crate) fn for_people(instant: &str) -> String {
    match instant.parse::<Timestamp>() {
        Ok(instant) => instant.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => instant.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{for_people, rfc3339};

    #[test]
    fn an_instant_has_milliseconds_and_a_zone() {
        assert_eq!(rfc3339(1_800_000_000), "2027-01-15T08:00:00.000Z");
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn people_read_date_and_time_in_utc() {
        assert_eq!(for_people("2027-01-15T09:05:59.123+01:00"), "2027-01-15 08:05 UTC");
        assert_eq!(for_people("soon"), "soon");
    }

    #[test]
    fn an_instant_beyond_the_calendar_is_its_end() {
        assert!(rfc3339(u64::MAX).starts_with("9999-12-"));
    }
}

//! Instants on the wire: ISO 8601 with a zone.

use jiff::Timestamp;
use serde_json::Value;

/// An instant with date, time and zone: `2026-01-31T12:34:56.789Z`. Anything else, such as a local time, is none.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let is_of_the_format = text.contains('T') && !text.contains(['[', ' ']);
    is_of_the_format.then(|| text.parse().ok())?
}

/// The instant that a JSON text names.
pub(crate) fn of_json(value: &Value) -> Option<Timestamp> {
    parse(value.as_str()?)
}

/// Whether the value says that there is no instant: `null` or an empty text.
pub(crate) fn is_unset(value: &Value) -> bool {
    value.is_null() || value == ""
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn an_instant_needs_a_zone() {
        for right in [
            "2026-01-31T12:34:56.789Z",
            "2026-01-31T12:34:56Z",
            "2017-04-16T18:54:36.736+00:00",
            "2026-01-31T12:34:56+01",
        ] {
            assert!(parse(right).is_some(), "{right}");
        }
        for wrong in ["2026-01-31T12:34:56.789", "2026-01-31", "yesterday", "", "2026-01-31 12:34:56Z", "1801000000"] {
            assert!(parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn zones_do_not_make_instants_differ() {
        assert_eq!(parse("2026-01-31T12:00:00Z"), parse("2026-01-31T13:00:00+01:00"));
    }
}

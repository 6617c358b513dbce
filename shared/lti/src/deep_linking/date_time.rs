//! Moments in content items: RFC 3339, with a zone.

use jiff::Timestamp;

/// What a moment must be.
pub(super) const EXPECTED: &str = "a moment with its zone, such as `2026-03-01T09:00:00Z`";

/// The moment in `text`, when it is written as [RFC 3339 §5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6)
/// says, with capital letters.
///
/// ISO 8601 has many more forms (a week, a day, no seconds, no zone), and no Platform reads them all. A due date
/// without a zone would move with the reader.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    if is_rfc_3339(text.as_bytes()) { text.parse().ok() } else { None }
}

/// The form alone; whether there is such a day is the parser's question.
fn is_rfc_3339(text: &[u8]) -> bool {
    const SECONDS: &[u8] = b"dddd-dd-ddTdd:dd:dd";
    let Some((seconds, rest)) = text.split_at_checked(SECONDS.len()) else { return false };
    let zone = match rest.strip_prefix(b".") {
        None => rest,
        Some(fraction) => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return false;
            }
            &fraction[digits..]
        }
    };
    matches_form(seconds, SECONDS) && (zone == b"Z" || matches_form(zone, b"+dd:dd") || matches_form(zone, b"-dd:dd"))
}

/// Whether every `d` of the form is a digit, and every other byte is itself.
fn matches_form(text: &[u8], form: &[u8]) -> bool {
    let is_such = |(byte, form): (&u8, &u8)| if *form == b'd' { byte.is_ascii_digit() } else { byte == form };
    text.len() == form.len() && text.iter().zip(form).all(is_such)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_with_a_zone_are_read() {
        let nine = parse("2026-03-01T09:00:00Z").unwrap();
        for text in ["2026-03-01T09:00:00+00:00", "2026-03-01T10:30:00+01:30", "2026-03-01T04:00:00.000-05:00"] {
            assert_eq!(parse(text), Some(nine), "{text}");
        }
        assert!(parse("2028-02-29T23:59:59.123456789Z").unwrap() > nine);
    }

    #[test]
    fn other_forms_and_days_that_do_not_exist_are_refused() {
        for text in [
            "",
            "2026-03-01",
            "2026-03-01T09:00:00",
            "2026-03-01T09:00Z",
            "2026-03-01 09:00:00Z",
            "2026-03-01t09:00:00z",
            "2026-03-01T09:00:00.Z",
            "2026-03-01T09:00:00+01",
            "2026-03-01T09:00:00+0100",
            "2026-03-01T09:00:00Z[Europe/London]",
            " 2026-03-01T09:00:00Z",
            "20260301T090000Z",
            "2026-02-29T09:00:00Z",
            "2026-13-01T09:00:00Z",
            "2026-03-01T25:00:00Z",
            "2026-03-0\u{663}T09:00:00Z",
            "1772355600",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

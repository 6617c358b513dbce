//! Moments: grade digest §4 "Format to emit".

use doorway_lti::timestamp::Timestamp;
use proptest::prelude::*;

use crate::support::*;

#[test]
fn a_moment_is_written_with_three_decimals_and_a_z() {
    assert_eq!(at(NOON).to_string(), "2026-01-31T12:34:56.789Z");
    assert_eq!(at(NOON - 789).to_string(), "2026-01-31T12:34:56.000Z");
    assert_eq!(at(0).to_string(), "1970-01-01T00:00:00.000Z");
}

#[test]
fn every_zone_and_precision_that_the_standard_allows_is_read() {
    for text in [
        "2026-01-31T12:34:56.789Z",
        "2026-01-31T12:34:56.789+00:00",
        "2026-01-31T12:34:56.789+00",
        "2026-01-31T12:34:56.789-00:00",
        "2026-01-31T13:34:56.789+01:00",
        "2026-01-31T07:04:56.789-05:30",
        "2026-01-31T13:34:56.789+0100",
        "2026-01-31t12:34:56.789z",
        "2026-01-31T12:34:56,789Z",
        "2026-01-31T12:34:56.7891Z",
        "2026-01-31T12:34:56.789999999Z",
        "2026-01-31T12:34:56.7899999999999999999+00:00",
    ] {
        assert_eq!(Timestamp::parse(text), Some(at(NOON)), "{text}");
    }
    assert_eq!(Timestamp::parse("2026-01-31T12:34:56Z"), Some(at(NOON - 789)));
    assert_eq!(Timestamp::parse("2026-01-31T12:34:56.7Z"), Some(at(NOON - 89)));
}

#[test]
fn what_has_no_zone_or_is_no_moment_is_none() {
    for text in [
        "",
        "2026-01-31T12:34:56.789",
        "2026-01-31",
        "2026-01-31Z",
        "2026-02-30T12:34:56Z",
        "2026-01-31T25:00:00Z",
        "1769862896789",
        "Sat, 31 Jan 2026 12:34:56 GMT",
        "2026-01-31T12:34:56Z[UTC]",
        " 2026-01-31T12:34:56Z",
        "2026-01-31T12:34:56 Z",
        "+002026-01-31T12:34:56Z",
        "1969-12-31T23:59:59.999Z",
        "1969-12-31T23:59:59.9999Z",
        "1970-01-01T00:30:00+01:00",
        "2026-01-31T12:34:56.Z",
        "٢026-01-31T12:34:56Z",
    ] {
        assert_eq!(Timestamp::parse(text), None, "{text}");
    }
    assert_eq!(Timestamp::parse(&format!("2026-01-31T12:34:56.{}Z", "0".repeat(100))), None);
}

#[test]
fn it_is_text_in_json() {
    assert_eq!(serde_json::to_string(&at(NOON)).unwrap(), "\"2026-01-31T12:34:56.789Z\"");
    assert_eq!(serde_json::from_str::<Timestamp>("\"2026-01-31T13:34:56.789+01:00\"").unwrap(), at(NOON));
    for text in ["1769862896789", "\"yesterday\"", "null"] {
        assert!(serde_json::from_str::<Timestamp>(text).is_err(), "{text}");
    }
}

#[test]
fn the_end_of_time_can_be_written_and_read() {
    let end = at(u64::MAX);
    assert_eq!(end.to_string(), "9999-12-30T22:00:00.999Z");
    assert_eq!(Timestamp::parse(&end.to_string()), Some(end));
}

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01, counted one month after the other.
fn days_until(year: i64, month: i64, day: i64) -> i64 {
    let years: i64 = (1970..year).map(|year| 365 + i64::from(is_leap(year))).sum();
    years + (1..month).map(|month| days_of(year, month)).sum::<i64>() + day - 1
}

proptest! {
    #![proptest_config(cases(2048))]

    /// Against a calendar of our own: every day that there is, and the last of February of years that are none.
    #[test]
    fn a_date_with_any_zone_is_its_moment_and_one_that_is_none_is_refused(
        (year, month, day) in prop_oneof![
            3 => (1970..2400i64, 1..=12i64, 1..=31i64),
            1 => (prop::sample::select(vec![1972, 2000, 2023, 2024, 2100, 2400]), Just(2), 28..=30i64),
        ],
        time in 0..DAY,
        zone in -1439..=1439i64,
    ) {
        let (clock, millis) = (time / 1000, time % 1000);
        let sign = if zone < 0 { '-' } else { '+' };
        let text = format!(
            "{year}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{millis:03}{sign}{:02}:{:02}",
            clock / 3600, clock / 60 % 60, clock % 60, zone.abs() / 60, zone.abs() % 60,
        );
        let moment = days_until(year, month, day) * DAY + time - zone * MINUTE;
        let expected = u64::try_from(moment).ok().filter(|_| day <= days_of(year, month)).map(at);
        prop_assert_eq!(Timestamp::parse(&text), expected, "{}", text);
    }
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn a_moment_survives_being_written(millis in 0..4_102_444_800_000_u64) {
        let moment = at(millis);
        prop_assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment));
        prop_assert_eq!((moment.millis(), moment.seconds()), (millis, millis / 1000));
        prop_assert_eq!(moment.to_string().len(), "2026-01-31T12:34:56.789Z".len());
    }

    #[test]
    fn text_sorts_like_the_moments(one: u64, other: u64) {
        let (one, other) = (at(one), at(other));
        prop_assert_eq!(one.cmp(&other), one.to_string().cmp(&other.to_string()));
    }

    #[test]
    fn digits_behind_the_millisecond_change_nothing(millis in 0..4_102_444_800_000_u64, tail in "[0-9]{0,30}") {
        let text = at(millis).to_string().replace('Z', &format!("{tail}Z"));
        prop_assert_eq!(Timestamp::parse(&text), Some(at(millis)));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[-0-9TZ:.,+ ]{0,40}|\\PC{0,40}") {
        if let Some(moment) = Timestamp::parse(&text) {
            prop_assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment));
        }
    }
}

//! The timestamp rule: grade digest §4.1, Moodle 5.1.3.

use doorway_lti::ags::order::{Last, MAX_AHEAD_SECONDS, Placed, place};
use doorway_lti::platform_family::PlatformFamily;
use doorway_lti::timestamp::Timestamp;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::*;

const SECOND: u64 = 1000;

fn last(sent: u64, event: u64) -> Option<Last> {
    Some(Last { sent: at(sent), event: at(event) })
}

fn placed(event: Option<u64>, last: Option<Last>, family: PlatformFamily) -> Placed {
    place(event.map(at), last, at(NOON), family).unwrap()
}

#[test]
fn the_first_score_gets_the_time_of_its_event_or_now() {
    for family in FAMILIES {
        assert_eq!(placed(None, None, family), Placed::At(at(NOON)));
        assert_eq!(placed(Some(NOON - 86_400_000), None, family), Placed::At(at(NOON - 86_400_000)));
    }
}

#[test]
fn the_next_is_later_by_a_millisecond_at_least() {
    for event in [None, Some(NOON)] {
        assert_eq!(placed(event, last(NOON, NOON), PlatformFamily::Other), Placed::At(at(NOON + 1)));
    }
    assert_eq!(placed(Some(NOON - 5), last(NOON - 3, NOON - 9), PlatformFamily::Canvas), Placed::At(at(NOON - 2)));
    assert_eq!(placed(Some(NOON - 5), last(NOON - 7, NOON - 7), PlatformFamily::Canvas), Placed::At(at(NOON - 5)));
}

#[test]
fn at_moodle_the_next_is_in_a_later_second() {
    let next_second = NOON - 789 + SECOND;
    for sent in [NOON - 789, NOON - 1, NOON] {
        assert_eq!(placed(None, last(sent, sent), PlatformFamily::Moodle), Placed::At(at(next_second)));
    }
    assert_eq!(placed(None, last(NOON - 790, NOON - 790), PlatformFamily::Moodle), Placed::At(at(NOON)));
    assert_eq!(placed(None, last(NOON - 790, NOON - 790), PlatformFamily::Other), Placed::At(at(NOON)));
}

#[test]
fn an_event_before_one_told_earlier_is_superseded() {
    for family in FAMILIES {
        assert_eq!(placed(Some(NOON - 11), last(NOON - 5, NOON - 10), family), Placed::Older);
        // The same event again, as when the App corrects itself, is not older.
        assert_ne!(placed(Some(NOON - 10), last(NOON - 5, NOON - 10), family), Placed::Older);
        // Nor is one without a time, whatever the App's clock said before.
        assert_ne!(placed(None, last(NOON - 5, NOON + 30 * SECOND), family), Placed::Older);
    }
}

#[test]
fn a_clock_a_little_ahead_is_now_and_further_ahead_a_fault() {
    let limit = MAX_AHEAD_SECONDS * SECOND;
    assert_eq!(placed(Some(NOON + limit), None, PlatformFamily::Canvas), Placed::At(at(NOON)));
    for known in [None, last(NOON, NOON)] {
        let fault = place(Some(at(NOON + limit + 1)), known, at(NOON), PlatformFamily::Canvas).unwrap_err();
        assert_eq!(fault.field, "timestamp");
    }
}

/// What Platforms do with the timestamp after another (digest §4.1).
fn accepts(family: PlatformFamily, stored: Timestamp, next: Timestamp) -> bool {
    match family {
        PlatformFamily::Moodle => next.seconds() > stored.seconds(),
        _ => next > stored,
    }
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn timestamps_strictly_increase_and_are_never_more_than_a_step_ahead(
        family in select(FAMILIES.to_vec()),
        scores in prop::collection::vec((0..2500_u64, prop::option::of(-5000..70_000_i64)), 1..20),
    ) {
        let step = if family == PlatformFamily::Moodle { SECOND } else { 1 };
        let (mut now, mut last) = (NOON, None);
        for (passed, clock) in scores {
            now += passed;
            let event = clock.map(|clock| at(now.saturating_add_signed(clock)));
            match place(event, last, at(now), family) {
                Err(_) => prop_assert!(clock.unwrap() > 60_000),
                Ok(Placed::Older) => prop_assert!(event.unwrap() < last.map(|last: Last| last.event).unwrap()),
                Ok(Placed::At(sent)) => {
                    prop_assert!(sent.millis() <= now + step);
                    if let Some(last) = last {
                        prop_assert!(accepts(family, last.sent, sent), "{} after {}", sent, last.sent);
                    }
                    // The caller waits until then.
                    now = now.max(sent.millis());
                    last = Some(Last { sent, event: event.unwrap_or(at(now)) });
                }
            }
        }
    }
}

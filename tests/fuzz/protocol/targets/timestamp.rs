//! Moments as the App and Platforms write them.

#![no_main]

use doorway_lti::timestamp::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(moment) = Timestamp::parse(text) else { return };
    let written = moment.to_string();
    assert_eq!(Timestamp::parse(&written), Some(moment));
    assert_eq!(written.len(), "2026-01-31T12:34:56.789Z".len());
    assert_eq!(moment.seconds(), moment.millis() / 1000);
});

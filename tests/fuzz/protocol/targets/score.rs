//! A score of the App.

#![no_main]

use doorway_lti::ags::protection::{Sending, protect};
use doorway_lti::ags::score::Score;
use doorway_lti::ids::UserId;
use doorway_lti::json::parse_object;
use doorway_lti::platform_family::PlatformFamily;
use doorway_lti::timestamp::Timestamp;
use libfuzzer_sys::fuzz_target;

const FAMILIES: [PlatformFamily; 4] =
    [PlatformFamily::Canvas, PlatformFamily::Moodle, PlatformFamily::Sakai, PlatformFamily::Other];

fuzz_target!(|bytes: &[u8]| {
    let Ok(body) = parse_object(bytes) else { return };
    let user = UserId::try_from("user-1").expect("it is an id");
    let score = match Score::parse(body, Some(&user)) {
        Ok(score) => score,
        Err(faults) => {
            assert!(faults.iter().len() > 0);
            return;
        }
    };
    if let Some((given, maximum)) = score.given_and_maximum() {
        assert!(given >= 0.0 && maximum > 0.0 && given.is_finite() && maximum.is_finite());
    }
    let moment = Timestamp::from_millis(1_800_000_000_123);
    let mut sent = score.to_json(moment);
    assert_eq!(sent.remove("timestamp"), Some(moment.to_string().into()));
    assert_eq!(Score::parse(sent, None).as_ref(), Ok(&score), "what is sent is that score");
    for family in FAMILIES {
        for (graded_before, overwrite) in [(false, false), (true, false), (true, true)] {
            match protect(score.clone(), family, graded_before, overwrite) {
                Sending::AsIs(same) => assert_eq!(same, score),
                Sending::Changed(changed, _) => {
                    assert!(!score.is_grade() && !overwrite);
                    assert_eq!(changed.given_and_maximum(), score.given_and_maximum());
                }
                Sending::Withhold(_) => assert!(!score.is_grade() && !overwrite),
            }
        }
    }
});

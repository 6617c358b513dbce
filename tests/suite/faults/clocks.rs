//! A clock that is wrong by minutes: the Platform's, ours, or one instance's.

use doorway_core::clock::{ManualClock, UnixSeconds};
use doorway_mock_platform::Profile;
use doorway_tests::{BEGIN, School, Setup, begun, refused};
use serde_json::json;
use std::sync::Arc;

use super::*;

/// How many minutes a clock is ahead; behind, when it is less than nothing.
const MINUTES: std::ops::RangeInclusive<i64> = -10..=10;
/// How long tokens are good: Moodle's, Blackboard's, Canvas's.
const LIFETIMES: [i64; 3] = [60, 300, 3600];
/// How long a login may take, in minutes.
const LOGIN_MINUTES: i64 = 10;
/// How old an assertion may be at the mock Platform, in minutes. It must not be younger than now.
const ASSERTION_MINUTES: i64 = 5;

fn moved(instant: u64, seconds: i64) -> u64 {
    instant.checked_add_signed(seconds).expect("the clocks show our century")
}

#[tokio::test]
async fn a_platforms_clock_may_be_wrong_by_the_leeway_and_beyond_it_people_hear_of_clocks() {
    for leeway in [60, 300] {
        let platform = FakePlatform::start(ISSUER, "client-1").await;
        let setup = Setup { leeway_seconds: leeway, ..Setup::default() };
        let tool = TestTool::start_with(setup, &[platform.registration()]).await;
        let leeway = i64::from(leeway);
        for (minutes, lifetime) in MINUTES.flat_map(|minutes| LIFETIMES.map(|lifetime| (minutes, lifetime))) {
            let case = format!("{minutes} minutes ahead, tokens of {lifetime} s, leeway {leeway} s");
            let ahead = minutes * 60;
            let answer = tool
                .launch_with(&platform, |claims| {
                    let issued_at = moved(tool.now(), ahead);
                    claims["iat"] = issued_at.into();
                    claims["exp"] = moved(issued_at, lifetime).into();
                })
                .await;
            if ahead > leeway {
                let line = refused(&case, &answer, 401, "token_not_yet_valid");
                assert_reason(
                    &case,
                    &line,
                    &format!("claim `iat` is {} s in the future, leeway {leeway} s", ahead - leeway),
                );
                assert!(answer.body.contains("clock is ahead"), "{case}: {}", answer.body);
                assert!(answer.body.contains("tell the administrator that the clock is wrong"), "{case}");
            } else if -ahead >= lifetime + leeway {
                let line = refused(&case, &answer, 401, "token_expired");
                let since = -ahead - lifetime - leeway;
                assert_reason(&case, &line, &format!("id token expired {since} s ago, leeway {leeway} s"));
                assert!(
                    answer.body.contains("the clock of your learning platform is wrong"),
                    "{case}: {}",
                    answer.body
                );
            } else {
                assert_eq!(answer.status, http::StatusCode::SEE_OTHER, "{case}: {}", answer.body);
            }
        }
    }
}

/// Login and launch are two functions: each goes by the clock of its own machine.
#[tokio::test]
async fn instances_whose_clocks_differ_by_minutes_serve_one_login_for_as_long_as_it_lives() {
    let (platform, tool) = set_up().await;
    for minutes in MINUTES {
        let mut other = tool.twin();
        let clock = ManualClock::at(UnixSeconds(moved(BEGIN.0, minutes * 60)));
        other.parts.clock = Arc::new(clock);
        other.restart();
        let begun = begun(&login(&other).await);
        let answer = finish(&tool, &platform, &begun).await;
        if -minutes >= LOGIN_MINUTES {
            let line = refused(&minutes.to_string(), &answer, 400, "state_expired");
            assert_reason("state", &line, "expired");
            assert!(answer.body.contains("begun more than ten minutes ago"), "{minutes}: {}", answer.body);
        } else {
            assert_eq!(answer.status, http::StatusCode::SEE_OTHER, "{minutes}: {}", answer.body);
        }
    }
}

/// What the Tool asks of a Platform's services is signed by the Tool's own clock.
#[tokio::test]
async fn a_tools_clock_that_is_ahead_gets_no_token_and_the_app_hears_the_platforms_words() {
    let score = json!({ "scoreGiven": 7, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded" });
    for minutes in [-10, -6, -4, -1, 0, 1, 2, 10] {
        let tool = TestTool::start(&[]).await;
        let school = School::with_clock_ahead(&tool, Profile::Plain, -minutes * 60).await;
        // The launch is by the school's clock too, so it is made by hand: within the leeway it would pass.
        let launch = school
            .launch_with(&tool, "video", "52", |claims| {
                claims["iat"] = tool.now().into();
                claims["exp"] = (tool.now() + 60).into();
            })
            .await;
        let answer = tool.api_json("POST", &format!("/v1/launches/{launch}/scores"), &score, &[]).await;
        let members = tool.api("GET", &format!("/v1/launches/{launch}/memberships")).await;
        for (case, answer) in [("a score", answer), ("members", members)] {
            let case = format!("{case}, {minutes} minutes ahead");
            if (-ASSERTION_MINUTES + 1..=0).contains(&minutes) {
                assert_eq!(answer.status, http::StatusCode::OK, "{case}: {}", answer.body);
                continue;
            }
            let line = refused(&case, &answer, 502, "token_refused");
            assert_reason(
                &case,
                &line,
                if case.starts_with("a score") { "no token: status 400" } else { "400 Bad Request `invalid_client`" },
            );
            let words = if minutes > 0 { "`iat` lies in the future" } else { "client_assertion: " };
            let said = answer.json()["platform"].to_string();
            assert!(said.contains(words), "{case}: {said}");
            assert!(!line.to_string().contains("lies in the future"), "{case}: a Platform's words are not logged");
        }
    }
}

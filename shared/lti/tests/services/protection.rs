//! A progress update must not wipe a grade: grade digest §7, Moodle 5.1.3.

use doorway_lti::ags::protection::{Sending, protect};
use doorway_lti::ags::score::Score;
use doorway_lti::platform_family::PlatformFamily;
use serde_json::{Value, json};

use crate::support::*;

const CANVAS_SUBMISSION: &str = "https://canvas.instructure.com/lti/submission";

fn score(given: Option<u32>, grading_progress: &str) -> Score {
    let body = json!({
        "userId": "u", "activityProgress": "InProgress", "gradingProgress": grading_progress,
        "scoreGiven": given, "scoreMaximum": 10
    });
    Score::parse(object(body), None).unwrap()
}

fn canvas(submission: Value) -> Score {
    let body = json!({"userId": "u", "activityProgress": "Started", "gradingProgress": "NotReady"});
    Score::parse(object(with(body, CANVAS_SUBMISSION, submission)), None).unwrap()
}

/// All scores that are no grade.
fn progress() -> Vec<Score> {
    let mut scores: Vec<Score> =
        ["Pending", "PendingManual", "Failed", "NotReady"].map(|grading| score(Some(5), grading)).into();
    scores
        .extend(["FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"].map(|grading| score(None, grading)));
    scores
}

#[test]
fn a_grade_is_sent_everywhere_as_it_is() {
    let grade = score(Some(0), "FullyGraded");
    for family in FAMILIES {
        for graded_before in [false, true] {
            assert_eq!(protect(grade.clone(), family, graded_before, false), Sending::AsIs(grade.clone()));
        }
    }
}

#[test]
fn whatever_the_app_lets_go_is_sent_as_it_is() {
    for family in FAMILIES {
        for score in progress() {
            assert_eq!(protect(score.clone(), family, true, true), Sending::AsIs(score));
        }
    }
}

#[test]
fn moodle_gets_nothing_but_grades() {
    for score in progress() {
        for graded_before in [false, true] {
            let sending = protect(score.clone(), PlatformFamily::Moodle, graded_before, false);
            assert!(matches!(sending, Sending::Withhold(note) if note.contains("Moodle")), "{score:?}");
        }
    }
}

#[test]
fn canvas_is_told_to_preserve_the_score() {
    for score in progress() {
        let applied = score.given_and_maximum().is_some() && score.grading_progress().as_str() == "PendingManual";
        for graded_before in [false, true] {
            let sent = match protect(score.clone(), PlatformFamily::Canvas, graded_before, false) {
                Sending::AsIs(sent) if applied => {
                    assert_eq!(sent, score);
                    continue;
                }
                Sending::Changed(sent, _) if !applied => sent,
                other => panic!("{other:?}"),
            };
            let mut expected = score.to_json(at(NOON));
            expected.insert(CANVAS_SUBMISSION.to_owned(), json!({"preserve_score": true}));
            assert_eq!(sent.to_json(at(NOON)), expected);
        }
    }
}

#[test]
fn the_apps_own_word_to_canvas_stays() {
    let merged = protect(canvas(json!({"new_submission": false})), PlatformFamily::Canvas, true, false);
    let Sending::Changed(merged, _) = merged else { panic!("not changed") };
    assert_eq!(
        merged.to_json(at(NOON)).get(CANVAS_SUBMISSION),
        Some(&json!({"new_submission": false, "preserve_score": true}))
    );
    for said in [true, false] {
        let score = canvas(json!({"preserve_score": said}));
        assert_eq!(protect(score.clone(), PlatformFamily::Canvas, true, false), Sending::AsIs(score));
    }
    let Sending::Changed(replaced, _) = protect(canvas(json!("x")), PlatformFamily::Canvas, true, false) else {
        panic!("not changed")
    };
    assert_eq!(replaced.to_json(at(NOON)).get(CANVAS_SUBMISSION), Some(&json!({"preserve_score": true})));
}

#[test]
fn elsewhere_progress_is_withheld_only_from_a_learner_with_a_grade() {
    let others = FAMILIES.into_iter().filter(|f| !matches!(f, PlatformFamily::Canvas | PlatformFamily::Moodle));
    for family in others {
        for score in progress() {
            assert_eq!(protect(score.clone(), family, false, false), Sending::AsIs(score.clone()));
            assert!(matches!(protect(score, family, true, false), Sending::Withhold(_)));
        }
    }
}

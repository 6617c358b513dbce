//! A grade that is there is not wiped by a progress update, unless the App says that it may go.

use doorway_mock_platform::{Profile, ServiceFault};
use serde_json::{Value, json};

use crate::support::{Class, PROFILES, delivered, grade, progress, queued, settled_as, with};

const CANVAS: &str = "https://canvas.instructure.com/lti/submission";

fn points(class: &Class) -> Option<f64> {
    class.grade().and_then(|grade| grade.result_score)
}

/// What is no grade: without points, or with points that are not final.
fn updates() -> Vec<Value> {
    let with_points = |grading: &str| with(grade(2.0), &json!({ "gradingProgress": grading }));
    vec![
        progress(),
        json!({ "activityProgress": "Initialized", "gradingProgress": "NotReady" }),
        json!({ "activityProgress": "Completed", "gradingProgress": "FullyGraded" }),
        with_points("Pending"),
        with_points("NotReady"),
        with_points("Failed"),
    ]
}

#[tokio::test]
async fn a_grade_stays_when_progress_comes_after_it() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        delivered(&class.send(&grade(7.5)).await);
        for update in updates() {
            class.tool.clock.advance(60);
            let answer = class.send(&update).await;
            let is_canvas = profile == Profile::Canvas;
            settled_as(&answer, if is_canvas { "delivered" } else { "withheld" });
            assert!(answer.json()["note"].as_str().is_some_and(|note| note.contains("overwriteGrade")), "{profile:?}");
            assert_eq!(points(&class), Some(75.0), "{profile:?}: {update}");
        }
        let sent = if profile == Profile::Canvas { 1 + updates().len() } else { 1 };
        assert_eq!((class.score_requests().len(), class.queue_lengths()), (sent, (0, 0)), "{profile:?}");
    }
}

#[tokio::test]
async fn canvas_is_told_to_preserve_the_score() {
    let class = Class::of(Profile::Canvas).await;
    delivered(&class.send(&grade(7.5)).await);
    assert_eq!(class.applied()[0].body.get(CANVAS), None, "a grade is sent as it is");
    class.tool.clock.advance(60);
    let update = with(progress(), &json!({ CANVAS: { "new_submission": false } }));
    delivered(&class.send(&update).await);
    assert_eq!(class.applied()[1].body[CANVAS], json!({ "new_submission": false, "preserve_score": true }));
}

#[tokio::test]
async fn an_app_that_says_itself_what_canvas_preserves_is_obeyed() {
    let class = Class::of(Profile::Canvas).await;
    delivered(&class.send(&grade(7.5)).await);
    class.tool.clock.advance(60);
    delivered(&class.send(&with(progress(), &json!({ CANVAS: { "preserve_score": false } }))).await);
    assert_eq!(points(&class), None);
}

#[tokio::test]
async fn a_grade_goes_when_the_app_says_so() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        delivered(&class.send(&grade(7.5)).await);
        class.tool.clock.advance(60);
        delivered(&class.send(&with(progress(), &json!({ "overwriteGrade": true }))).await);
        assert_eq!(points(&class), None, "{profile:?}");
        let body = &class.applied()[1].body;
        assert_eq!((body.get("overwriteGrade"), body.get(CANVAS)), (None, None), "{profile:?}");
    }
}

#[tokio::test]
async fn a_new_grade_follows_progress_that_was_withheld() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        for score in [grade(7.5), progress(), grade(8.0)] {
            class.tool.clock.advance(60);
            assert_eq!(class.send(&score).await.status.as_u16(), 200, "{profile:?}");
        }
        assert_eq!(points(&class), Some(80.0), "{profile:?}");
    }
}

/// Of a teacher's own grade the Tool knows nothing; Moodle wipes it all the same (measured, 5.1.3).
#[tokio::test]
async fn a_teachers_grade_at_moodle_is_not_wiped_by_progress() {
    let class = Class::of(Profile::Moodle).await;
    class.grade_by_hand(55.0, 0);
    class.tool.clock.advance(60);
    for update in updates() {
        settled_as(&class.send(&update).await, "withheld");
        assert_eq!(points(&class), Some(55.0), "{update}");
    }
    assert!(class.school.platform.requests().is_empty());
}

/// Canvas keeps a teacher's grade when it is told to.
#[tokio::test]
async fn a_teachers_grade_at_canvas_is_not_wiped_by_progress() {
    let class = Class::of(Profile::Canvas).await;
    class.grade_by_hand(55.0, 0);
    class.tool.clock.advance(60);
    delivered(&class.send(&progress()).await);
    assert_eq!(points(&class), Some(55.0));
}

#[tokio::test]
async fn progress_before_any_grade_is_sent_where_it_does_no_harm() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        let state = if profile == Profile::Moodle { "withheld" } else { "delivered" };
        settled_as(&class.send(&progress()).await, state);
        let sent = usize::from(profile != Profile::Moodle);
        assert_eq!(class.applied().len(), sent, "{profile:?}");
    }
}

/// The grade is on its way: were the progress sent first, the grade would be overtaken and lost.
#[tokio::test]
async fn progress_does_not_overtake_a_grade_that_waits() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        let id = class.queue(&grade(7.5)).await;
        class.tool.clock.advance(60);
        settled_as(&class.send(&progress()).await, "withheld");
        class.settle().await;
        assert_eq!((class.state(&id).await.as_str(), points(&class)), ("delivered", Some(75.0)), "{profile:?}");
    }
}

#[tokio::test]
async fn progress_does_not_overtake_a_grade_that_the_platform_did_not_take_yet() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        class.fail_scores(1, ServiceFault::ServiceUnavailable);
        let id = queued(&class.send(&grade(7.5)).await);
        class.tool.clock.advance(60);
        settled_as(&class.send(&progress()).await, "withheld");
        class.settle().await;
        assert_eq!((class.state(&id).await.as_str(), points(&class)), ("delivered", Some(75.0)), "{profile:?}");
    }
}

/// The teacher graded before the learner looked again, and the App tells of it afterwards.
#[tokio::test]
async fn a_grade_is_not_superseded_by_progress_that_happened_later() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        class.tool.clock.advance(600);
        class.send(&progress()).await;
        class.tool.clock.advance(60);
        delivered(&class.send(&with(grade(7.5), &json!({ "timestamp": "2026-11-23T08:09:00Z" }))).await);
        assert_eq!(points(&class), Some(75.0), "{profile:?}");
    }
}

/// Progress that is queued is progress as well.
#[tokio::test]
async fn progress_that_is_not_waited_for_is_withheld_at_once() {
    let class = Class::of(Profile::Plain).await;
    delivered(&class.send(&grade(7.5)).await);
    class.tool.clock.advance(60);
    settled_as(&class.send_with(&progress(), &[("prefer", "respond-async")]).await, "withheld");
    assert_eq!(class.queue_lengths(), (0, 0));
}

#[tokio::test]
async fn a_cleared_grade_protects_no_longer() {
    let class = Class::of(Profile::Plain).await;
    delivered(&class.send(&grade(7.5)).await);
    class.tool.clock.advance(60);
    delivered(&class.send(&with(progress(), &json!({ "overwriteGrade": true }))).await);
    class.tool.clock.advance(60);
    delivered(&class.send(&progress()).await);
    assert_eq!(class.applied().len(), 3);
}

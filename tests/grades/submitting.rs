//! A score that the Platform takes while the App waits: what arrives, for whom, at which line item.

use doorway_mock_platform::Profile;
use serde_json::{Value, json};

use crate::support::{ADA, BEN, CHLOE, Class, PROFILES, QUIZ, VIDEO, delivered, grade, queued, send_for, with};

/// Everything that the standard has, and extensions.
fn full_score() -> Value {
    json!({
        "scoreGiven": 83.25,
        "scoreMaximum": 100,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-11-23T07:59:58.123Z",
        "comment": "Très bien 👏\n\"quoted\" <b>not bold</b>",
        "scoringUserId": ADA,
        "submission": {
            "startedAt": "2026-11-23T07:30:00.000Z",
            "submittedAt": "2026-11-23T07:59:58.001Z",
            "https://lumen.example/lti/pages": [1, 2.5],
        },
        "https://lumen.example/lti/attempt": { "number": 3, "points": [0.1, 7, 7.0, true, null, "x"], "more": {} },
        "https://canvas.instructure.com/lti/submission": { "new_submission": false },
    })
}

#[tokio::test]
async fn a_score_arrives_in_the_gradebook_of_every_platform() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        delivered(&class.send(&grade(7.5)).await);
        let applied = class.applied();
        assert_eq!(applied.len(), 1, "{profile:?}");
        assert_eq!((applied[0].score_given, applied[0].user_id.as_str()), (Some(7.5), BEN), "{profile:?}");
        assert_eq!(class.grade().and_then(|grade| grade.result_score), Some(75.0), "{profile:?}");
    }
}

#[tokio::test]
async fn every_member_and_extension_arrives_as_it_was_given() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        let answer = class.send(&full_score()).await;
        delivered(&answer);
        let expected = with(full_score(), &json!({ "userId": BEN }));
        assert_eq!(class.applied()[0].body, expected, "{profile:?}");
        assert_eq!(answer.json()["timestamp"], "2026-11-23T07:59:58.123Z", "{profile:?}");
        assert_eq!(answer.json()["lineItem"], class.line_item_url(VIDEO), "{profile:?}");
    }
}

/// AGS digest §2 and §3: the media type of version 1, bare; `/scores` before the query; a User-Agent.
#[tokio::test]
async fn the_request_is_as_platforms_want_it() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        delivered(&class.send(&grade(7.5)).await);
        let requests = class.score_requests();
        assert_eq!(requests.len(), 1);
        let request = &requests[0];
        assert_eq!(request.path, format!("/line-items/course-7/{VIDEO}/scores"));
        assert_eq!(request.query.as_deref(), (profile == Profile::Moodle).then_some("type_id=2"));
        assert_eq!(request.header("content-type"), Some("application/vnd.ims.lis.v1.score+json"));
        assert!(request.header("user-agent").is_some_and(|agent| agent.starts_with("Doorway/")));
        let body: Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!(body["timestamp"], "2026-11-23T08:00:00.000Z", "three decimals and Z");
        assert_eq!(body.as_object().unwrap().len(), 6, "nothing of ours in {body}");
    }
}

/// `null` is absent (App API); a blank comment clears the comment, as an absent one does (AGS digest §4).
#[tokio::test]
async fn what_is_null_or_blank_is_left_out() {
    let class = Class::of(Profile::Plain).await;
    let score = r#"{"scoreGiven":null,"scoreMaximum":null,"activityProgress":"Started","gradingProgress":"NotReady",
        "timestamp":null,"comment":"  ","userId":null,"lineItem":null,"overwriteGrade":null,"submission":null}"#;
    delivered(&class.send_raw(score).await);
    let expected = json!({
        "userId": BEN, "timestamp": "2026-11-23T08:00:00.000Z",
        "activityProgress": "Started", "gradingProgress": "NotReady",
    });
    assert_eq!(class.applied()[0].body, expected);
}

#[tokio::test]
async fn moments_of_any_zone_are_sent_in_utc_with_milliseconds() {
    let class = Class::of(Profile::Plain).await;
    let times = json!({
        "timestamp": "2026-11-23T08:59:00.5+01:00",
        "submission": { "startedAt": "2026-11-23T07:00:00Z", "submittedAt": "2026-11-23T07:01:02.123456789+00:00" },
    });
    delivered(&class.send(&with(grade(1.0), &times)).await);
    let body = &class.applied()[0].body;
    assert_eq!(body["timestamp"], "2026-11-23T07:59:00.500Z");
    let submission = json!({ "startedAt": "2026-11-23T07:00:00.000Z", "submittedAt": "2026-11-23T07:01:02.123Z" });
    assert_eq!(body["submission"], submission);
}

/// Extra credit: AGS digest §4, `scoreGiven` may exceed the maximum.
#[tokio::test]
async fn more_points_than_the_maximum_are_sent_as_they_are() {
    let class = Class::of(Profile::Plain).await;
    delivered(&class.send(&grade(12.0)).await);
    assert_eq!(class.grade().and_then(|grade| grade.result_score), Some(120.0));
}

#[tokio::test]
async fn the_reviewed_student_is_the_default_of_a_submission_review() {
    let class = Class::of(Profile::Plain).await;
    let review = class.school.launch_with(&class.tool, "review", ADA, |_| {}).await;
    delivered(&send_for(&class.tool, &review, &grade(6.0), &[]).await);
    assert_eq!(class.applied()[0].user_id, BEN);
}

#[tokio::test]
async fn the_app_names_another_learner() {
    let class = Class::with_claims(Profile::Plain, ADA, |_| {}).await;
    delivered(&class.send(&with(grade(6.0), &json!({ "userId": CHLOE }))).await);
    assert_eq!(class.applied()[0].user_id, CHLOE);
}

#[tokio::test]
async fn another_line_item_is_named_by_its_url_or_its_id() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        for name in [class.line_item_url(QUIZ), class.line_item_id(QUIZ)] {
            let answer = class.send(&with(grade(6.0), &json!({ "lineItem": name }))).await;
            delivered(&answer);
            assert_eq!(answer.json()["lineItem"], class.line_item_url(QUIZ), "{profile:?}");
            class.tool.clock.advance(1);
        }
        let line_items: Vec<_> = class.applied().into_iter().map(|score| score.line_item).collect();
        assert_eq!(line_items, [QUIZ, QUIZ], "{profile:?}");
    }
}

#[tokio::test]
async fn an_app_that_will_not_wait_has_its_score_queued_and_delivered_by_the_worker() {
    let class = Class::of(Profile::Plain).await;
    let id = queued(&class.send_with(&grade(7.5), &[("prefer", "wait=10, respond-async")]).await);
    assert!(class.school.platform.requests().is_empty(), "the Platform was not asked");
    assert_eq!(class.state(&id).await, "queued");
    assert_eq!(class.poll().await, 1);
    assert_eq!((class.state(&id).await.as_str(), class.applied().len()), ("delivered", 1));
    assert_eq!(class.queue_lengths(), (0, 0));
}

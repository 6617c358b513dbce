//! Access tokens under scores: asked for once, used by many, replaced when they are refused.

use std::sync::Arc;

use doorway_mock_platform::{Endpoint, Profile, ServiceFault, Times};
use form_urlencoded::parse;

use crate::support::{ADA, BEN, CHLOE, Class, PROFILES, at_once, delivered, grade, grade_of, send_for};

#[tokio::test]
async fn a_refused_token_is_replaced_once_and_the_score_delivered() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        delivered(&class.send(&grade(1.0)).await);
        assert_eq!(class.token_requests(), 1);
        class.tool.clock.advance(1);
        class.fail_scores(1, ServiceFault::Unauthorized);
        delivered(&class.send(&grade(2.0)).await);
        assert_eq!((class.token_requests(), class.score_requests().len()), (2, 3), "{profile:?}");
        class.tool.clock.advance(1);
        delivered(&class.send(&grade(3.0)).await);
        assert_eq!(class.token_requests(), 2, "{profile:?}: the new one is kept");
    }
}

/// The Platform was restarted. Sakai says so with 403.
#[tokio::test]
async fn a_token_that_the_platform_forgot_is_replaced() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        delivered(&class.send(&grade(1.0)).await);
        class.school.platform.revoke_access_tokens();
        class.tool.clock.advance(1);
        delivered(&class.send(&grade(2.0)).await);
        assert_eq!(class.token_requests(), 2, "{profile:?}");
    }
}

#[tokio::test]
async fn one_token_serves_many_scores_of_one_deployment() {
    let class = Class::with_claims(Profile::Plain, ADA, |_| {}).await;
    for (n, user) in [BEN, CHLOE, "54", "1001"].into_iter().enumerate() {
        delivered(&class.send(&grade_of(user, n as f64)).await);
    }
    let another = class.school.launch(&class.tool, CHLOE).await;
    class.tool.clock.advance(1);
    delivered(&send_for(&class.tool, &another, &grade(9.0), &[]).await);
    assert_eq!((class.token_requests(), class.applied().len()), (1, 5));
}

#[tokio::test]
async fn other_instances_and_the_worker_use_the_same_token() {
    let class = Class::of(Profile::Plain).await;
    delivered(&class.send(&grade(1.0)).await);
    class.tool.clock.advance(1);
    delivered(&send_for(&class.tool.twin(), &class.launch, &grade(2.0), &[]).await);
    class.tool.clock.advance(1);
    class.queue(&grade(3.0)).await;
    class.settle().await;
    assert_eq!((class.token_requests(), class.applied().len()), (1, 3));
}

/// A token that one instance replaced is found by the others before they ask for another.
#[tokio::test]
async fn a_token_that_another_instance_replaced_is_taken_over() {
    let class = Class::of(Profile::Plain).await;
    let twin = class.tool.twin();
    delivered(&class.send(&grade(1.0)).await);
    class.tool.clock.advance(1);
    delivered(&send_for(&twin, &class.launch, &grade(2.0), &[]).await);
    class.school.platform.revoke_access_tokens();
    class.tool.clock.advance(1);
    delivered(&class.send(&grade(3.0)).await);
    class.tool.clock.advance(1);
    delivered(&send_for(&twin, &class.launch, &grade(4.0), &[]).await);
    assert_eq!(class.token_requests(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_scores_at_once_ask_for_one_token() {
    let class = Arc::new(Class::with_claims(Profile::Plain, ADA, |_| {}).await);
    let answers =
        at_once(&class, 20, |n, class| async move { class.send(&grade_of(&(1001 + n).to_string(), 5.0)).await }).await;
    answers.iter().for_each(|answer| drop(delivered(answer)));
    assert_eq!((class.token_requests(), class.applied().len()), (1, 20));
}

#[tokio::test]
async fn a_token_is_replaced_before_it_ends() {
    let class = Class::of(Profile::Plain).await;
    for (seconds, requests) in [(0, 1), (3000, 1), (539, 1), (61, 2), (3000, 2)] {
        class.tool.clock.advance(seconds);
        delivered(&class.send(&grade(1.0)).await);
        assert_eq!(class.token_requests(), requests, "after {seconds} more seconds");
    }
}

/// Services digest §1: what the token request must be. Which scope: the least (Sakai gives all or nothing).
#[tokio::test]
async fn the_token_request_is_as_platforms_want_it() {
    for profile in PROFILES {
        let class = Class::of(profile).await;
        delivered(&class.send(&grade(1.0)).await);
        let requests = class.requests("POST", "/token");
        let request = &requests[0];
        assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
        assert_eq!((request.header("accept"), request.header("authorization")), (Some("application/json"), None));
        assert!(request.header("user-agent").is_some());
        let fields: Vec<(String, String)> = parse(request.body.as_bytes()).into_owned().collect();
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.len(), 4, "{names:?}");
        let value = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        assert_eq!(value("grant_type"), Some("client_credentials"));
        assert_eq!(value("client_assertion_type"), Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
        assert_eq!(value("scope"), Some("https://purl.imsglobal.org/spec/lti-ags/scope/score"), "{profile:?}");
        assert_eq!(value("client_assertion").map(|jwt| jwt.split('.').count()), Some(3));
    }
}

#[tokio::test]
async fn scores_wait_for_a_token_endpoint_that_fails() {
    let class = Class::of(Profile::Plain).await;
    class.fail(Endpoint::Token, ServiceFault::InternalServerError, Times::All);
    for user in [BEN, CHLOE] {
        class.queue(&grade_of(user, 1.0)).await;
    }
    class.poll().await;
    assert!((1..=2).contains(&class.token_requests()));
    assert!(class.score_requests().is_empty(), "nothing is sent without a token");
    class.mend();
    class.settle().await;
    assert_eq!(class.applied().len(), 2);
}

//! The request is sent once, whatever happens.

use std::sync::Arc;

use doorway_tests::{TestTool, refused};
use serde_json::json;

use crate::listener::{Reply, answer};
use crate::support::{Scripted, form_of, invite, link, post, trusted};

#[tokio::test]
async fn of_many_clicks_at_once_one_registers() {
    let (tool, platform) = (Arc::new(TestTool::start(&[]).await), Scripted::start().await);
    let code = invite(&tool, &trusted()).await;
    let (form, cookie) = form_of(&platform.ask(&tool, &code).await);
    let mut clicks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (tool, form, cookie) = (tool.twin(), form.clone(), cookie.clone());
        clicks.spawn(async move { post(&tool, &form, &cookie).await });
    }
    let answers = clicks.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert!(["invite_under_way", "invite_used"].contains(&answer.code().as_str()), "{}", answer.body);
    }
    assert_eq!((platform.registrations(), platform.stored(&tool).await.len()), (1, 1));
}

#[tokio::test]
async fn two_forms_of_one_invite_register_once() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let code = invite(&tool, &trusted()).await;
    let (first, first_cookie) = form_of(&platform.ask(&tool, &code).await);
    let (second, second_cookie) = form_of(&platform.ask(&tool, &code).await);
    assert_eq!(post(&tool, &first, &first_cookie).await.status, 200);
    refused("the other", &post(&tool, &second, &second_cookie).await, 410, "invite_used");
    refused("the same", &post(&tool, &first, &first_cookie).await, 410, "invite_used");
    assert_eq!(platform.registrations(), 1);
}

/// A refusal registered nothing: the link serves again, and the form that was refused does not.
#[tokio::test]
async fn after_a_refusal_the_link_serves_again_by_a_new_form() {
    for status in [400, 401, 403, 404, 409, 422, 302] {
        let platform = Scripted::with(|_| {}, move |_| answer(status, &[("location", "/elsewhere")], "not so")).await;
        let tool = TestTool::start(&[]).await;
        let code = invite(&tool, &trusted()).await;
        let (form, cookie) = form_of(&platform.ask(&tool, &code).await);
        refused("refused", &post(&tool, &form, &cookie).await, 502, "registration_refused");
        refused("the same form", &post(&tool, &form, &cookie).await, 409, "form_used");
        assert_eq!((platform.registrations(), platform.stored(&tool).await.len()), (1, 0), "{status}");
        assert_eq!(platform.ask(&tool, &code).await.status, 200, "{status}");
        assert!(platform.lms.heard_at("/elsewhere").is_empty(), "no redirect is followed");
    }
}

/// What it is, and the answer.
type Answered = (&'static str, fn() -> Reply);

/// Nobody knows what came of these: the Platform may have registered the Tool. The token may be good once only.
#[tokio::test]
async fn what_got_no_proper_answer_is_not_sent_again() {
    let answers: [Answered; 6] = [
        ("an error", || answer(500, &[], "")),
        ("overloaded", || answer(503, &[], "")),
        ("cut off", || Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec())),
        ("closed", || Reply::Bytes(Vec::new())),
        ("no JSON", || answer(200, &[], "<html>fine</html>")),
        ("no client", || answer(200, &[], &json!({ "client_name": "Lumen" }).to_string())),
    ];
    for (case, reply) in answers {
        let (tool, platform) = (TestTool::start(&[]).await, Scripted::with(|_| {}, move |_| reply()).await);
        let code = invite(&tool, &trusted()).await;
        let (form, cookie) = form_of(&platform.ask(&tool, &code).await);
        refused(case, &post(&tool, &form, &cookie).await, 502, "registration_unclear");
        refused(case, &post(&tool, &form, &cookie).await, 410, "invite_spent");
        refused(case, &tool.get(&link(&code)).await, 410, "invite_spent");
        assert_eq!((platform.registrations(), platform.stored(&tool).await.len()), (1, 0), "{case}");
    }
}

/// A function that is killed while the Platform is asked leaves the invite under way: it counts as unclear later.
#[tokio::test]
async fn an_invite_that_stays_under_way_is_spent() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let code = invite(&tool, &trusted()).await;
    let now = doorway_core::clock::UnixSeconds(tool.now());
    assert!(tool.parts.invites().take(&code.hash(), 0, now).await.unwrap());
    refused("a moment later", &platform.ask(&tool, &code).await, 409, "invite_under_way");
    tool.clock.advance(60);
    refused("a minute later", &platform.ask(&tool, &code).await, 410, "invite_spent");
}

/// What is confirmed is what was shown, whatever the Platform says meanwhile.
#[tokio::test]
async fn what_was_shown_is_what_is_registered() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let code = invite(&tool, &trusted()).await;
    let (form, cookie) = form_of(&platform.ask(&tool, &code).await);
    platform.lms.forget();
    assert_eq!(post(&tool, &form, &cookie).await.status, 200);
    assert!(platform.lms.heard_at("/lms/configuration").is_empty(), "the configuration is not fetched again");
}

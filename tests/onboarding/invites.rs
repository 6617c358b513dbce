//! Only who was invited can register, once, and for a while.

use doorway_core::invite::{InviteCode, NewInvite};
use doorway_core::random::SystemRandom;
use doorway_core::registration::Status;
use doorway_tests::{TestTool, refused};
use http::Method;

use crate::support::{Scripted, form_of, invite, link, opened, post, trusted};

#[tokio::test]
async fn without_a_valid_invite_nobody_is_asked_for_anything() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let unknown = InviteCode::new(&SystemRandom);
    for (case, uri) in [
        ("no invite", "/lti/register".to_owned()),
        ("an unknown one", opened(&unknown, &platform.configuration())),
        ("half a code", opened(&unknown, &platform.configuration()).replace(&unknown.text(), &unknown.text()[..40])),
        ("no code at all", opened(&unknown, &platform.configuration()).replace(&unknown.text(), "")),
        ("something else", opened(&unknown, &platform.configuration()).replace(&unknown.text(), "%00%27%20OR%201")),
    ] {
        refused(case, &tool.get(&uri).await, 404, "invite_unknown");
    }
    assert_eq!(platform.lms.connections(), 0);
}

#[tokio::test]
async fn an_invite_serves_once() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let code = invite(&tool, &trusted()).await;
    assert_eq!(platform.register(&tool, &code).await.status, 200);
    refused("again", &platform.ask(&tool, &code).await, 410, "invite_used");
    refused("by a person", &tool.get(&link(&code)).await, 410, "invite_used");
    assert_eq!((platform.registrations(), platform.stored(&tool).await.len()), (1, 1));
}

#[tokio::test]
async fn an_invite_expires() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let code = invite(&tool, &NewInvite { lifetime_seconds: 100, ..trusted() }).await;
    let (form, cookie) = form_of(&platform.ask(&tool, &code).await);
    tool.clock.advance(99);
    assert_eq!(platform.ask(&tool, &code).await.status, 200);
    tool.clock.advance(1);
    refused("opened", &platform.ask(&tool, &code).await, 410, "invite_expired");
    refused("confirmed", &post(&tool, &form, &cookie).await, 410, "invite_expired");
    assert_eq!(platform.registrations(), 0);
}

#[tokio::test]
async fn what_comes_of_an_invite_waits_unless_it_says_otherwise() {
    for (new, status) in [(NewInvite::default(), Status::Pending), (trusted(), Status::Active)] {
        let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
        let code = invite(&tool, &new).await;
        assert_eq!(platform.register(&tool, &code).await.status, 200);
        let stored = platform.stored(&tool).await;
        assert_eq!((stored[0].status, &stored[0].tenant), (status, &new.tenant));
    }
}

#[tokio::test]
async fn the_table_holds_no_code() {
    let tool = TestTool::start(&[]).await;
    let code = invite(&tool, &trusted()).await;
    let found = tool.parts.invites().find(&code.hash()).await.unwrap().expect("the invite is there");
    assert!(!format!("{found:?}{code:?}").contains(&code.text()));
}

/// A link checker, or a chat that shows a preview.
#[tokio::test]
async fn a_look_at_the_link_uses_nothing_up() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let code = invite(&tool, &trusted()).await;
    let head = http::Request::builder().method(Method::HEAD).uri(opened(&code, &platform.configuration()));
    let answer = tool.send(head.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!((answer.status.as_u16(), platform.lms.connections()), (405, 0));
    for _ in 0..3 {
        assert_eq!(tool.get(&link(&code)).await.status, 200);
    }
    assert_eq!(platform.register(&tool, &code).await.status, 200);
}

/// By POST as by GET.
#[tokio::test]
async fn a_platform_may_open_the_link_by_post() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let code = invite(&tool, &trusted()).await;
    let fields = [("openid_configuration", platform.configuration()), ("registration_token", "t".to_owned())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (form, cookie) = form_of(&tool.post(&link(&code), &fields, &[]).await);
    assert_eq!(post(&tool, &form, &cookie).await.status, 200);
}

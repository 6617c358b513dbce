//! What people are shown: who asks, escaped; what will be granted; what is next; and by whom the pages may be framed.

use axum::body::Body;
use doorway_core::invite::NewInvite;
use doorway_tests::TestTool;
use http::Request;
use http::header::ACCEPT_LANGUAGE;
use serde_json::json;

use crate::listener::answer;
use crate::support::{Scripted, form_of, invite, link, opened, post, trusted};

const LTI: &str = "https://purl.imsglobal.org/spec/lti-platform-configuration";

#[tokio::test]
async fn the_link_alone_says_what_it_is_for() {
    let tool = TestTool::start(&[]).await;
    let code = invite(&tool, &trusted()).await;
    let page = tool.get(&link(&code)).await;
    assert_eq!(page.status, 200);
    for words in
        ["Lumen", "for the administrator of a learning platform", "Moodle:", "until <time datetime=\"2026-11-30"]
    {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    assert!(page.body.contains(&format!("https://tool.example{}", link(&code))), "the link, to be copied");
    assert!(!page.body.contains("<form"));
}

#[tokio::test]
async fn a_person_sees_who_asks_and_what_will_be_granted() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let page = platform.ask(&tool, &invite(&tool, &NewInvite::default()).await).await.body;
    let issuer = platform.issuer();
    for words in [
        "127.0.0.1",
        issuer.as_str(),
        "scripted 1",
        "be opened from courses",
        "offer its content",
        "enter scores in the gradebook",
        "see who is in a course",
        "e-mail addresses",
        "and activate it",
        "Add the tool",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn a_script_in_a_name_is_text() {
    const EVIL: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'&\u{202e}";
    let change = |document: &mut serde_json::Value| {
        document["issuer"] = json!(format!("{}?\"><script>alert(1)</script>", document["issuer"].as_str().unwrap()));
        document[LTI]["product_family_code"] = json!(EVIL);
        document[LTI]["version"] = json!(EVIL);
        document[LTI]["https://canvas.instructure.com/lti/account_name"] = json!(EVIL);
    };
    let refusing = |_: &crate::listener::Heard| answer(400, &[], EVIL);
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::with(change, refusing).await);
    let code = invite(&tool, &trusted()).await;
    let asked = platform.ask(&tool, &code).await;
    let (form, cookie) = form_of(&asked);
    let refusal = post(&tool, &form, &cookie).await;
    for page in [&asked, &refusal] {
        assert_eq!(page.body.matches("<script").count(), 1, "ours alone: {}", page.body);
        assert!(!page.body.contains("<img") && !page.body.contains('\u{202e}'), "{}", page.body);
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'; script-src 'nonce-"), "{policy}");
    }
    assert!(asked.body.contains("&lt;script&gt;alert(1)"), "{}", asked.body);
}

#[tokio::test]
async fn a_client_id_with_a_script_is_text() {
    let response = json!({ "client_id": "<script>alert(1)</script>" }).to_string();
    let (tool, platform) =
        (TestTool::start(&[]).await, Scripted::with(|_| {}, move |_| answer(200, &[], &response)).await);
    let page = platform.register(&tool, &invite(&tool, &trusted()).await).await.body;
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
    assert_eq!(page.matches("<script").count(), 1, "{page}");
}

#[tokio::test]
async fn the_pages_are_framed_by_who_asks_and_hold_what_every_page_holds() {
    let change = |document: &mut serde_json::Value| {
        document["authorization_endpoint"] = json!("https://sso.canvaslms.com/auth");
        document["token_endpoint"] = json!("https://elsewhere.example/token");
        document[LTI]["https://canvas.instructure.com/lti/account_domain"] = json!("canvas.school.example");
    };
    let (tool, platform) =
        (TestTool::start(&[]).await, Scripted::with(change, |_| answer(200, &[], r#"{"client_id":"c"}"#)).await);
    let code = invite(&tool, &trusted()).await;
    let asked = platform.ask(&tool, &code).await;
    let (form, cookie) = form_of(&asked);
    let registered = post(&tool, &form, &cookie).await;
    let around =
        format!("frame-ancestors {} https://*.instructure.com https://canvas.school.example", platform.lms.base);
    for (page, action) in [(&asked, "form-action 'self'"), (&registered, "form-action 'none'")] {
        let policy = page.header("content-security-policy");
        assert!(policy.ends_with(&around), "{policy}");
        assert!(policy.contains(action), "{policy}");
        assert_eq!(page.header("referrer-policy"), "no-referrer", "the link holds a code");
        assert_eq!(page.header("cache-control"), "no-store");
    }
    assert!(asked.header("set-cookie").ends_with("Secure; HttpOnly; SameSite=None; Partitioned"));
}

#[tokio::test]
async fn the_closing_message_has_nothing_in_it() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let page = platform.register(&tool, &invite(&tool, &trusted()).await).await.body;
    assert!(page.contains("host.postMessage({ subject: \"org.imsglobal.lti.close\" }, \"*\")"), "{page}");
    assert!(page.contains("window.opener || (window.parent === window ? null : window.parent)"), "{page}");
    assert!(page.contains("Open the tool from a course."), "{page}");
}

#[tokio::test]
async fn what_was_not_granted_is_said() {
    let response =
        json!({ "client_id": "c", "scope": "https://purl.imsglobal.org/spec/lti-ags/scope/score" }).to_string();
    let (tool, platform) =
        (TestTool::start(&[]).await, Scripted::with(|_| {}, move |_| answer(200, &[], &response)).await);
    let page = platform.register(&tool, &invite(&tool, &trusted()).await).await.body;
    assert!(page.contains("did not grant everything") && page.contains("see who is in a course"), "{page}");
    assert!(!page.contains("enter scores"), "{page}");
}

#[tokio::test]
async fn the_pages_speak_the_persons_language() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let code = invite(&tool, &trusted()).await;
    let ask = |uri: String| Request::get(uri).header(ACCEPT_LANGUAGE, "de-AT").body(Body::empty()).unwrap();
    for (uri, words) in [
        (link(&code), "Lumen zu Ihrer Lernplattform hinzufügen"),
        (opened(&code, &platform.configuration()), "Werkzeug hinzufügen"),
        ("/lti/register".to_owned(), "Dieser Link ist nicht gültig"),
    ] {
        let page = tool.send(ask(uri)).await.body;
        assert!(page.contains("<html lang=\"de\">") && page.contains(words), "{words}: {page}");
    }
}

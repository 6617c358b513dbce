//! The form between showing and doing: from the browser that was shown it, once, and for a quarter of an hour.

use axum::body::Body;
use doorway_tests::{Answer, TestTool, refused};
use http::Request;
use http::header::{CONTENT_TYPE, COOKIE};

use crate::support::{Scripted, form_of, invite, post, trusted};

async fn post_with(tool: &TestTool, form: &str, headers: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).append_pair("registration", form).finish();
    let mut request = Request::post("/lti/register").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    tool.send(request.body(Body::from(body)).expect("the headers are well-formed")).await
}

#[tokio::test]
async fn another_browser_and_another_site_are_refused() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let code = invite(&tool, &trusted()).await;
    let (form, cookie) = form_of(&platform.ask(&tool, &code).await);
    let (_, other) = form_of(&platform.ask(&tool, &code).await);
    let name = cookie.split('=').next().unwrap();
    let forged = format!("{name}={}", other.split('=').nth(1).unwrap());
    for (case, headers) in [
        ("no cookie", vec![]),
        ("another form's cookie", vec![("cookie", other.as_str())]),
        ("its name with another value", vec![("cookie", forged.as_str())]),
        ("another site", vec![("sec-fetch-site", "cross-site")]),
        ("a site beside ours", vec![("sec-fetch-site", "same-site")]),
        ("typed in", vec![("sec-fetch-site", "none")]),
    ] {
        refused(case, &post_with(&tool, &form, &headers).await, 403, "form_foreign");
    }
    assert_eq!(platform.registrations(), 0);
    assert_eq!(post_with(&tool, &form, &[(COOKIE.as_str(), &cookie)]).await.status, 200, "the right one");
}

/// Where a frame keeps no cookies, the browser's own word for where the form comes from serves.
#[tokio::test]
async fn a_browser_that_keeps_no_cookie_says_itself_where_the_form_comes_from() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let code = invite(&tool, &trusted()).await;
    let (form, _) = form_of(&platform.ask(&tool, &code).await);
    assert_eq!(post_with(&tool, &form, &[("sec-fetch-site", "same-origin")]).await.status, 200);
}

#[tokio::test]
async fn a_form_is_good_for_a_quarter_of_an_hour() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let code = invite(&tool, &trusted()).await;
    let (old, old_cookie) = form_of(&platform.ask(&tool, &code).await);
    tool.clock.advance(899);
    let (form, cookie) = form_of(&platform.ask(&tool, &code).await);
    tool.clock.advance(1);
    refused("too old", &post(&tool, &old, &old_cookie).await, 400, "form_expired");
    assert_eq!(post(&tool, &form, &cookie).await.status, 200);
}

#[tokio::test]
async fn a_form_that_was_changed_or_made_elsewhere_is_refused() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let elsewhere = TestTool::start(&[]).await;
    let code = invite(&tool, &trusted()).await;
    let (form, cookie) = form_of(&platform.ask(&tool, &code).await);
    let mut flipped = form.clone().into_bytes();
    let middle = flipped.len() / 2;
    flipped[middle] = if flipped[middle] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    for (case, form) in [("changed", flipped.as_str()), ("cut", &form[..200]), ("none", ""), ("no base64url", "!")] {
        refused(case, &post(&tool, form, &cookie).await, 400, "form_invalid");
    }
    refused("of another Tool", &post(&elsewhere, &form, &cookie).await, 400, "form_invalid");
    assert_eq!(platform.registrations(), 0);
}

/// The form is no state of a login, and a state is no form: each has a key of its own.
#[tokio::test]
async fn a_form_opens_nothing_else() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let code = invite(&tool, &trusted()).await;
    let (form, cookie) = form_of(&platform.ask(&tool, &code).await);
    let fields = [("id_token", "a.b.c"), ("state", form.as_str())];
    refused("as a state", &tool.post("/lti/launch", &fields, &[&cookie]).await, 400, "state_invalid");
}

#[tokio::test]
async fn a_form_in_the_query_is_none() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let code = invite(&tool, &trusted()).await;
    let (form, cookie) = form_of(&platform.ask(&tool, &code).await);
    let answer = tool.post(&format!("/lti/register?registration={form}"), &[], &[&cookie]).await;
    refused("in the query", &answer, 404, "invite_unknown");
    assert_eq!(platform.registrations(), 0);
}

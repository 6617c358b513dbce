//! The Platform's token goes to the origin that it came with; it is never shown and never logged, and neither is the
//! code of an invite.

use doorway_tests::{TestTool, log_lines};
use serde_json::{Value, json};

use crate::listener::{Listener, answer};
use crate::support::{Scripted, TOKEN, form_of, invite, link, post, trusted};

#[tokio::test]
async fn the_token_goes_to_its_own_origin_and_to_no_other() {
    let elsewhere = Listener::silent().await;
    let base = elsewhere.base.clone();
    let change = move |document: &mut Value| {
        for endpoint in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
            document[endpoint] = json!(format!("{base}/{endpoint}"));
        }
    };
    let platform = Scripted::with(change, |_| answer(200, &[], r#"{"client_id":"c"}"#)).await;
    let tool = TestTool::start(&[]).await;
    let code = invite(&tool, &trusted()).await;
    assert_eq!(platform.register(&tool, &code).await.status, 200);
    assert_eq!(elsewhere.connections(), 0);
    let heard = platform.lms.heard();
    let seen: Vec<_> = heard.iter().map(|heard| (heard.method(), heard.target())).collect();
    assert_eq!(seen, [("GET", "/lms/configuration?key=7"), ("POST", "/lms/register")]);
    for heard in &heard {
        assert_eq!(heard.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
        assert_eq!(heard.header("accept"), Some("application/json"));
        assert!(!heard.body().contains(TOKEN) && heard.header("referer").is_none());
    }
    assert_eq!(heard[1].header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn a_platform_without_a_token_is_sent_none() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    let code = invite(&tool, &trusted()).await;
    let mut query = form_urlencoded::Serializer::new(link(&code));
    let uri = query.append_pair("openid_configuration", &platform.configuration()).finish();
    let (form, cookie) = form_of(&tool.get(&uri).await);
    assert_eq!(post(&tool, &form, &cookie).await.status, 200);
    assert!(platform.lms.heard().iter().all(|heard| heard.header("authorization").is_none()));
}

#[tokio::test]
async fn no_page_and_no_log_line_has_a_token_or_a_code() {
    let quoting = |heard: &crate::listener::Heard| {
        let token = heard.header("authorization").unwrap_or_default().to_owned();
        answer(400, &[], &format!("the token {token} of ada@school.example is not good"))
    };
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::with(|_| {}, quoting).await);
    let code = invite(&tool, &trusted()).await;
    let asked = platform.ask(&tool, &code).await;
    let (form, cookie) = form_of(&asked);
    let refusal = post(&tool, &form, &cookie).await;
    assert!(refusal.body.contains("[redacted]"), "{}", refusal.body);
    let location = |answer: &doorway_tests::Answer| format!("{:?}{}", answer.headers, answer.body);
    let logged: String = log_lines().iter().map(Value::to_string).collect();
    for (place, text) in [("page", location(&asked)), ("refusal", location(&refusal)), ("log", logged)] {
        for secret in [TOKEN, &code.text(), "ada@school.example"] {
            assert!(!text.contains(secret), "{secret} is in the {place}");
        }
    }
    let line = log_lines().into_iter().rfind(|line| line["function"] == "register").expect("a line");
    assert_eq!((&line["http.route"], &line["tenant"]), (&json!("/lti/register"), &json!("maple")));
    assert_eq!(line["lti.issuer"], json!(platform.issuer()));
}

//! Configurations that are made to do harm: each is refused in words, and nothing is sent or stored.

use doorway_tests::{TestTool, refused};
use serde_json::{Value, json};

use crate::listener::{Heard, Listener, Reply, answer, open_head};
use crate::support::{Scripted, invite, opened, trusted};

const HEADING: &str = "<h1>";

/// One change to a configuration that is otherwise good.
type Change = (&'static str, fn(&mut Value), u16, &'static str, &'static str);

const FOREIGN: &str = "speaks for another site";
const UNUSABLE: &str = "cannot be used";

const CHANGES: [Change; 14] = [
    ("another issuer", |d| d["issuer"] = json!("https://lms.example"), 502, "configuration_foreign", FOREIGN),
    (
        "the issuer's port differs",
        |d| d["issuer"] = json!("http://127.0.0.1:1/lms"),
        502,
        "configuration_foreign",
        FOREIGN,
    ),
    (
        "the issuer's scheme differs",
        |d| d["issuer"] = json!("https://127.0.0.1/lms"),
        502,
        "configuration_foreign",
        FOREIGN,
    ),
    (
        "a registration endpoint elsewhere",
        |d| d["registration_endpoint"] = json!("http://127.0.0.1:1/x"),
        502,
        "configuration_foreign",
        FOREIGN,
    ),
    ("an issuer that is no URL", |d| d["issuer"] = json!("student"), 502, "configuration_invalid", UNUSABLE),
    ("an issuer with a user", |d| d["issuer"] = json!("http://a:b@127.0.0.1/"), 502, "configuration_invalid", UNUSABLE),
    (
        "a script for an endpoint",
        |d| d["authorization_endpoint"] = json!("javascript:alert(1)"),
        502,
        "configuration_invalid",
        UNUSABLE,
    ),
    ("a file for keys", |d| d["jwks_uri"] = json!("file:///etc/passwd"), 502, "configuration_invalid", UNUSABLE),
    ("no token endpoint", |d| d["token_endpoint"] = json!(null), 502, "configuration_invalid", UNUSABLE),
    ("a list for an issuer", |d| d["issuer"] = json!(["a"]), 502, "configuration_invalid", UNUSABLE),
    (
        "no RS256",
        |d| d["id_token_signing_alg_values_supported"] = json!(["none", "HS256"]),
        502,
        "configuration_unsupported",
        "does not support",
    ),
    (
        "no private_key_jwt",
        |d| d["token_endpoint_auth_methods_supported"] = json!(["client_secret_basic"]),
        502,
        "configuration_unsupported",
        "does not support",
    ),
    ("too long", |d| d["padding"] = json!("x".repeat(256 * 1024)), 502, "configuration_too_large", "is too long"),
    ("too many members", |d| d["padding"] = json!(vec![0; 30_000]), 502, "configuration_invalid", UNUSABLE),
];

#[tokio::test]
async fn every_hostile_configuration_is_refused_in_words() {
    for (case, change, status, code, words) in CHANGES {
        let (tool, platform) = (TestTool::start(&[]).await, Scripted::with(change, |_| answer(500, &[], "")).await);
        let invited = invite(&tool, &trusted()).await;
        let refusal = platform.ask(&tool, &invited).await;
        refused(case, &refusal, status, code);
        assert!(refusal.body.contains(HEADING) && refusal.body.contains(words), "{case}: {}", refusal.body);
        assert_eq!(platform.registrations(), 0, "{case}");
        assert_eq!(
            tool.get(&crate::support::link(&invited)).await.status,
            200,
            "{case}: the invite is as good as before"
        );
    }
}

/// What it is, the answer, and the code that it gets.
type Answered = (&'static str, fn() -> Reply, &'static str);

/// Answers that are no document.
#[tokio::test]
async fn answers_that_are_made_to_do_harm_are_refused_in_words() {
    let answers: [Answered; 8] = [
        ("a redirect", || answer(302, &[("location", "http://169.254.169.254/latest")], ""), "configuration_refused"),
        ("a redirect to itself", || answer(307, &[("location", "/lms/configuration")], ""), "configuration_refused"),
        ("not found", || answer(404, &[], ""), "configuration_refused"),
        ("unauthorized", || answer(401, &[], ""), "configuration_refused"),
        ("without end", || Reply::Endless(open_head(200, &[])), "configuration_too_large"),
        (
            "HTML",
            || answer(200, &[("content-type", "text/html")], "<script>alert(1)</script>"),
            "configuration_invalid",
        ),
        ("deep", || answer(200, &[], &"[".repeat(100_000)), "configuration_invalid"),
        ("nothing", || Reply::Bytes(Vec::new()), "configuration_unavailable"),
    ];
    for (case, reply, code) in answers {
        let tool = TestTool::start(&[]).await;
        let lms = Listener::start(|_| move |_: &Heard| reply()).await;
        let code_of_invite = invite(&tool, &trusted()).await;
        let uri = opened(&code_of_invite, &format!("{}/lms/configuration", lms.base));
        refused(case, &tool.get(&uri).await, 502, code);
        assert_eq!(lms.heard().len(), 1, "{case}: asked once, and no redirect followed");
        assert!(lms.sent() < 16 * 1024 * 1024, "{case}: {}", lms.sent());
    }
}

/// Never silent for long, and never done: the time in all counts.
#[tokio::test]
async fn a_slow_configuration_is_given_up() {
    let tool = TestTool::start(&[]).await;
    let lms = Listener::start(|_| |_: &Heard| Reply::Dripping(open_head(200, &[]))).await;
    let code = invite(&tool, &trusted()).await;
    let began = std::time::Instant::now();
    let answer = tool.get(&opened(&code, &format!("{}/x", lms.base))).await;
    refused("slow", &answer, 502, "configuration_unavailable");
    assert!(began.elapsed().as_secs() < 12, "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_asking() {
    let tool = TestTool::start(&[]).await;
    let code = invite(&tool, &trusted()).await;
    for address in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:application/json,{}",
        "ftp://a.example",
        "http://a:b@a.example/",
        "x",
        "//a.example",
    ] {
        refused(address, &tool.get(&opened(&code, address)).await, 400, "configuration_address_invalid");
    }
    let no_address = format!("{}&registration_token=t", crate::support::link(&code));
    refused("no address", &tool.get(&no_address).await, 400, "configuration_address_invalid");
    for token in ["a%0D%0AHost:%20evil.example", "caf%C3%A9", "a%20b"] {
        let uri = opened(&code, "https://lms.example/").replace(crate::support::TOKEN, token);
        refused(token, &tool.get(&uri).await, 400, "registration_token_invalid");
    }
    let twice = format!("{}&invite=other", opened(&code, "https://lms.example/"));
    refused("an invite twice", &tool.get(&twice).await, 400, "parameter_repeated");
}

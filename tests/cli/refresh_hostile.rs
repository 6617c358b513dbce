//! `doorway platform refresh` and Platforms that are not what they should be: no token goes astray, and each is told.

use doorway_cli::Exit;
use doorway_mock_platform::Profile;
use serde_json::json;
use url::Url;

use crate::doctor::Clinic;
use crate::listener::{Heard, Listener, Reply, answer, open_head};

const TOOL: &str = "https://purl.imsglobal.org/spec/lti-tool-configuration";

/// A clinic whose registration is at this listener, on an origin of the Registration.
async fn clinic_at(lms: &Listener) -> Clinic {
    let clinic = Clinic::start().await;
    clinic
        .register(|registration| {
            registration.registration_client_uri = Some(Url::parse(&format!("{}/mine", lms.base)).unwrap());
            registration.service_origins = vec![Url::parse(&lms.base).unwrap()];
        })
        .await;
    clinic
}

/// A registration as this Platform has it, with the Tool's client id.
fn registration(clinic_client: &str, name: &str) -> String {
    json!({ "client_id": clinic_client, "client_name": name, TOOL: {} }).to_string()
}

#[tokio::test]
async fn no_token_is_asked_for_or_sent_where_the_address_is_foreign() {
    let stranger = Listener::silent().await;
    let clinic = Clinic::renamed(Profile::Plain).await;
    let address = format!("{}/registration/1", stranger.base);
    clinic.register(|registration| registration.registration_client_uri = Some(Url::parse(&address).unwrap())).await;
    for options in [&["--dry-run"], &["--yes"]] {
        clinic.refuses(options, Exit::Conflict, &stranger.base, "serviceOrigins").await;
    }
    assert_eq!((stranger.connections(), clinic.platform.requests().len()), (0, 0), "nobody was asked anything");
}

#[tokio::test]
async fn answers_that_are_no_registration_are_refused_in_words() {
    type Script = fn() -> Reply;
    let cases: [(&str, Script, &str, &str); 8] = [
        ("a redirect", || answer(307, &[("location", "/elsewhere")], ""), "status 307", "Redirects are not followed"),
        ("without end", || Reply::Endless(open_head(200, &[])), "longer than 262144 bytes", "no registration"),
        (
            "cut short",
            || Reply::Bytes(open_head(200, &[("content-length", "999")])),
            "cannot be asked",
            "within ten seconds",
        ),
        ("a page", || answer(200, &[], "<html>"), "not the Tool's registration", "registrationClientUri"),
        ("a list", || answer(200, &[], "[]"), "not the Tool's registration", "registrationClientUri"),
        ("no Tool", || answer(200, &[], r#"{"client_id":"doorway"}"#), "has no", "registrationClientUri"),
        (
            "another's",
            || answer(200, &[], &registration("somebody-else", "x")),
            "is not that of client",
            "registrationClientUri",
        ),
        ("a refusal", || answer(422, &[], r#"{"errors":["no such scope"]}"#), "no such scope", "words"),
    ];
    for (case, script, wrong, todo) in cases {
        let lms = Listener::start(|_| move |_: &Heard| script()).await;
        let clinic = clinic_at(&lms).await;
        clinic.refuses(&["--yes"], Exit::Unavailable, wrong, todo).await;
        assert_eq!(lms.heard().len(), 1, "{case}: asked once, nothing followed, nothing sent");
        assert!(lms.sent() < 64 * 1024 * 1024, "{case}: the reading ends");
    }
}

/// Never silent for long, and never done: the time in all counts.
#[tokio::test]
async fn a_slow_answer_is_given_up() {
    let lms = Listener::start(|_| |_: &Heard| Reply::Dripping(open_head(200, &[]))).await;
    let clinic = clinic_at(&lms).await;
    let began = std::time::Instant::now();
    clinic.refuses(&["--dry-run"], Exit::Unavailable, "cannot be asked", "Nothing was changed").await;
    assert!(began.elapsed().as_secs() < 14, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_token_that_is_quoted_is_not_shown() {
    let quoting = |heard: &Heard| {
        let text = String::from_utf8_lossy(&heard.0).into_owned();
        let token = text.lines().find_map(|line| line.split_once("Bearer ")).map(|(_, token)| token.trim().to_owned());
        answer(400, &[], &format!("bad token {}", token.expect("a token came")))
    };
    let lms = Listener::start(|_| quoting).await;
    let clinic = clinic_at(&lms).await;
    let (issuer, client_id) = (clinic.registration.issuer.to_string(), clinic.registration.client_id.to_string());
    let fault = clinic.cli.run(&["platform", "refresh", &issuer, &client_id, "--dry-run"]).await.unwrap_err();
    let heard = String::from_utf8(lms.heard()[0].0.clone()).unwrap();
    let (_, rest) = heard.split_once("Bearer ").expect("a token was sent");
    let token = rest.split_whitespace().next().unwrap();
    assert!(token.len() > 8 && !fault.to_string().contains(token), "{fault}");
    assert!(fault.wrong.contains("bad token"), "{fault}");
}

#[tokio::test]
async fn an_update_whose_end_nobody_knows_is_said_to_be_unclear() {
    for (case, status) in [("it failed", 500), ("too slow", 408)] {
        let lms = Listener::start(|_| {
            move |heard: &Heard| match heard.0.starts_with(b"PUT ") {
                true => answer(status, &[], ""),
                false => answer(200, &[], &registration("doorway-demo", "Old")),
            }
        })
        .await;
        let clinic = clinic_at(&lms).await;
        clinic.refuses(&["--yes"], Exit::Unavailable, "nobody knows", "`--dry-run` shows").await;
        assert_eq!(lms.heard().len(), 2, "{case}: sent once");
    }
}

/// The answer to the update need not be the registration; then it is read again.
#[tokio::test]
async fn an_update_that_is_answered_with_nothing_is_looked_at_again() {
    let lms = Listener::start(|_| {
        |heard: &Heard| match heard.0.starts_with(b"PUT ") {
            true => answer(204, &[], ""),
            false => answer(200, &[], &registration("doorway-demo", "Old")),
        }
    })
    .await;
    let clinic = clinic_at(&lms).await;
    let (json, _) = clinic.done(&["--yes"]).await;
    assert_eq!(json["outcome"], "pending");
    let methods: Vec<String> =
        lms.heard().iter().map(|heard| String::from_utf8_lossy(&heard.0[..3]).into_owned()).collect();
    assert_eq!(methods, ["GET", "PUT", "GET"]);
}

/// An administrator's own choice may stand before what the Tool asks for.
#[tokio::test]
async fn what_a_platform_did_not_take_is_named() {
    let lms = Listener::start(|_| {
        |heard: &Heard| match heard.0.starts_with(b"PUT ") {
            true => {
                let text = String::from_utf8_lossy(&heard.0).into_owned();
                let (_, body) = text.split_once("\r\n\r\n").expect("a request has a body");
                let mut body: serde_json::Value = serde_json::from_str(body).expect("the body is JSON");
                body["client_name"] = json!("Set by hand");
                answer(200, &[], &body.to_string())
            }
            false => answer(200, &[], &registration("doorway-demo", "Old")),
        }
    })
    .await;
    let clinic = clinic_at(&lms).await;
    let (json, text) = clinic.done(&["--yes"]).await;
    assert_eq!(json["outcome"], "partly");
    assert_eq!(json["changes"].as_array().unwrap().len(), 1, "{text}");
    assert_eq!(
        (&json["changes"][0]["member"], &json["changes"][0]["before"]),
        (&json!("client_name"), &json!("Set by hand"))
    );
}

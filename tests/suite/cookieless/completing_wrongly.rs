//! What completes no launch: another secret, another state, another handle, another kind of request.

use doorway_core::state::LOGIN_LIFETIME_SECONDS;
use doorway_tests::forge::base64url;
use doorway_tests::refused;
use http::header::ALLOW;

use super::*;

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_wrong_secret_has_one_try_and_the_next_post_of_the_launch_another() {
    let (platform, tool) = set_up().await;
    let other = waiting(&tool, &platform).await;
    let sample = waiting(&tool, &platform).await;
    for (case, secret) in [
        ("another login's", other.secret().to_owned()),
        ("a made up one", base64url([7; 32])),
        ("half", sample.secret()[..21].to_owned()),
        ("longer", format!("{}A", sample.secret())),
        ("padded", format!("{}=", sample.secret())),
        ("no base64", "!".repeat(43)),
        ("one that is text", "null".to_owned()),
        ("huge", "A".repeat(100_000)),
    ] {
        let waiting = waiting(&tool, &platform).await;
        let line = refused(case, &waiting.complete_with(&tool, &secret).await, 403, "binding_mismatch");
        assert_eq!((line.get("binding"), line.get("launch.id")), (None, None), "{case}");
        refused(case, &waiting.complete(&tool).await, 409, "launch_not_waiting");
        let again = waiting_for(&tool, waiting.begun.clone(), waiting.token.clone()).await;
        again.complete(&tool).await.launch_id();
    }
    for own in [sample.begun.state(), sample.begun.nonce(), sample.handle()] {
        refused("its own", &sample.complete_with(&tool, &own).await, 403, "binding_mismatch");
        waiting_for(&tool, sample.begun.clone(), sample.token.clone()).await;
    }
    refused("once more", &sample.complete_with(&tool, "x").await, 403, "binding_mismatch");
    tool.post_token(&sample.begun, &sample.token).await.launch_id();
    other.complete(&tool).await.launch_id();
}

#[tokio::test]
async fn a_completion_without_a_secret_spends_no_try() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    let (state, handle) = (waiting.begun.state(), waiting.handle());
    let nothing = [("state", state.as_str()), ("handle", &handle)];
    refused("none", &tool.post(COMPLETE_PATH, &nothing, &[]).await, 403, "binding_missing");
    refused("the form as it is", &waiting.complete_with(&tool, "").await, 403, "binding_missing");
    let cookie = waiting.begun.cookie.as_str();
    refused("a cookie instead", &tool.post(COMPLETE_PATH, &nothing, &[cookie]).await, 403, "binding_missing");
    waiting.complete(&tool).await.launch_id();
}

#[tokio::test]
async fn only_the_state_of_its_own_login_completes_a_launch() {
    let (platform, tool) = set_up().await;
    let (waiting, other) = (waiting(&tool, &platform).await, waiting(&tool, &platform).await);
    let (handle, state) = (waiting.handle(), waiting.begun.state());
    let without = [("handle", handle.as_str()), ("binding", waiting.secret())];
    refused("none", &tool.post(COMPLETE_PATH, &without, &[]).await, 400, "state_missing");
    for (case, state, status, code) in [
        ("empty", String::new(), 400, "state_missing"),
        ("made up", "made-up".to_owned(), 400, "state_invalid"),
        ("changed", format!("{}AA", &state[..state.len() - 2]), 400, "state_invalid"),
        ("another login's", other.begun.state(), 409, "launch_not_waiting"),
    ] {
        for secret in [waiting.secret(), other.secret()] {
            refused(case, &complete(&tool, &state, &handle, secret).await, status, code);
        }
    }
    for waiting in [waiting, other] {
        waiting.complete(&tool).await.launch_id();
    }
}

#[tokio::test]
async fn a_state_that_is_over_completes_nothing() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    tool.clock.advance(LOGIN_LIFETIME_SECONDS);
    refused("over", &waiting.complete(&tool).await, 400, "state_expired");
    assert_eq!(tool.stored_launches().await.len(), 1, "no launch was made of it");
    super::waiting(&tool, &platform).await.complete(&tool).await.launch_id();
}

#[tokio::test]
async fn only_a_handle_under_which_this_login_waits_completes_a_launch() {
    let (platform, tool) = set_up().await;
    let (waiting, other) = (waiting(&tool, &platform).await, waiting(&tool, &platform).await);
    let landed = tool.launch(&platform).await;
    let state = waiting.begun.state();
    let without = [("state", state.as_str()), ("binding", waiting.secret())];
    refused("none", &tool.post(COMPLETE_PATH, &without, &[]).await, 409, "launch_not_waiting");
    let items = tool.stored_launches().await;
    let own = items.iter().find(|item| item["id"].as_s() == Ok(&waiting.handle())).expect("it waits");
    let own_launch = own["launch"].as_s().expect("the attribute is a text").clone();
    for (case, handle) in [
        ("empty", String::new()),
        ("garbage", "../x".to_owned()),
        ("unknown", "A".repeat(32)),
        ("longer", format!("{}A", waiting.handle())),
        ("another login's", other.handle()),
        ("a launch's", landed),
        ("the id that the launch will have", own_launch),
    ] {
        refused(case, &complete(&tool, &state, &handle, waiting.secret()).await, 409, "launch_not_waiting");
    }
    for waiting in [waiting, other] {
        waiting.complete(&tool).await.launch_id();
    }
}

#[tokio::test]
async fn a_launch_is_completed_by_posting_a_form_and_in_no_other_way() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    let (state, handle) = (waiting.begun.state(), waiting.handle());
    let fields = [("state", state.as_str()), ("handle", &handle), ("binding", waiting.secret())];
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let in_query = format!("{COMPLETE_PATH}?{form}");
    for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let request = Request::builder().method(method).uri(&in_query).body(String::new().into());
        let answer = tool.send(request.expect("the request is well formed")).await;
        assert_eq!((answer.status.as_u16(), answer.header(ALLOW)), (405, "POST"), "{method}");
    }
    refused("in the query", &tool.post(&in_query, &[], &[]).await, 400, "state_missing");
    let in_part = format!("{COMPLETE_PATH}?binding={}", waiting.secret());
    refused("in part", &tool.post(&in_part, &fields[..2], &[]).await, 403, "binding_missing");
    let json = serde_json::json!({ "state": state, "handle": handle, "binding": waiting.secret() }).to_string();
    for (case, content_type, body, status, code) in [
        ("JSON", "application/json", json, 415, "form_expected"),
        ("text", "text/plain", form.clone(), 415, "form_expected"),
        ("a state twice", FORM, format!("{form}&state={state}"), 400, "parameter_repeated"),
        ("two secrets", FORM, format!("{form}&binding=x"), 400, "parameter_repeated"),
        ("too large", FORM, format!("{form}&x={}", "a".repeat(256 * 1024)), 413, "body_too_large"),
        ("nothing", FORM, String::new(), 400, "state_missing"),
    ] {
        let request = Request::post(COMPLETE_PATH).header(CONTENT_TYPE, content_type).body(body.into());
        refused(case, &tool.send(request.expect("the request is well formed")).await, status, code);
    }
    waiting.complete(&tool).await.launch_id();
}

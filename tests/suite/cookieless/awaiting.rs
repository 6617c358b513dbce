//! A verified launch whose browser is not proven yet: it waits, and nothing is issued or burned.

use doorway_core::launch_id::LaunchId;
use doorway_core::packing::unpack;
use doorway_core::registration::DeploymentPolicy;
use doorway_core::state::LOGIN_LIFETIME_SECONDS;
use doorway_lti::id_token::UnixSeconds;
use doorway_tests::{AttributeValue, Item, log_lines, refused};
use http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use serde_json::json;

use super::*;

const PERSONAL: [&str; 3] = ["Ada", "Morgan", "ada@maple.example"];

fn text(item: &Item, name: &str) -> String {
    item[name].as_s().expect("the attribute is a text").clone()
}

async fn only_item(tool: &TestTool) -> Item {
    let mut items = tool.stored_launches().await;
    assert_eq!(items.len(), 1);
    items.remove(0)
}

#[tokio::test]
async fn a_frame_that_the_login_named_is_asked_be_it_named_again_or_not() {
    let (platform, tool) = set_up().await;
    for (query, repeated) in [
        ("", None),
        ("", Some("lti_storage_frame")),
        ("?lti_storage_target=lti_storage_frame", None),
        ("", Some("elsewhere")),
        ("", Some("")),
    ] {
        let begun = begin(&tool, &[("lti_storage_target", "lti_storage_frame")]).await;
        let (token, state) = (token(&tool, &platform, &begun), begun.state());
        let mut fields = vec![("id_token", token.as_str()), ("state", &state)];
        fields.extend(repeated.map(|target| ("lti_storage_target", target)));
        let page = tool.post(&format!("/lti/launch{query}"), &fields, &[]).await;
        let stored = begun.storage.clone().unwrap();
        let place = json!({ "origin": stored.origin, "frame": "lti_storage_frame", "key": stored.key });
        assert_eq!(page.page_data(), json!({ "storage": place }), "{query} {repeated:?}");
        Waiting { begun, token, page }.complete(&tool).await.launch_id();
    }
}

#[tokio::test]
async fn a_frame_that_the_launch_alone_names_has_nothing_and_is_not_asked() {
    let (platform, tool) = set_up().await;
    let begun = begin(&tool, &[]).await;
    let (token, state) = (token(&tool, &platform, &begun), begun.state());
    let fields = [("id_token", token.as_str()), ("state", &state), ("lti_storage_target", "_parent")];
    refused("named too late", &tool.post("/lti/launch", &fields, &[]).await, 403, "binding_missing");
    tool.post_token(&begun, &token).await.launch_id();
}

#[tokio::test]
async fn nothing_is_issued_before_the_browser_is_proven() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    let line = doorway_tests::last_request_line();
    assert_eq!((&line["outcome"], &line["http.status"]), (&json!("ok"), &json!(200)), "{line}");
    assert_eq!((&line["binding"], line.get("launch.id")), (&json!("asked"), None), "{line}");
    let page = &waiting.page;
    assert_eq!(page.header(CACHE_CONTROL), "no-store");
    assert_eq!((page.headers.get(LOCATION), page.headers.get(SET_COOKIE)), (None, None));
    let (handle, id) = (waiting.handle(), text(&only_item(&tool).await, "launch"));
    assert!(handle != id && !page.body.contains(&id), "the launch's id is a code");
    for id in [&handle, &id] {
        refused("read", &tool.api("GET", &format!("/v1/launches/{id}")).await, 404, "launch_unknown");
        refused("redeem", &tool.redeem(id).await, 404, "launch_unknown");
    }
    assert_eq!(waiting.complete(&tool).await.launch_id(), id, "it was the id indeed");
    assert_eq!(tool.redeem(&id).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_launch_that_waits_has_burned_nothing() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    tool.post_token(&waiting.begun, &waiting.token).await.launch_id();
}

#[tokio::test]
async fn a_launch_that_waits_has_no_deployment_recorded() {
    for policy in [DeploymentPolicy::Pending, DeploymentPolicy::Any] {
        let (platform, tool) = set_up_with(|registration| registration.deployments = policy).await;
        let recorded = async || tool.all_items().await.iter().filter(|item| item.contains("\"deployments#")).count();
        let waiting = waiting(&tool, &platform).await;
        assert_eq!(recorded().await, 0);
        waiting.complete(&tool).await;
        assert_eq!(recorded().await, 1);
    }
}

#[tokio::test]
async fn what_waits_is_packed_in_one_attribute_and_gone_once_it_is_complete() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    let item = only_item(&tool).await;
    let mut names: Vec<&str> = item.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["awaiting", "expires_at", "id", "launch", "user"]);
    let packed = item["awaiting"].as_b().expect("the attribute is binary").as_ref();
    let unpacked = serde_json::Value::Object(unpack(packed).expect("it was packed")).to_string();
    for word in PERSONAL {
        assert!(unpacked.contains(word));
        for (name, value) in &item {
            let bytes = match value {
                AttributeValue::B(bytes) => bytes.as_ref(),
                AttributeValue::S(text) | AttributeValue::N(text) => text.as_bytes(),
                other => panic!("{name} is {other:?}"),
            };
            assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word} in {name}");
        }
    }
    let id = waiting.complete(&tool).await.launch_id();
    let launch = only_item(&tool).await;
    assert_eq!(text(&launch, "id"), id);
    assert!(!launch.contains_key("awaiting") && launch.contains_key("personal"));
}

#[tokio::test]
async fn what_waits_ends_with_its_state_whenever_the_table_deletes_it() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    let end = tool.now() + LOGIN_LIFETIME_SECONDS;
    assert_eq!(only_item(&tool).await["expires_at"], AttributeValue::N(end.to_string()));
    let handle = LaunchId::try_from(waiting.handle().as_str()).unwrap();
    let found = async |now| tool.parts.launches().find_awaiting(&handle, UnixSeconds(now)).await.unwrap().is_some();
    assert!(found(end - 1).await && !found(end).await);
}

#[tokio::test]
async fn neither_token_nor_secret_nor_person_is_in_the_page_or_the_log() {
    let (platform, tool) = set_up().await;
    let waiting = waiting(&tool, &platform).await;
    let secret = waiting.secret();
    // The sealed state is long enough to have a short name in it by chance.
    let body = waiting.page.body.replace(&waiting.begun.state(), "");
    assert!(body.len() < waiting.page.body.len() && !log_lines().is_empty());
    for hidden in waiting.token.split('.').chain([waiting.token.as_str(), secret, "eyJ"]).chain(PERSONAL) {
        assert!(!body.contains(hidden), "{hidden}");
        assert!(log_lines().iter().all(|line| !line.to_string().contains(hidden)), "{hidden}");
    }
    assert_eq!(waiting.form().field("binding"), "", "the script fills it in");
    assert_eq!(waiting.form().field("state"), waiting.begun.state());
}

#[tokio::test]
async fn the_same_post_again_waits_in_the_same_place() {
    let (platform, tool) = set_up().await;
    let first = waiting(&tool, &platform).await;
    let again = waiting_for(&tool, first.begun.clone(), first.token.clone()).await;
    assert_eq!((again.handle(), tool.stored_launches().await.len()), (first.handle(), 1));
    first.complete(&tool).await.launch_id();
}

#[tokio::test]
async fn no_bad_token_waits() {
    let (platform, tool) = set_up().await;
    let begun = tool.begin_with(&platform, &[("lti_storage_target", "_parent")]).await;
    let good = tool.good_claims(&platform, &begun);
    let bad = [("nonce", json!("another")), ("aud", json!("client-2")), ("exp", json!(22_222)), ("sub", json!(""))];
    for (name, value) in bad {
        let mut claims = good.clone();
        claims[name] = value;
        let answer = tool.post_token_without_cookie(&begun, &platform.key.id_token(&claims)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}: {}", answer.body);
        assert!(forms(&answer).is_empty() && tool.stored_launches().await.is_empty(), "{name}");
    }
    let wrong_cookie = [begun.cookie.split('=').next().unwrap(), "=x"].concat();
    let (token, state) = (platform.key.id_token(&good), begun.state());
    let answer = tool.post("/lti/launch", &[("id_token", &token), ("state", &state)], &[&wrong_cookie]).await;
    refused("a wrong cookie is not asked about", &answer, 403, "binding_mismatch");
    waiting_for(&tool, begun, token).await.complete(&tool).await.launch_id();
}

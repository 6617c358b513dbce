//! The way back to the Platform on the page of a verified launch that was refused (LTI Core 1.3, launch presentation).

use doorway_core::registration::{Deployment, DeploymentPolicy, Status};
use doorway_lti::claim;
use doorway_tests::refused;
use serde_json::json;

use super::*;

const BACK: &str = "https://lms.example/back?course=7";

fn returns_to(url: &str) -> impl FnOnce(&mut Value) {
    move |claims| claims[claim::LAUNCH_PRESENTATION] = json!({ "return_url": url })
}

/// A launch of a Deployment that is not on the list.
async fn refused_with(tool: &TestTool, platform: &FakePlatform, return_url: Value) -> Answer {
    let answer = tool.launch_with(platform, |claims| {
        claims[claim::DEPLOYMENT_ID] = json!("dep-2");
        claims[claim::LAUNCH_PRESENTATION] = json!({ "return_url": return_url });
    });
    answer.await
}

/// Where the page's link leads.
fn link(page: &Answer) -> Option<String> {
    let (_, rest) = page.body.split_once("<a href=\"")?;
    let (href, _) = rest.split_once('"')?;
    assert_eq!(page.body.matches("<a ").count(), 1, "{}", page.body);
    Some(href.replace("&amp;", "&"))
}

/// Checks that the link leads to `url` and tells what the page tells, and nothing of the person.
#[track_caller]
fn assert_leads_back(page: &Answer, url: &str) {
    let link = link(page).unwrap_or_else(|| panic!("no link: {}", page.body));
    let (before, fragment) = url.split_once('#').map_or((url, None), |(before, after)| (before, Some(after)));
    let told = link.strip_prefix(before).unwrap_or_else(|| panic!("{link} is not {url}"));
    let told = match fragment {
        Some(fragment) => told.strip_suffix(&format!("#{fragment}")).expect("the fragment stays"),
        None => told,
    };
    let told = told.trim_start_matches(['?', '&']);
    let pairs: Vec<(String, String)> = form_urlencoded::parse(told.as_bytes()).into_owned().collect();
    let [(message, words), (log, reason)] = &pairs[..] else { panic!("not two parameters: {link}") };
    assert_eq!((message.as_str(), log.as_str()), ("lti_errormsg", "lti_errorlog"));
    let (title, advice) = words.split_once(". ").expect("a title and advice");
    assert!(page.body.contains(&format!("<h1>{title}</h1><p>{advice}</p>")), "{words}: {}", page.body);
    assert_eq!(*reason, format!("{} {}", page.code(), page.reference()));
    for personal in ["Ada", "Morgan", "eyJ", "%40", "launch="] {
        assert!(!told.contains(personal), "{personal} in {link}");
    }
}

#[tokio::test]
async fn the_query_of_the_return_url_is_kept_byte_for_byte() {
    let (platform, tool) = set_up().await;
    for url in [
        "https://lms.example/back",
        "https://lms.example/back?",
        "https://lms.example/back?a=%20b+c&d=%2F;e&empty=&x&a=again",
        "https://lms.example/back?lti_errormsg=mine&data=eA==",
        "https://lms.example:8443/back?a=b#top",
        "https://other.example/return/%7Euser?x=[1]|2",
        "http://lms.example/back",
    ] {
        let page = refused_with(&tool, &platform, json!(url)).await;
        refused(url, &page, 403, "deployment_unknown");
        if url.contains("lti_errormsg") {
            assert!(link(&page).unwrap().starts_with(&format!("{url}&lti_errormsg=")));
        }
        assert_leads_back(&page, url);
    }
}

#[tokio::test]
async fn a_return_url_that_is_no_safe_web_address_is_no_link() {
    let (platform, tool) = set_up().await;
    for url in [
        json!("javascript:alert(1)"),
        json!("JavaScript:alert(1)//https://lms.example"),
        json!("\tjava\nscript:alert(1)"),
        json!("data:text/html,<script>alert(1)</script>"),
        json!("vbscript:x"),
        json!("file:///etc/passwd"),
        json!("//evil.example/"),
        json!("/back"),
        json!("back"),
        json!("https://lms.example@evil.example/"),
        json!("https://user:secret@lms.example/"),
        json!("https://"),
        json!(""),
        json!(7),
        json!(null),
        json!(["https://lms.example/"]),
    ] {
        let page = refused_with(&tool, &platform, url.clone()).await;
        refused("no link", &page, 403, "deployment_unknown");
        assert!(!page.body.contains("href="), "{url}: {}", page.body);
    }
    assert_leads_back(&refused_with(&tool, &platform, json!(BACK)).await, BACK);
}

#[tokio::test]
async fn a_return_url_cannot_leave_its_attribute() {
    let (platform, tool) = set_up().await;
    for attack in ["\"><script>alert(1)</script>", "' onclick='alert(1)", "&quot; onclick=&quot;x", "\u{2028}<!--"] {
        let page = refused_with(&tool, &platform, json!(format!("{BACK}&x={attack}"))).await;
        assert!(link(&page).unwrap().starts_with(&format!("{BACK}&x=")));
        assert!(!page.body.contains(attack) && !page.body.contains("onclick='"), "{}", page.body);
        assert_eq!(page.body.matches("<script").count(), 1);
    }
}

#[tokio::test]
async fn every_refusal_of_a_verified_launch_leads_back() {
    let (platform, tool) = set_up_with(|registration| registration.deployments = DeploymentPolicy::Pending).await;
    let pending = tool.launch_with(&platform, returns_to(BACK)).await;
    let waits = waiting_with(&tool, &platform, returns_to(BACK)).await;
    let wrong = waiting_with(&tool, &platform, returns_to(BACK)).await.complete_with(&tool, "x").await;
    let completed = waits.complete(&tool).await;
    let begun = begin(&tool, &[]).await;
    let mut claims = tool.good_claims(&platform, &begun);
    returns_to(BACK)(&mut claims);
    let id_token = platform.key.id_token(&claims);
    let missing = tool.post_token_without_cookie(&begun, &id_token).await;
    let mut stranger = begun.clone();
    "=x".clone_into(&mut stranger.cookie);
    let name = begun.cookie.split('=').next().unwrap();
    stranger.cookie.insert_str(0, name);
    let mismatch = tool.post_token(&stranger, &id_token).await;
    let mut refusals = vec![
        ("deployment_pending", 403, pending),
        ("deployment_pending", 403, completed),
        ("binding_mismatch", 403, wrong),
        ("binding_missing", 403, missing),
        ("binding_mismatch", 403, mismatch),
    ];
    for (decided, status, code) in
        [(Status::Disabled, 403, "deployment_disabled"), (Status::Active, 409, "launch_already_used")]
    {
        let id = platform.deployment_id.as_str().try_into().unwrap();
        let deployment = Deployment { id, status: decided, tenant: None };
        let key = platform.registration().key();
        tool.parts.deployments().put(&key, &deployment, doorway_tests::BEGIN).await.unwrap();
        tool.clock.advance(doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS);
        let first = tool.post_token(&begun, &id_token).await;
        assert_eq!(first.status == StatusCode::SEE_OTHER, decided == Status::Active, "{}", first.body);
        refusals.push((code, status, tool.post_token(&begun, &id_token).await));
    }
    for (code, status, page) in refusals {
        refused(code, &page, status, code);
        assert_leads_back(&page, BACK);
    }
}

#[tokio::test]
async fn what_is_refused_before_it_was_verified_leads_nowhere() {
    let (platform, tool) = set_up().await;
    let begun = begin(&tool, &[]).await;
    let mut claims = tool.good_claims(&platform, &begun);
    returns_to(BACK)(&mut claims);
    let bad = [("aud", json!("client-2")), ("nonce", json!("x")), ("exp", json!(22_222)), ("sub", json!(""))];
    for (name, value) in bad {
        let mut claims = claims.clone();
        claims[name] = value;
        let page = tool.post_token(&begun, &platform.key.id_token(&claims)).await;
        assert!(page.status.is_client_error() && !page.body.contains("href="), "{name}: {}", page.body);
    }
    let stranger = doorway_mock_platform::PlatformKey::generate();
    let forged = stranger.token(&platform.key.header().to_string(), &claims.to_string());
    let page = tool.post_token(&begun, &forged).await;
    refused("a stranger's signature", &page, 401, "signature_invalid");
    assert!(!page.body.contains("href="));
    tool.post_token(&begun, &platform.key.id_token(&claims)).await.launch_id();
}

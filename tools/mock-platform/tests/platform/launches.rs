//! From a click to a token.

use axum::http::{StatusCode, header};
use doorway_mock_platform::claims::LaunchClaims;
use doorway_mock_platform::claims::names::{
    AGS_ENDPOINT, DEPLOYMENT_ID, LAUNCH_PRESENTATION, MESSAGE_TYPE, NAMES_ROLES, RESOURCE_LINK, TARGET_LINK_URI,
    TOOL_PLATFORM,
};
use doorway_mock_platform::{Profile, find_user};
use serde_json::{Value, json};

use crate::support::{
    Browser, ISSUER, KEY, NOW, authentication_request, claims_of, config, field, is_signed_by, platform,
};
use crate::tool::{LINE_ITEM, LINE_ITEM_TYPE, Tool};

#[tokio::test]
async fn a_click_posts_the_login_initiation_in_moodles_order() {
    let browser = Browser::of("52").await;
    let page = browser.get("/platform/launch/video").await;
    let (action, fields) = page.form();
    assert_eq!(action, "https://tool.example/lti/login?from=maple");
    let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
    let expected = ["iss", "target_link_uri", "login_hint", "lti_message_hint", "client_id", "lti_deployment_id"];
    assert_eq!(names, expected);
    assert_eq!(field(&fields, "iss"), ISSUER);
    assert_eq!(field(&fields, "login_hint"), "52");
    assert_eq!(field(&fields, "lti_deployment_id"), "7");
    let hint: Value = serde_json::from_str(field(&fields, "lti_message_hint")).unwrap();
    assert!(hint["launchid"].is_string());
}

#[tokio::test]
async fn a_click_by_get_redirects_and_keeps_the_tools_query() {
    let browser = Browser::of("52").await;
    let page = browser.get("/platform/launch/video?method=get").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let location = page.headers[header::LOCATION].to_str().unwrap();
    assert!(
        location.starts_with("https://tool.example/lti/login?from=maple&iss=http%3A%2F%2F127.0.0.1%3A8400%2Fplatform&")
    );
    assert!(location.contains("&lti_message_hint=%7B%22cmid%22"));
}

#[tokio::test]
async fn a_launch_carries_the_link_the_person_and_the_nonce() {
    let browser = Browser::of("52").await;
    let form = browser.launch("colours").await;
    let token = field(&form, "id_token");
    assert!(is_signed_by(token, &KEY.public_jwk()));
    let claims = claims_of(token);
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["aud"], "maple-tool");
    assert_eq!(claims["sub"], "52");
    assert_eq!(claims["nonce"], "n0nce");
    assert_eq!(claims["iat"], NOW);
    assert_eq!(claims[DEPLOYMENT_ID], "7");
    assert_eq!(claims[TARGET_LINK_URI], "https://tool.example/app");
    assert_eq!(claims[RESOURCE_LINK]["title"], "Mixing colours");
    assert_eq!(claims[LAUNCH_PRESENTATION]["document_target"], "iframe");
}

#[tokio::test]
async fn a_launch_asks_for_the_language_that_the_click_asks_for() {
    let browser = Browser::of("52").await;
    for (query, locale) in [("", "en"), ("?locale=ar", "ar"), ("?locale=de-CH", "de-CH"), ("?locale=%22%3C", "\"<")] {
        for link in ["video", "privacy"] {
            let claims = claims_of(field(&browser.launch(&format!("{link}{query}")).await, "id_token"));
            assert_eq!(claims[LAUNCH_PRESENTATION]["locale"], locale);
            assert!(claims.get("locale").is_none_or(|claim| claim == locale));
            assert!(query.is_empty() || claims.get("locale").is_some());
        }
    }
}

#[tokio::test]
async fn every_link_sends_its_message() {
    let browser = Browser::of("41").await;
    let messages = [
        ("video", "LtiResourceLinkRequest"),
        ("quiz", "LtiResourceLinkRequest"),
        ("colours", "LtiResourceLinkRequest"),
        ("eye", "LtiResourceLinkRequest"),
        ("ungraded", "LtiResourceLinkRequest"),
        ("choose-content", "LtiDeepLinkingRequest"),
        ("review", "LtiSubmissionReviewRequest"),
        ("privacy", "LtiDataPrivacyLaunchRequest"),
    ];
    for (link, message) in messages {
        let form = browser.launch(link).await;
        assert_eq!(claims_of(field(&form, "id_token"))[MESSAGE_TYPE], message, "{link}");
    }
}

#[tokio::test]
async fn a_launch_grants_services_unless_its_link_withholds_them() {
    let browser = Browser::of("52").await;
    let granted = claims_of(field(&browser.launch("quiz").await, "id_token"));
    assert_eq!(granted[AGS_ENDPOINT]["lineitem"], format!("{ISSUER}/line-items/course-7/link-1202"));
    assert_eq!(granted[NAMES_ROLES]["context_memberships_url"], format!("{ISSUER}/memberships/course-7"));
    let withheld = claims_of(field(&browser.launch("ungraded").await, "id_token"));
    assert_eq!((withheld.get(AGS_ENDPOINT), withheld.get(NAMES_ROLES)), (None, None));
    assert_eq!(withheld[RESOURCE_LINK]["title"], "A lesson without grades");
}

#[tokio::test]
async fn a_launch_of_the_plain_profile_is_what_its_claims_say_byte_for_byte() {
    let browser = Browser::of("52").await;
    let user = find_user("52").unwrap();
    let launch = LaunchClaims {
        issuer: ISSUER,
        client_id: "maple-tool",
        deployment_id: "7",
        nonce: "n0nce",
        issued_at: NOW,
        target_link_uri: "https://tool.example/app",
        user: &user,
    };
    let token = browser.launch("video").await;
    assert_eq!(claims_of(field(&token, "id_token")).to_string(), launch.resource_link().to_string());
}

#[tokio::test]
async fn a_link_with_two_columns_names_neither() {
    let tool = Tool::new();
    let mut browser = Browser::visiting(tool.platform.clone());
    browser.sign_in("52").await;
    let item = json!({"label": "Another column", "scoreMaximum": 5, "resourceLinkId": "link-1201"});
    tool.write("POST", LINE_ITEM, &format!("{ISSUER}/line-items/course-7"), LINE_ITEM_TYPE, &item).await;
    let claims = claims_of(field(&browser.launch("video").await, "id_token"));
    assert_eq!(claims[AGS_ENDPOINT].get("lineitem"), None);
}

#[tokio::test]
async fn a_profile_names_its_product_and_its_addresses() {
    let mut config = config();
    config.services.service_base = Some("https://school.example/lms".into());
    let platform = platform(config);
    let mut browser = Browser::visiting(platform.clone());
    browser.sign_in("52").await;
    let cases = [
        (Profile::Plain, "maple", "", ""),
        (Profile::Moodle, "moodle", "?type_id=2", ""),
        (Profile::Canvas, "canvas", "", ""),
        (Profile::Blackboard, "BlackboardLearn", "", "?groups=true"),
        (Profile::Brightspace, "desire2learn", "", ""),
        (Profile::Sakai, "sakai", "", ""),
    ];
    for (profile, family, line_item_query, memberships_query) in cases {
        platform.set_profile(profile);
        let claims = claims_of(field(&browser.launch("video").await, "id_token"));
        assert_eq!(claims[TOOL_PLATFORM]["product_family_code"], family);
        let line_item = format!("https://school.example/lms/line-items/course-7/link-1201{line_item_query}");
        assert_eq!(claims[AGS_ENDPOINT]["lineitem"], line_item);
        let memberships = format!("https://school.example/lms/memberships/course-7{memberships_query}");
        assert_eq!(claims[NAMES_ROLES]["context_memberships_url"], memberships);
    }
}

#[tokio::test]
async fn two_launches_at_a_time_do_not_meet() {
    let browser = Browser::of("52").await;
    let (first, second) = (browser.click("video").await, browser.click("quiz").await);
    for (initiation, title) in [(second, "Quiz: refraction"), (first, "How light bends")] {
        let (_, form) = browser.authorize(&authentication_request(&initiation)).await.form();
        assert_eq!(claims_of(field(&form, "id_token"))[RESOURCE_LINK]["title"], title);
    }
}

#[tokio::test]
async fn a_wrong_launch_is_wrong_when_it_arrives() {
    let browser = Browser::of("52").await;
    let form = browser.launch("video?wrong=other-audience").await;
    assert_eq!(claims_of(field(&form, "id_token"))["aud"], "another-tool");
    let form = browser.launch("video").await;
    assert_eq!(claims_of(field(&form, "id_token"))["aud"], "maple-tool", "the next launch is good");
}

#[tokio::test]
async fn a_wrong_login_is_wrong_when_it_starts_by_post_and_by_get() {
    let browser = Browser::of("52").await;
    let initiation = browser.click("video?wrong=login-unknown-issuer").await;
    assert_eq!(field(&initiation, "iss"), "https://stranger.example");
    let page = browser.get("/platform/launch/video?wrong=login-parameter-twice&method=get").await;
    assert_eq!(page.headers[header::LOCATION].to_str().unwrap().matches("login_hint=").count(), 2);
}

#[tokio::test]
async fn a_wrong_deep_linking_request_is_sent_to_anybody_since_it_must_fail() {
    let browser = Browser::of("52").await;
    let form = browser.launch("choose-content?wrong=no-deep-linking-settings").await;
    assert_eq!(claims_of(field(&form, "id_token"))[MESSAGE_TYPE], "LtiDeepLinkingRequest");
}

#[tokio::test]
async fn a_replay_posts_into_a_hidden_frame_first() {
    let browser = Browser::of("52").await;
    let initiation = browser.click("video?wrong=posted-twice").await;
    let page = browser.authorize(&authentication_request(&initiation)).await;
    assert!(page.body.contains("<iframe"));
    assert!(page.body.contains(r#"form.target = "first";"#));
    let good = browser.authorize(&authentication_request(&browser.click("video").await)).await;
    assert!(!good.body.contains("<iframe"));
}

#[tokio::test]
async fn a_student_cannot_choose_content_or_review() {
    let browser = Browser::of("52").await;
    for link in ["choose-content", "review"] {
        let page = browser.get(&format!("/platform/launch/{link}")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{link}");
    }
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let browser = Browser::of("41").await;
    for path in
        ["launch/nothing", "frame/nothing", "launch/video?wrong=nothing", "launch/video?wrong=no-deep-linking-settings"]
    {
        assert_eq!(browser.get(&format!("/platform/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

//! Section 6.2: the deep linking request, and the launch of the link that was returned.

use super::payload::role;
use super::*;

/// The recorded request: no `target_link_uri`, no `resource_link`, no `locale`, no roster.
fn request(suite: &Suite, begun: &Begun) -> Value {
    let mut claims = suite.teacher(begun);
    removed(&mut claims, &[claim::TARGET_LINK_URI, claim::RESOURCE_LINK, "locale", claim::NRPS_SERVICE]);
    claims[claim::MESSAGE_TYPE] = "LtiDeepLinkingRequest".into();
    claims[claim::LAUNCH_PRESENTATION] = json!({ "document_target": "window", "height": 360, "width": 480 });
    claims[claim::DEEP_LINKING_SETTINGS] = json!({
        "accept_types": ["link", "file", "html", "ltiResourceLink"],
        "accept_media_types": "image/*,text/html,application/json",
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": true,
        "auto_create": true,
        "title": "Select some content",
        "text": "Some text",
        "data": "909708",
        "deep_link_return_url": format!("{ISSUER}/ltitool/deeplinkresponse.html"),
    });
    claims
}

#[tokio::test]
async fn the_request_is_accepted_with_its_settings() {
    let suite = Suite::start().await;
    let begun = suite.login().await;
    let view = suite.accepted("deep linking", &begun, &request(&suite, &begun)).await;
    assert_eq!(view["messageType"], "LtiDeepLinkingRequest");
    assert_eq!(parts_played(&view), ["isInstructor"].into());
    assert_eq!(
        view["services"]["deepLinking"],
        json!({
            "deep_link_return_url": format!("{ISSUER}/ltitool/deeplinkresponse.html"),
            "accept_types": ["link", "file", "html", "ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_media_types": ["image/*", "text/html", "application/json"],
            "accept_multiple": true,
            "auto_create": true,
            "title": "Select some content",
            "text": "Some text",
            "data": "909708",
        })
    );
    assert_eq!(view["launchPresentation"], json!({ "documentTarget": "window", "height": 360, "width": 480 }));
    assert!(view["services"]["ags"].is_object());
    for absent in ["targetLinkUri", "resourceLink"] {
        assert_eq!(view[absent], json!(null), "{absent}");
    }
    assert_eq!(view["services"]["nrps"], json!(null));
}

#[tokio::test]
async fn the_settings_are_kept_for_the_response_after_the_launch_is_redeemed() {
    let suite = Suite::start().await;
    let begun = suite.login().await;
    let redeemed = suite.accepted("deep linking", &begun, &request(&suite, &begun)).await;
    let id = redeemed["id"].as_str().expect("a launch has an id");
    let kept = suite.tool.api("GET", &format!("/v1/launches/{id}")).await.json();
    assert_eq!(kept["services"], redeemed["services"]);
    assert_eq!(kept["claims"][claim::DEEP_LINKING_SETTINGS], redeemed["claims"][claim::DEEP_LINKING_SETTINGS]);
}

#[tokio::test]
async fn the_link_that_was_returned_is_launched() {
    let suite = Suite::start().await;
    let begun = suite.login().await;
    let mut claims = suite.student(&begun);
    claims[claim::TARGET_LINK_URI] = "https://app.example/chosen?chapter=2".into();
    claims[claim::ROLES] = json!([role("membership#Learner"), role("institution/person#Student")]);
    let answer = suite.post(&begun, HEADER, &claims).await;
    let id = answer.launch_id();
    assert_eq!(answer.header("location"), format!("https://app.example/chosen?chapter=2&launch={id}"));
    let view = suite.tool.redeem(&id).await.json();
    assert_eq!(view["targetLinkUri"], "https://app.example/chosen?chapter=2");
    assert_eq!(parts_played(&view), ["isLearner"].into());
}

//! What the Platform tells Tools of keeping data in its pages, and which pages, frames and policies belong to it.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use doorway_mock_platform::{Platform, StorageManner};

use crate::support::{Browser, Fields, Page, authentication_request, config, field, platform};

const SSO: &str = "http://sso.localhost:8400/platform";
const MESSAGES: &str = "frame-src http: https:; script-src 'self'";

/// Ben at a Platform with a sign-on host that keeps data in this manner.
async fn ben(manner: StorageManner) -> (Browser, Arc<Platform>) {
    let mut config = config();
    config.sso_base = Some(SSO.into());
    let platform = platform(config);
    platform.set_storage(manner);
    let mut browser = Browser::visiting(platform.clone());
    browser.sign_in("52").await;
    (browser, platform)
}

fn policy(page: &Page) -> &str {
    page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap()
}

fn location(page: &Page) -> &str {
    page.headers[header::LOCATION].to_str().unwrap()
}

fn targets(fields: &Fields) -> Vec<&str> {
    fields.iter().filter(|(name, _)| name == "lti_storage_target").map(|(_, value)| value.as_str()).collect()
}

#[test]
fn a_manner_is_found_by_its_name_and_nothing_is_offered_at_first() {
    for manner in StorageManner::ALL {
        assert_eq!(StorageManner::named(manner.name()), Some(manner));
    }
    assert_eq!(StorageManner::named("Celtic"), None);
    assert_eq!(platform(config()).storage(), StorageManner::NotOffered);
}

#[tokio::test]
async fn login_and_launch_name_the_frame_that_each_product_names() {
    let cases: [(StorageManner, &[&str], &[&str]); 7] = [
        (StorageManner::NotOffered, &[], &[]),
        (StorageManner::Canvas, &["post_message_forwarding"], &["post_message_forwarding"]),
        (StorageManner::CanvasSelfHosted, &["_parent"], &["_parent"]),
        (StorageManner::Blackboard, &["lti_storage_frame"], &[]),
        (StorageManner::Brightspace, &["_parent"], &["_parent"]),
        (StorageManner::Sakai, &["_parent"], &["_parent"]),
        (StorageManner::Silent, &["_parent"], &["_parent"]),
    ];
    let (browser, platform) = ben(StorageManner::NotOffered).await;
    for (manner, login, launch) in cases {
        platform.set_storage(manner);
        let initiation = browser.click("video").await;
        assert_eq!(targets(&initiation), login, "{manner:?}");
        let (_, form) = browser.authorize(&authentication_request(&initiation)).await.form();
        assert_ne!(field(&form, "id_token"), "");
        assert_eq!(targets(&form), launch, "{manner:?}");
    }
}

#[tokio::test]
async fn a_login_by_get_names_the_frame_too() {
    let (browser, _) = ben(StorageManner::Canvas).await;
    let page = browser.get("/platform/launch/video?method=get").await;
    assert!(location(&page).ends_with("&lti_storage_target=post_message_forwarding"));
}

#[tokio::test]
async fn pages_that_answer_have_the_script_and_the_frame_beside_the_tools() {
    let cases = [
        (StorageManner::NotOffered, None, None),
        (StorageManner::Canvas, Some("post_message_forwarding"), Some("forwarding")),
        (StorageManner::CanvasSelfHosted, Some("_parent"), None),
        (StorageManner::Blackboard, Some("lti_storage_frame"), Some("storage")),
        (StorageManner::Brightspace, Some("_parent"), None),
        (StorageManner::Sakai, Some("_parent"), None),
        (StorageManner::Silent, None, None),
    ];
    let (browser, platform) = ben(StorageManner::NotOffered).await;
    for (manner, target, sibling) in cases {
        platform.set_storage(manner);
        for path in ["course", "frame/colours", "frames"] {
            let page = browser.get(&format!("/platform/{path}")).await;
            let script = target.map(|target| {
                format!(
                    "<script src=\"/platform/storage.js\" data-part=\"page\" data-manner=\"{}\" data-target=\"{target}\">",
                    manner.name()
                )
            });
            let frame = sibling.zip(target).map(|(sibling, target)| {
                format!(
                    "<iframe class=\"hidden\" name=\"{target}\" src=\"{SSO}/sso/{sibling}\" \
                     title=\"Keeps data for the tool\" tabindex=\"-1\" aria-hidden=\"true\">"
                )
            });
            for (part, expected) in [("<script", &script), ("<iframe class=\"hidden\"", &frame)] {
                let found = expected.as_ref().is_some_and(|text| page.body.contains(text));
                assert!(found || expected.is_none(), "{manner:?} {path}: {expected:?}");
                assert_eq!(
                    page.body.matches(part).count(),
                    usize::from(expected.is_some()),
                    "{manner:?} {path} {part}"
                );
            }
            let tool = page.body.find("<iframe class=\"tool\"");
            assert!(tool.is_none_or(|tool| page.body.find("<script").is_none_or(|script| script < tool)));
            assert_eq!(policy(&page).contains(MESSAGES), target.is_some(), "{manner:?} {path}");
        }
    }
}

#[tokio::test]
async fn other_pages_have_no_script_whatever_the_manner() {
    let (browser, _) = ben(StorageManner::Canvas).await;
    for path in ["developer", "login", "gradebook", "return", "frame/nothing"] {
        let page = browser.get(&format!("/platform/{path}")).await;
        assert!(!page.body.contains("<script"), "{path}");
        assert!(!policy(&page).contains("script-src"), "{path}");
    }
}

#[tokio::test]
async fn a_new_window_may_ask_its_opener_where_storage_is_offered() {
    let (browser, platform) = ben(StorageManner::NotOffered).await;
    for manner in StorageManner::ALL {
        platform.set_storage(manner);
        let course = browser.get("/platform/course").await;
        let relation = if manner == StorageManner::NotOffered { "noopener" } else { "opener" };
        assert!(course.body.contains(&format!("target=\"_blank\" rel=\"{relation}\"")), "{manner:?}");
    }
}

#[tokio::test]
async fn the_script_is_javascript() {
    let page = Browser::new().get("/platform/storage.js").await;
    assert_eq!(page.headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
    assert!(page.body.contains("document.currentScript.dataset"));
}

#[tokio::test]
async fn the_frames_beside_the_tools_may_be_framed_by_the_platforms_pages() {
    let (browser, _) = ben(StorageManner::Canvas).await;
    for part in ["forwarding", "storage"] {
        let page = browser.get(&format!("/platform/sso/{part}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let script = format!(
            "<script src=\"{SSO}/storage.js\" data-part=\"{part}\" data-page-origin=\"http://127.0.0.1:8400\">"
        );
        assert!(page.body.contains(&script), "{part}");
        assert_eq!(
            policy(&page),
            "default-src 'none'; style-src 'self'; base-uri 'none'; \
             frame-ancestors 'self' http://127.0.0.1:8400; form-action 'none'; script-src 'self'"
        );
    }
}

#[tokio::test]
async fn without_a_sign_on_host_all_is_at_the_issuer() {
    let platform = platform(config());
    assert_eq!(platform.authorization_endpoint(), "http://127.0.0.1:8400/platform/auth");
    platform.set_storage(StorageManner::Canvas);
    let mut browser = Browser::visiting(platform);
    browser.sign_in("52").await;
    let page = browser.get("/platform/frame/colours").await;
    assert!(page.body.contains("src=\"http://127.0.0.1:8400/platform/sso/forwarding\""));
}

#[tokio::test]
async fn the_sign_on_host_sends_requests_on_to_where_the_session_is() {
    let (browser, platform) = ben(StorageManner::NotOffered).await;
    assert_eq!(platform.authorization_endpoint(), format!("{SSO}/sso/auth"));
    for by_post in [false, true] {
        let mut request = authentication_request(&browser.click("video").await);
        request.iter_mut().filter(|(name, _)| name == "state").for_each(|(_, state)| *state = "a&b=\"é".into());
        let page = if by_post {
            browser.post("/platform/sso/auth", &request).await
        } else {
            browser.get(&format!("/platform/sso/auth?{}", crate::support::encoded(&request))).await
        };
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        let path = location(&page).strip_prefix("http://127.0.0.1:8400").unwrap();
        let (_, form) = browser.get(path).await.form();
        assert_eq!(field(&form, "state"), "a&b=\"é");
        assert_ne!(field(&form, "id_token"), "");
    }
}

#[tokio::test]
async fn the_developers_page_switches_the_manner() {
    let (browser, platform) = ben(StorageManner::NotOffered).await;
    let page = browser.post("/platform/developer/storage", &[("storage".into(), "Sakai".into())]).await;
    assert_eq!(location(&page), "/platform/developer#services");
    assert_eq!(platform.storage(), StorageManner::Sakai);
    assert!(browser.get("/platform/developer").await.body.contains("<option value=\"Sakai\" selected>"));
    let page = browser.post("/platform/developer/storage", &[("storage".into(), "Celtic".into())]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert_eq!(platform.storage(), StorageManner::Sakai);
}

//! The pages: who sees what, safely written.

use std::collections::BTreeSet;

use axum::http::{StatusCode, header};
use doorway_mock_platform::wrong::catalogue;

use crate::support::{Browser, Page, authentication_request, config, field};

const TEACHER: &str = "41";
const STUDENT: &str = "52";

fn policy(page: &Page) -> &str {
    page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap()
}

/// The landmarks, names and language that every page owes to assistive technology.
fn assert_accessible(page: &Page) {
    assert!(page.body.contains("<html lang=\"en\">"));
    assert!(page.body.contains("name=\"viewport\""));
    assert!(page.body.contains("<main"));
    assert_eq!(page.body.matches("<h1").count(), 1);
    let ids: Vec<_> = page.body.split(" id=\"").skip(1).map(|rest| rest.split('"').next()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "ids are unique");
}

#[tokio::test]
async fn every_page_has_its_security_headers_and_landmarks() {
    let browser = Browser::of(TEACHER).await;
    for path in [
        "",
        "/login",
        "/course",
        "/developer",
        "/gradebook",
        "/frame/colours",
        "/frame/colours?sandbox=1",
        "/frames",
        "/return",
        "/return?lti_msg=Bye",
        "/sso/forwarding",
        "/sso/storage",
        "/launch/video",
        "/launch/nothing",
        "/auth",
    ] {
        let page = browser.get(&format!("/platform{path}")).await;
        assert!(policy(&page).starts_with("default-src 'none'; style-src 'self'; base-uri 'none'"), "{path}");
        assert!(policy(&page).contains("frame-ancestors 'self'"), "{path}");
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store", "{path}");
        assert_eq!(page.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(page.headers[header::REFERRER_POLICY], "no-referrer", "{path}");
        assert_accessible(&page);
    }
}

#[tokio::test]
async fn only_the_page_that_posts_by_itself_has_a_script_and_its_nonce_changes() {
    let browser = Browser::of(TEACHER).await;
    let (first, second) = (browser.get("/platform/launch/video").await, browser.get("/platform/launch/video").await);
    let nonce = policy(&first).split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(first.body.contains(&format!("<script nonce=\"{nonce}\">")));
    assert_ne!(policy(&first), policy(&second));
    for path in ["course", "developer", "login"] {
        let page = browser.get(&format!("/platform/{path}")).await;
        assert!(!page.body.contains("<script"), "{path}");
        assert!(!policy(&page).contains("script-src"), "{path}");
    }
}

#[tokio::test]
async fn without_a_session_every_page_leads_to_the_sign_in_page() {
    let browser = Browser::new();
    for path in ["course", "developer", "frame/colours", "frames", "launch/video"] {
        let page = browser.get(&format!("/platform/{path}")).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(page.headers[header::LOCATION], "/platform/login", "{path}");
    }
}

#[tokio::test]
async fn signing_in_sets_a_cookie_that_scripts_and_other_sites_do_not_get() {
    let browser = Browser::new();
    let page = browser.post("/platform/login", &[("user".into(), TEACHER.into())]).await;
    assert_eq!(page.headers[header::LOCATION], "/platform/course");
    let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
    let (value, attributes) = cookie.split_once(';').unwrap();
    assert!(value.len() > "maple_session=".len() + 20);
    assert_eq!(attributes, " Path=/platform; HttpOnly; SameSite=None; Secure");
}

#[tokio::test]
async fn the_session_cookie_reaches_into_frames_where_the_tool_is_elsewhere_and_browsers_allow_it() {
    let (lax, secure, any) = ("; SameSite=Lax", "; SameSite=Lax; Secure", "; SameSite=None; Secure");
    let cases = [
        ("http://127.0.0.1:8400/platform", "http://127.0.0.1:8400/lti/login", None, lax),
        ("http://localhost:8400/platform", "http://127.0.0.1:8400/lti/login", None, any),
        ("http://localhost:8400", "http://localhost:8400/lti/login", Some("http://sso.localhost:8400"), any),
        ("http://lms.school.example", "https://tool.example/lti/login", None, lax),
        ("https://lms.school.example", "https://lms.school.example/lti/login", None, secure),
        ("https://lms.school.example", "https://tool.example/lti/login", None, any),
    ];
    for (issuer, tool, sso, expected) in cases {
        let mut config = config();
        (config.issuer, config.initiate_login_uri) = (issuer.into(), tool.into());
        config.sso_base = sso.map(ToOwned::to_owned);
        let page = Browser::at(config).post("/platform/login", &[("user".into(), TEACHER.into())]).await;
        let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.ends_with(&format!("; HttpOnly{expected}")), "{issuer} {tool}: {cookie}");
    }
}

#[tokio::test]
async fn an_https_platform_sets_a_secure_cookie_for_its_own_path() {
    let mut config = config();
    config.issuer = "https://maple.example".into();
    let browser = Browser::at(config);
    let page = browser.post("/platform/login", &[("user".into(), TEACHER.into())]).await;
    let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=None; Secure"));
}

#[tokio::test]
async fn signing_in_again_ends_the_session_before() {
    let mut browser = Browser::of(TEACHER).await;
    let before = browser.cookie.clone();
    browser.sign_in(STUDENT).await;
    assert_ne!(browser.cookie, before);
    browser.cookie = before;
    assert_eq!(browser.get("/platform/course").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookie_back() {
    let browser = Browser::of(TEACHER).await;
    let page = browser.post("/platform/logout", &[]).await;
    assert!(page.headers[header::SET_COOKIE].to_str().unwrap().ends_with("; Max-Age=0"));
    assert_eq!(browser.get("/platform/course").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_can_sign_in_as_somebody_who_does_not_exist() {
    let page = Browser::new().post("/platform/login", &[("user".into(), "<b>".into())]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.headers.get(header::SET_COOKIE).is_none());
}

#[tokio::test]
async fn the_course_offers_teachers_more_than_students() {
    let (teacher, student) = (Browser::of(TEACHER).await, Browser::of(STUDENT).await);
    let (teacher, student) = (teacher.get("/platform/course").await, student.get("/platform/course").await);
    for link in ["/launch/video", "/launch/quiz", "/frame/colours", "/launch/eye", "/launch/privacy"] {
        assert!(student.body.contains(&format!("href=\"/platform{link}\"")), "{link}");
    }
    for link in ["/launch/choose-content", "/launch/review"] {
        assert!(teacher.body.contains(&format!("href=\"/platform{link}\"")), "{link}");
        assert!(!student.body.contains(link), "{link}");
    }
    assert!(teacher.body.contains("Ada Morgan (Teacher)"));
}

#[tokio::test]
async fn a_frame_shows_the_launch_and_has_a_title() {
    let page = Browser::of(STUDENT).await.get("/platform/frame/colours").await;
    let frame = "<iframe class=\"tool\" id=\"tool\" name=\"tool\" src=\"/platform/launch/colours\" \
                 title=\"Mixing colours, in Lumen\" allow=\"fullscreen\">";
    assert!(page.body.contains(frame));
    assert!(policy(&page).contains("frame-src"));
}

#[tokio::test]
async fn the_developers_page_has_every_wrong_launch_with_its_code() {
    let page = Browser::of(TEACHER).await.get("/platform/developer").await;
    for wrong in catalogue() {
        assert!(page.body.contains(&format!("?wrong={}\"", wrong.name)), "{}", wrong.name);
        assert!(page.body.contains(&format!("<code>{} {}</code>", wrong.expected_status, wrong.expected_code)));
    }
    assert!(page.body.contains("/platform/launch/choose-content?wrong=no-deep-linking-settings"));
    assert!(page.body.contains("/platform/launch/video?method=get"));
}

#[tokio::test]
async fn values_are_escaped_in_text_and_in_attributes() {
    let mut config = config();
    config.tool_name = "<script>alert(1)</script>\"&".into();
    let mut browser = Browser::at(config);
    browser.sign_in(TEACHER).await;
    for path in ["course", "developer", "login", "frame/colours", "launch/video"] {
        let page = browser.get(&format!("/platform/{path}")).await;
        assert!(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;"), "{path}");
        assert!(!page.body.contains("<script>alert"), "{path}");
    }
}

#[tokio::test]
async fn a_state_from_the_tool_comes_back_byte_for_byte_and_breaks_nothing() {
    let state = "\"><script>alert(1)</script>${x}'\u{2028}&amp;";
    let browser = Browser::of(STUDENT).await;
    let mut request = authentication_request(&browser.click("video").await);
    for (name, value) in &mut request {
        if name == "state" {
            *value = state.into();
        }
    }
    let page = browser.authorize(&request).await;
    assert!(!page.body.contains("<script>"));
    assert_eq!(field(&page.form().1, "state"), state);
}

#[tokio::test]
async fn the_style_sheet_is_css_and_knows_light_and_dark() {
    let page = Browser::new().get("/platform/style.css").await;
    assert_eq!(page.headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
    for part in ["prefers-color-scheme: dark", ":focus-visible"] {
        assert!(page.body.contains(part), "{part}");
    }
    for part in ["animation", "transition", "url("] {
        assert!(!page.body.contains(part), "{part}");
    }
}

#[tokio::test]
async fn a_form_beyond_64_kib_is_refused() {
    let browser = Browser::of(STUDENT).await;
    let page = browser.post("/platform/auth", &[("state".into(), "a".repeat(64 * 1024))]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
}

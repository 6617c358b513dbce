//! The answer as a page that posts itself to the Platform (digest, section 2.3).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::support::forms::unescaped;
use crate::support::jwt::verified;

const HTML: &[(&str, &str)] = &[("accept", "text/html")];
/// As Canvas has it: a token in the query, and more behind it.
const CANVAS_RETURN: &str =
    "https://school.example/courses/1/deep_linking_response?data=eyJ0eXAi.eyJj-b3_.c2ln&modal=true&x=%22%20+";

/// The page for one lesson, when the Platform wants it there.
async fn page_to(return_url: &str) -> (TestTool, Answer) {
    let (tool, _school, launch) = choosing(|settings| settings["deep_link_return_url"] = return_url.into()).await;
    let page = respond_with(&tool, &launch, &one(&lesson(1)), HTML).await;
    assert_eq!(page.status.as_u16(), 200, "{}", page.body);
    (tool, page)
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before}: {text}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after}: {rest}")).0
}

/// The directives of a policy by their names.
fn directives(policy: &str) -> Vec<(&str, Vec<&str>)> {
    let directives = policy.split(';').map(|directive| {
        let mut words = directive.split_whitespace();
        (words.next().unwrap_or_default(), words.collect())
    });
    directives.collect()
}

fn directive<'a>(policy: &'a str, name: &str) -> Vec<&'a str> {
    let found = directives(policy).into_iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("no {name}: {policy}")).1
}

#[tokio::test]
async fn who_asks_for_a_page_gets_one_and_everybody_else_json() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    for (accept, media_type) in [
        (Some("text/html"), "text/html"),
        (Some("Text/HTML; charset=utf-8"), "text/html"),
        (Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), "text/html"),
        (Some("*/*"), "application/json"),
        (Some("application/json"), "application/json"),
        (Some("application/json, text/plain, */*"), "application/json"),
        (Some("text/plain"), "application/json"),
        (Some(""), "application/json"),
        (None, "application/json"),
    ] {
        let header = accept.map(|accept| ("accept", accept));
        let answer = respond_with(&tool, &launch, &one(&lesson(1)), header.as_slice()).await;
        assert_eq!(answer.status.as_u16(), 200, "{accept:?}: {}", answer.body);
        assert_eq!(answer.header("content-type").split(';').next(), Some(media_type), "{accept:?}");
    }
}

#[tokio::test]
async fn one_form_posts_one_field_to_the_return_url_byte_for_byte() {
    let (tool, page) = page_to(CANVAS_RETURN).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let form = between(&page.body, "<form", "</form>");
    let (tag, inside) = form.split_once('>').unwrap();
    assert_eq!(between(tag, "method=\"", "\"").to_ascii_lowercase(), "post");
    assert_eq!(unescaped(between(tag, "action=\"", "\"")), CANVAS_RETURN);
    assert!(!tag.contains("target"), "it stays in the frame that the Platform opened: {tag}");
    assert_eq!(inside.matches("name=").count(), 1, "one field: {inside}");
    assert_eq!(between(inside, "name=\"", "\""), "JWT");
    let jwt = verified(&tool, between(inside, "value=\"", "\""));
    assert_eq!(jwt.claims[ITEMS], json!([lesson(1)]));
    assert_eq!(page.body.matches("<form").count(), 1);
}

#[tokio::test]
async fn without_script_there_is_a_button_to_press() {
    let (_, page) = page_to(CANVAS_RETURN).await;
    let form = between(&page.body, "<form", "</form>");
    let button = between(form, "<button", "</button>");
    assert!(button.contains("type=\"submit\"") && !button.contains("disabled"), "{button}");
    assert!(button.split_once('>').is_some_and(|(_, text)| !text.trim().is_empty()), "it says something: {button}");
    assert!(!form.contains("hidden>") && !form.contains("display"), "it can be seen: {form}");
}

#[tokio::test]
async fn the_policy_lets_one_script_and_one_style_through_and_forms_to_the_platform() {
    let (tool, school, launch) = choosing(|_| {}).await;
    let page = respond_with(&tool, &launch, &one(&lesson(1)), HTML).await;
    let app = &tool.parts.app_url.origin().ascii_serialization();
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(digest(&SHA256, text.as_bytes())));
    let (script, style) = (between(&page.body, "<script>", "</script>"), between(&page.body, "<style>", "</style>"));
    let header = page.header("content-security-policy");
    let meta = unescaped(between(&page.body, "http-equiv=\"Content-Security-Policy\" content=\"", "\""));
    for policy in [header, &meta] {
        assert_eq!(directive(policy, "default-src"), ["'none'"]);
        assert_eq!(directive(policy, "script-src"), [hash(script)]);
        assert_eq!(directive(policy, "style-src"), [hash(style)]);
        assert_eq!(directive(policy, "base-uri"), ["'none'"]);
        assert_eq!(directive(policy, "form-action"), [school.issuer.as_str()]);
        assert!(!policy.contains("unsafe"), "{policy}");
    }
    let mut around = [school.issuer.as_str(), app];
    around.sort_unstable();
    assert_eq!(directive(header, "frame-ancestors"), around, "the Platform's frame, or the App's, shows it");
    let known = ["default-src", "script-src", "style-src", "base-uri", "form-action"];
    assert!(directives(&meta).iter().all(|(name, _)| known.contains(name)), "{meta}");
}

#[tokio::test]
async fn forms_may_go_to_the_origin_of_the_return_url_whatever_else_is_in_it() {
    let (_, page) = page_to(CANVAS_RETURN).await;
    let policy = page.header("content-security-policy");
    assert!(directive(policy, "form-action").contains(&"https://school.example"), "{policy}");
    let (_, page) = page_to("https://school.example:8443/return?a=b;script-src%20*&c='self'").await;
    let policy = page.header("content-security-policy");
    assert!(directive(policy, "form-action").contains(&"https://school.example:8443"), "{policy}");
    assert_eq!(directives(policy).iter().filter(|(name, _)| *name == "script-src").count(), 1, "{policy}");
}

#[tokio::test]
async fn no_markup_from_outside_comes_into_the_page() {
    let url = "https://school.example/return?data=a&b=\"><script>alert(1)</script><form action='https://evil.example'>";
    let (_, page) = page_to(url).await;
    assert_eq!(unescaped(between(&page.body, "action=\"", "\"")), url);
    for tag in ["<form", "<script", "<input", "<button", "<style"] {
        assert_eq!(page.body.matches(tag).count(), 1, "{tag}: {}", page.body);
    }
    assert!(!page.body.contains("alert(1)</script>"), "{}", page.body);
}

#[tokio::test]
async fn titles_and_words_of_the_app_stand_in_the_token_alone() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    let item = json!({ "type": "ltiResourceLink", "title": "<script>alert('title')</script>" });
    let body = json!({ "contentItems": [item], "msg": "<b>msg</b>", "errormsg": "Ada Morgan" });
    let page = respond_with(&tool, &launch, &body, HTML).await;
    for outside in ["alert('title')", "<b>", "Ada Morgan"] {
        assert!(!page.body.contains(outside), "{outside}");
    }
}

#[tokio::test]
async fn the_page_is_not_cached_and_tells_nobody_where_it_was() {
    let (_, page) = page_to(CANVAS_RETURN).await;
    let headers =
        [("cache-control", "no-store"), ("referrer-policy", "no-referrer"), ("x-content-type-options", "nosniff")];
    for (name, value) in headers {
        assert_eq!(page.header(name), value, "{name}");
    }
    assert_eq!(page.headers.get("x-frame-options"), None, "it must be shown in a frame");
    assert_eq!(page.headers.get("set-cookie"), None);
}

#[tokio::test]
async fn a_refusal_is_a_problem_document_for_whoever_asks() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    let answer = respond_with(&tool, &launch, &one(&json!({ "type": "image" })), HTML).await;
    crate::support::assert_problem(&answer, 422, "deep_link_invalid");
}

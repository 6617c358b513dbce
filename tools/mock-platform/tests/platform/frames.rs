//! The Tool in frames: how each is named, sandboxed and launched.

use std::collections::BTreeSet;

use axum::http::StatusCode;

use crate::support::Browser;

/// The frames of Tools on a page, each up to the end of its tag.
fn tools(body: &str) -> Vec<&str> {
    let tags = body.split("<iframe class=\"tool\" ").skip(1);
    tags.filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag)).collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    tag.split_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split_once('"')).map_or("", |(value, _)| value)
}

#[tokio::test]
async fn a_frame_is_sandboxed_on_demand() {
    let browser = Browser::of("52").await;
    let page = browser.get("/platform/frame/colours?sandbox=1").await;
    assert_eq!(attribute(tools(&page.body)[0], "sandbox"), "allow-scripts allow-forms allow-popups");
    let page = browser.get("/platform/frame/colours").await;
    assert!(!page.body.contains("sandbox"));
}

#[tokio::test]
async fn a_frame_passes_method_and_language_on_to_the_launch() {
    let browser = Browser::of("52").await;
    for (query, src) in [
        ("?method=get", "/platform/launch/colours?method=get"),
        ("?locale=ar", "/platform/launch/colours?locale=ar"),
        ("?sandbox=1&locale=a%22%26b&method=get", "/platform/launch/colours?method=get&amp;locale=a%22%26b"),
        ("?wrong=other-audience", "/platform/launch/colours"),
    ] {
        let page = browser.get(&format!("/platform/frame/colours{query}")).await;
        assert_eq!(attribute(tools(&page.body)[0], "src"), src);
    }
}

#[tokio::test]
async fn five_lessons_are_on_one_page_each_with_a_launch_a_name_and_a_title_of_its_own() {
    let browser = Browser::of("52").await;
    assert!(
        browser.get("/platform/course").await.body.contains("<a href=\"/platform/frames\">Five lessons on one page")
    );
    let page = browser.get("/platform/frames?locale=fr").await;
    assert_eq!(page.status, StatusCode::OK);
    let tools = tools(&page.body);
    let all = |name| -> BTreeSet<_> { tools.iter().map(|tag| attribute(tag, name)).collect() };
    for name in [" src", " title", " name"] {
        assert_eq!(all(name).len(), 5, "{name}");
    }
    let links = ["video", "quiz", "colours", "eye", "ungraded"];
    for ((number, link), tag) in (1..).zip(links).zip(&tools) {
        assert_eq!(attribute(tag, "src"), format!("/platform/launch/{link}?locale=fr"));
        assert_eq!(attribute(tag, "id"), format!("tool-{number}"));
        assert_eq!(attribute(tag, "name"), format!("tool-{number}"));
    }
    assert!(attribute(tools[0], "title").starts_with("1. How light bends, in Lumen"));
}

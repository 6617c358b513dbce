//! The harness tells the truth about the browser.

use std::time::Duration;

use doorway_tests::{Chromium, ChromiumOptions, Condition, CookieRule};
use serde_json::json;

use crate::framed_site::FramedSite;

#[tokio::test]
async fn pages_are_asked_for_in_the_languages_of_the_person() {
    let options = ChromiumOptions { languages: "de-CH,de".to_owned(), ..ChromiumOptions::default() };
    let chromium = Chromium::start_with(options).await;
    let site = FramedSite::start().await;
    chromium.goto(site.framed.join("languages").expect("a path is a reference")).await;
    assert_eq!(chromium.text().await, "de-CH,de;q=0.9");
    assert_eq!(chromium.run("return navigator.languages", json!([])).await, json!(["de-CH", "de"]));
}

/// Also in frames, which are processes of their own.
#[tokio::test]
async fn frames_are_as_dark_as_the_page_around_them() {
    const IS_DARK: &str = "return matchMedia('(prefers-color-scheme: dark)').matches";
    const IS_LIGHT: &str = "return !matchMedia('(prefers-color-scheme: dark)').matches";
    let chromium = Chromium::start(CookieRule::Allowed).await;
    FramedSite::start().await.visit_framed(&chromium).await;
    for is_dark in [true, false] {
        chromium.prefer_dark(is_dark).await;
        chromium.wait_for(Condition::Holds(if is_dark { IS_DARK } else { IS_LIGHT })).await;
    }
    chromium.top().await;
    chromium.prefer_dark(true).await;
    chromium.enter_path(&[0]).await;
    chromium.wait_for(Condition::Holds(IS_DARK)).await;
}

#[tokio::test]
async fn a_broken_policy_and_a_script_that_throws_are_on_the_console() {
    let site = FramedSite::start().await;
    let chromium = Chromium::start(CookieRule::Allowed).await;
    chromium.goto(site.top.join("strict").expect("a path is a reference")).await;
    let errors = chromium.console_errors().await;
    assert!(errors.len() == 1 && errors[0].contains("Content Security Policy"), "{errors:?}");
    chromium.goto(site.top.join("throwing").expect("a path is a reference")).await;
    let errors = chromium.console_errors().await;
    assert!(errors.len() == 1 && errors[0].contains("thrown on purpose"), "{errors:?}");
    chromium.assert_console_is_clean().await;
}

#[tokio::test]
#[should_panic(
    expected = "did not come about; last false\nurl: data:text/html,<title>Empty</title>\ntitle: Empty\ntext:"
)]
async fn what_does_not_come_about_is_told_with_the_page() {
    let chromium = Chromium::start(CookieRule::Allowed).await;
    chromium.goto("data:text/html,<title>Empty</title>").await;
    chromium.wait_at_most(Duration::ZERO, Condition::Text("something")).await;
}

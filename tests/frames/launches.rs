//! Clicks in the demo.

use doorway_tests::{Chromium, Condition, CookieRule, DemoStack};

/// Signs in at the mock Platform by the button of that person.
async fn sign_in(stack: &DemoStack, chromium: &Chromium, person: &str) {
    chromium.goto(stack.platform_page("/login")).await;
    chromium.click(person).await;
    chromium.wait_for(Condition::UrlPrefix(stack.platform_page("/course").as_str())).await;
}

/// A learner opens a link of the course that is shown in a frame, and is in the App as themselves.
async fn assert_learns_in_the_frame(stack: &DemoStack, chromium: &Chromium) {
    sign_in(stack, chromium, "Ben Okafor").await;
    chromium.click("Mixing colours").await;
    chromium.wait_for(Condition::UrlPrefix(stack.platform_page("/frame/").as_str())).await;
    chromium.enter("iframe.tool").await;
    chromium.wait_for(Condition::UrlPrefix(stack.url.join("/app/visits/").expect("a path").as_str())).await;
    chromium.sees("Welcome, Ben - you are here as a student").await;
    chromium.sees("Mixing colours").await;
    chromium.assert_console_is_clean().await;
}

#[tokio::test]
async fn a_learner_is_signed_in_in_a_frame_of_another_site() {
    let stack = DemoStack::across_sites().await;
    let chromium = Chromium::start(CookieRule::Allowed).await;
    assert_learns_in_the_frame(&stack, &chromium).await;
}

/// The cookies of the Tool and the App are partitioned, and work.
#[tokio::test]
async fn a_learner_is_signed_in_where_third_party_cookies_are_blocked() {
    let stack = DemoStack::across_sites().await;
    let chromium = Chromium::start(CookieRule::ThirdPartyBlocked).await;
    assert_learns_in_the_frame(&stack, &chromium).await;
}

//! Clicks in the demo.

use doorway_tests::{Chromium, Condition, CookieRule, DemoStack};

use crate::people::{LEARNER, enter_app, sign_in, wait_for_app};

/// A learner opens a link of the course that is shown in a frame, and is in the App as themselves.
async fn assert_learns_in_the_frame(stack: &DemoStack, chromium: &Chromium) {
    sign_in(stack, chromium, LEARNER).await;
    chromium.click("Mixing colours").await;
    chromium.wait_for(Condition::UrlPrefix(stack.platform_page("/frame/").as_str())).await;
    enter_app(stack, chromium).await;
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

#[tokio::test]
async fn a_learner_is_signed_in_in_a_new_window_and_the_course_stays_open() {
    let stack = DemoStack::across_sites().await;
    let chromium = Chromium::start(CookieRule::ThirdPartyBlocked).await;
    sign_in(&stack, &chromium, LEARNER).await;
    chromium.click("How the eye sees").await;
    chromium.enter_new_window().await;
    wait_for_app(&stack, &chromium).await;
    chromium.sees("Welcome, Ben - you are here as a student").await;
    chromium.refresh().await;
    chromium.sees("How the eye sees").await;
    chromium.assert_console_is_clean().await;
    chromium.close_window().await;
    assert_eq!(chromium.url().await, stack.platform_page("/course"));
}

/// The pages that post themselves leave nothing in the history that a person could go back to.
#[tokio::test]
async fn the_back_button_leads_to_the_course() {
    let stack = DemoStack::across_sites().await;
    let chromium = Chromium::start(CookieRule::Allowed).await;
    sign_in(&stack, &chromium, LEARNER).await;
    chromium.click("How light bends").await;
    wait_for_app(&stack, &chromium).await;
    chromium.back().await;
    chromium.wait_for(Condition::UrlPrefix(stack.platform_page("/course").as_str())).await;
    chromium.sees("Physics: light and colour").await;
}

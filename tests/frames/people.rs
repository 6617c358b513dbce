//! Who uses the demo, and how they begin.

use doorway_tests::{Chromium, Condition, DemoStack};

/// A teacher of the course.
pub const TEACHER: &str = "Ada Morgan";
/// A student of the course.
pub const LEARNER: &str = "Ben Okafor";

/// Signs in at the mock Platform by the button of that person.
pub async fn sign_in(stack: &DemoStack, chromium: &Chromium, person: &str) {
    chromium.goto(stack.platform_page("/login")).await;
    chromium.click(person).await;
    chromium.wait_for(Condition::UrlPrefix(stack.platform_page("/course").as_str())).await;
}

/// Opens a link of the course in the whole window, up to the page of the App.
pub async fn open_link(stack: &DemoStack, chromium: &Chromium, link: &str) {
    chromium.goto(stack.platform_page(&format!("/launch/{link}"))).await;
    wait_for_app(stack, chromium).await;
}

/// Enters the frame of the Tool, once the App is in it.
pub async fn enter_app(stack: &DemoStack, chromium: &Chromium) {
    chromium.enter("iframe.tool").await;
    wait_for_app(stack, chromium).await;
}

/// Waits until a launch has arrived: the current frame is a visit of the App.
pub async fn wait_for_app(stack: &DemoStack, chromium: &Chromium) {
    chromium.wait_for(Condition::UrlPrefix(&format!("{}app/visits/", stack.url))).await;
}

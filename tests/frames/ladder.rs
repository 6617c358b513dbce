//! The ladder: a cookie, or else the Platform's storage, or else a new window.

use doorway_mock_platform::Profile;
use doorway_mock_platform::StorageManner::{self, *};
use doorway_tests::Condition;
use serde_json::json;

use crate::classroom::{Classroom, Keeps, bindings, refusals};

/// A browser that keeps the cookie is in, whatever the Platform offers and however it answers.
async fn assert_in_by_cookie(manner: StorageManner) {
    for keeps in [Keeps::Everything, Keeps::Partitioned] {
        let classroom = Classroom::of(manner, keeps).await;
        classroom.open_frame().await;
        classroom.assert_lesson_in_frame().await;
        classroom.chromium.assert_console_is_clean().await;
    }
    assert_eq!(bindings(), ["cookie", "cookie"], "{manner:?}");
}

#[tokio::test]
async fn a_cookie_is_enough_where_nothing_is_offered() {
    assert_in_by_cookie(NotOffered).await;
}

#[tokio::test]
async fn a_cookie_is_enough_at_canvas() {
    assert_in_by_cookie(Canvas).await;
}

#[tokio::test]
async fn a_cookie_is_enough_at_a_self_hosted_canvas() {
    assert_in_by_cookie(CanvasSelfHosted).await;
}

#[tokio::test]
async fn a_cookie_is_enough_at_blackboard() {
    assert_in_by_cookie(Blackboard).await;
}

#[tokio::test]
async fn a_cookie_is_enough_at_brightspace() {
    assert_in_by_cookie(Brightspace).await;
}

#[tokio::test]
async fn a_cookie_is_enough_at_sakai() {
    assert_in_by_cookie(Sakai).await;
}

#[tokio::test]
async fn a_cookie_is_enough_where_nobody_answers() {
    assert_in_by_cookie(Silent).await;
}

/// A browser that keeps nothing in a frame is in by what the Platform kept for it, which is then gone from there.
async fn assert_in_by_storage(manner: StorageManner) {
    let classroom = Classroom::of(manner, Keeps::Nothing).await;
    for _ in 0..2 {
        classroom.open_frame().await;
        classroom.assert_lesson_in_frame().await;
    }
    assert_eq!(bindings(), ["asked", "platform-storage"].repeat(2), "{manner:?}");
    assert_eq!(refusals(), [""; 0]);
    classroom.chromium.assert_console_is_clean().await;
    classroom.chromium.top().await;
    let left = "return Object.keys(localStorage).filter(key => key.startsWith('lti|platform_storage'))";
    assert_eq!(classroom.chromium.run(left, json!([])).await, json!([]), "{manner:?}");
}

#[tokio::test]
async fn canvas_keeps_the_secret_through_its_forwarding_frame() {
    assert_in_by_storage(Canvas).await;
}

#[tokio::test]
async fn a_self_hosted_canvas_keeps_the_secret() {
    assert_in_by_storage(CanvasSelfHosted).await;
}

#[tokio::test]
async fn blackboard_keeps_the_secret_and_names_its_frame_at_the_login_alone() {
    assert_in_by_storage(Blackboard).await;
}

#[tokio::test]
async fn brightspace_keeps_the_secret_by_the_older_names() {
    assert_in_by_storage(Brightspace).await;
}

#[tokio::test]
async fn sakai_keeps_the_secret() {
    assert_in_by_storage(Sakai).await;
}

/// A window that the Platform opened asks its opener.
#[tokio::test]
async fn a_new_window_asks_what_opened_it() {
    let classroom = Classroom::of(CanvasSelfHosted, Keeps::NothingAnywhere).await;
    classroom.chromium.click("How the eye sees").await;
    classroom.chromium.enter_new_window().await;
    classroom.assert_lesson("How the eye sees").await;
    assert_eq!(bindings(), ["asked", "platform-storage"]);
}

/// Where neither a cookie nor storage can be had, one button starts again in a new window. The Platform takes its hints
/// back once only, so the button comes before they are used.
async fn assert_in_by_new_window(manner: StorageManner) {
    let classroom = Classroom::of(manner, Keeps::Nothing).await;
    classroom.open_frame().await;
    classroom.assert_one_button().await;
    classroom.chromium.screenshot(&format!("tool-new-window-{}", manner.name())).await;
    classroom.open_new_window().await;
    classroom.assert_lesson("Mixing colours").await;
    classroom.chromium.close_window().await;
    assert_eq!(
        classroom.chromium.url().await,
        classroom.stack.platform_page("/frame/colours"),
        "the course stays open"
    );
    assert_eq!((bindings(), refusals()), (vec!["cookie".to_owned()], vec![]), "{manner:?}");
    classroom.chromium.assert_console_is_clean().await;
}

#[tokio::test]
async fn a_new_window_opens_where_nothing_is_offered() {
    assert_in_by_new_window(NotOffered).await;
}

#[tokio::test]
async fn a_new_window_opens_where_nobody_answers() {
    assert_in_by_new_window(Silent).await;
}

/// Forgets each value that a Tool has put into the page around it.
const FORGET: &str = "if (top === self) addEventListener('message', ({ data, origin, source }) => {
    if (!data?.subject?.endsWith('put_data') || !data.value) return;
    const forget = { data: { ...data, message_id: 'forget', value: null }, origin, source };
    setTimeout(() => dispatchEvent(new MessageEvent('message', forget)));
})";

/// The Platform forgot what it kept, as Sakai does when its page is loaded again. Each says so in its own way: by `null`,
/// by an error with a code, by an error that is a text.
async fn assert_in_although_forgotten(manner: StorageManner) {
    let classroom = Classroom::of(manner, Keeps::Nothing).await;
    // As Sakai, it takes its hints back more than once.
    classroom.stack.platform.set_profile(Profile::Sakai);
    classroom.before_every_page(FORGET).await;
    classroom.open_frame().await;
    classroom.assert_one_button().await;
    classroom.chromium.screenshot(&format!("tool-awaiting-gave-up-{}", manner.name())).await;
    assert_eq!(bindings(), ["asked"], "{manner:?}");
    classroom.open_new_window().await;
    classroom.assert_lesson("Mixing colours").await;
    assert_eq!((bindings(), refusals()), (vec!["asked".to_owned(), "cookie".to_owned()], vec![]), "{manner:?}");
}

#[tokio::test]
async fn a_new_window_opens_where_the_platform_knows_no_value() {
    assert_in_although_forgotten(CanvasSelfHosted).await;
}

#[tokio::test]
async fn a_new_window_opens_where_the_platform_says_key_not_found() {
    assert_in_although_forgotten(Brightspace).await;
}

#[tokio::test]
async fn a_new_window_opens_where_the_platforms_error_is_a_text() {
    assert_in_although_forgotten(Sakai).await;
}

/// Without scripts nobody can ask a Platform: there is a link to it, and after the launch the button. In the window that
/// it opens the browser keeps nothing either, and is not offered another one.
#[tokio::test]
async fn without_scripts_there_is_a_link_and_then_a_button_and_then_advice() {
    let Classroom { stack, chromium } = &Classroom::of(CanvasSelfHosted, Keeps::NothingAnywhere).await;
    stack.platform.set_profile(Profile::Sakai);
    chromium.allow_scripts(false).await;
    chromium.goto(stack.platform_page("/launch/colours")).await;
    chromium.click("Continue to Lumen").await;
    chromium.sees("Opening…").await;
    chromium.screenshot("tool-login-without-scripts").await;
    chromium.click("If nothing happens, continue here").await;
    chromium.click("Continue to Lumen").await;
    chromium.sees("One more click").await;
    chromium.screenshot("tool-awaiting-without-scripts").await;
    chromium.click("Open in a new window").await;
    chromium.enter_new_window().await;
    chromium.sees("Your browser did not keep this tool's cookie").await;
    chromium.wait_for(Condition::NoElement("button")).await;
    assert_eq!((bindings(), refusals()), (vec!["asked".to_owned()], vec!["binding_missing".to_owned()]));
}

//! What Tools break on: the traps of the digest that need a browser to be seen.

use doorway_mock_platform::Profile;
use doorway_mock_platform::StorageManner::*;
use doorway_tests::Condition;
use serde_json::json;

use crate::classroom::{Classroom, Keeps, bindings, refusals};

/// The login was asked for at another host of the Tool than the launch: what the one put, the other does not find.
#[tokio::test]
async fn a_login_at_another_host_ends_in_a_new_window_at_the_right_one() {
    for (manner, keeps) in [(NotOffered, Keeps::Everything), (CanvasSelfHosted, Keeps::Nothing)] {
        let classroom = Classroom::of(manner, keeps).await;
        classroom.stack.platform.set_profile(Profile::Sakai);
        classroom.before_every_page(LOGIN_ELSEWHERE).await;
        classroom.open_frame().await;
        classroom.assert_one_button().await;
        classroom.open_new_window().await;
        classroom.assert_lesson("Mixing colours").await;
        assert_eq!(bindings().last().map(String::as_str), Some("cookie"), "{manner:?}");
    }
}

/// The Platform knows the login by another name of the same server.
const LOGIN_ELSEWHERE: &str = "if (location.pathname.startsWith('/platform/launch/')) {
    const submit = HTMLFormElement.prototype.submit;
    HTMLFormElement.prototype.submit = function () {
        this.action = this.action.replace('127.0.0.1', 'tool.localhost');
        submit.call(this);
    };
}";

/// A sandboxed frame has no origin, so no Platform answers it. It does not wait for one.
#[tokio::test]
async fn a_sandboxed_frame_ends_in_a_page_that_says_what_to_do() {
    let classroom = Classroom::of(CanvasSelfHosted, Keeps::Nothing).await;
    classroom.open_frame_as("?sandbox=1").await;
    classroom.assert_one_button().await;
    classroom.chromium.top().await;
    classroom.chromium.screenshot("tool-sandboxed").await;
    assert_eq!((bindings(), refusals()), (vec!["asked".to_owned()], vec![]));
}

/// Keys of launches that had their cookie are not asked for. They are removed by a later login.
#[tokio::test]
async fn keys_that_nobody_asked_for_are_removed_later() {
    let Classroom { stack, chromium } = &Classroom::of(CanvasSelfHosted, Keeps::Everything).await;
    let keys = "return Object.keys(localStorage).filter(key => key.startsWith('lti|platform_storage')).length";
    for expected in [1, 2] {
        chromium.goto(stack.platform_page("/frame/colours")).await;
        chromium.enter("iframe.tool").await;
        chromium.sees("Welcome, Ben").await;
        chromium.top().await;
        assert_eq!(chromium.run(keys, json!([])).await, json!(expected));
    }
    // Eleven minutes later: the Tool's own notes of when it was are that much older.
    chromium.enter("iframe.tool").await;
    let later =
        "const notes = JSON.parse(localStorage.getItem('lti-kept')).map(({ key, at }) => ({ key, at: at - 660000 }));
        localStorage.setItem('lti-kept', JSON.stringify(notes)); return notes.length";
    assert_eq!(chromium.run(later, json!([])).await, json!(2));
    chromium.goto(stack.platform_page("/frame/colours")).await;
    chromium.enter("iframe.tool").await;
    chromium.sees("Welcome, Ben").await;
    chromium.top().await;
    let one_left = format!("{} === 1", keys.replace("return ", "return (") + ")");
    chromium.wait_for(Condition::Holds(&one_left)).await;
    assert_eq!(bindings(), ["cookie"; 3]);
}

/// The page that stays asks for the height that it has; D2L hears it as text alone.
#[tokio::test]
async fn a_page_that_stays_has_the_height_that_it_needs() {
    for manner in [CanvasSelfHosted, Brightspace, Sakai] {
        let classroom = Classroom::of(manner, Keeps::Nothing).await;
        let chromium = &classroom.chromium;
        classroom.open_frame_as("?sandbox=1").await;
        classroom.assert_one_button().await;
        chromium.wait_for(Condition::Holds("return innerHeight === Math.ceil(document.body.offsetHeight)")).await;
        assert!(chromium.run("return innerHeight", json!([])).await.as_u64() > Some(200), "{manner:?}");
    }
}

/// After the storage has served, the App has the whole frame: a page that is there for a moment asks for no height.
#[tokio::test]
async fn a_page_on_the_way_does_not_make_the_apps_frame_small() {
    let classroom = Classroom::of(CanvasSelfHosted, Keeps::Nothing).await;
    let height = "return document.querySelector('iframe.tool').clientHeight";
    classroom.open_frame().await;
    classroom.chromium.top().await;
    let before = classroom.chromium.run(height, json!([])).await;
    classroom.assert_lesson_in_frame().await;
    classroom.chromium.top().await;
    assert_eq!(classroom.chromium.run(height, json!([])).await, before);
}

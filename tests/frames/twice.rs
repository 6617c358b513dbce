//! Back, reload, a double click, too late, another person: each ends in a lesson of one's own, or in a page that says
//! what to do.

use doorway_core::state::LOGIN_LIFETIME_SECONDS;
use doorway_mock_platform::StorageManner::{self, *};
use doorway_tests::Condition;
use serde_json::json;

use crate::classroom::{Classroom, Keeps, refusals};
use crate::people::{LEARNER, TEACHER, sign_in};

/// Back from the lesson leads to the course, and not to a page whose launch is over.
async fn assert_back_leads_to_the_course(manner: StorageManner, keeps: Keeps) {
    let Classroom { stack, chromium } = &Classroom::of(manner, keeps).await;
    chromium.click("Mixing colours").await;
    chromium.enter("iframe.tool").await;
    chromium.sees("Welcome, Ben").await;
    chromium.top().await;
    chromium.back().await;
    chromium.wait_for(Condition::UrlPrefix(stack.platform_page("/course").as_str())).await;
    assert_eq!(refusals(), [""; 0]);
}

#[tokio::test]
async fn back_leads_to_the_course_after_a_cookie() {
    assert_back_leads_to_the_course(NotOffered, Keeps::Partitioned).await;
}

#[tokio::test]
async fn back_leads_to_the_course_after_platform_storage() {
    assert_back_leads_to_the_course(CanvasSelfHosted, Keeps::Nothing).await;
}

#[tokio::test]
async fn reloading_the_platforms_page_launches_anew() {
    for (manner, keeps) in [(NotOffered, Keeps::Everything), (Canvas, Keeps::Nothing), (Sakai, Keeps::Nothing)] {
        let classroom = Classroom::of(manner, keeps).await;
        classroom.open_frame().await;
        classroom.assert_lesson_in_frame().await;
        classroom.chromium.top().await;
        classroom.chromium.refresh().await;
        classroom.assert_lesson_in_frame().await;
        assert_eq!(refusals(), [""; 0], "{manner:?}");
    }
}

/// The Platform posts the same launch twice, as a double click does: one arrives, the other is told what happened.
#[tokio::test]
async fn a_double_click_arrives_once_and_says_so() {
    for manner in [NotOffered, CanvasSelfHosted] {
        let classroom = Classroom::of(manner, Keeps::Everything).await;
        let Classroom { stack, chromium } = &classroom;
        classroom.open_frame().await;
        classroom.assert_lesson_in_frame().await;
        chromium.top().await;
        let twice = stack.platform_page("/launch/video?wrong=posted-twice");
        chromium.run("document.querySelector('iframe.tool').src = arguments[0]", json!([twice.as_str()])).await;
        chromium.enter("iframe.tool").await;
        chromium.sees("This launch was already used").await;
        chromium.sees("Go to your course and open the link again.").await;
        assert_eq!(refusals().last().map(String::as_str), Some("launch_already_used"));
        let stored = stack.tool.stored_launches().await;
        assert_eq!(
            stored.iter().filter(|item| item.contains_key("kept")).count(),
            2,
            "{manner:?}: one before, one now"
        );
    }
}

/// Somebody stays at the Platform's sign-in for longer than a login lives.
#[tokio::test]
async fn a_login_that_took_too_long_is_told_so() {
    for (manner, keeps) in [(NotOffered, Keeps::Everything), (CanvasSelfHosted, Keeps::Nothing)] {
        let classroom = Classroom::of(manner, keeps).await;
        let chromium = &classroom.chromium;
        classroom.before_every_page(STAY_AT_THE_PLATFORM).await;
        classroom.open_frame().await;
        chromium.sees("Opening Lumen").await;
        classroom.stack.tool.clock.advance(LOGIN_LIFETIME_SECONDS);
        chromium.click("Continue to Lumen").await;
        chromium.sees("This launch took too long").await;
        chromium.sees("Go back to your course and open the link again.").await;
        chromium.top().await;
        chromium.screenshot(&format!("tool-expired-{}", manner.name())).await;
        assert_eq!(refusals().pop().as_deref(), Some("state_expired"), "{manner:?}");
    }
}

/// The authorization endpoint's page waits for its button.
const STAY_AT_THE_PLATFORM: &str =
    "if (location.pathname === '/platform/auth') HTMLFormElement.prototype.submit = () => {}";

/// Two people at one computer, one after the other: each sees their own lesson, and the first one's is not shown again.
#[tokio::test]
async fn the_next_person_at_the_computer_is_somebody_else() {
    for (manner, keeps) in [(NotOffered, Keeps::Everything), (CanvasSelfHosted, Keeps::Nothing)] {
        let classroom = Classroom::of(manner, keeps).await;
        let chromium = &classroom.chromium;
        for (person, words) in [(LEARNER, "Welcome, Ben - you are here as a student"), (TEACHER, "Welcome, Ada")] {
            sign_in(&classroom.stack, chromium, person).await;
            classroom.open_frame().await;
            chromium.sees(words).await;
        }
        chromium.top().await;
        chromium.back().await;
        chromium.wait_for(Condition::Holds("return document.readyState === 'complete'")).await;
        assert!(!chromium.text().await.contains("Welcome, Ben"));
    }
}

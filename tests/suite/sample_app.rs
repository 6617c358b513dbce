//! The sample App behind the real Doorway: what it does with a code, and what a visitor sees when it cannot.

use doorway_mock_platform::OldIds;
use doorway_tests::{APP_KEY, DemoStack, Page};
use http::StatusCode;

const TEACHER: &str = "41";

/// A launch that was accepted and not redeemed: the App's address with its code.
async fn code_for(stack: &DemoStack, user: &str) -> String {
    let mut browser = stack.browser_of(user).await;
    let initiation = browser.open("/platform/launch/video").await;
    let form = browser.submit(&initiation).await;
    let (action, fields) = form.form().expect("the Platform answers with a form");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let binding = browser.cookies_for(&action).expect("the login set a cookie");
    let answer = stack.tool.post("/lti/launch", &fields, &[&binding]).await;
    format!("/app?launch={}", answer.launch_id())
}

#[track_caller]
fn assert_refused(page: &Page, status: StatusCode, heading: &str) {
    assert_eq!((page.answer.status, page.heading().as_str()), (status, heading), "{}", page.answer.body);
}

/// The reference that the App's page passes on.
fn reference(page: &Page) -> &str {
    let (_, rest) = page.answer.body.split_once("say this reference: <code>").expect("the page has a reference");
    rest.split('<').next().unwrap_or_default()
}

#[tokio::test]
async fn a_code_opens_a_visit_and_is_used_up_by_it() {
    let stack = DemoStack::start().await;
    let address = code_for(&stack, TEACHER).await;
    let mut browser = stack.browser();
    let visit = browser.open(&address).await;
    assert_eq!(visit.heading(), "Welcome, Ada - you are here as a teacher");
    assert!(visit.answer.body.contains("<dt>Send grades (AGS)</dt><dd>Yes</dd>"));
    let again = stack.browser().open(&address).await;
    assert_refused(&again, StatusCode::GONE, "This link was already used");
}

#[tokio::test]
async fn a_refusal_of_the_app_passes_on_the_reference_of_the_log_line() {
    let stack = DemoStack::start().await;
    let address = code_for(&stack, TEACHER).await;
    stack.tool.clock.advance(120);
    let late = stack.browser().open(&address).await;
    assert_refused(&late, StatusCode::GONE, "This link waited too long");
    let lines = doorway_tests::log_lines();
    let line = lines.iter().find(|line| line["reference"] == reference(&late)).expect("the reference is logged");
    assert_eq!((&line["function"], &line["outcome"]), (&"launches".into(), &"launch_expired".into()));
}

#[tokio::test]
async fn a_code_that_was_never_given_out_opens_nothing() {
    let stack = DemoStack::start().await;
    let guessed = format!("/app?launch={}", "A".repeat(32));
    assert_refused(&stack.browser().open(&guessed).await, StatusCode::NOT_FOUND, "We do not know this link");
}

#[tokio::test]
async fn a_visit_is_open_in_the_browser_that_arrived_and_in_no_other() {
    let stack = DemoStack::start().await;
    let mut browser = stack.browser_of(TEACHER).await;
    let visit = browser.click("/platform/launch/video").await;
    assert_eq!(browser.open(visit.url.path()).await.heading(), visit.heading());
    let elsewhere = stack.browser_of(TEACHER).await.open(visit.url.path()).await;
    assert_refused(&elsewhere, StatusCode::FORBIDDEN, "This visit is not open here");
}

#[tokio::test]
async fn two_people_in_one_browser_have_a_visit_each() {
    let stack = DemoStack::start().await;
    let mut browser = stack.browser_of(TEACHER).await;
    let first = browser.click("/platform/launch/video").await;
    browser.sign_in("52").await;
    let second = browser.click("/platform/launch/video").await;
    assert_eq!(second.heading(), "Welcome, Ben - you are here as a student");
    assert_eq!(browser.open(first.url.path()).await.heading(), "Welcome, Ada - you are here as a teacher");
}

#[tokio::test]
async fn an_app_with_a_wrong_key_says_so_without_showing_it() {
    let stack = DemoStack::with_app_key("another-key").await;
    let page = stack.browser_of(TEACHER).await.click("/platform/launch/video").await;
    assert_refused(&page, StatusCode::BAD_GATEWAY, "Lumen is not set up correctly");
    for secret in ["another-key", APP_KEY] {
        assert!(!page.answer.body.contains(secret));
    }
    let lines = doorway_tests::log_lines();
    let line = lines.iter().find(|line| line["reference"] == reference(&page)).expect("the reference is logged");
    assert_eq!(line["outcome"], "unauthorized");
}

#[tokio::test]
async fn who_comes_without_a_launch_is_told_how_to_come_in() {
    let stack = DemoStack::start().await;
    let page = stack.browser().open("/app").await;
    assert_refused(&page, StatusCode::OK, "Lumen shows lessons in your course");
}

#[tokio::test]
async fn the_visit_shows_all_verified_claims_and_the_customer() {
    let stack = DemoStack::start().await;
    let page = stack.browser_of(TEACHER).await.click("/platform/launch/video").await.answer.body;
    assert!(page.contains("<th scope=\"row\">sub</th><td>41</td>"));
    assert!(page.contains("<th scope=\"row\">email</th><td>ada@maple.example</td>"));
    assert!(page.contains("<dt>Customer</dt><dd>Maple Learning</dd>"));
}

#[tokio::test]
async fn an_old_account_of_lti_1_1_is_recognised_when_the_platform_proves_it() {
    let stack = DemoStack::start().await;
    let mut browser = stack.browser_of(TEACHER).await;
    for (manner, words) in [
        (OldIds::NotSent, None),
        (OldIds::Signed, Some("This is the old account <code>maple-user-41</code> of <code>maple-lti11</code>.")),
        (OldIds::Unsigned, Some("Lumen does not link it. (<code>not_signed</code>)")),
        (OldIds::WronglySigned, Some("Lumen does not link it. (<code>signature_wrong</code>)")),
    ] {
        stack.platform.set_old_ids(manner);
        let visit = browser.click("/platform/launch/video").await;
        assert_eq!(visit.heading(), "Welcome, Ada - you are here as a teacher", "{manner:?}");
        match words {
            Some(words) => assert!(visit.answer.body.contains(words), "{manner:?}: {}", visit.answer.body),
            None => assert!(!visit.answer.body.contains("old account"), "{manner:?}"),
        }
    }
}

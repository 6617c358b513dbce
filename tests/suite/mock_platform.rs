//! The demo stack as a person meets it: sign in at the mock Platform, click a link, stand in the App; and every
//! wrong launch of the developer's page, refused as that page says.
//!
//! Keys are fetched and launches redeemed over loopback HTTP; the browser keeps cookies like a real one.

use doorway_mock_platform::Message;
use doorway_mock_platform::wrong::{Fault, FormFault, WrongLaunch, catalogue};
use doorway_tests::{Browser, DemoStack, Page, refused};
use http::StatusCode;

const TEACHER: &str = "41";
const STUDENT: &str = "52";

/// The App's page of a visit, with this greeting.
#[track_caller]
fn assert_arrived(page: &Page, greeting: &str) {
    assert_eq!(page.answer.status, StatusCode::OK, "{}", page.answer.body);
    assert!(page.url.path().starts_with("/app/visits/"), "{}", page.url);
    assert_eq!(page.url.query(), None, "the code is gone from the address bar");
    assert_eq!(page.heading(), greeting);
}

async fn a_good_launch_works(browser: &mut Browser, after: &str) {
    let page = browser.click("/platform/launch/video").await;
    assert!(page.url.path().starts_with("/app/visits/"), "after {after}: {}", page.answer.body);
}

#[tokio::test]
async fn a_teacher_signs_in_clicks_and_stands_in_the_app() {
    let stack = DemoStack::start().await;
    let mut browser = stack.browser();
    let welcome = browser.open("/").await;
    assert_eq!(welcome.heading(), "Welcome to Maple Learning");
    browser.sign_in(TEACHER).await;
    let page = browser.click("/platform/launch/video").await;
    assert_arrived(&page, "Welcome, Ada - you are here as a teacher");
    for text in ["<dd>Physics: light and colour</dd>", "<dd>How light bends</dd>", "<dd>Maple Learning</dd>"] {
        assert!(page.answer.body.contains(text), "{text}");
    }
}

#[tokio::test]
async fn everybody_is_greeted_by_name_and_part() {
    let stack = DemoStack::start().await;
    for (user, greeting) in [
        (TEACHER, "Welcome, Ada - you are here as a teacher"),
        (STUDENT, "Welcome, Ben - you are here as a student"),
        ("53", "Welcome, Chloé - you are here as a student"),
        ("61", "Welcome, Emil - you are here as a teacher"),
        ("2", "Welcome, Farah - you are here as a guest"),
    ] {
        let page = stack.browser_of(user).await.click("/platform/launch/video").await;
        assert_arrived(&page, greeting);
    }
}

#[tokio::test]
async fn a_login_by_get_arrives_like_one_by_post() {
    let stack = DemoStack::start().await;
    let page = stack.browser_of(STUDENT).await.click("/platform/launch/video?method=get").await;
    assert_arrived(&page, "Welcome, Ben - you are here as a student");
}

#[tokio::test]
async fn every_link_of_the_course_arrives_where_it_should() {
    let stack = DemoStack::start().await;
    let mut browser = stack.browser_of(TEACHER).await;
    let course = browser.open("/platform/course").await.answer.body;
    for (link, content) in [
        ("video", "How light bends</h2>"),
        ("quiz", "Quiz: refraction</h2>"),
        ("colours", "Mixing colours</h2>"),
        ("eye", "How the eye sees</h2>"),
        ("ungraded", "How light bends</h2>"),
        ("choose-content", "Choose content</h2>"),
        ("review", "Review a student's work</h2>"),
        ("privacy", "Your data</h2>"),
    ] {
        assert!(course.contains(&format!("/{link}\"")), "the course shows {link}");
        let page = browser.click(&format!("/platform/launch/{link}")).await;
        assert_arrived(&page, "Welcome, Ada - you are here as a teacher");
        assert!(page.answer.body.contains(content), "{link}");
    }
    assert_eq!(course.matches("class=\"card\"").count(), 8, "no link is left out here");
}

#[tokio::test]
async fn a_students_links_arrive_and_the_teachers_are_not_theirs() {
    let stack = DemoStack::start().await;
    let mut browser = stack.browser_of(STUDENT).await;
    for link in ["video", "quiz", "colours", "eye", "privacy"] {
        let page = browser.click(&format!("/platform/launch/{link}")).await;
        assert_arrived(&page, "Welcome, Ben - you are here as a student");
    }
    for link in ["choose-content", "review"] {
        let page = browser.click(&format!("/platform/launch/{link}")).await;
        assert_eq!(page.answer.status, StatusCode::FORBIDDEN, "{link}");
    }
}

#[tokio::test]
async fn a_browser_keeps_no_cookie_of_a_launch_that_is_done() {
    let stack = DemoStack::start().await;
    let mut browser = stack.browser_of(TEACHER).await;
    browser.click("/platform/launch/video").await;
    assert_eq!(browser.cookie_names(), ["maple_session", "lumen_visit"]);
}

#[tokio::test]
async fn launches_that_cross_in_one_browser_do_not_disturb_each_other() {
    let stack = DemoStack::start().await;
    let mut browser = stack.browser_of(TEACHER).await;
    let mut forms = Vec::new();
    for link in ["video", "quiz", "colours"] {
        let initiation = browser.open(&format!("/platform/launch/{link}")).await;
        forms.push(browser.submit(&initiation).await);
    }
    for form in forms.iter().rev() {
        assert_arrived(&browser.submit(form).await, "Welcome, Ada - you are here as a teacher");
    }
}

#[tokio::test]
async fn the_platforms_keys_are_fetched_once_for_many_launches() {
    let stack = DemoStack::start().await;
    let mut browser = stack.browser_of(TEACHER).await;
    for _ in 0..3 {
        a_good_launch_works(&mut browser, "a good one").await;
    }
    let lines = doorway_tests::log_lines();
    let jwks_uri = format!("{}platform/jwks.json", stack.url);
    let fetches = lines.iter().filter(|line| line["message"] == "a Platform's keys were fetched");
    assert_eq!(fetches.filter(|line| line["lti.jwks_uri"] == jwks_uri).count(), 1);
}

/// The button of the developer's page for this wrong launch.
fn address(wrong: &WrongLaunch) -> String {
    let link = match wrong.message {
        Message::ResourceLink => "video",
        Message::DeepLinking => "choose-content",
        Message::SubmissionReview => "review",
        Message::DataPrivacy => "privacy",
    };
    format!("/platform/launch/{link}?wrong={}", wrong.name)
}

#[tokio::test]
async fn every_wrong_launch_is_refused_as_the_catalogue_says_and_the_next_good_one_works() {
    let stack = DemoStack::start().await;
    let mut browser = stack.browser_of(TEACHER).await;
    for wrong in catalogue() {
        browser.hidden_frame = None;
        let page = browser.click(&address(wrong)).await;
        let line = refused(wrong.name, &page.answer, wrong.expected_status, wrong.expected_code);
        assert!(line["rejection.reason"].as_str().is_some_and(|reason| reason.len() > 10), "{}: {line}", wrong.name);
        let is_replay = wrong.fault == Fault::Form(FormFault::PostedTwice);
        assert_eq!(browser.hidden_frame.is_some(), is_replay, "{}", wrong.name);
        a_good_launch_works(&mut browser, wrong.name).await;
    }
}

#[tokio::test]
async fn of_a_launch_that_is_posted_twice_the_first_arrives_and_the_second_does_not() {
    let stack = DemoStack::start().await;
    let mut browser = stack.browser_of(TEACHER).await;
    let second = browser.click("/platform/launch/video?wrong=posted-twice").await;
    assert_arrived(
        &browser.hidden_frame.clone().expect("it is posted twice"),
        "Welcome, Ada - you are here as a teacher",
    );
    let line = refused("posted twice", &second.answer, 409, "launch_already_used");
    assert_eq!(line["rejection.reason"], "this launch was used before");
    a_good_launch_works(&mut browser, "posted-twice").await;
}

#[tokio::test]
async fn the_developers_page_offers_every_wrong_launch_with_the_code_to_expect() {
    let stack = DemoStack::start().await;
    let page = stack.browser_of(TEACHER).await.open("/platform/developer").await.answer.body;
    for wrong in catalogue() {
        assert!(page.contains(&address(wrong)), "{}", wrong.name);
        assert!(page.contains(&format!("<code>{} {}</code>", wrong.expected_status, wrong.expected_code)));
    }
}

#[tokio::test]
async fn a_refusal_tells_the_learner_what_to_do_and_nothing_of_what_was_wrong() {
    let stack = DemoStack::start().await;
    let mut browser = stack.browser_of(STUDENT).await;
    let page = browser.click("/platform/launch/video?wrong=wrong-key").await;
    assert_eq!(page.heading(), "Your learning platform's message could not be verified");
    let body = &page.answer.body;
    assert!(body.contains("tell the administrator"), "{body}");
    for private in ["Ben", "Okafor", "maple.example", "eyJ", "signature does not verify"] {
        assert!(!body.contains(private), "{private}");
    }
}

#[tokio::test]
async fn a_launch_begun_in_one_browser_cannot_be_finished_in_another() {
    let stack = DemoStack::start().await;
    let (mut mine, mut theirs) = (stack.browser_of(TEACHER).await, stack.browser_of(STUDENT).await);
    let initiation = mine.open("/platform/launch/video").await;
    let form = mine.submit(&initiation).await;
    let stolen = theirs.submit(&form).await;
    refused("stolen", &stolen.answer, 403, "binding_missing");
    assert_arrived(&mine.submit(&form).await, "Welcome, Ada - you are here as a teacher");
}

#[tokio::test]
async fn a_person_who_signed_out_on_the_way_is_asked_to_sign_in_again() {
    let stack = DemoStack::start().await;
    let mut browser = stack.browser_of(STUDENT).await;
    let initiation = browser.open("/platform/launch/video").await;
    browser.post("/platform/logout", &[]).await;
    let answer = browser.submit(&initiation).await;
    let page = browser.submit(&answer).await;
    let line = refused("signed out", &page.answer, 400, "authentication_refused");
    assert_eq!(line["rejection.reason"], "the Platform answered `login_required`");
    assert_eq!(page.heading(), "Your learning platform asks you to sign in again");
}

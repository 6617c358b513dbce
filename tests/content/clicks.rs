//! The demo as people click through it: the sample App, the mock Platform and the Tool on one listener.

mod choosing;
mod class_list;
mod outage;
mod quiz;

use doorway_tests::{Browser, DemoStack, Page};
use http::StatusCode;

use crate::support::forms::Form;
use crate::support::{BEN, TEACHER};

/// A right answer to each of the five questions on refraction.
const ALL_RIGHT: [&str; 5] = ["1", "0", "2", "0", "2"];

/// Opens a link of the course.
async fn open_link(browser: &mut Browser, link: &str) -> Page {
    let page = browser.click(&format!("/platform/launch/{link}")).await;
    assert_eq!(page.answer.status, StatusCode::OK, "{}", page.answer.body);
    assert!(page.url.path().starts_with("/app/visits/"), "{}: {}", page.url, page.answer.body);
    page
}

/// The quiz of a page, filled in.
fn answered(page: &Page, answers: &[&str]) -> Form {
    let numbered = answers.iter().enumerate();
    numbered.fold(Form::to(page, "/quiz"), |form, (number, answer)| form.choose(&format!("q{number}"), answer))
}

/// Opens a quiz and hands it in: the page of the result.
async fn hand_in(browser: &mut Browser, link: &str, answers: &[&str]) -> Page {
    let page = open_link(browser, link).await;
    answered(&page, answers).send(browser).await
}

/// The row of the gradebook's page that has this text in its heading.
async fn gradebook_row(browser: &mut Browser, heading: &str) -> String {
    let page = browser.open("/platform/gradebook").await;
    assert_eq!(page.heading(), "Grades", "{}", page.answer.body);
    let mut rows = page.answer.body.split("<tr>").filter(|row| row.contains("scope=\"row\"") && row.contains(heading));
    let row = rows.next().unwrap_or_else(|| panic!("no row {heading}: {}", page.answer.body));
    row.split("</tr>").next().unwrap_or_default().to_owned()
}

/// Where the link with this text leads, on a page.
#[track_caller]
fn link_to(page: &Page, text: &str) -> String {
    let (before, _) = page.answer.body.split_once(&format!(">{text}</a>")).unwrap_or_else(|| panic!("no link {text}"));
    let (_, href) = before.rsplit_once("href=\"").expect("a link leads somewhere");
    crate::support::forms::unescaped(href.split('"').next().unwrap_or_default())
}

#[track_caller]
fn assert_says(page: &Page, text: &str) {
    assert!(page.answer.body.contains(text), "`{text}` is not on the page: {}", page.answer.body);
}

#[track_caller]
fn assert_does_not_say(page: &Page, text: &str) {
    assert!(!page.answer.body.contains(text), "`{text}` is on the page: {}", page.answer.body);
}

/// A teacher switches a fault of the mock Platform on.
async fn switch_fault(stack: &DemoStack, endpoint: &str, fault: &str, times: &str) {
    let mut browser = stack.browser_of(TEACHER).await;
    let fields = [("endpoint", endpoint), ("fault", fault), ("times", times)];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let page = browser.post("/platform/developer/faults", &fields).await;
    assert_eq!((page.answer.status, page.url.path()), (StatusCode::OK, "/platform/developer"), "{}", page.answer.body);
}

/// And all faults off.
async fn clear_faults(stack: &DemoStack) {
    let mut browser = stack.browser_of(TEACHER).await;
    let page = browser.post("/platform/developer/faults/clear", &[]).await;
    assert_eq!(page.answer.status, StatusCode::OK, "{}", page.answer.body);
}

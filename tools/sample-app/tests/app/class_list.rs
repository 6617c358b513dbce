//! The class list: who sees it, and what it shows of what the Platform gives.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::doorway::{students_launch, teachers_launch};
use crate::services::Reply;
use crate::support::OpenVisit;

const MEMBERSHIPS: &str = "GET /v1/launches/launch-1/memberships";
const LINE_ITEMS: &str = "GET /v1/launches/launch-1/line-items";
const RESULTS: &str = "GET /v1/launches/launch-1/line-items/item-1202/results";

fn member(id: &str, role: &str, name: Option<&str>) -> Value {
    json!({
        "userId": id,
        "roles": [format!("http://purl.imsglobal.org/vocab/lis/v2/membership#{role}")],
        "status": "Active",
        "name": name,
        "isInstructor": role == "Instructor",
        "isLearner": role == "Learner",
    })
}

fn page_of(members: &[Value], next: Option<&str>) -> Reply {
    let mut page = json!({"context": {"id": "7"}, "members": members, "complete": next.is_none()});
    if let Some(next) = next {
        page["next"] = json!(next);
    }
    Reply::json(200, &page)
}

fn class() -> Vec<Value> {
    let mut ada = member("41", "Instructor", Some("Ada Morgan"));
    ada["email"] = json!("ada@maple.example");
    let mut chi = member("53", "Learner", None);
    chi["status"] = json!("Inactive");
    vec![ada, member("52", "Learner", Some("Ben Ito")), chi]
}

/// A teacher's visit whose roster is the class, and whose column and results are these.
async fn teachers_visit(results: Reply) -> OpenVisit {
    let visit = OpenVisit::of(teachers_launch()).await;
    visit.doorway.on(MEMBERSHIPS, page_of(&class(), None));
    let item = |link: &str, id: &str| {
        let url = format!("https://maple.example/line-items/7/{link}");
        json!({"id": url, "lineItemId": id, "label": "Quiz", "scoreMaximum": 5})
    };
    let items = json!({"lineItems": [item("other", "item-1"), item("link-1202", "item-1202")]});
    visit.doorway.on(LINE_ITEMS, Reply::json(200, &items));
    visit.doorway.on(RESULTS, results);
    visit
}

fn bens_result() -> Reply {
    let result = json!({
        "id": "https://maple.example/r/1",
        "userId": "52",
        "resultScore": 10.0 / 3.0,
        "resultMaximum": 5,
        "comment": "Well <b>done</b>",
    });
    Reply::json(200, &json!({"results": [result]}))
}

#[tokio::test]
async fn teachers_find_the_class_list_on_their_page_and_students_do_not() {
    let link = "See the class list</a>";
    OpenVisit::of(teachers_launch()).await.get("").await.assert_says(link);
    OpenVisit::of(students_launch()).await.get("").await.assert_does_not_say(link);
}

#[tokio::test]
async fn the_list_shows_names_roles_status_and_results() {
    let visit = teachers_visit(bens_result()).await;
    let page = visit.get("/class").await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_says("<h1 id=\"class\">Class list: Physics: light and colour</h1>");
    page.assert_says(
        "<th scope=\"row\">Ada Morgan</th><td>ada@maple.example</td><td>Teacher</td><td>Active</td><td>Not graded</td>",
    );
    page.assert_says("<th scope=\"row\">Ben Ito</th><td></td><td>Student</td><td>Active</td>");
    page.assert_says("<td>3.33 of 5<br>Well &lt;b&gt;done&lt;/b&gt;</td>");
    page.assert_says(
        "<th scope=\"row\">Name not released</th><td></td><td>Student</td><td>Inactive</td><td>No result yet</td>",
    );
    page.assert_does_not_say("not complete");
}

#[tokio::test]
async fn the_class_list_is_for_teachers() {
    let mut launch = students_launch();
    launch["services"]["nrps"] = json!({});
    let visit = OpenVisit::of(launch).await;
    let page = visit.get("/class").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.assert_says("<h1>The class list is for teachers</h1>");
    assert!(visit.doorway.calls().is_empty());
}

#[tokio::test]
async fn the_class_list_needs_the_visits_cookie() {
    let visit = teachers_visit(bens_result()).await;
    let page = visit.visitor.get(&format!("{}/class", visit.path), None).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.assert_does_not_say("Ben Ito");
    assert!(visit.doorway.calls().is_empty());
}

#[tokio::test]
async fn a_roster_that_is_not_granted_is_said() {
    let words = "This course does not show its class list to Lumen.";
    let mut launch = teachers_launch();
    launch["services"]["nrps"] = Value::Null;
    let without = OpenVisit::of(launch).await;
    without.get("/class").await.assert_says(words);
    assert!(without.doorway.calls().is_empty());
    let refused = OpenVisit::of(teachers_launch()).await;
    refused.doorway.on(MEMBERSHIPS, Reply::problem(409, "memberships_not_granted"));
    let page = refused.get("/class").await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_says(words);
}

#[tokio::test]
async fn all_pages_are_followed_by_their_cursors() {
    let visit = OpenVisit::of(teachers_launch()).await;
    let pages = [(None, Some("c/1&x")), (Some("Ben Ito"), Some("c2")), (Some("Chi Lin"), None)];
    for (name, next) in pages {
        visit.doorway.on(MEMBERSHIPS, page_of(&[member("1", "Learner", name)], next));
    }
    let page = visit.get("/class").await;
    for name in ["Name not released", "Ben Ito", "Chi Lin"] {
        page.assert_says(name);
    }
    page.assert_does_not_say("not complete");
    let calls = visit.doorway.calls();
    let queries: Vec<_> =
        calls.iter().filter(|call| call.what == MEMBERSHIPS).map(|call| call.query.as_str()).collect();
    assert_eq!(queries, ["limit=100", "limit=100&cursor=c%2F1%26x", "limit=100&cursor=c2"]);
}

#[tokio::test]
async fn a_list_without_end_is_followed_ten_pages_far_and_said_to_be_incomplete() {
    let visit = OpenVisit::of(teachers_launch()).await;
    for number in 0..20 {
        let id = number.to_string();
        visit.doorway.on(MEMBERSHIPS, page_of(&[member(&id, "Learner", Some("Ben Ito"))], Some(&id)));
    }
    let page = visit.get("/class").await;
    assert_eq!(page.body.matches("Ben Ito").count(), 10);
    page.assert_says("This list is not complete.");
}

#[tokio::test]
async fn a_cursor_that_leads_to_itself_is_not_followed_in_a_circle() {
    let visit = OpenVisit::of(teachers_launch()).await;
    visit.doorway.on(MEMBERSHIPS, page_of(&[member("52", "Learner", Some("Ben Ito"))], Some("same")));
    let page = visit.get("/class").await;
    assert_eq!(page.body.matches("Ben Ito").count(), 2);
    page.assert_says("This list is not complete.");
}

#[tokio::test]
async fn a_failure_on_the_way_leaves_what_was_read() {
    let visit = OpenVisit::of(teachers_launch()).await;
    visit.doorway.on(MEMBERSHIPS, page_of(&class(), Some("c2")));
    visit.doorway.on(MEMBERSHIPS, Reply::problem(503, "platform_unavailable"));
    let page = visit.get("/class").await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_says("Ben Ito");
    page.assert_says("This list is not complete.");
}

#[tokio::test]
async fn a_roster_that_doorway_could_not_read_to_its_end_is_said_to_be_incomplete() {
    let visit = OpenVisit::of(teachers_launch()).await;
    visit.doorway.on(MEMBERSHIPS, Reply::json(200, &json!({"members": class(), "complete": false})));
    visit.get("/class").await.assert_says("This list is not complete.");
}

#[tokio::test]
async fn an_empty_course_is_said() {
    let visit = OpenVisit::of(teachers_launch()).await;
    visit.doorway.on(MEMBERSHIPS, page_of(&[], None));
    visit.get("/class").await.assert_says("Nobody is on the list.");
}

#[tokio::test]
async fn a_refusal_says_what_to_do_and_leads_back() {
    let refusals = [
        (502, "platform_refused", "Your learning platform refused"),
        (503, "platform_unavailable", "Lumen gets no answer just now"),
        (410, "launch_expired", "This visit is over"),
    ]
    .map(|(status, code, title)| (Reply::problem(status, code), title));
    let unreadable = (Reply::raw(200, &[], "<html>"), "Lumen gets no answer just now");
    for (reply, title) in refusals.into_iter().chain([unreadable]) {
        let visit = OpenVisit::of(teachers_launch()).await;
        visit.doorway.on(MEMBERSHIPS, reply);
        let page = visit.get("/class").await;
        assert!(!page.status.is_success(), "{title}");
        page.assert_says(&format!("<h1>{title}</h1>"));
        page.assert_says(&format!("<a href=\"{}\">", visit.path));
    }
}

#[tokio::test]
async fn without_results_the_list_is_still_there_and_says_why() {
    let reasons = [
        (Reply::problem(409, "results_not_granted"), "This course does not show results to Lumen."),
        (Reply::problem(503, "platform_unavailable"), "The results could not be read just now."),
    ];
    for (reply, words) in reasons {
        let page = teachers_visit(reply).await.get("/class").await;
        page.assert_says("Ben Ito");
        page.assert_says(words);
        page.assert_does_not_say("No result yet");
    }
}

#[tokio::test]
async fn a_link_without_a_column_has_no_results_and_asks_for_none() {
    let mut launch = teachers_launch();
    launch["services"]["ags"]["lineitem"] = json!("");
    let visit = OpenVisit::of(launch).await;
    visit.doorway.on(MEMBERSHIPS, page_of(&class(), None));
    visit.get("/class").await.assert_says("This link has no column in the gradebook");
    assert_eq!(visit.doorway.calls().len(), 1);
}

#[tokio::test]
async fn a_column_that_is_not_in_the_list_has_no_results() {
    let visit = OpenVisit::of(teachers_launch()).await;
    visit.doorway.on(MEMBERSHIPS, page_of(&class(), None));
    visit.doorway.on(LINE_ITEMS, Reply::json(200, &json!({"lineItems": []})));
    visit.get("/class").await.assert_says("This link has no column in the gradebook");
}

#[tokio::test]
async fn results_of_which_some_are_missing_are_said_to_be() {
    let visit = teachers_visit(Reply::json(200, &json!({"results": [], "next": "same"}))).await;
    visit.get("/class").await.assert_says("Not all results could be read.");
}

#[tokio::test]
async fn what_members_are_called_is_text() {
    let evil = "<script>alert(1)</script>";
    let mut mallory = member("66", "Learner", Some(evil));
    mallory["email"] = json!(evil);
    mallory["status"] = json!(evil);
    mallory["roles"] = json!([evil]);
    let visit = OpenVisit::of(teachers_launch()).await;
    visit.doorway.on(MEMBERSHIPS, page_of(&[mallory], None));
    let page = visit.get("/class").await;
    page.assert_says("<th scope=\"row\">&lt;script&gt;alert(1)&lt;/script&gt;</th>");
    page.assert_does_not_say("<script");
}

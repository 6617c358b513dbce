//! What became of a result: every answer of Doorway, in words.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::doorway::students_launch;
use crate::services::Reply;
use crate::support::{OpenVisit, Page};

const SCORES: &str = "POST /v1/launches/launch-1/scores";
const SCORE: &str = "GET /v1/scores/s-1";

/// Hands in a quiz at a Doorway that answers so; the visit and the page of the result.
async fn result_of(reply: Reply) -> (OpenVisit, Page) {
    let visit = OpenVisit::of(students_launch()).await;
    visit.doorway.on(SCORES, reply);
    let attempt = visit.get("").await.hidden("attempt");
    let answer = visit.post("/quiz", &[("attempt", &attempt), ("q0", "1")]).await;
    let page = visit.follow(&answer).await;
    page.assert_says("<h1>Your result: 1 of 5</h1>");
    (visit, page)
}

fn state(state: &str) -> Value {
    json!({"id": "s-1", "state": state, "timestamp": "2027-01-15T08:00:00.000Z", "lineItem": "https://maple.example/1"})
}

/// The path of the link to the score's whereabouts, below the visit.
fn delivery(visit: &OpenVisit, page: &Page) -> String {
    let (before, _) = page.body.split_once("/delivery\">").unwrap();
    let (_, path) = before.rsplit_once("href=\"").unwrap();
    format!("{}/delivery", path.strip_prefix(&visit.path).unwrap())
}

#[tokio::test]
async fn every_state_has_its_words() {
    let states = [
        (200, "delivered", "It is in your gradebook."),
        (202, "queued", "Your score is safe; it will arrive when the platform answers again."),
        (200, "superseded", "A newer score of yours has taken its place."),
        (200, "withheld", "It was not sent, because your learning platform would have removed the grade"),
        (202, "sending", "Your score is on its way."),
        (200, "pondered", "is in a state that Lumen does not know"),
    ];
    for (status, name, words) in states {
        let (_, page) = result_of(Reply::json(status, &state(name))).await;
        page.assert_says(words);
        page.assert_says("Ask where your score is now</a>");
    }
}

#[tokio::test]
async fn a_note_is_shown_as_text() {
    let mut withheld = state("withheld");
    withheld["note"] = json!("<b>Canvas</b> would wipe it");
    let (_, page) = result_of(Reply::json(200, &withheld)).await;
    page.assert_says("<p>&lt;b&gt;Canvas&lt;/b&gt; would wipe it</p>");
}

#[tokio::test]
async fn a_refusal_of_the_platform_is_told_in_its_words() {
    let words = json!({"platform": {"status": 400, "words": "User <script>52</script> is not enrolled"}});
    let (_, page) = result_of(Reply::problem_with(502, "platform_refused", words)).await;
    page.assert_says("Your result did not reach your gradebook. It is shown here only.");
    page.assert_says("Your learning platform refused.");
    page.assert_says("<li>User &lt;script&gt;52&lt;/script&gt; is not enrolled</li>");
    page.assert_says("<code>ref-4711</code>");
    page.assert_does_not_say("Send my result again");
}

#[tokio::test]
async fn a_service_that_was_taken_away_is_no_failure() {
    let (_, page) = result_of(Reply::problem(409, "scores_not_granted")).await;
    page.assert_says("This course does not take grades from Lumen; your result is shown here only.");
    page.assert_does_not_say("did not reach");
}

#[tokio::test]
async fn a_score_that_was_not_accepted_can_be_sent_again_under_its_key() {
    let (visit, page) = result_of(Reply::problem(503, "score_not_accepted")).await;
    page.assert_says("Lumen gets no answer just now");
    page.assert_says(">Send my result again</button>");
    visit.doorway.on(SCORES, Reply::json(200, &state("delivered")));
    visit.doorway.on(SCORES, Reply::json(200, &state("delivered")));
    visit.visitor.wait_seconds(60);
    let token = page.hidden("token");
    visit.post_with("/quiz", &token, &[("attempt", &page.hidden("attempt"))]).await;
    let answer = visit.post_with("/quiz", &token, &[("attempt", &page.hidden("attempt"))]).await;
    let calls = visit.doorway.calls();
    assert_eq!(calls[0].body, calls[2].body);
    assert_eq!(calls[0].headers["idempotency-key"], calls[2].headers["idempotency-key"]);
    visit.follow(&answer).await.assert_says("It is in your gradebook.");
}

#[tokio::test]
async fn other_refusals_keep_the_result_on_the_page_and_say_why() {
    let refusals = [
        (410, "launch_expired", "This visit is over."),
        (403, "deployment_disabled", "Your school's connection to Lumen is switched off."),
        (422, "score_invalid", "Lumen could not do this."),
        (401, "unauthorized", "Lumen is not set up correctly."),
    ];
    for (status, code, words) in refusals {
        let (_, page) = result_of(Reply::problem(status, code)).await;
        page.assert_says("Your result did not reach your gradebook.");
        page.assert_says(words);
        page.assert_does_not_say("Send my result again");
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_leaves_the_result_to_be_sent_again() {
    let (_, page) = result_of(Reply::raw(200, &[], "<html>")).await;
    page.assert_says("Lumen does not know whether your result reached your gradebook.");
    page.assert_says("Lumen gets no answer just now");
    page.assert_says(">Send my result again</button>");
}

#[tokio::test]
async fn where_a_queued_score_is_can_be_asked_with_all_its_attempts() {
    let (visit, page) = result_of(Reply::json(202, &state("queued"))).await;
    let mut record = state("queued");
    record["nextAttemptAt"] = json!("2027-01-15T08:05:00Z");
    record["attempts"] = json!([
        {"at": "2027-01-15T08:00:00Z", "outcome": "timeout"},
        {"at": "2027-01-15T08:01:00Z", "outcome": "refused<i>", "status": 503, "words": "Down <b>for</b> repair"},
    ]);
    visit.doorway.on(SCORE, Reply::json(200, &record));
    let page = visit.get(&delivery(&visit, &page)).await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_says("Your score is safe; it will arrive when the platform answers again.");
    page.assert_says("<time datetime=\"2027-01-15T08:05:00Z\">");
    page.assert_says("<td>timeout</td>");
    page.assert_says("<td>refused&lt;i&gt;</td><td>503 Down &lt;b&gt;for&lt;/b&gt; repair</td>");
    page.assert_says(">Ask again</a>");
}

#[tokio::test]
async fn a_score_that_arrived_meanwhile_is_said_on_the_result_as_well() {
    let (visit, page) = result_of(Reply::json(202, &state("queued"))).await;
    visit.doorway.on(SCORE, Reply::json(200, &state("delivered")));
    let path = delivery(&visit, &page);
    let whereabouts = visit.get(&path).await;
    whereabouts.assert_says("It is in your gradebook.");
    whereabouts.assert_says("There was no try to deliver it yet.");
    visit.get(path.strip_suffix("/delivery").unwrap()).await.assert_says("It is in your gradebook.");
}

#[tokio::test]
async fn a_score_that_was_given_up_is_said_with_what_to_do() {
    let (visit, page) = result_of(Reply::json(202, &state("queued"))).await;
    visit.doorway.on(SCORE, Reply::json(200, &state("failed")));
    visit.get(&delivery(&visit, &page)).await.assert_says("Please tell your teacher");
}

#[tokio::test]
async fn a_doorway_that_does_not_say_leads_back_to_the_result() {
    let (visit, page) = result_of(Reply::json(202, &state("queued"))).await;
    visit.doorway.on(SCORE, Reply::problem(503, "storage_unavailable"));
    let path = delivery(&visit, &page);
    let page = visit.get(&path).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    page.assert_says("Lumen gets no answer just now");
    page.assert_says(&format!("<a href=\"{}{}\">", visit.path, path.strip_suffix("/delivery").unwrap()));
}

#[tokio::test]
async fn what_was_never_sent_has_no_whereabouts() {
    let (visit, page) = result_of(Reply::problem(503, "score_not_accepted")).await;
    let path = format!("/results/{}", page.hidden("attempt"));
    let page = visit.get(&format!("{path}/delivery")).await;
    visit.follow(&page).await.assert_says("Send my result again");
    assert_eq!(visit.doorway.calls().len(), 1);
}

#[tokio::test]
async fn a_result_is_shown_to_its_own_visit_only() {
    let (visit, page) = result_of(Reply::json(200, &state("delivered"))).await;
    let result = delivery(&visit, &page).replace("/delivery", "");
    let (other_path, other_cookie) = visit.visitor.arrive().await;
    for path in [result.clone(), format!("{result}/delivery"), "/results/s-1/delivery".into()] {
        let stranger = visit.visitor.get(&format!("{}{path}", visit.path), Some(&other_cookie)).await;
        assert_eq!(stranger.status, StatusCode::FORBIDDEN);
        let elsewhere = visit.visitor.get(&format!("{other_path}{path}"), Some(&other_cookie)).await;
        assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(visit.doorway.calls().len(), 1);
}

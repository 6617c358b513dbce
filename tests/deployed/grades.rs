//! Scores and line items: at once, through the queue while the school is out, and out of the dead-letter queue.

use doorway_mock_platform::{Endpoint, ServiceFault, Times};
use http::Method;
use serde_json::{Value, json};

use crate::app::App;
use crate::operator::done;
use crate::school::{BEN, School};
use crate::stack::{Stack, Worker};
use crate::world::eventually;

/// The column of the video lesson; out of 100 points.
const VIDEO: &str = "link-1201";

fn grade(given: f64) -> Value {
    json!({
        "scoreGiven": given, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
    })
}

async fn send(app: &App, status: u16, launch: &str, given: f64) -> Value {
    app.expect(status, Method::POST, &format!("/v1/launches/{launch}/scores"), Some(&grade(given))).await
}

fn points(school: &School) -> Option<f64> {
    school.platform.gradebook().grade(VIDEO, BEN).and_then(|grade| grade.result_score)
}

/// A score is in the gradebook when the App is answered.
pub(crate) async fn delivered(app: &App, school: &School, launch: &str, given: f64) {
    let score = send(app, 200, launch, given).await;
    assert_eq!(score["state"], "delivered", "{score}");
    assert_eq!(points(school), Some(given * 10.0), "out of 100 points");
}

/// The school is out: the score is accepted, the worker tries in vain, and delivers it when the school is back.
pub(crate) async fn through_an_outage(app: &App, school: &mut School, launch: &str) {
    let before = points(school);
    school.close().await;
    let score = send(app, 202, launch, 8.5).await;
    let path = format!("/v1/scores/{}", score["id"].as_str().expect("a score has an id"));
    let tried = eventually("the worker's own attempt", || async {
        let record = app.get(&path).await;
        assert_ne!(record["state"], "delivered", "{record}");
        (record["attempts"].as_array().expect("attempts are listed").len() > 1).then_some(record)
    });
    let record = tried.await;
    assert_eq!(record["attempts"][1]["outcome"], "unavailable", "{record}");
    assert_eq!(points(school), before);
    school.open().await;
    eventually("the delivery", || async { (app.get(&path).await["state"] == "delivered").then_some(()) }).await;
    assert_eq!(points(school), Some(85.0));
}

/// The school was out and is back, and the worker stands still: the App's next score finds it out, and the one before is
/// delivered when the worker goes on.
pub(crate) async fn back_before_the_worker(stack: &Stack, app: &App, school: &mut School, launches: [&str; 2]) {
    stack.let_the_worker(Worker::Rest).await;
    school.close().await;
    let waiting = send(app, 202, launches[0], 9.0).await;
    school.open().await;
    // Meanwhile the school is spared: what comes then is queued too.
    let delivered = || async {
        let path = format!("/v1/launches/{}/scores", launches[1]);
        let answer = app.call(Method::POST, &path, Some(&grade(5.0))).await;
        (answer.json()["state"] == "delivered").then_some(())
    };
    eventually("a delivery", delivered).await;
    stack.let_the_worker(Worker::Work).await;
    let path = format!("/v1/scores/{}", waiting["id"].as_str().expect("a score has an id"));
    eventually("the delivery", || async { (app.get(&path).await["state"] == "delivered").then_some(()) }).await;
    assert_eq!(points(school), Some(90.0));
}

/// What the school refuses for good is dead, the operator sees it and sends it again.
pub(crate) async fn out_of_the_dead_letter_queue(stack: &Stack, app: &App, school: &mut School, launch: &str) {
    school.close().await;
    let score = send(app, 202, launch, 9.5).await;
    let id = score["id"].as_str().expect("a score has an id").to_owned();
    school.platform.faults().switch_on(Endpoint::Score, ServiceFault::NotFound, Times::All);
    school.open().await;
    let dead = || async {
        let listed = done(stack, &["scores", "list", "--state", "dead"]).await;
        listed["scores"].as_array().is_some_and(|scores| scores.iter().any(|one| one["id"] == *id)).then_some(())
    };
    eventually("the end among the dead", dead).await;
    school.platform.faults().clear();
    done(stack, &["scores", "retry", &id]).await;
    let path = format!("/v1/scores/{id}");
    eventually("the delivery", || async { (app.get(&path).await["state"] == "delivered").then_some(()) }).await;
    assert_eq!(points(school), Some(95.0));
}

/// Line items, made once and found again, and the results in them.
pub(crate) async fn columns(app: &App, launch: &str) {
    let path = format!("/v1/launches/{launch}/line-items");
    let column = json!({ "label": "Project", "scoreMaximum": 20, "resourceId": "lesson-7", "tag": "grade" });
    let find_or_create = format!("{path}?findOrCreate=true");
    let made = app.expect(201, Method::POST, &find_or_create, Some(&column)).await;
    let found = app.expect(200, Method::POST, &find_or_create, Some(&column)).await;
    assert_eq!(made, found);
    let id = made["lineItemId"].as_str().expect("a line item has an id for paths");
    let one = format!("{path}/{id}");
    let changed = app.expect(200, Method::PUT, &one, Some(&json!({ "label": "Final project" }))).await;
    assert_eq!((&changed["label"], &changed["tag"]), (&json!("Final project"), &json!("grade")));
    assert_eq!(app.get(&one).await, changed);
    let listed = app.get(&path).await;
    assert!(listed["lineItems"].as_array().is_some_and(|items| items.contains(&changed)), "{listed}");
    assert_eq!(app.get(&format!("{one}/results")).await["results"], json!([]));
    app.expect(204, Method::DELETE, &one, None).await;
}

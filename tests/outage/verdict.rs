//! What must be true when nothing waits any more.

use std::collections::{BTreeSet, HashMap};

use doorway_mock_platform::AppliedScore;
use doorway_tests::TestTool;
use serde_json::Value;

use crate::app::App;
use crate::record::{Record, Told};
use crate::schools::Outpost;

/// What became of all scores that were accepted.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Counts {
    /// The Tool said 200 or 202.
    pub accepted: usize,
    /// The Platform has them.
    pub delivered: usize,
    /// The Platform has a newer one.
    pub superseded: usize,
    /// They are in the dead-letter queue.
    pub dead: usize,
    /// Attempts on record.
    pub attempts: usize,
}

/// Checks everything that is promised; the counts.
///
/// # Panics
/// When a promise is broken.
pub async fn reach(tool: &TestTool, app: &App, outposts: &[Outpost]) -> Counts {
    assert_eq!(tool.parts.queues.scores.bodies(), Vec::<String>::new(), "messages wait in the queue");
    let waiting = tool.parts.scores().waiting().await.expect("the table is there");
    assert_eq!(waiting, [], "submissions wait in the table");
    let ids: BTreeSet<&str> = app.accepted.iter().map(|accepted| accepted.id.as_str()).collect();
    assert_eq!(ids.len(), app.accepted.len(), "two scores were given one id");

    let records = records(tool, app, outposts).await;
    let faults: Vec<String> =
        records.iter().filter_map(|record| Some(format!("{}\n{record}", record.fault()?))).collect();
    assert!(faults.is_empty(), "{} of {} lanes are wrong: {}", faults.len(), records.len(), faults.join("\n"));
    check_dead_letters(tool, &records);
    count(&records)
}

/// All lanes, with everything that the Tool and the Platforms know of them.
async fn records<'a>(tool: &TestTool, app: &'a App, outposts: &'a [Outpost]) -> Vec<Record<'a>> {
    let mut applied: HashMap<(usize, String, String), Vec<AppliedScore>> = HashMap::new();
    for (number, outpost) in outposts.iter().enumerate() {
        for score in outpost.school.platform.gradebook().applied_scores() {
            applied.entry((number, score.line_item.clone(), score.user_id.clone())).or_default().push(score);
        }
    }
    let cell = |school: usize, line_item: &str, user_id: &str| (school, line_item.to_owned(), user_id.to_owned());
    let mut records: Vec<Record<'a>> = Vec::new();
    for lane in &app.lanes {
        let applied = applied.remove(&cell(lane.school, lane.line_item(), &lane.user_id)).unwrap_or_default();
        let gradebook = outposts[lane.school].school.platform.gradebook();
        let grade = gradebook.grade(lane.line_item(), &lane.user_id);
        records.push(Record { lane, told: Vec::new(), applied, grade });
    }
    assert!(applied.is_empty(), "scores that nobody submitted were applied: {applied:?}");
    for accepted in &app.accepted {
        let told = tool.api("GET", &format!("/v1/scores/{}", accepted.id)).await.json();
        records[accepted.lane].told.push(Told { accepted, told });
    }
    records
}

/// Every failed score is in the dead-letter queue, and nothing else is.
fn check_dead_letters(tool: &TestTool, records: &[Record<'_>]) {
    let id = |body: &String| -> Value { serde_json::from_str(body).expect("a message is JSON") };
    let bodies = tool.parts.queues.dead.bodies();
    let dead: BTreeSet<String> = bodies.iter().map(|body| id(body)["submissionId"].to_string()).collect();
    let failed = records.iter().flat_map(|record| &record.told).filter(|told| told.state() == "failed");
    let failed: BTreeSet<String> = failed.map(|told| Value::from(told.accepted.id.as_str()).to_string()).collect();
    assert_eq!(dead, failed, "the dead-letter queue holds what failed, and nothing else");
}

fn count(records: &[Record<'_>]) -> Counts {
    let mut counts = Counts::default();
    for told in records.iter().flat_map(|record| &record.told) {
        counts.accepted += 1;
        counts.delivered += usize::from(told.state() == "delivered");
        counts.superseded += usize::from(told.state() == "superseded");
        counts.dead += usize::from(told.state() == "failed");
        counts.attempts += told.told["attempts"].as_array().map_or(0, Vec::len);
    }
    counts
}

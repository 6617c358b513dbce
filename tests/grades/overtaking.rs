//! Whatever an App sends, whatever fails, and whenever the worker comes: at the end the Platform has the newest grade.
//!
//! A model of the rules of a lane: a grade whose event is older than that of the grade before is superseded at once; of all
//! others the last one counts, each earlier one arrived before it or was overtaken, and progress wipes none.

use std::time::Duration;

use doorway_core::date::rfc3339;
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::timestamp::Timestamp;
use doorway_mock_platform::{Profile, ServiceFault};
use doorway_tests::Answer;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::support::{Class, progress, settled_as, with};

/// How long one sequence may take, in real time.
const SOON: Duration = Duration::from_secs(120);

#[derive(Debug, Clone)]
enum Event {
    /// A grade, of an event so many seconds ago if the App says so; and whether the App waits.
    Grade { ago: Option<u64>, waits: bool },
    /// The learner works on it.
    Progress { waits: bool },
    /// The Platform fails at the next so many scores.
    Fail(usize, ServiceFault),
    /// So many seconds pass.
    Pass(u64),
    /// The worker comes.
    Poll,
}

fn event() -> impl Strategy<Value = Event> {
    let fault = select(vec![
        ServiceFault::ServiceUnavailable,
        ServiceFault::AppliedButLost,
        ServiceFault::Unauthorized,
        ServiceFault::TooManyRequests { retry_after_seconds: 30 },
    ]);
    prop_oneof![
        4 => (prop::option::of(0..90u64), any::<bool>()).prop_map(|(ago, waits)| Event::Grade { ago, waits }),
        1 => any::<bool>().prop_map(|waits| Event::Progress { waits }),
        2 => (1..3usize, fault).prop_map(|(times, fault)| Event::Fail(times, fault)),
        2 => (0..400u64).prop_map(Event::Pass),
        2 => Just(Event::Poll),
    ]
}

/// What was accepted, and what must be there at the end.
#[derive(Default)]
struct Model {
    /// Every submission that the Tool took.
    ids: Vec<String>,
    /// The grade that counts: its id, its points, and when its event was, in Unix seconds.
    newest: Option<(String, f64, u64)>,
}

async fn send(class: &Class, score: &Value, waits: bool) -> Answer {
    let headers: &[(&str, &str)] = if waits { &[] } else { &[("prefer", "respond-async")] };
    class.send_with(score, headers).await
}

impl Model {
    async fn apply(&mut self, class: &Class, event: &Event) {
        match event {
            Event::Grade { ago, waits } => {
                let now = class.tool.now();
                let happened = now - ago.unwrap_or_default();
                let points = self.ids.len() as f64 + 1.0;
                let score = json!({
                    "scoreGiven": points, "scoreMaximum": 100, "activityProgress": "Completed",
                    "gradingProgress": "FullyGraded", "timestamp": ago.map(|_| rfc3339(UnixSeconds(happened))),
                });
                let answer = send(class, &with(score, &json!({})), *waits).await;
                if ago.is_some() && self.newest.as_ref().is_some_and(|(_, _, newest)| happened < *newest) {
                    self.ids.push(settled_as(&answer, "superseded"));
                } else {
                    let id = self.taken(&answer);
                    self.newest = Some((id, points, happened));
                }
            }
            Event::Progress { waits } => {
                let answer = send(class, &progress(), *waits).await;
                let id = self.taken(&answer);
                // A grade that was accepted is not wiped by progress.
                assert!(self.newest.is_none() || class.state(&id).await == "withheld", "{}", answer.body);
            }
            Event::Fail(times, fault) => class.fail_scores(*times, fault.clone()),
            Event::Pass(seconds) => class.tool.clock.advance(*seconds),
            Event::Poll => drop(class.poll().await),
        }
    }

    fn taken(&mut self, answer: &Answer) -> String {
        assert!([200, 202].contains(&answer.status.as_u16()), "{}", answer.body);
        let id = answer.json()["id"].as_str().expect("a score has an id").to_owned();
        self.ids.push(id.clone());
        id
    }
}

async fn at_the_end_the_newest_counts(profile: Profile, events: Vec<Event>) {
    let class = Class::of(profile).await;
    let mut model = Model::default();
    for event in &events {
        model.apply(&class, event).await;
    }
    class.settle().await;
    assert_eq!(class.queue_lengths(), (0, 0), "nothing waits, and nothing is dead");
    for id in &model.ids {
        let state = class.state(id).await;
        assert!(["delivered", "superseded", "withheld"].contains(&state.as_str()), "{state}");
    }
    let applied = class.applied();
    let moments: Vec<_> = applied.iter().map(|score| Timestamp::parse(&score.timestamp)).collect();
    assert!(
        moments.iter().all(Option::is_some) && moments.is_sorted_by(|one, next| one < next),
        "each once, and in their order: {moments:?}"
    );
    if let Some((id, points, _)) = model.newest {
        assert_eq!(class.state(&id).await, "delivered");
        let shares = class.grade().and_then(|grade| Some(grade.result_score? / grade.result_maximum * 100.0));
        assert!(shares.is_some_and(|share| (share - points).abs() < 0.01), "{shares:?} instead of {points}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_newest_grade_is_the_platforms_whatever_came_between(
        profile in select(vec![Profile::Plain, Profile::Moodle, Profile::Brightspace]),
        events in prop::collection::vec(event(), 2..14),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let run = async { tokio::time::timeout(SOON, at_the_end_the_newest_counts(profile, events)).await };
        runtime.block_on(run).expect("it ends");
    }
}

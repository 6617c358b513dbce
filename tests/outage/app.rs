//! The App: it submits scores, each learner's in their order, and repeats what it has no answer to.

use doorway_tests::{Answer, TestTool};
use http::StatusCode;
use http::header::RETRY_AFTER;
use serde_json::{Value, json};

use crate::cut_short::CutShort;
use crate::dice::Dice;
use crate::schools::{LINKS, Outpost};
use crate::time::SimulatedTime;

/// What all scores are out of. The points given are the score's place in its lane, from 1.
pub const SCORE_MAXIMUM: u32 = 100;
/// The student ids of the mock Platforms' roster begin here.
const FIRST_STUDENT: usize = 1001;
/// How often a score is sent until it is accepted. The App waits longer every time.
const TRIES: u32 = 8;
/// How long the App waits before it sends again, in seconds, unless it is told.
const RETRY_SECONDS: u64 = 10;

/// One learner's scores for one line item.
#[derive(Debug, Clone)]
pub struct Lane {
    /// Which Platform.
    pub school: usize,
    /// Which of the [`LINKS`].
    pub link: usize,
    /// Whose.
    pub user_id: String,
    /// Whether the Platform knows the learner. If not, it refuses every score.
    pub is_known: bool,
    /// How many scores were submitted.
    pub submitted: u32,
}

impl Lane {
    /// The line item's id at the Platform.
    pub fn line_item(&self) -> &'static str {
        LINKS[self.link].1
    }
}

/// A score that the Tool has accepted.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The submission's id.
    pub id: String,
    /// Its lane.
    pub lane: usize,
    /// Its place in the lane.
    pub place: u32,
}

/// The App, and what it knows.
pub struct App {
    /// All lanes.
    pub lanes: Vec<Lane>,
    /// Every score that was accepted.
    pub accepted: Vec<Accepted>,
    /// How many submissions were cut short.
    pub cut_short: u32,
    /// How many submissions were repeated although they were accepted.
    pub repeated: u32,
    /// How many scores the App was told at once that the Platform refuses.
    pub refused: u32,
    dice: Dice,
}

/// A score on its way to the Tool.
struct Sending {
    uri: String,
    body: Value,
    headers: Vec<(&'static str, String)>,
}

impl App {
    /// An App with so many learners at each of so many Platforms, and a few whom the Platforms do not know.
    pub fn new(schools: usize, learners: usize, strangers: usize, dice: Dice) -> Self {
        let lane = |school, link, user_id, is_known| Lane { school, link, user_id, is_known, submitted: 0 };
        let known = (0..schools).flat_map(|school| {
            (0..learners).map(move |n| lane(school, n % LINKS.len(), (FIRST_STUDENT + n).to_string(), true))
        });
        let unknown = (0..schools).flat_map(|school| {
            (0..strangers).map(move |n| lane(school, n % LINKS.len(), format!("nobody-{n}"), false))
        });
        let lanes = known.chain(unknown).collect();
        Self { lanes, accepted: Vec::new(), cut_short: 0, repeated: 0, refused: 0, dice }
    }

    /// So many turns for every lane, in an order of chance.
    pub fn turns(&mut self, is_known: bool, each: usize) -> Vec<usize> {
        let wanted = (0..self.lanes.len()).filter(|lane| self.lanes[*lane].is_known == is_known);
        let mut turns: Vec<usize> = wanted.flat_map(|lane| std::iter::repeat_n(lane, each)).collect();
        self.dice.shuffle(&mut turns);
        turns
    }

    /// Submits the next score of a lane, until it is accepted or the App is told that it is refused.
    pub async fn submit(&mut self, tool: &TestTool, outposts: &[Outpost], time: &SimulatedTime, lane: usize) {
        self.lanes[lane].submitted += 1;
        let place = self.lanes[lane].submitted;
        let has_key = self.dice.percent(80);
        let sending = self.sending(outposts, time, lane, place, has_key);
        let mut polls = (has_key && self.dice.percent(15)).then(|| 1 + self.dice.below(15));
        let mut last = None;
        for tried in 0..TRIES {
            let Some(answer) = sending.send(tool, polls.take()).await else {
                self.cut_short += 1;
                continue;
            };
            match answer.status {
                StatusCode::OK | StatusCode::ACCEPTED => {
                    let id = id_of(&answer);
                    if has_key && self.dice.percent(15) {
                        self.repeat(tool, &sending, &id).await;
                    }
                    self.accepted.push(Accepted { id, lane, place });
                    return;
                }
                StatusCode::BAD_GATEWAY => {
                    self.refused += 1;
                    return;
                }
                StatusCode::SERVICE_UNAVAILABLE => {
                    let seconds: u64 = answer.header(RETRY_AFTER).parse().unwrap_or(RETRY_SECONDS);
                    time.advance_millis(seconds * 1000 * 2u64.pow(tried));
                    last = Some(answer.body);
                }
                other => panic!("a score was answered with {other}: {}", answer.body),
            }
        }
        panic!("a score was not accepted in {TRIES} tries: {last:?}");
    }

    /// The App repeats a request to be sure: it is the same score.
    async fn repeat(&mut self, tool: &TestTool, sending: &Sending, id: &str) {
        self.repeated += 1;
        let again = sending.send(tool, None).await.expect("it is not cut short");
        assert!(again.status.is_success(), "a repeated score was answered with {}: {}", again.status, again.body);
        assert_eq!(id_of(&again), id, "a repeated score is another");
    }

    fn sending(
        &mut self,
        outposts: &[Outpost],
        time: &SimulatedTime,
        lane: usize,
        place: u32,
        has_key: bool,
    ) -> Sending {
        let Lane { school, link, user_id, .. } = &self.lanes[lane];
        let mut body = json!({
            "userId": user_id, "scoreGiven": place, "scoreMaximum": SCORE_MAXIMUM,
            "activityProgress": "Completed", "gradingProgress": "FullyGraded",
        });
        if self.dice.percent(20) {
            let now = doorway_core::clock::Timestamp::from_millis(time.now() * 1000);
            body["timestamp"] = json!(now);
        }
        let mut headers = Vec::new();
        if has_key {
            headers.push(("idempotency-key", format!("lane-{lane}-score-{place}")));
        }
        if self.dice.percent(20) {
            headers.push(("prefer", "respond-async".to_owned()));
        }
        Sending { uri: format!("/v1/launches/{}/scores", outposts[*school].launches[*link]), body, headers }
    }
}

impl Sending {
    /// The answer; `None` when it was cut short after so many polls.
    async fn send(&self, tool: &TestTool, polls: Option<u64>) -> Option<Answer> {
        let headers: Vec<(&str, &str)> = self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = tool.api_json("POST", &self.uri, &self.body, &headers);
        match polls {
            Some(polls) => CutShort::after(polls, answer).await,
            None => Some(answer.await),
        }
    }
}

fn id_of(answer: &Answer) -> String {
    answer.json()["id"].as_str().expect("an accepted score has an id").to_owned()
}

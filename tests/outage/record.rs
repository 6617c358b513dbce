//! Everything that is known of one lane at the end, and what is promised of it.

use std::collections::BTreeSet;
use std::fmt;

use doorway_core::clock::Timestamp;
use doorway_mock_platform::{AppliedScore, Grade};
use serde_json::Value;

use crate::app::{Accepted, Lane, SCORE_MAXIMUM};

/// A submission that was accepted, as the App API tells of it.
pub struct Told<'a> {
    /// What was accepted.
    pub accepted: &'a Accepted,
    /// The answer of `GET /v1/scores/{id}`.
    pub told: Value,
}

/// A lane at the end.
pub struct Record<'a> {
    /// Which.
    pub lane: &'a Lane,
    /// What the Tool accepted in it, oldest first.
    pub told: Vec<Told<'a>>,
    /// What the Platform applied, in its order.
    pub applied: Vec<AppliedScore>,
    /// What the learner has now.
    pub grade: Option<Grade>,
}

impl Told<'_> {
    /// Where it stands.
    pub fn state(&self) -> &str {
        self.told["state"].as_str().unwrap_or("unknown")
    }
}

impl Record<'_> {
    /// The promise that is broken, if one is.
    pub fn fault(&self) -> Option<String> {
        self.gone_back().or_else(|| if self.lane.is_known { self.not_delivered() } else { self.not_refused() })
    }

    /// The gradebook never goes back, and what comes twice is the same, byte for byte.
    fn gone_back(&self) -> Option<String> {
        let order = |score: &AppliedScore| (instant(score), place(score));
        self.applied.windows(2).find_map(|pair| {
            let ((earlier, older), (later, newer)) = (order(&pair[0]), order(&pair[1]));
            let is_same = pair[0].body == pair[1].body;
            let is_later = earlier < later && older < newer;
            (!is_same && !is_later).then(|| format!("score {newer} was applied after score {older}"))
        })
    }

    /// Every score is delivered or superseded; the newest is the grade.
    fn not_delivered(&self) -> Option<String> {
        let newest = self.told.iter().map(|told| told.accepted.place).max()?;
        let places: BTreeSet<u32> = self.applied.iter().map(place).collect();
        if places.last() != Some(&newest) {
            return Some(format!("score {newest} is the newest that was accepted, but not the last applied"));
        }
        let points = self.grade.as_ref().and_then(|grade| grade.result_score.zip(Some(grade.result_maximum)));
        let expected = f64::from(newest) / f64::from(SCORE_MAXIMUM);
        if points.is_none_or(|(score, maximum)| (score / maximum - expected).abs() > 1e-9) {
            return Some(format!("the grade is {points:?}, not score {newest}"));
        }
        self.told.iter().find_map(|told| {
            let place = told.accepted.place;
            match told.state() {
                "delivered" if places.contains(&place) => None,
                "delivered" => Some(format!("score {place} is said to be delivered, but was never applied")),
                "superseded" if self.is_overtaken(place) => None,
                state => Some(format!("score {place} is {state}")),
            }
        })
    }

    /// Whether a newer score was delivered.
    fn is_overtaken(&self, place: u32) -> bool {
        self.told.iter().any(|told| told.accepted.place > place && told.state() == "delivered")
    }

    /// A stranger's scores are refused, and nothing is applied.
    fn not_refused(&self) -> Option<String> {
        let not_failed = self.told.iter().find(|told| told.state() != "failed");
        let not_failed = not_failed.map(|told| format!("score {} is {}", told.accepted.place, told.state()));
        not_failed.or_else(|| (!self.applied.is_empty()).then(|| "a score of a stranger was applied".to_owned()))
    }
}

/// For whoever has to find out what happened.
impl fmt::Display for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.lane)?;
        for told in &self.told {
            writeln!(f, "accepted {}: {}", told.accepted.place, told.told)?;
        }
        self.applied.iter().try_for_each(|score| writeln!(f, "applied: {}", score.body))
    }
}

fn place(score: &AppliedScore) -> u32 {
    let given = score.score_given.expect("every score here has points");
    (1..=SCORE_MAXIMUM).find(|place| f64::from(*place) == given).expect("the points are a place")
}

fn instant(score: &AppliedScore) -> Timestamp {
    Timestamp::parse(&score.timestamp).expect("the platform took the timestamp")
}

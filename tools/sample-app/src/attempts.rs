//! Attempts at the quiz of a visit.
//!
//! An attempt's id is in the quiz's form, and is the idempotency key of its score: however often a form is handed in,
//! its first answers count, and the same score is sent under the same key.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::app_api::{ApiError, ScoreReceipt};
use crate::lessons::Answers;
use crate::random;

/// Attempts that a visit keeps; the oldest makes room.
const CAPACITY: usize = 20;

/// What Doorway said when the score was sent.
pub(crate) type Delivery = Result<ScoreReceipt, Arc<ApiError>>;

/// Answers that were handed in. Times are in unix seconds.
#[derive(Debug, Clone)]
pub(crate) struct HandedIn {
    pub(crate) answers: Answers,
    pub(crate) started_at: u64,
    pub(crate) submitted_at: u64,
    /// Nothing, as long as Doorway was not asked or has not answered.
    pub(crate) delivery: Option<Delivery>,
}

struct Attempt {
    id: String,
    started_at: u64,
    handed_in: Option<HandedIn>,
}

/// The attempts of one visit.
#[derive(Default)]
pub(crate) struct Attempts {
    attempts: Mutex<VecDeque<Attempt>>,
}

impl Attempts {
    /// The id of the attempt that is open. Opening the page twice begins one attempt.
    pub(crate) fn begin(&self, now: u64) -> String {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = attempts.iter().find(|attempt| attempt.handed_in.is_none()) {
            return open.id.clone();
        }
        if attempts.len() >= CAPACITY {
            attempts.pop_front();
        }
        let id = random::token::<16>();
        attempts.push_back(Attempt { id: id.clone(), started_at: now, handed_in: None });
        id
    }

    /// Hands in answers, and gives those that count: the first ones of this attempt.
    pub(crate) fn hand_in(&self, id: &str, answers: &Answers, now: u64) -> Option<HandedIn> {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let attempt = attempts.iter_mut().find(|attempt| attempt.id == id)?;
        let started_at = attempt.started_at;
        let handed_in = attempt.handed_in.get_or_insert_with(|| HandedIn {
            answers: answers.clone(),
            started_at,
            submitted_at: now.max(started_at),
            delivery: None,
        });
        Some(handed_in.clone())
    }

    /// What was handed in with this attempt.
    pub(crate) fn find(&self, id: &str) -> Option<HandedIn> {
        let attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.iter().find(|attempt| attempt.id == id)?.handed_in.clone()
    }

    /// Notes what Doorway said. Once it has taken the score, a later failure does not undo that.
    pub(crate) fn note(&self, id: &str, delivery: Delivery) {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let attempt = attempts.iter_mut().find(|attempt| attempt.id == id);
        let Some(handed_in) = attempt.and_then(|attempt| attempt.handed_in.as_mut()) else { return };
        if delivery.is_ok() || !matches!(handed_in.delivery, Some(Ok(_))) {
            handed_in.delivery = Some(delivery);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Attempts, CAPACITY};
    use crate::app_api::{ApiError, ScoreReceipt, ScoreState};

    #[test]
    fn opening_the_page_again_begins_no_second_attempt() {
        let attempts = Attempts::default();
        let id = attempts.begin(100);
        assert_eq!(attempts.begin(200), id);
        attempts.hand_in(&id, &vec![Some(1)], 300).unwrap();
        assert_ne!(attempts.begin(400), id);
    }

    #[test]
    fn the_first_answers_of_an_attempt_count() {
        let attempts = Attempts::default();
        let id = attempts.begin(100);
        attempts.hand_in(&id, &vec![Some(1)], 160).unwrap();
        let again = attempts.hand_in(&id, &vec![Some(0)], 170).unwrap();
        assert_eq!((again.answers, again.started_at, again.submitted_at), (vec![Some(1)], 100, 160));
    }

    #[test]
    fn a_clock_that_went_back_hands_nothing_in_before_it_began() {
        let attempts = Attempts::default();
        let id = attempts.begin(100);
        assert_eq!(attempts.hand_in(&id, &Vec::new(), 90).unwrap().submitted_at, 100);
    }

    #[test]
    fn what_was_not_handed_in_is_not_found() {
        let attempts = Attempts::default();
        let id = attempts.begin(100);
        assert!(attempts.find(&id).is_none());
        assert!(attempts.find("other").is_none());
        assert!(attempts.hand_in("other", &Vec::new(), 100).is_none());
    }

    #[test]
    fn a_late_failure_does_not_undo_a_success() {
        let attempts = Attempts::default();
        let id = attempts.begin(100);
        attempts.hand_in(&id, &Vec::new(), 100).unwrap();
        let receipt = ScoreReceipt { id: "s".into(), state: ScoreState::Queued, note: None };
        for delivery in [Err(Arc::new(ApiError::NoPage)), Ok(receipt.clone()), Err(Arc::new(ApiError::NoPage))] {
            attempts.note(&id, delivery);
        }
        assert_eq!(attempts.find(&id).unwrap().delivery.unwrap().unwrap(), receipt);
    }

    #[test]
    fn the_oldest_attempt_makes_room() {
        let attempts = Attempts::default();
        let ids: Vec<_> = (0..=CAPACITY)
            .map(|_| {
                let id = attempts.begin(0);
                attempts.hand_in(&id, &Vec::new(), 0).unwrap();
                id
            })
            .collect();
        assert!(attempts.find(&ids[0]).is_none());
        assert!(attempts.find(&ids[1]).is_some());
    }
}

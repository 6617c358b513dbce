//! The queue in this process: for the local stack and the tests. It keeps SQS's contract, by a clock that is given.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Received;
use crate::clock::{Clock, UnixSeconds};

/// As many as SQS hands out at once.
const BATCH: usize = 10;

struct Message {
    body: String,
    visible_at: UnixSeconds,
    receive_count: u32,
}

#[derive(Default)]
struct State {
    /// By the order in which they came.
    messages: BTreeMap<u64, Message>,
    last_id: u64,
}

/// Where messages go that were received too often.
struct DeadLetters {
    queue: Arc<LocalQueue>,
    after_receives: u32,
}

/// A queue in memory.
pub struct LocalQueue {
    clock: Arc<dyn Clock>,
    visibility_seconds: u32,
    dead_letters: Option<DeadLetters>,
    state: Mutex<State>,
}

impl LocalQueue {
    /// An empty queue whose received messages are invisible for `visibility_seconds`.
    pub fn new(clock: Arc<dyn Clock>, visibility_seconds: u32) -> Self {
        Self { clock, visibility_seconds, dead_letters: None, state: Mutex::default() }
    }

    /// Moves a message that was received `after_receives` times, and is visible again, to `queue`.
    #[must_use]
    pub fn with_dead_letters(self, queue: Arc<LocalQueue>, after_receives: u32) -> Self {
        Self { dead_letters: Some(DeadLetters { queue, after_receives }), ..self }
    }

    /// How many messages are in it, visible or not.
    pub fn len(&self) -> usize {
        self.lock().messages.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bodies of all messages, visible or not.
    pub fn bodies(&self) -> Vec<String> {
        self.lock().messages.values().map(|message| message.body.clone()).collect()
    }

    /// When the next message is visible, if there is any.
    pub fn next_visible_at(&self) -> Option<UnixSeconds> {
        self.lock().messages.values().map(|message| message.visible_at).min()
    }

    /// Sends a message, visible after `delay_seconds`.
    pub fn send(&self, body: &str, delay_seconds: u32) {
        let visible_at = self.in_seconds(delay_seconds);
        let mut state = self.lock();
        state.last_id += 1;
        let id = state.last_id;
        state.messages.insert(id, Message { body: body.to_owned(), visible_at, receive_count: 0 });
    }

    /// At most ten messages that are visible now.
    pub fn receive(&self) -> Vec<Received> {
        let (now, until) = (self.clock.now(), self.in_seconds(self.visibility_seconds));
        let mut state = self.lock();
        self.bury(&mut state, now);
        let visible = state.messages.iter_mut().filter(|(_, message)| message.visible_at <= now).take(BATCH);
        visible
            .map(|(id, message)| {
                message.receive_count += 1;
                message.visible_at = until;
                let receipt = format!("{id}-{}", message.receive_count);
                Received { message_id: id.to_string(), receipt, body: message.body.clone() }
            })
            .collect()
    }

    /// Deletes a received message, by the receipt of any receiving of it, as SQS mostly does.
    pub fn delete(&self, receipt: &str) {
        if let Some((id, _)) = parts(receipt) {
            self.lock().messages.remove(&id);
        }
    }

    /// Keeps a received message invisible for so long from now. An older receipt changes nothing.
    pub fn change_visibility(&self, receipt: &str, seconds: u32) {
        let visible_at = self.in_seconds(seconds);
        let Some((id, receive_count)) = parts(receipt) else { return };
        if let Some(message) = self.lock().messages.get_mut(&id).filter(|m| m.receive_count == receive_count) {
            message.visible_at = visible_at;
        }
    }

    fn bury(&self, state: &mut State, now: UnixSeconds) {
        let Some(dead_letters) = &self.dead_letters else { return };
        let is_dead =
            |message: &mut Message| message.visible_at <= now && message.receive_count >= dead_letters.after_receives;
        for (_, message) in state.messages.extract_if(.., |_, message| is_dead(message)) {
            dead_letters.queue.send(&message.body, 0);
        }
    }

    fn in_seconds(&self, seconds: u32) -> UnixSeconds {
        UnixSeconds(self.clock.now().0 + u64::from(seconds))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The message and the receiving that a receipt names.
fn parts(receipt: &str) -> Option<(u64, u32)> {
    let (id, receive_count) = receipt.split_once('-')?;
    Some((id.parse().ok()?, receive_count.parse().ok()?))
}

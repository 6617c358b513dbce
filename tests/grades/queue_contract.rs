//! What every queue promises, written once over [`Queue`]: each function is one promise, and runs on each kind of queue.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use doorway_core::clock::ManualClock;
use doorway_core::queue::{Queue, Received};

/// How long a received message is invisible in these queues, in seconds.
pub(crate) const VISIBILITY_SECONDS: u32 = 1;
/// How often a message is received before it is dead in these queues.
pub(crate) const MAX_RECEIVES: u32 = 2;
/// How often a queue is asked for what must come, once a second.
const MOST_ASKS: usize = 10;

/// How time passes for a queue.
pub(crate) enum Time {
    /// By this clock.
    Manual(Arc<ManualClock>),
    /// By itself.
    Real,
}

/// A queue with its dead-letter queue, both empty.
pub(crate) struct Bench {
    pub(crate) queue: Queue,
    pub(crate) dead_letters: Queue,
    pub(crate) time: Time,
}

impl Bench {
    async fn pass(&self, seconds: u64) {
        match &self.time {
            Time::Manual(clock) => clock.advance(seconds),
            Time::Real => tokio::time::sleep(Duration::from_secs(seconds)).await,
        }
    }

    async fn receive(&self) -> Vec<Received> {
        self.queue.receive().await.expect("the queue serves")
    }

    /// The messages that come next, as soon as there are any.
    async fn await_messages(&self, queue: &Queue) -> Vec<Received> {
        for _ in 0..MOST_ASKS {
            let received = queue.receive().await.expect("the queue serves");
            if !received.is_empty() {
                return received;
            }
            self.pass(1).await;
        }
        panic!("no message comes");
    }

    async fn await_one(&self) -> Received {
        let mut received = self.await_messages(&self.queue).await;
        assert_eq!(received.len(), 1, "{received:?}");
        received.remove(0)
    }

    async fn send(&self, body: &str) {
        self.queue.send(body, 0).await.expect("the queue serves");
    }
}

pub(crate) async fn an_empty_queue_has_no_messages(bench: &Bench) {
    assert_eq!(bench.receive().await, []);
    assert_eq!(bench.dead_letters.receive().await.expect("the queue serves"), []);
}

pub(crate) async fn what_was_sent_is_received_as_it_was(bench: &Bench) {
    let body = "{\"submissionId\":\"x\"}\n<&> \"quoted\" Zoë 👏";
    bench.send(body).await;
    let received = bench.await_one().await;
    assert_eq!(received.body, body);
    assert!(!received.message_id.is_empty() && !received.receipt.is_empty());
}

pub(crate) async fn a_received_message_is_invisible_and_then_comes_again(bench: &Bench) {
    bench.send("again").await;
    let first = bench.await_one().await;
    assert_eq!(bench.receive().await, [], "invisible");
    bench.pass(u64::from(VISIBILITY_SECONDS)).await;
    let second = bench.await_one().await;
    assert_eq!((&second.message_id, &second.body), (&first.message_id, &first.body));
    assert_ne!(second.receipt, first.receipt, "a receiving has a receipt of its own");
}

pub(crate) async fn a_deleted_message_never_comes_again(bench: &Bench) {
    bench.send("done").await;
    let received = bench.await_one().await;
    bench.queue.delete(&received.receipt).await.expect("the queue serves");
    bench.pass(u64::from(VISIBILITY_SECONDS) + 1).await;
    assert_eq!(bench.receive().await, []);
}

pub(crate) async fn deleting_what_is_gone_is_no_error(bench: &Bench) {
    bench.send("done").await;
    let received = bench.await_one().await;
    bench.queue.delete(&received.receipt).await.expect("the queue serves");
    bench.queue.delete(&received.receipt).await.expect("what is gone is deleted already");
}

pub(crate) async fn a_delayed_message_comes_after_its_delay(bench: &Bench) {
    bench.queue.send("later", 2).await.expect("the queue serves");
    bench.send("now").await;
    assert_eq!(bench.await_one().await.body, "now");
    assert_eq!(bench.receive().await, [], "not yet");
    bench.pass(2).await;
    let bodies: BTreeSet<_> = bench.await_messages(&bench.queue).await.into_iter().map(|m| m.body).collect();
    assert!(bodies.contains("later"), "{bodies:?}");
}

/// SQS takes no delay above fifteen minutes: the port shortens it rather than fail.
pub(crate) async fn a_delay_that_is_too_long_is_shortened(bench: &Bench) {
    bench.queue.send("much later", u32::MAX).await.expect("the queue serves");
    assert_eq!(bench.receive().await, []);
}

pub(crate) async fn a_message_is_kept_invisible_for_longer(bench: &Bench) {
    bench.send("wait").await;
    let received = bench.await_one().await;
    bench.queue.change_visibility(&received.receipt, 3).await.expect("the queue serves");
    bench.pass(u64::from(VISIBILITY_SECONDS) + 1).await;
    assert_eq!(bench.receive().await, [], "still invisible");
    bench.pass(2).await;
    assert_eq!(bench.await_one().await.message_id, received.message_id);
}

pub(crate) async fn a_message_is_given_back_at_once(bench: &Bench) {
    bench.send("take it").await;
    let received = bench.await_one().await;
    bench.queue.change_visibility(&received.receipt, 0).await.expect("the queue serves");
    let again = bench.receive().await;
    assert_eq!(again.len(), 1, "visible without any time passing");
}

pub(crate) async fn changing_what_is_gone_is_no_error(bench: &Bench) {
    bench.send("gone").await;
    let received = bench.await_one().await;
    bench.pass(u64::from(VISIBILITY_SECONDS) + 1).await;
    let is_visible = bench.queue.change_visibility(&received.receipt, 5).await;
    is_visible.expect("whoever receives it next decides");
}

pub(crate) async fn at_most_ten_messages_come_at_once_and_each_once(bench: &Bench) {
    let sent: BTreeSet<String> = (0..25).map(|n| format!("message {n}")).collect();
    for body in &sent {
        bench.send(body).await;
    }
    let mut received = Vec::new();
    for _ in 0..MOST_ASKS {
        let batch = bench.receive().await;
        assert!(batch.len() <= 10);
        for message in &batch {
            bench.queue.delete(&message.receipt).await.expect("the queue serves");
        }
        received.extend(batch.into_iter().map(|message| message.body));
    }
    assert_eq!((received.len(), received.into_iter().collect()), (25, sent));
}

pub(crate) async fn a_message_that_is_received_too_often_moves_to_the_dead_letters(bench: &Bench) {
    bench.send("poison").await;
    for _ in 0..MAX_RECEIVES {
        assert_eq!(bench.await_one().await.body, "poison");
        bench.pass(u64::from(VISIBILITY_SECONDS)).await;
    }
    bench.pass(1).await;
    assert_eq!(bench.receive().await, [], "it moves when it would come once more");
    let dead = bench.await_messages(&bench.dead_letters).await;
    assert_eq!((dead.len(), dead[0].body.as_str()), (1, "poison"));
    assert_eq!(bench.receive().await, []);
}

/// Calls a macro with the name of every promise.
macro_rules! promises {
    ($callback:ident) => {
        $callback! {
            an_empty_queue_has_no_messages,
            what_was_sent_is_received_as_it_was,
            a_received_message_is_invisible_and_then_comes_again,
            a_deleted_message_never_comes_again,
            deleting_what_is_gone_is_no_error,
            a_delayed_message_comes_after_its_delay,
            a_delay_that_is_too_long_is_shortened,
            a_message_is_kept_invisible_for_longer,
            a_message_is_given_back_at_once,
            changing_what_is_gone_is_no_error,
            at_most_ten_messages_come_at_once_and_each_once,
            a_message_that_is_received_too_often_moves_to_the_dead_letters
        }
    };
}
pub(crate) use promises;

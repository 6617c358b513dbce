//! Holding a request at the Platform, so that something can be done to whoever sent it.

use tokio::sync::watch;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Idle,
    Wanted,
    Held,
}

/// Where one request at a time is held.
pub struct Hold(watch::Sender<Phase>);

impl Hold {
    /// Nothing is held.
    pub fn new() -> Self {
        Self(watch::Sender::new(Phase::Idle))
    }

    /// The next request is to be held.
    pub fn want(&self) {
        self.0.send_replace(Phase::Wanted);
    }

    /// Waits until a request is held.
    pub async fn held(&self) {
        self.wait_for(Phase::Held).await;
    }

    /// Lets go what is held, and what would be.
    pub fn release(&self) {
        self.0.send_replace(Phase::Idle);
    }

    /// A request comes by; it stays here when one is wanted.
    pub async fn pass(&self) {
        let is_held = self.0.send_if_modified(|phase| {
            let is_wanted = *phase == Phase::Wanted;
            if is_wanted {
                *phase = Phase::Held;
            }
            is_wanted
        });
        if is_held {
            self.wait_for(Phase::Idle).await;
        }
    }

    async fn wait_for(&self, wanted: Phase) {
        let mut phases = self.0.subscribe();
        phases.wait_for(|phase| *phase == wanted).await.expect("the sender lives as long as `self`");
    }
}

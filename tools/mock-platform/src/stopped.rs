//! When a program of a laptop ends.

use tokio::signal::unix::{SignalKind, signal};

/// Waits for Ctrl-C, or for the signal that process managers send.
pub async fn stopped() {
    let Ok(mut terminated) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
}

//! Locks that a panic elsewhere does not close: every change behind them is made in one step.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the lock protects.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

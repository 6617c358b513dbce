//! A future that ends in the middle: what a function is when its process is killed.

use std::pin::Pin;
use std::task::{Context, Poll};

/// Goes on for so many polls; then it is dropped, and the answer is `None`.
pub struct CutShort<F: Future> {
    inner: Option<Pin<Box<F>>>,
    polls: u64,
}

impl<F: Future> CutShort<F> {
    /// Ends `future` after so many polls.
    pub fn after(polls: u64, future: F) -> Self {
        Self { inner: Some(Box::pin(future)), polls }
    }
}

impl<F: Future> Future for CutShort<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<F::Output>> {
        if self.polls == 0 {
            self.inner = None;
        }
        let Some(inner) = self.inner.as_mut() else { return Poll::Ready(None) };
        let polled = inner.as_mut().poll(context).map(Some);
        self.polls -= 1;
        polled
    }
}

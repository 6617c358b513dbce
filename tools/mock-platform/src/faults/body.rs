//! Bodies that end too early, or never.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Bytes;
use hyper::body::{Body, Frame};
use thiserror::Error;

/// The connection is closed on purpose.
#[derive(Debug, Error)]
#[error("the body is cut")]
pub(super) struct Cut;

/// A body that is not as it should be.
pub(super) enum BrokenBody {
    /// These bytes, a chance to send them, and then an error, which closes the connection.
    CutAfter(Bytes),
    /// The bytes were given; the connection must have its turn to send them.
    Sending,
    /// An error. When it is the first thing that happens, not even the status line is sent.
    Closed,
    /// Spaces for ever, as fast as the client takes them.
    Endless,
}

const SPACES: &[u8] = &[b' '; 8192];

impl Body for BrokenBody {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        match std::mem::replace(&mut *self, Self::Closed) {
            Self::CutAfter(bytes) => {
                *self = Self::Sending;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Self::Sending => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Closed => Poll::Ready(Some(Err(Cut))),
            Self::Endless => {
                *self = Self::Endless;
                Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(SPACES)))))
            }
        }
    }
}

//! Connections that wait for no one for ever.
//!
//! Before deployed functions stands API Gateway, which takes a whole request before it invokes any, and gives up those that do
//! not come. In front of the local stack stands nobody: a client that opens connections and sends a byte now and then would
//! keep each for as long as it likes.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep, sleep};

/// How long a connection is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// From a request's first byte until its answer begins.
    pub request: Duration,
    /// From an answer, or from the connection's beginning, until a request begins.
    pub idle: Duration,
}

impl Default for Patience {
    /// A request has as long as API Gateway gives it. A connection that is kept has longer than the clients that keep
    /// it, so that none sends a request into a connection that is being closed.
    fn default() -> Self {
        Self { request: Duration::from_secs(30), idle: Duration::from_secs(120) }
    }
}

/// A listener whose connections end when their patience does.
pub struct PatientListener {
    listener: TcpListener,
    patience: Patience,
}

impl PatientListener {
    /// This listener with this patience.
    pub fn new(listener: TcpListener, patience: Patience) -> Self {
        Self { listener, patience }
    }
}

impl Listener for PatientListener {
    type Io = Connection<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        (Connection::new(stream, self.patience), address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// A connection that ends with [`io::ErrorKind::TimedOut`] when it was waited for long enough.
pub struct Connection<S> {
    stream: S,
    patience: Patience,
    /// Whether a request has begun to come that has no answer yet.
    in_request: bool,
    until: Pin<Box<Sleep>>,
}

impl<S> Connection<S> {
    /// A new connection: its first request may take its time to begin.
    pub fn new(stream: S, patience: Patience) -> Self {
        Self { stream, patience, in_request: false, until: Box::pin(sleep(patience.idle)) }
    }

    /// More of a request came. Only its first byte gives it time.
    fn heard(&mut self) {
        if !self.in_request {
            self.in_request = true;
            self.wait(self.patience.request);
        }
    }

    /// More of an answer was taken.
    fn said(&mut self) {
        self.in_request = false;
        self.wait(self.patience.idle);
    }

    fn wait(&mut self, duration: Duration) {
        self.until.as_mut().reset(Instant::now() + duration);
    }

    /// Ready when patience has ended.
    fn poll_end<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        ready!(self.until.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Connection<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let connection = self.get_mut();
        let before = buffer.filled().len();
        match Pin::new(&mut connection.stream).poll_read(context, buffer) {
            // Also in between bytes: one that comes just in time must not win every time.
            Poll::Ready(Ok(())) if connection.in_request && connection.until.is_elapsed() => {
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            Poll::Ready(outcome) => {
                if buffer.filled().len() > before {
                    connection.heard();
                }
                Poll::Ready(outcome)
            }
            Poll::Pending => connection.poll_end(context),
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Connection<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let connection = self.get_mut();
        let written = Pin::new(&mut connection.stream).poll_write(context, bytes);
        connection.after_write(context, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let connection = self.get_mut();
        let written = Pin::new(&mut connection.stream).poll_write_vectored(context, slices);
        connection.after_write(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

impl<S: AsyncWrite + Unpin> Connection<S> {
    /// A client that does not take its answer is not waited for either.
    fn after_write(&mut self, context: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(outcome) => {
                if outcome.is_ok() {
                    self.said();
                }
                Poll::Ready(outcome)
            }
            Poll::Pending => self.poll_end(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);
    /// So short that nobody has to wait for its end.
    const MOMENT: Duration = Duration::from_millis(20);

    /// A client, and the other side's end of its connection.
    fn connected(request: Duration, idle: Duration) -> (DuplexStream, Connection<DuplexStream>) {
        let (client, server) = duplex(64);
        (client, Connection::new(server, Patience { request, idle }))
    }

    fn is_over<T>(outcome: io::Result<T>) -> bool {
        outcome.is_err_and(|error| error.kind() == io::ErrorKind::TimedOut)
    }

    #[tokio::test]
    async fn a_connection_that_says_nothing_ends() {
        let (_client, mut connection) = connected(HOUR, MOMENT);
        assert!(is_over(connection.read_u8().await));
    }

    #[tokio::test]
    async fn a_request_that_stops_coming_ends() {
        let (mut client, mut connection) = connected(MOMENT, HOUR);
        client.write_u8(b'x').await.unwrap();
        assert_eq!(connection.read_u8().await.unwrap(), b'x');
        assert!(is_over(connection.read_u8().await));
    }

    #[tokio::test]
    async fn a_byte_now_and_then_does_not_make_a_request_longer() {
        let (mut client, mut connection) = connected(MOMENT, HOUR);
        client.write_u8(b'x').await.unwrap();
        connection.read_u8().await.unwrap();
        let end = connection.until.deadline();
        // The next byte is always there in time, and wins until patience ends.
        let ended = loop {
            client.write_u8(b'x').await.unwrap();
            match connection.read_u8().await {
                Ok(_) => assert_eq!(connection.until.deadline(), end),
                ended => break ended,
            }
            tokio::task::yield_now().await;
        };
        assert!(is_over(ended));
    }

    #[tokio::test]
    async fn an_answer_gives_the_next_request_its_time() {
        let (mut client, mut connection) = connected(HOUR, 2 * HOUR);
        let mut before = connection.until.deadline();
        for _ in 0..3 {
            client.write_all(b"request").await.unwrap();
            connection.read_exact(&mut [0; 7]).await.unwrap();
            let in_request = connection.until.deadline();
            assert!(in_request < before, "an hour, when two were left");
            connection.write_all(b"answer").await.unwrap();
            client.read_exact(&mut [0; 6]).await.unwrap();
            before = connection.until.deadline();
            assert!(before > in_request, "two hours again");
        }
    }

    #[tokio::test]
    async fn a_client_that_does_not_take_its_answer_is_not_waited_for() {
        let (_client, mut connection) = connected(HOUR, MOMENT);
        assert!(is_over(connection.write_all(&[b'x'; 1_000]).await));
    }
}

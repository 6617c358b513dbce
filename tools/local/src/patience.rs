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

    const PATIENCE: Patience = Patience { request: Duration::from_secs(30), idle: Duration::from_secs(120) };

    /// A client, and the other side's end of its connection. Time stands still but for what is waited for.
    fn connected() -> (DuplexStream, Connection<DuplexStream>) {
        let (client, server) = duplex(64);
        (client, Connection::new(server, PATIENCE))
    }

    async fn seconds<T>(run: impl Future<Output = T>) -> (T, u64) {
        let began = Instant::now();
        let value = run.await;
        (value, began.elapsed().as_secs())
    }

    async fn ends(connection: &mut Connection<DuplexStream>) -> u64 {
        let (outcome, seconds) = seconds(connection.read_u8()).await;
        assert!(outcome.is_err_and(|error| error.kind() == io::ErrorKind::TimedOut));
        seconds
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_says_nothing_ends() {
        let (_client, mut connection) = connected();
        assert_eq!(ends(&mut connection).await, 120);
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_now_and_then_does_not_make_a_request_longer() {
        let (mut client, mut connection) = connected();
        tokio::spawn(async move {
            for _ in 0..1_000 {
                if client.write_u8(b'x').await.is_err() {
                    return;
                }
                sleep(Duration::from_secs(7)).await;
            }
        });
        let mut bytes = 0;
        let (error, seconds) = seconds(async {
            loop {
                match connection.read_u8().await {
                    Ok(_) => bytes += 1,
                    Err(error) => break error.kind(),
                }
            }
        })
        .await;
        assert_eq!((error, seconds, bytes), (io::ErrorKind::TimedOut, 30, 5));
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_that_comes_just_in_time_does_not_win() {
        let (mut client, mut connection) = connected();
        client.write_u8(b'x').await.unwrap();
        assert_eq!(connection.read_u8().await.unwrap(), b'x');
        tokio::time::advance(Duration::from_secs(31)).await;
        client.write_u8(b'x').await.unwrap();
        assert_eq!(connection.read_u8().await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_gives_the_next_request_its_time() {
        let (mut client, mut connection) = connected();
        for _ in 0..10 {
            client.write_all(b"request").await.unwrap();
            connection.read_exact(&mut [0; 7]).await.unwrap();
            tokio::time::advance(Duration::from_secs(29)).await;
            connection.write_all(b"answer").await.unwrap();
            client.read_exact(&mut [0; 6]).await.unwrap();
            tokio::time::advance(Duration::from_secs(100)).await;
        }
        assert_eq!(ends(&mut connection).await, 20, "of the time between requests so much was left");
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_take_its_answer_is_not_waited_for() {
        let (_client, mut connection) = connected();
        let (outcome, seconds) = seconds(connection.write_all(&[b'x'; 1_000])).await;
        assert!(outcome.is_err_and(|error| error.kind() == io::ErrorKind::TimedOut));
        assert_eq!(seconds, 120);
    }
}

//! The local stack's own listener: connections that never finish a request, and heads and bodies of any size. On AWS all of
//! this ends at API Gateway, before any function is invoked.

use std::time::Duration;

use doorway_local::Stack;
use doorway_local::patience::{Patience, PatientListener};
use doorway_tests::{FakePlatform, TestTool};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::configuration::options;

/// A head of a login, without its end.
const LOGIN: &str = "POST /lti/login HTTP/1.1\r\nhost: tool.example\r\n";
const FORM: &str = "content-type: application/x-www-form-urlencoded\r\n";
/// How many connections never finish.
const HALF_OPEN: usize = 200;
/// The most that a client sends before it gives up, in bytes: systems make the buffers between two sockets as large as they
/// like, but not so large.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// The longest that anything here may take.
const SOON: Duration = Duration::from_secs(60);

/// A Tool behind the local stack's listener; where.
async fn listening() -> (FakePlatform, TestTool, String) {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
    let address = listener.local_addr().expect("a bound listener has an address").to_string();
    let router = tool.router();
    tokio::spawn(async move { axum::serve(PatientListener::new(listener, Patience::default()), router).await });
    (platform, tool, address)
}

/// Sends this head, then the piece again and again for as long as it is taken; what is answered, and how much was taken.
async fn flood(address: &str, head: &str, piece: &[u8]) -> (String, usize) {
    let stream = TcpStream::connect(address).await.expect("the stack listens");
    let (mut answer, mut request) = stream.into_split();
    let head = head.as_bytes().to_vec();
    let piece = piece.to_vec();
    let sending = tokio::spawn(async move {
        let mut sent = 0;
        if request.write_all(&head).await.is_err() {
            return sent;
        }
        while sent < MOST_BYTES && request.write_all(&piece).await.is_ok() {
            sent += piece.len();
        }
        sent
    });
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    // A connection that is closed with bytes unread is reset: what was answered before counts.
    while let Ok(length @ 1..) = answer.read(&mut buffer).await {
        text.extend_from_slice(&buffer[..length]);
    }
    drop(answer);
    (String::from_utf8_lossy(&text).into_owned(), sending.await.expect("whoever sends does not panic"))
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(SOON, what).await.expect("it ends by itself")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_never_finish_are_closed_and_keep_nobody_waiting() {
    let patience = Patience { request: Duration::from_secs(2), idle: Duration::from_secs(2) };
    let stack = Stack::start(options()).await.expect("the stack starts");
    let address = stack.public_url().as_str().trim_start_matches("http://").trim_end_matches('/').to_owned();
    tokio::spawn(stack.serve(patience, std::future::pending()));
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let mut dripping = Vec::new();
    for n in 0..HALF_OPEN {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        // Some have said nothing yet, some are in the head, some in the body.
        let begin = match n % 3 {
            0 => String::new(),
            1 => LOGIN.to_owned(),
            _ => format!("{LOGIN}{FORM}content-length: 1000\r\n\r\nx=1"),
        };
        stream.write_all(begin.as_bytes()).await.unwrap();
        dripping.push(stream);
    }
    let mut served = 0;
    soon(async {
        while !dripping.is_empty() {
            let keys = client.get(format!("http://{address}/.well-known/jwks.json")).send().await.unwrap();
            assert_eq!(keys.status().as_u16(), 200, "others are served meanwhile");
            served += 1;
            // A byte more from each that is still there.
            let mut drops = JoinSet::new();
            for mut stream in dripping.drain(..) {
                drops.spawn(async move {
                    (stream.write_all(b"x").await.is_ok() && !is_closed(&mut stream)).then_some(stream)
                });
            }
            dripping = drops.join_all().await.into_iter().flatten().collect();
        }
    })
    .await;
    assert!(served >= 1);
}

/// Whether the other side has closed the connection, or answered, which it does before.
fn is_closed(stream: &mut TcpStream) -> bool {
    let mut buffer = [0; 1024];
    match stream.try_read(&mut buffer) {
        Ok(0) => true,
        Ok(_) => false,
        Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
    }
}

#[tokio::test]
async fn a_body_without_end_is_answered_and_its_connection_closed() {
    let (platform, tool, address) = listening().await;
    let piece = [b'x'; 16 * 1024];
    let announced = format!("{LOGIN}{FORM}content-length: 1099511627776\r\n\r\n");
    let chunked = format!("{LOGIN}{FORM}transfer-encoding: chunked\r\n\r\n");
    let chunk = [b"4000\r\n".as_slice(), &piece, b"\r\n"].concat();
    for (case, head, piece) in [("announced", &announced, piece.to_vec()), ("chunked", &chunked, chunk)] {
        let (answer, sent) = soon(flood(&address, head, &piece)).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{case}: {answer}");
        assert!(answer.contains("The message was too large") && answer.contains("body_too_large"), "{case}: {answer}");
        assert!(sent < MOST_BYTES, "{case}: {sent} bytes were taken");
    }
    tool.launch(&platform).await;
}

#[tokio::test]
async fn heads_of_any_size_are_refused() {
    let (platform, tool, address) = listening().await;
    let long = "x".repeat(1024 * 1024);
    let many: String = (0..10_000).map(|n| format!("x-{n}: 1\r\n")).collect();
    for (case, head, status) in [
        ("a long header", format!("{LOGIN}x-long: {long}\r\n\r\n"), "431"),
        ("many headers", format!("{LOGIN}{many}\r\n"), "431"),
        (
            "a long URL",
            format!("GET /lti/login?iss={} HTTP/1.1\r\nhost: tool.example\r\n\r\n", &long[..100_000]),
            "414",
        ),
        ("no HTTP", "x".repeat(1000) + "\r\n\r\n", "400"),
        ("two lengths", format!("{LOGIN}content-length: 1\r\ncontent-length: 2\r\n\r\nxx"), "400"),
    ] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let (mut answer, mut request) = stream.split();
        let mut text = Vec::new();
        let mut buffer = [0; 4096];
        let (_, ()) = soon(async {
            tokio::join!(request.write_all(head.as_bytes()), async {
                while let Ok(length @ 1..) = answer.read(&mut buffer).await {
                    text.extend_from_slice(&buffer[..length]);
                }
            })
        })
        .await;
        let text = String::from_utf8_lossy(&text);
        assert!(text.starts_with(&format!("HTTP/1.1 {status} ")), "{case}: {text}");
    }
    tool.launch(&platform).await;
}

//! A listener that writes down every byte it hears, and answers by script.
//!
//! It knows as little of HTTP as it can: what a library would repair or hide shall be seen here.

use std::io::{Error, ErrorKind, Result};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

/// The longest request that is read, in bytes.
const MAX_REQUEST: usize = 1024 * 1024;
/// Where a body without end ends after all, in bytes, for a client that does not stop reading.
const MAX_ENDLESS: usize = 256 * 1024 * 1024;

/// A request, byte for byte.
#[derive(Debug, Clone)]
pub struct Heard(pub Vec<u8>);

/// What is answered. The connection is closed after it.
pub enum Reply {
    /// These bytes.
    Bytes(Vec<u8>),
    /// These bytes, then blanks without end.
    Endless(Vec<u8>),
    /// These bytes, and then nothing more, for as long as the other side waits.
    Stalled(Vec<u8>),
    /// These bytes, then a blank twice a second: never silent for long, and never done.
    Dripping(Vec<u8>),
}

type Script = Box<dyn Fn(&Heard) -> Reply + Send + Sync>;

/// A listener on a loopback port.
pub struct Listener {
    /// Its origin, `http://127.0.0.1:<port>`.
    pub base: String,
    state: Arc<State>,
}

struct State {
    script: Script,
    connections: AtomicUsize,
    sent: AtomicUsize,
    heard: Mutex<Vec<Heard>>,
}

impl Listener {
    /// A listener that answers by this script, which is told the listener's origin first.
    pub async fn start<F>(script: impl FnOnce(&str) -> F) -> Self
    where
        F: Fn(&Heard) -> Reply + Send + Sync + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let base = format!("http://{}", listener.local_addr().expect("a bound listener has an address"));
        let script: Script = Box::new(script(&base));
        let (connections, sent) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let state = Arc::new(State { script, connections, sent, heard: Mutex::default() });
        let serving = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.connections.fetch_add(1, Ordering::SeqCst);
                let state = serving.clone();
                tokio::spawn(async move { state.serve(&stream).await });
            }
        });
        Self { base, state }
    }

    /// A listener that must not be asked.
    pub async fn silent() -> Self {
        Self::start(|_| |_: &Heard| answer(500, &[], "nobody may ask here")).await
    }

    /// How many connections came, with or without a request.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// How many bytes of answers were taken.
    pub fn sent(&self) -> usize {
        self.state.sent.load(Ordering::SeqCst)
    }

    /// Every request so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.state.heard.lock().expect("no test panics with it").clone()
    }

    /// Every request so far whose target begins like this.
    pub fn heard_at(&self, beginning: &str) -> Vec<Heard> {
        self.heard().into_iter().filter(|heard| heard.target().starts_with(beginning)).collect()
    }

    /// Forgets what came.
    pub fn forget(&self) {
        self.state.heard.lock().expect("no test panics with it").clear();
    }
}

impl State {
    async fn serve(&self, stream: &TcpStream) -> Result<()> {
        let heard = Heard(read_request(stream).await?);
        self.heard.lock().expect("no test panics with it").push(heard.clone());
        match (self.script)(&heard) {
            Reply::Bytes(bytes) => self.write(stream, &bytes).await,
            Reply::Endless(bytes) => {
                self.write(stream, &bytes).await?;
                for _ in 0..MAX_ENDLESS / 8192 {
                    self.write(stream, &[b' '; 8192]).await?;
                }
                Ok(())
            }
            Reply::Stalled(bytes) => {
                self.write(stream, &bytes).await?;
                read(stream, &mut [0; 1]).await.map(drop)
            }
            Reply::Dripping(bytes) => {
                self.write(stream, &bytes).await?;
                let mut ticks = tokio::time::interval(Duration::from_millis(500));
                for _ in 0..240 {
                    ticks.tick().await;
                    self.write(stream, b" ").await?;
                }
                Ok(())
            }
        }
    }

    async fn write(&self, stream: &TcpStream, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            stream.writable().await?;
            match stream.try_write(bytes) {
                Ok(written) => {
                    self.sent.fetch_add(written, Ordering::SeqCst);
                    bytes = &bytes[written..];
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The head and as much of a body as it announces.
async fn read_request(stream: &TcpStream) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut piece = [0; 8192];
    while bytes.len() < MAX_REQUEST {
        let length = read(stream, &mut piece).await?;
        if length == 0 {
            return Err(Error::from(ErrorKind::UnexpectedEof));
        }
        bytes.extend_from_slice(&piece[..length]);
        let heard = Heard(bytes.clone());
        let announced = heard.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        if heard.end_of_head().is_some_and(|end| bytes.len() >= end + announced) {
            return Ok(bytes);
        }
    }
    Err(Error::from(ErrorKind::OutOfMemory))
}

async fn read(stream: &TcpStream, piece: &mut [u8]) -> Result<usize> {
    loop {
        stream.readable().await?;
        match stream.try_read(piece) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            result => return result,
        }
    }
}

impl Heard {
    /// Where the empty line ends, if it has come yet.
    fn end_of_head(&self) -> Option<usize> {
        self.0.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
    }

    /// Everything up to the empty line.
    pub fn head(&self) -> &str {
        let end = self.end_of_head().map_or(0, |end| end - 4);
        std::str::from_utf8(&self.0[..end]).expect("heads are UTF-8")
    }

    /// Everything after it.
    pub fn body(&self) -> &str {
        let begin = self.end_of_head().unwrap_or(self.0.len());
        std::str::from_utf8(&self.0[begin..]).expect("bodies are UTF-8")
    }

    /// Such as `POST`.
    pub fn method(&self) -> &str {
        self.head().split(' ').next().unwrap_or_default()
    }

    /// Path and query, as they stand in the first line.
    pub fn target(&self) -> &str {
        self.head().split(' ').nth(1).unwrap_or_default()
    }

    /// The header lines, each as its name and the value behind a colon and one blank.
    pub fn headers(&self) -> Vec<(&str, &str)> {
        self.head().split("\r\n").skip(1).map(|line| line.split_once(": ").unwrap_or((line, ""))).collect()
    }

    /// The one header of this name, which is in lower case.
    ///
    /// # Panics
    /// When there is more than one.
    pub fn header(&self, name: &str) -> Option<&str> {
        let headers = self.headers();
        let mut found = headers.into_iter().filter(|(header, _)| header.eq_ignore_ascii_case(name));
        let value = found.next().map(|(_, value)| value);
        assert_eq!(found.next(), None, "{name} is there twice");
        value
    }

    /// A field of the form in the body.
    pub fn field(&self, name: &str) -> Option<String> {
        let mut fields = form_urlencoded::parse(self.body().as_bytes());
        fields.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }
}

/// A whole answer.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut bytes = head(status, headers, &[("content-length", &body.len().to_string())]);
    bytes.extend_from_slice(body.as_bytes());
    Reply::Bytes(bytes)
}

/// The head of an answer whose body is as long as the connection.
pub fn open_head(status: u16, headers: &[(&str, &str)]) -> Vec<u8> {
    head(status, headers, &[])
}

fn head(status: u16, headers: &[(&str, &str)], more: &[(&str, &str)]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} Scripted\r\nconnection: close\r\n");
    for (name, value) in headers.iter().chain(more) {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    head.into_bytes()
}

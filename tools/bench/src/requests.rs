//! Counts DynamoDB requests on their way to the embedded engine.
//!
//! Bytes pass unchanged. Every request names its operation in one header, which no JSON body can imitate: there
//! the line break before it would be escaped.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::{TcpListener, TcpStream};

use crate::error::BenchError;

const HEADER: &[u8] = b"\r\nx-amz-target: DynamoDB_20120810.";
/// The longest operation name that is looked for, in bytes.
const MAX_NAME_BYTES: usize = 64;

/// How often each operation was requested.
pub type Counts = BTreeMap<String, usize>;

/// The way to the engine.
pub struct Requests {
    /// Where clients find it.
    pub address: SocketAddr,
    counts: Arc<Mutex<Counts>>,
}

impl Requests {
    /// Listens on a port of its own and passes everything on to `engine`, until the runtime ends.
    pub async fn count(engine: SocketAddr) -> Result<Self, BenchError> {
        let listen = BenchError::system("listening on loopback");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(&listen)?;
        let address = listener.local_addr().map_err(&listen)?;
        let counts = Arc::<Mutex<Counts>>::default();
        let counting = counts.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, engine, counting.clone()));
            }
        });
        Ok(Self { address, counts })
    }

    /// The counts since this was last asked.
    pub fn take(&self) -> Counts {
        std::mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One connection, until either side closes it.
async fn pass(client: TcpStream, engine: SocketAddr, counts: Arc<Mutex<Counts>>) -> std::io::Result<()> {
    let engine = TcpStream::connect(engine).await?;
    client.set_nodelay(true)?;
    engine.set_nodelay(true)?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_engine, mut to_engine) = engine.into_split();
    tokio::spawn(async move { copy(&mut from_engine, &mut to_client).await });
    let mut operations = Operations::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = from_client.read(&mut buffer).await?;
        if length == 0 {
            return to_engine.shutdown().await;
        }
        for operation in operations.read(&buffer[..length]) {
            *counts.lock().unwrap_or_else(PoisonError::into_inner).entry(operation).or_default() += 1;
        }
        to_engine.write_all(&buffer[..length]).await?;
    }
}

/// Finds the operations in a stream that comes in pieces.
#[derive(Default)]
struct Operations {
    unread: Vec<u8>,
}

impl Operations {
    fn read(&mut self, piece: &[u8]) -> Vec<String> {
        self.unread.extend(piece);
        let mut found = Vec::new();
        while let Some(start) = self.unread.windows(HEADER.len()).position(|window| window == HEADER) {
            let name = &self.unread[start + HEADER.len()..];
            let Some(length) = name.iter().position(|byte| *byte == b'\r') else {
                self.unread.drain(..start);
                return found;
            };
            found.push(String::from_utf8_lossy(&name[..length]).into_owned());
            self.unread.drain(..start + HEADER.len() + length);
        }
        let keep = HEADER.len() + MAX_NAME_BYTES;
        self.unread.drain(..self.unread.len().saturating_sub(keep));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_found_however_the_stream_is_cut() {
        let request = |operation: &str| {
            format!(
                "POST / HTTP/1.1\r\nx-amz-target: DynamoDB_20120810.{operation}\r\nhost: x\r\n\r\n{}",
                "{}".repeat(200)
            )
        };
        let stream = request("PutItem") + &request("GetItem");
        for size in [1, 7, 50, 10_000] {
            let mut operations = Operations::default();
            let found: Vec<String> = stream.as_bytes().chunks(size).flat_map(|piece| operations.read(piece)).collect();
            assert_eq!(found, ["PutItem", "GetItem"], "in pieces of {size}");
        }
    }
}

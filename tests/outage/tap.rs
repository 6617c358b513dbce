//! What stands between a worker and its tables: it passes everything on, and strikes at a request that is counted out.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::{TcpListener, TcpStream};

/// More than any request or answer of a worker has.
const BUFFER_BYTES: usize = 256 * 1024;

/// When to strike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The tables never see the request.
    Before,
    /// The tables have the request; whoever sent it sees no answer.
    After,
}

struct Plan {
    /// Requests that come first.
    requests: u64,
    moment: Moment,
    strike: Box<dyn FnOnce() + Send>,
}

/// The tap of one worker.
pub struct Tap {
    address: SocketAddr,
    plan: Arc<Mutex<Option<Plan>>>,
}

impl Tap {
    /// A tap before what listens on a loopback port.
    pub async fn start(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let address = listener.local_addr().expect("a bound listener has an address");
        let plan = Arc::new(Mutex::new(None));
        let shared = plan.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let plan = shared.clone();
                tokio::spawn(async move {
                    let server = TcpStream::connect(("127.0.0.1", port)).await?;
                    relay(&client, &server, &plan).await
                });
            }
        });
        Self { address, plan }
    }

    /// Where the worker finds its tables.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Strikes at the request after so many.
    pub fn plan(&self, requests: u64, moment: Moment, strike: impl FnOnce() + Send + 'static) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Plan { requests, moment, strike: Box::new(strike) });
    }

    /// Does not strike any more.
    pub fn forget(&self) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Passes on in both directions, until one side ends or the plan strikes.
async fn relay(client: &TcpStream, server: &TcpStream, plan: &Mutex<Option<Plan>>) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let (from, to) = tokio::select! {
            ready = client.readable() => ready.map(|()| (client, server))?,
            ready = server.readable() => ready.map(|()| (server, client))?,
        };
        let size = match from.try_read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(size) => size,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error),
        };
        let due = if std::ptr::eq(from, client) { due(plan) } else { None };
        match due {
            Some(Plan { moment: Moment::Before, strike, .. }) => {
                strike();
                return Ok(());
            }
            Some(Plan { moment: Moment::After, strike, .. }) => {
                write(to, &buffer[..size]).await?;
                strike();
            }
            None => write(to, &buffer[..size]).await?,
        }
    }
}

/// The plan, when this request is the one.
fn due(plan: &Mutex<Option<Plan>>) -> Option<Plan> {
    let mut plan = plan.lock().unwrap_or_else(PoisonError::into_inner);
    let counting = plan.as_mut()?;
    if counting.requests == 0 {
        return plan.take();
    }
    counting.requests -= 1;
    None
}

async fn write(to: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        to.writable().await?;
        match to.try_write(bytes) {
            Ok(size) => bytes = &bytes[size..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

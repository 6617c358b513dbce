//! Somebody else's AWS on this machine: a server of its own on a free loopback port, which ends with its handle.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use doorway_core::random::{self, SystemRandom};
use tokio::net::{TcpListener, TcpStream};

/// How often a server that starts is asked whether it listens, and the pause in between.
const MOST_ASKS: usize = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// A running server.
pub struct Emulator {
    /// Where it listens.
    pub endpoint: String,
    process: Child,
    /// Where it leaves what it unpacks; gone with it.
    scratch: PathBuf,
}

impl Emulator {
    /// moto (PyPI): the program that `DOORWAY_MOTO` names, or that of `tools/setup`.
    pub async fn moto() -> Self {
        Self::start("DOORWAY_MOTO", "python/bin/moto_server", |command, port| {
            // The region of local clients is none of Amazon's.
            command.args(["-H", "127.0.0.1", "-p", port]).env("MOTO_ALLOW_NONEXISTENT_REGION", "true");
        })
        .await
    }

    /// ministack (PyPI): the program that `DOORWAY_MINISTACK` names, or that of `tools/setup`.
    pub async fn ministack() -> Self {
        Self::ministack_with(|_| {}).await
    }

    /// ministack with more in its environment, or with its output elsewhere.
    pub async fn ministack_with(change: impl FnOnce(&mut Command)) -> Self {
        Self::start("DOORWAY_MINISTACK", "ministack/bin/ministack", |command, port| {
            // Without the first it listens on every interface.
            command.env("BIND_HOST", "127.0.0.1").env("GATEWAY_PORT", port);
            change(command);
        })
        .await
    }

    async fn start(variable: &str, in_tools: &str, set_up: impl FnOnce(&mut Command, &str)) -> Self {
        let in_workspace = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../.tools").join(in_tools);
        let program = std::env::var_os(variable).map_or_else(in_workspace, PathBuf::from);
        let port = free_port().await;
        let name = u64::from_be_bytes(random::bytes(&SystemRandom));
        let scratch = std::env::temp_dir().join(format!("doorway-emulator-{name:016x}"));
        std::fs::create_dir(&scratch).expect("a folder can be made");
        let mut command = Command::new(&program);
        command.env("TMPDIR", &scratch).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        set_up(&mut command, &port.to_string());
        let process = command.spawn();
        let process = process.unwrap_or_else(|error| {
            panic!("{} does not start ({error}): tools/setup installs it, or {variable} names it", program.display())
        });
        let emulator = Self { endpoint: format!("http://127.0.0.1:{port}"), process, scratch };
        for _ in 0..MOST_ASKS {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return emulator;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("{} does not listen", program.display());
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _it_ended_by_itself = self.process.kill();
        let _status = self.process.wait();
        let _ignored = std::fs::remove_dir_all(&self.scratch);
    }
}

async fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
    listener.local_addr().expect("a bound listener has an address").port()
}

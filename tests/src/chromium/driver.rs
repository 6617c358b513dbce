//! chromedriver as a child process.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::folder::Folder;

/// How long it may take to listen.
const START: Duration = Duration::from_secs(20);
/// How long a browser may take to end.
const END: Duration = Duration::from_secs(5);
/// What it prints once it listens; the port follows.
const LISTENS: &str = "started successfully on port ";

/// A running chromedriver, which is ended with its browser when this is dropped, also by a test that fails.
pub(super) struct Driver {
    process: Child,
    port: u16,
    session: Option<String>,
    folder: Folder,
}

impl Driver {
    /// Starts one on a free port.
    pub(super) fn start() -> Self {
        let folder = Folder::new();
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            // Whatever it and the browser write lies in the folder.
            .envs([("TMPDIR", folder.path()), ("HOME", folder.path())])
            .envs([("XDG_CONFIG_HOME", folder.path()), ("XDG_CACHE_HOME", folder.path())])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is not installed: run tools/setup");
        let output = process.stdout.take().expect("standard output is piped");
        let mut driver = Self { process, port: 0, session: None, folder };
        let (sender, port) = mpsc::channel();
        // Ends with the process, whose output it reads to the end so that it never waits for a reader.
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let port = line.split_once(LISTENS).map(|(_, port)| port.trim_end_matches('.').parse::<u16>());
                port.and_then(Result::ok).map(|port| sender.send(port));
            }
        });
        driver.port = port.recv_timeout(START).expect("chromedriver says where it listens");
        driver
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Where the browser keeps what it knows.
    pub(super) fn profile(&self) -> PathBuf {
        self.folder.path().join("profile")
    }

    /// The session that is to be ended.
    pub(super) fn owns(&mut self, session: &str) {
        self.session = Some(session.to_owned());
    }

    /// Ends the session and with it the browser. Without tokio, whose runtime may be gone.
    fn end_session(&self, session: &str) -> std::io::Result<()> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(END))?;
        write!(stream, "DELETE /session/{session} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        stream.read_exact(&mut [0])
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // A browser that does not end when asked does so when chromedriver's end of the pipe is closed.
        let _ended = self.session.as_deref().map(|session| self.end_session(session));
        let _it_ended_by_itself = self.process.kill();
        let _status = self.process.wait();
    }
}

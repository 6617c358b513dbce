//! The disk of the local stack is full: its program, in a process whose files may not grow.
//!
//! Linux lets a process's files grow so far and no further (`RLIMIT_FSIZE`), which `prlimit` changes while it runs and needs no
//! privilege for. To the database it is a write that fails, as on a full disk.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use doorway_core::clock::{Clock as _, SystemClock};
use doorway_core::random::{self, SystemRandom};
use doorway_mock_platform::claims::names::AGS_ENDPOINT;
use doorway_tests::{APP_KEY, begun, teacher};
use http::StatusCode;
use http::header::{AUTHORIZATION, COOKIE, LOCATION};
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use super::*;

/// How long the program may take until it says something that it must say.
const SOON: Duration = Duration::from_secs(60);

/// A directory, gone with its value.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        let name = u64::from_be_bytes(random::bytes(&SystemRandom));
        let path = std::env::temp_dir().join(format!("doorway-disk-{name:016x}"));
        std::fs::create_dir(&path).expect("the system has a place for temporary files");
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ignored = std::fs::remove_dir_all(&self.0);
    }
}

/// The running program.
struct Stack {
    process: Child,
    url: String,
    lines: Receiver<String>,
    client: reqwest::Client,
}

/// The program over this directory, whose files may grow by so much; ready to be started.
fn program(directory: &Path, fsize: &str) -> Command {
    let mut command = Command::new("prlimit");
    command
        // The signal of a file that grew too far would end the process; ignored, the write fails.
        .args([&format!("--fsize={fsize}:"), "sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_local-stack"))
        .args(["--listen", "127.0.0.1:0", "--no-demo", "--app-key", APP_KEY])
        .arg("--registrations")
        .arg(directory.join("registrations.json"))
        .arg("--data")
        .arg(directory.join("data"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Stack {
    fn start(directory: &Path) -> Self {
        let mut process = program(directory, "unlimited").spawn().expect("prlimit is there");
        let output = BufReader::new(process.stdout.take().expect("the output is piped"));
        let (sender, lines) = channel();
        // Ends with the process, whose output it reads.
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client is made");
        let first = lines.recv_timeout(SOON).expect("it says that it listens");
        let url = first.strip_prefix("doorway listening on ").expect("it says where").to_owned();
        Self { process, url, lines, client }
    }

    /// The files of the process may grow so far.
    fn may_write(&self, fsize: &str) {
        let pid = self.process.id().to_string();
        let done = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={fsize}:")]).status();
        assert!(done.expect("prlimit is there").success());
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = request.send().await.expect("the stack answers");
        let (status, headers) = (answer.status(), answer.headers().clone());
        Answer { status, headers, body: answer.text().await.expect("answers are texts") }
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)], cookie: &str) -> Answer {
        self.send(self.client.post(format!("{}{path}", self.url)).header(COOKIE, cookie).form(fields)).await
    }

    async fn begin(&self, platform: &FakePlatform) -> Begun {
        let fields = [
            ("iss", platform.issuer.as_str()),
            ("login_hint", "7"),
            ("target_link_uri", "https://app.example/lesson/7"),
            ("client_id", &platform.client_id),
        ];
        begun(&self.post("/lti/login", &fields, "").await)
    }

    async fn finish(&self, platform: &FakePlatform, begun: &Begun) -> Answer {
        let user = teacher();
        let nonce = begun.nonce();
        let mut claims = platform.claims(&nonce, SystemClock.now().0, &user).resource_link();
        claims[AGS_ENDPOINT] = json!({
            "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"], "lineitem": format!("{ISSUER}/items/1"),
        });
        let fields = [("id_token", platform.key.id_token(&claims)), ("state", begun.state())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.post("/lti/launch", &fields, &begun.cookie).await
    }

    async fn launch(&self, platform: &FakePlatform) -> String {
        self.finish(platform, &self.begin(platform).await).await.launch_id()
    }

    async fn api(&self, method: http::Method, path: &str) -> Answer {
        let request = self.client.request(method, format!("{}{path}", self.url));
        self.send(request.header(AUTHORIZATION, format!("Bearer {APP_KEY}"))).await
    }

    async fn redeem(&self, id: &str) -> Answer {
        self.api(http::Method::POST, &format!("/v1/launches/{id}/redeem")).await
    }

    async fn read(&self, path: &str) -> Answer {
        self.api(http::Method::GET, path).await
    }

    /// A score of somebody, which the App does not wait for.
    async fn score(&self, launch: &str, user: &str) -> Answer {
        let score = json!({ "scoreGiven": 7, "scoreMaximum": 10, "activityProgress": "Completed",
                            "gradingProgress": "FullyGraded", "userId": user });
        let request = self.client.post(format!("{}/v1/launches/{launch}/scores", self.url)).json(&score);
        let request = request.header(AUTHORIZATION, format!("Bearer {APP_KEY}")).header("prefer", "respond-async");
        self.send(request).await
    }

    /// Checks that the answer says that the table of launches or scores does not serve, and so does the log.
    fn refused(&self, case: &str, answer: &Answer, table: &str) {
        assert_eq!((answer.status.as_u16(), &*answer.code()), (503, "storage_unavailable"), "{case}: {}", answer.body);
        assert!(answer.body.contains("The tool is not available right now"), "{case}: {}", answer.body);
        let reference = answer.reference();
        let line = loop {
            let line = self.lines.recv_timeout(SOON).expect("every answer has its line");
            let line: Value = serde_json::from_str(&line).expect("every log line is JSON");
            if line["reference"] == reference {
                break line;
            }
        };
        assert_eq!((&line["level"], &line["outcome"]), (&"ERROR".into(), &"storage_unavailable".into()), "{case}");
        assert_reason(case, &line, &format!("table `{table}` failed to "));
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let _it_ended_by_itself = self.process.kill();
        let _status = self.process.wait();
    }
}

fn register(directory: &Path, platform: &FakePlatform) {
    let registration = platform.registration();
    let file = json!([{
        "issuer": platform.issuer, "clientId": platform.client_id, "deployments": [platform.deployment_id],
        "authorizationEndpoint": registration.authorization_endpoint, "tokenEndpoint": registration.token_endpoint,
        "jwksUri": registration.jwks_uri,
    }]);
    std::fs::write(directory.join("registrations.json"), file.to_string()).expect("the directory takes a file");
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_that_was_accepted_is_lost() {
    let directory = Directory::new();
    let platform = FakePlatform::start(ISSUER, "client-1").await;
    register(&directory.0, &platform);
    let stack = Stack::start(&directory.0);
    let redeemed = stack.launch(&platform).await;
    assert_eq!(stack.redeem(&redeemed).await.status, StatusCode::OK);
    let accepted = stack.score(&redeemed, "52").await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.body);
    let accepted = accepted.header(LOCATION).to_owned();
    let unredeemed = stack.launch(&platform).await;
    let under_way = stack.begin(&platform).await;

    stack.may_write("0");
    stack.refused("launch", &stack.finish(&platform, &under_way).await, "doorway-launches");
    stack.refused("redeem", &stack.redeem(&unredeemed).await, "doorway-launches");
    let score = stack.score(&redeemed, "53").await;
    stack.refused("score", &score, "doorway-scores");
    assert_eq!(score.header("retry-after"), "5");
    // What writes nothing goes on.
    let began_meanwhile = stack.begin(&platform).await;
    assert_eq!(stack.read(&format!("/v1/launches/{redeemed}")).await.status, StatusCode::OK);
    assert_eq!(stack.read(&accepted).await.status, StatusCode::OK);

    stack.may_write("unlimited");
    stack.finish(&platform, &under_way).await.launch_id();
    stack.finish(&platform, &began_meanwhile).await.launch_id();
    let answer = stack.redeem(&unredeemed).await;
    assert_eq!((answer.status, &answer.json()["user"]["name"]), (StatusCode::OK, &json!("Ada Morgan")));
    let second = stack.score(&redeemed, "53").await;
    assert_eq!(second.status, StatusCode::ACCEPTED, "{}", second.body);

    // On the disk is all of it, however the process ends.
    drop(stack);
    let stack = Stack::start(&directory.0);
    for launch in [&redeemed, &unredeemed] {
        assert_eq!(stack.read(&format!("/v1/launches/{launch}")).await.status, StatusCode::OK);
    }
    for score in [&*accepted, second.header(LOCATION)] {
        assert_eq!(stack.read(score).await.json()["state"], "queued");
    }
}

#[tokio::test]
async fn a_stack_that_cannot_write_does_not_start_and_says_where() {
    let directory = Directory::new();
    register(&directory.0, &FakePlatform::start(ISSUER, "client-1").await);
    let ended = program(&directory.0, "0").output().expect("prlimit is there");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success());
    let data = directory.0.join("data").display().to_string();
    assert!(said.starts_with("doorway: cannot use `") && said.contains(&data), "{said}");
}

//! The binary: exit codes, and JSON on standard output whatever happens.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// Runs the binary without any setting of its environment, and without a terminal.
fn doorway(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorway"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DOORWAY_") || name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    command.args(arguments).stdin(std::process::Stdio::null()).output().expect("the binary starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("it writes text")
}

/// The command ends with this code, and with `--json` says so on standard output.
fn ends_with(code: i32, arguments: &[&str]) -> Value {
    let output = doorway(arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
    let json = doorway(&[arguments, &["--json"]].concat());
    assert_eq!(json.status.code(), Some(code), "{arguments:?} --json");
    let json: Value = serde_json::from_slice(&json.stdout).expect("with --json there is JSON");
    if code > 1 {
        assert_eq!(json["error"]["exit"], code, "{json}");
        assert!(!text(&output.stderr).is_empty() && output.stdout.is_empty(), "{arguments:?}");
    }
    json
}

/// The folder of a stack that is not running any more.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("doorway-cli-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("the temporary directory can be written to");
        let tables = ["REGISTRATIONS", "LAUNCHES", "SCORES"].map(|table| format!("DOORWAY_{table}_TABLE=t\n")).concat();
        let engines = "AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:9\nAWS_ENDPOINT_URL_SQS=http://127.0.0.1:9\n";
        std::fs::write(path.join("lambda.env"), format!("{engines}{tables}")).expect("it can be written to");
        Self(path)
    }

    fn option(&self) -> String {
        format!("--local={}", self.0.display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ignored = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_is_done_ends_with_0() {
    let json = ends_with(0, &["explain", "key_id_unknown"]);
    assert_eq!(json["status"], "401");
    let output = doorway(&["completions", "bash"]);
    assert!(output.status.success() && text(&output.stdout).contains("complete -F _doorway"));
}

#[test]
fn findings_end_with_1() {
    let folder = Folder::new("findings");
    let json = ends_with(1, &["doctor", &folder.option()]);
    assert!(json["findings"].as_array().is_some_and(|findings| findings.len() > 3), "{json}");
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    assert_eq!(doorway(&["platform", "enable"]).status.code(), Some(2));
    let folder = Folder::new("usage");
    ends_with(2, &["launch", "forget", "x", &folder.option()]);
}

#[test]
fn what_is_not_there_ends_with_3() {
    let json = ends_with(3, &["explain", "no_such_code"]);
    assert_eq!(json["error"]["kind"], "not_found");
}

#[test]
fn missing_settings_end_with_5_and_are_named_together() {
    let json = ends_with(5, &["scores", "redrive"]);
    let wrong = json["error"]["wrong"].as_str().expect("it says what is wrong");
    for name in ["DOORWAY_SCORES_TABLE", "DOORWAY_SCORE_QUEUE_URL", "DOORWAY_DEAD_SCORE_QUEUE_URL"] {
        assert!(wrong.contains(name), "{wrong}");
    }
    assert!(json["error"]["do"].as_str().is_some_and(|todo| todo.contains("--stack NAME")), "{json}");
    ends_with(5, &["platform", "list", "--local=/nowhere"]);
}

#[test]
fn a_stack_that_does_not_run_ends_with_6() {
    let folder = Folder::new("unavailable");
    let json = ends_with(6, &["platform", "list", &folder.option()]);
    assert!(json["error"]["do"].as_str().is_some_and(|todo| todo.contains("running")), "{json}");
}

#[test]
fn what_nobody_confirms_ends_with_7() {
    let folder = Folder::new("confirm");
    ends_with(7, &["user", "erase", "--issuer", "https://lms.example", "--sub", "7", &folder.option()]);
}

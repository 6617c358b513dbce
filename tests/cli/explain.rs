//! What a code means, and what happened at a reference.

use doorway_cli::Exit;
use doorway_cli::command::explain::codes;
use doorway_tests::{FakePlatform, TestTool, last_request_line, log_lines};
use serde_json::json;

use crate::support::Cli;

#[tokio::test]
async fn every_code_is_explained_with_what_to_do() {
    let tool = TestTool::start(&[]).await;
    let cli = Cli::of(&tool).await;
    for code in codes() {
        let explained = cli.done(&format!("explain {}", code.code)).await;
        assert_eq!(explained["means"], code.means);
    }
    let fault = cli.refused("explain key_id", Exit::NotFound).await;
    assert!(fault.todo.contains("key_id_unknown"), "{fault}");
}

#[tokio::test]
async fn a_reference_is_found_in_a_log_and_its_code_explained() {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    let page = tool.launch_with(&platform, |claims| claims["nonce"] = json!("another")).await;
    assert_eq!(page.code(), "nonce_mismatch");
    let reference = last_request_line()["reference"].as_str().unwrap().to_owned();
    let lines = log_lines().iter().map(|line| format!("2026-11-23 stream {line}\n")).collect::<String>();
    let log = format!("doorway listening on http://x\n{{\"broken\n{lines}");
    let cli = Cli::with(&tool, None, &log).await;
    let path = cli.directory.join("log");
    std::fs::write(&path, &log).unwrap();
    for (written, log) in
        [(reference.clone(), path.to_str().unwrap()), (reference.to_lowercase().replace('-', ""), "-")]
    {
        let answer = cli.run(&["explain", &written, "--log", log]).await.unwrap();
        assert_eq!(answer.json["lines"][0]["outcome"], "nonce_mismatch", "{}", answer.text);
        assert_eq!(answer.json["codes"][0]["code"], "nonce_mismatch");
        assert!(answer.text.contains("What to do:") && answer.text.contains("client-1"), "{}", answer.text);
    }
    let fault = cli.refused(&format!("explain 00000-00000 --log {}", path.display()), Exit::NotFound).await;
    assert!(fault.wrong.contains("00000-00000"), "{fault}");
}

#[tokio::test]
async fn without_a_log_the_way_to_it_is_said() {
    let tool = TestTool::start(&[]).await;
    let cli = Cli::of(&tool).await;
    let answer = cli.done("explain 419PC-J4SF1").await;
    assert_eq!(answer["command"], "doorway explain 419PC-J4SF1 --log FILE");
}

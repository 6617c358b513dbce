//! The secrets of LTI 1.1 consumers, by command.

use std::os::unix::fs::PermissionsExt as _;

use doorway_cli::Exit;
use doorway_core::migration::{ConsumerSecrets, MAX_SECRET_BYTES};
use doorway_core::secret::SecretFormat as _;
use doorway_tests::TestTool;
use serde_json::json;

use crate::support::Cli;

const SECRET: &str = "typed in 2014, with spaces";

async fn with_input(tool: &TestTool, input: &str) -> Cli {
    Cli::with(tool, None, input).await
}

fn stored(tool: &TestTool) -> String {
    std::fs::read_to_string(tool.parts.lti11_secrets.as_ref().unwrap()).unwrap()
}

#[tokio::test]
async fn a_consumer_is_added_listed_and_removed_and_its_secret_is_never_shown() {
    let tool = TestTool::start(&[]).await;
    let cli = with_input(&tool, &format!("{SECRET}\n")).await;
    let words = ["migration-key", "add", "maple", "--issuer", "https://lms.example", "--client-id", "-1"];
    let answer = cli.run(&words).await.unwrap();
    let id = answer.json["id"].as_str().unwrap().to_owned();
    assert!(!answer.text.contains(SECRET) && !answer.json.to_string().contains(SECRET));
    assert!(stored(&tool).contains(SECRET), "the secret is the line, without its end");
    let path = std::fs::canonicalize(tool.parts.lti11_secrets.as_ref().unwrap()).unwrap();
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o077, 0, "the owner's alone");
    let answer = cli.run(&["migration-key", "list"]).await.unwrap();
    assert_eq!(
        answer.json,
        json!({"consumers": [{
            "id": id, "key": "maple", "issuer": "https://lms.example", "clientId": "-1", "deploymentId": null,
            "anyPlatform": false, "addedAt": answer.json["consumers"][0]["addedAt"],
        }]})
    );
    assert!(answer.text.contains("https://lms.example -1") && !answer.text.contains(SECRET), "{}", answer.text);
    cli.done(&format!("migration-key remove {id}")).await;
    assert_eq!(cli.done("migration-key list").await, json!({"consumers": []}));
    cli.refused(&format!("migration-key remove {id}"), Exit::NotFound).await;
}

#[tokio::test]
async fn a_consumer_has_several_secrets_and_none_twice() {
    let tool = TestTool::start(&[]).await;
    let first = with_input(&tool, "the-one-before").await;
    first.done("migration-key add maple --issuer https://lms.example").await;
    let fault = first.refused("migration-key add maple --issuer https://lms.example", Exit::Conflict).await;
    assert!(!fault.to_string().contains("the-one-before"), "{fault}");
    first.done("migration-key add maple --issuer https://lms.example --client-id 1 --deployment 2").await;
    with_input(&tool, "new\r\n").await.done("migration-key add maple --issuer https://lms.example").await;
    first.done("migration-key add maple --any-platform").await;
    let consumers = first.done("migration-key list").await["consumers"].as_array().unwrap().clone();
    let any: Vec<bool> = consumers.iter().map(|consumer| consumer["anyPlatform"].as_bool().unwrap()).collect();
    assert_eq!(any, [false, false, false, true]);
    assert_eq!(ConsumerSecrets::parse(&stored(&tool)).unwrap().len(), 4);
}

#[tokio::test]
async fn a_secret_comes_from_a_file_as_well_and_must_be_one_line() {
    let tool = TestTool::start(&[]).await;
    let cli = Cli::of(&tool).await;
    let path = cli.directory.join("secret.txt");
    let line = format!("migration-key add maple --issuer https://lms.example --secret-file {}", path.display());
    cli.refused(&line, Exit::Usage).await;
    for text in ["", "\n", "\r\n", "a\nb", "a\n\n", "a\rb", &"x".repeat(1025)] {
        std::fs::write(&path, text).unwrap();
        let fault = cli.refused(&line, Exit::Usage).await;
        assert!(fault.wrong.contains("one line"), "{text:?}: {fault}");
        let from_input = with_input(&tool, text).await;
        from_input.refused("migration-key add maple --issuer https://lms.example", Exit::Usage).await;
    }
    std::fs::write(&path, [b'a', 0xff]).unwrap();
    cli.refused(&line, Exit::Usage).await;
    assert_eq!(stored(&tool), r#"{"consumers":[]}"#, "nothing was stored");
    std::fs::write(&path, "x".repeat(1024)).unwrap();
    cli.done(&line).await;
}

#[tokio::test]
async fn keys_that_cannot_be_signed_without_doubt_are_refused() {
    let tool = TestTool::start(&[]).await;
    let cli = with_input(&tool, SECRET).await;
    for key in ["a&b", "", "a\tb", &"k".repeat(256)] {
        let words = ["migration-key", "add", key, "--issuer", "https://lms.example"];
        let fault = cli.run(&words).await.expect_err(key);
        assert_eq!(fault.exit, Exit::Usage, "{fault}");
    }
    assert_eq!(stored(&tool), r#"{"consumers":[]}"#);
}

#[tokio::test]
async fn what_is_none_of_ours_is_not_overwritten_and_too_much_is_not_stored() {
    let tool = TestTool::start(&[]).await;
    let cli = with_input(&tool, SECRET).await;
    let path = tool.parts.lti11_secrets.clone().unwrap();
    for text in ["hunter2", "[]", r#"{"consumers":[{"id":"1","key":"k","secret":"hunter2"}]}"#] {
        std::fs::write(&path, text).unwrap();
        for line in ["migration-key add maple --any-platform", "migration-key list", "migration-key remove 1"] {
            let fault = cli.refused(line, Exit::Unavailable).await;
            assert!(!fault.to_string().contains("hunter2"), "{fault}");
        }
        assert_eq!(stored(&tool), text);
    }
    let consumer =
        |number: usize| json!({"id": number.to_string(), "key": "k".repeat(200), "secret": "s", "anyPlatform": true});
    let consumers: Vec<_> = (0..MAX_SECRET_BYTES / 260).map(consumer).collect();
    let full = json!({ "consumers": consumers }).to_string();
    assert!(full.len() < MAX_SECRET_BYTES, "{}", full.len());
    std::fs::write(&path, &full).unwrap();
    let mut added = 0;
    let fault = loop {
        let key = format!("{added}-{}", "m".repeat(240));
        match cli.run(&["migration-key", "add", &key, "--any-platform"]).await {
            Ok(_) => added += 1,
            Err(fault) => break fault,
        }
        assert!(added < 100, "there is an end");
    };
    assert_eq!(fault.exit, Exit::Conflict, "{fault}");
    assert_eq!(ConsumerSecrets::parse(&stored(&tool)).unwrap().len(), consumers.len() + added, "nothing was lost");
}

//! What an LMS administrator must type.

use doorway_tests::TestTool;

use crate::support::Cli;

#[tokio::test]
async fn every_lms_gets_this_tools_own_addresses() {
    let tool = TestTool::start(&[]).await;
    let cli = Cli::of(&tool).await;
    for lms in ["canvas", "moodle", "blackboard", "brightspace", "sakai", "schoology", "openedx"] {
        let answer = cli.run(&["platform", "instructions", lms]).await.unwrap();
        let fields = answer.json["fields"].as_array().unwrap().clone();
        for address in ["/lti/login", "/lti/launch", "/.well-known/jwks.json"] {
            let address = format!("https://tool.example{address}");
            assert!(fields.iter().any(|field| field["value"] == address), "{lms} is not told {address}");
            assert!(answer.text.contains(&address), "{lms}: {}", answer.text);
        }
        let command = answer.json["command"].as_str().unwrap();
        assert!(command.starts_with(&format!("doorway platform add {lms} https://")), "{command}");
    }
}

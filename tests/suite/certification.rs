//! The 1EdTech LTI Advantage certification suite for tools, case by case, through login, launch and redeem: the
//! known bad payloads, the valid launches of teachers and students, the deep linking request.
//!
//! Source: *LTI Advantage Conformance Certification Guide 1.3*, sections 4.2 and 6, with the mutations of recorded
//! suite payloads.

mod bad_payloads;
mod deep_linking;
mod payload;
mod valid_launches;

use std::collections::BTreeSet;

use doorway_lti::claim;
use doorway_tests::{Answer, Begun, FakePlatform, TestTool, begun};
use serde_json::{Value, json};

use payload::{CLIENT_ID, DEPLOYMENT_ID, ISSUER, KEY_ID, student, teacher};

/// The header that the suite sends: no `typ`.
const HEADER: &str = r#"{"kid":"imstester_66066","alg":"RS256"}"#;
/// What the suite is told as the Tool's launch URL, and sends as the link's.
const LAUNCH_URL: &str = "https://tool.example/lti/launch";

/// The suite's Platform and the Tool that it certifies.
struct Suite {
    platform: FakePlatform,
    tool: TestTool,
}

impl Suite {
    async fn start() -> Self {
        let mut platform = FakePlatform::start(ISSUER, CLIENT_ID).await;
        platform.deployment_id = DEPLOYMENT_ID.to_owned();
        platform.key = platform.key.with_key_id(KEY_ID);
        platform.publish(&[&platform.key]);
        let tool = TestTool::start(&[platform.registration()]).await;
        Self { platform, tool }
    }

    /// The suite's login initiation: every case goes through one of its own.
    async fn login(&self) -> Begun {
        let fields = [
            ("iss", ISSUER),
            ("login_hint", "29123"),
            ("target_link_uri", LAUNCH_URL),
            ("lti_message_hint", "14923"),
            ("client_id", CLIENT_ID),
            ("lti_deployment_id", DEPLOYMENT_ID),
        ];
        let begun = begun(&self.tool.post("/lti/login", &fields, &[]).await);
        assert_eq!(begun.parameter("redirect_uri"), LAUNCH_URL, "the suite refuses any other");
        begun
    }

    fn student(&self, begun: &Begun) -> Value {
        student(&begun.nonce(), self.tool.now())
    }

    fn teacher(&self, begun: &Begun) -> Value {
        teacher(&begun.nonce(), self.tool.now())
    }

    /// Posts what the suite's key signs under this header.
    async fn post(&self, begun: &Begun, header: &str, payload: &Value) -> Answer {
        self.tool.post_token(begun, &self.platform.key.token(header, &payload.to_string())).await
    }

    /// What the App gets of a launch that is accepted; its log line has the values that were understood.
    async fn accepted(&self, case: &str, begun: &Begun, payload: &Value) -> Value {
        let answer = self.post(begun, HEADER, payload).await;
        assert_eq!(answer.status, 303, "{case}: {}", answer.body);
        let id = answer.launch_id();
        self.is_logged(case, &id, payload);
        let redeemed = self.tool.redeem(&id).await;
        assert_eq!(redeemed.status, 200, "{case}: {}", redeemed.body);
        let view = redeemed.json();
        assert_eq!(view["claims"], *payload, "{case}");
        assert_eq!(view["user"]["id"], payload["sub"], "{case}");
        assert_eq!(view["platform"]["deploymentId"], DEPLOYMENT_ID, "{case}");
        view
    }

    fn is_logged(&self, case: &str, launch_id: &str, payload: &Value) {
        let shortened = format!("{}...", &launch_id[..8]);
        let lines = doorway_tests::log_lines();
        let line = lines.iter().find(|line| line["function"] == "launch" && line["launch.id"] == shortened);
        let line = line.unwrap_or_else(|| panic!("{case}: the launch is not logged"));
        assert_eq!((&line["outcome"], &line["http.status"]), (&json!("ok"), &json!(303)), "{case}");
        assert_eq!((&line["lti.issuer"], &line["lti.client_id"]), (&json!(ISSUER), &json!(CLIENT_ID)), "{case}");
        assert_eq!(line["lti.deployment_id"], DEPLOYMENT_ID, "{case}");
        assert_eq!(line["lti.message_type"], payload[claim::MESSAGE_TYPE], "{case}");
        let understood = line["understood"].as_str().unwrap_or_default();
        assert!(understood.starts_with("roles: ") && understood.contains("; with: "), "{case}: {understood}");
    }

    /// A good launch of the student, as the suite tries after every bad one.
    async fn the_next_good_launch_works(&self, after: &str) {
        let begun = self.login().await;
        let view = self.accepted(after, &begun, &self.student(&begun)).await;
        assert_eq!(parts_played(&view), ["isLearner"].into(), "after {after}");
    }
}

/// The parts that the App is told the user plays.
fn parts_played(view: &Value) -> BTreeSet<&str> {
    let user = view["user"].as_object().expect("a launch has a user");
    user.iter()
        .filter(|(name, value)| name.starts_with("is") && **value == true)
        .map(|(name, _)| name.as_str())
        .collect()
}

fn removed(claims: &mut Value, names: &[&str]) {
    for name in names {
        let claim = claims.as_object_mut().and_then(|claims| claims.remove(*name));
        assert!(claim.is_some(), "the payload had no `{name}`");
    }
}

//! The message types: what each brings to the App, and what each cannot do without; and the payloads of two large
//! Platforms with all that is odd in them.

mod anonymous;
mod large_payloads;

use doorway_lti::claim;
use doorway_mock_platform::claims::LaunchClaims;
use doorway_tests::{FakePlatform, TestTool, refused, teacher};
use serde_json::{Value, json};

/// How the mock Platform writes a message.
type Message = fn(&LaunchClaims<'_>) -> Value;

const RESOURCE_LINK: Message = |claims| claims.resource_link();
const DEEP_LINKING: Message = |claims| claims.deep_linking();
const SUBMISSION_REVIEW: Message = |claims| claims.submission_review();
const DATA_PRIVACY: Message = |claims| claims.data_privacy();
const MOODLE_SIZED: Message = |claims| claims.moodle_sized();
const CANVAS_SIZED: Message = |claims| claims.canvas_sized();

/// A Platform and the Tool that it launches.
struct Pair {
    platform: FakePlatform,
    tool: TestTool,
}

impl Pair {
    async fn start() -> Self {
        let platform = FakePlatform::start("https://lms.example", "client-1").await;
        let tool = TestTool::start(&[platform.registration()]).await;
        Self { platform, tool }
    }

    /// Launches the teacher with these claims; the claims and the answer.
    async fn launch(&self, message: Message, change: impl FnOnce(&mut Value)) -> (Value, doorway_tests::Answer) {
        let begun = self.tool.begin(&self.platform).await;
        let mut claims = message(&self.platform.claims(&begun.nonce(), self.tool.now(), &teacher()));
        change(&mut claims);
        let answer = self.tool.post_token(&begun, &self.platform.key.id_token(&claims)).await;
        (claims, answer)
    }

    /// What the App gets of a launch: all of it when redeeming, what is kept when reading.
    async fn redeem_and_read(&self, message: Message) -> (Value, Value) {
        let (claims, answer) = self.launch(message, |_| {}).await;
        let id = answer.launch_id();
        let redeemed = self.tool.redeem(&id).await.json();
        assert_eq!(redeemed["claims"], claims, "all verified claims, as sent");
        let kept = self.tool.api("GET", &format!("/v1/launches/{id}")).await.json();
        (redeemed, kept)
    }
}

/// The members of a view that depend on its message type; a missing one is null.
fn of_message(view: &Value) -> Value {
    let members = ["messageType", "context", "resourceLink", "forUser", "targetLinkUri", "custom", "services"];
    members.iter().map(|name| ((*name).to_owned(), view[*name].clone())).collect::<serde_json::Map<_, _>>().into()
}

fn course() -> Value {
    json!({
        "id": "course-7", "label": "PHY-2", "title": "Physics: light and colour",
        "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
    })
}

fn roster() -> Value {
    json!({
        "context_memberships_url": "https://lms.example/memberships/course-7",
        "service_versions": ["2.0"],
    })
}

fn grades() -> Value {
    json!({
        "scope": [
            "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
            "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
            "https://purl.imsglobal.org/spec/lti-ags/scope/score",
        ],
        "lineitems": "https://lms.example/line-items/course-7",
        "lineitem": "https://lms.example/line-items/course-7/link-1201",
    })
}

#[tokio::test]
async fn a_resource_link_brings_its_link_its_course_and_its_services() {
    let (view, kept) = Pair::start().await.redeem_and_read(RESOURCE_LINK).await;
    let link = json!({
        "id": "link-1201", "title": "How light bends",
        "description": "A video lesson of six minutes on refraction.",
    });
    let expected = json!({
        "messageType": "LtiResourceLinkRequest",
        "context": course(),
        "resourceLink": link,
        "forUser": null,
        "targetLinkUri": "https://app.example/lesson/7",
        "custom": { "lesson": "how-light-bends", "due_at": "" },
        "services": { "ags": grades(), "nrps": roster() },
    });
    assert_eq!(of_message(&view), expected);
    assert_eq!(kept["services"], expected["services"]);
    assert_eq!(kept["resourceLink"], json!({ "id": "link-1201", "title": "How light bends" }));
}

#[tokio::test]
async fn a_deep_linking_request_brings_its_settings() {
    let (view, kept) = Pair::start().await.redeem_and_read(DEEP_LINKING).await;
    let settings = json!({
        "deep_link_return_url": "https://lms.example/deep-linking/course-7",
        "accept_types": ["ltiResourceLink", "link", "html"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_media_types": [],
        "accept_multiple": true,
        "accept_lineitem": true,
        "auto_create": false,
        "title": "Add to the course",
        "text": "Choose lessons for this course",
        "data": "chooser-7-c2f1",
    });
    let expected = json!({
        "messageType": "LtiDeepLinkingRequest",
        "context": course(),
        "resourceLink": null,
        "forUser": null,
        "targetLinkUri": "https://app.example/lesson/7",
        "custom": {},
        "services": { "deepLinking": settings, "nrps": roster() },
    });
    assert_eq!(of_message(&view), expected);
    assert_eq!(kept["services"], expected["services"]);
}

#[tokio::test]
async fn a_submission_review_brings_whose_work_it_is_and_the_viewer() {
    let (view, kept) = Pair::start().await.redeem_and_read(SUBMISSION_REVIEW).await;
    assert_eq!(view["messageType"], "LtiSubmissionReviewRequest");
    assert_eq!((&view["user"]["id"], &view["user"]["isInstructor"]), (&json!("41"), &json!(true)));
    assert_eq!(view["forUser"], json!({ "userId": "52", "name": "Ben Okafor" }));
    assert_eq!(view["resourceLink"]["id"], "link-1201");
    assert_eq!(view["services"]["ags"], grades());
    assert_eq!(kept["forUser"], json!({ "userId": "52" }), "the reviewed student's name is erased too");
}

#[tokio::test]
async fn a_privacy_launch_needs_neither_course_nor_link() {
    let (view, kept) = Pair::start().await.redeem_and_read(DATA_PRIVACY).await;
    let expected = json!({
        "messageType": "LtiDataPrivacyLaunchRequest",
        "context": null,
        "resourceLink": null,
        "forUser": null,
        "targetLinkUri": "https://app.example/lesson/7",
        "custom": {},
        "services": {},
    });
    assert_eq!(of_message(&view), expected);
    assert_eq!((&kept["messageType"], &kept["user"]["id"]), (&json!("LtiDataPrivacyLaunchRequest"), &json!("41")));
}

#[tokio::test]
async fn a_privacy_launch_may_say_whose_data_it_is_about() {
    let pair = Pair::start().await;
    let about = |claims: &mut Value| claims[claim::FOR_USER] = json!({ "user_id": "53" });
    let (_, answer) = pair.launch(DATA_PRIVACY, about).await;
    let view = pair.tool.redeem(&answer.launch_id()).await.json();
    assert_eq!(view["forUser"], json!({ "userId": "53" }));
}

/// One thing that a message cannot do without: the message, how it is spoiled, what the log names.
type Missing = (Message, fn(&mut Value), &'static str);

const MISSING: &[Missing] = &[
    (RESOURCE_LINK, |claims| claims[claim::TARGET_LINK_URI] = json!(null), claim::TARGET_LINK_URI),
    (RESOURCE_LINK, |claims| claims[claim::RESOURCE_LINK] = json!(null), claim::RESOURCE_LINK),
    (RESOURCE_LINK, |claims| claims[claim::RESOURCE_LINK]["id"] = json!(null), "resource_link.id"),
    (RESOURCE_LINK, |claims| claims[claim::ROLES] = json!(null), claim::ROLES),
    (DEEP_LINKING, |claims| claims[claim::DEEP_LINKING_SETTINGS] = json!(null), claim::DEEP_LINKING_SETTINGS),
    (
        DEEP_LINKING,
        |claims| claims[claim::DEEP_LINKING_SETTINGS]["deep_link_return_url"] = json!(""),
        "deep_linking_settings.deep_link_return_url",
    ),
    (SUBMISSION_REVIEW, |claims| claims[claim::FOR_USER] = json!(null), claim::FOR_USER),
    (SUBMISSION_REVIEW, |claims| claims[claim::FOR_USER] = json!({}), "for_user.user_id"),
    (SUBMISSION_REVIEW, |claims| claims[claim::AGS_ENDPOINT] = json!(null), claim::AGS_ENDPOINT),
    (SUBMISSION_REVIEW, |claims| claims[claim::AGS_ENDPOINT]["lineitem"] = json!(""), "endpoint.lineitem"),
];

#[tokio::test]
async fn what_a_message_cannot_do_without_is_named_when_it_is_missing() {
    let pair = Pair::start().await;
    for (message, spoil, named) in MISSING {
        let (_, answer) = pair.launch(*message, spoil).await;
        let line = refused(named, &answer, 400, "claim_missing");
        assert_eq!(line["rejection.reason"], format!("required claims are missing: {named}"));
        pair.tool.launch(&pair.platform).await;
    }
}

#[tokio::test]
async fn what_a_message_does_not_need_may_be_missing() {
    let pair = Pair::start().await;
    let optional: [(Message, &[&str]); 3] = [
        (DEEP_LINKING, &[claim::ROLES, claim::TARGET_LINK_URI, claim::CONTEXT]),
        (SUBMISSION_REVIEW, &[claim::ROLES, claim::RESOURCE_LINK, claim::TARGET_LINK_URI, claim::CONTEXT]),
        (DATA_PRIVACY, &[claim::ROLES, claim::TARGET_LINK_URI, claim::TOOL_PLATFORM]),
    ];
    for (message, absent) in optional {
        let without = |claims: &mut Value| {
            for name in absent {
                claims[*name] = json!(null);
            }
        };
        let (claims, answer) = pair.launch(message, without).await;
        let view = pair.tool.redeem(&answer.launch_id()).await.json();
        assert_eq!(view["messageType"], claims[claim::MESSAGE_TYPE], "{absent:?}");
        assert_eq!(answer.header("location").split('?').next(), Some("https://app.example/start"));
    }
}

#[tokio::test]
async fn an_unknown_message_type_is_refused_and_never_taken_for_a_resource_link() {
    let pair = Pair::start().await;
    for name in ["LtiTeleportRequest", "ltiResourceLinkRequest", "LtiResourceLinkRequest ", "LtiStartProctoring", ""] {
        let (_, answer) = pair.launch(RESOURCE_LINK, |claims| claims[claim::MESSAGE_TYPE] = json!(name)).await;
        let line = refused(name, &answer, 400, "message_type_unknown");
        assert_eq!(line["rejection.reason"], format!("message type `{name}` is not supported"));
        assert!(answer.body.contains("This tool does not offer what was opened"), "{}", answer.body);
        pair.tool.launch(&pair.platform).await;
    }
}

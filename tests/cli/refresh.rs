//! `doorway platform refresh`: what the Platform has, what it is sent, and what it makes of it.

use doorway_cli::Exit;
use doorway_lti::scope;
use doorway_mock_platform::{Endpoint, Profile, ServiceFault, Times};
use serde_json::{Value, json};

use crate::doctor::Clinic;
use crate::support::Cli;

const TOOL: &str = "https://purl.imsglobal.org/spec/lti-tool-configuration";

impl Clinic {
    /// A clinic whose Tool was renamed since it was registered, and got a description.
    pub(crate) async fn renamed(profile: Profile) -> Self {
        let clinic = Self::start().await;
        clinic.platform.set_profile(profile);
        // In step first, so that the name is all that differs.
        clinic.done(&["--yes"]).await;
        clinic.platform.accept_updates();
        clinic.platform.forget_requests();
        clinic.set("DOORWAY_TOOL_NAME", Some("Prism"));
        clinic.set("DOORWAY_TOOL_DESCRIPTION", Some("Lessons about light"));
        clinic
    }

    fn line<'a>(&'a self, options: &[&'a str]) -> Vec<&'a str> {
        let registration = &self.registration;
        let name = ["platform", "refresh", registration.issuer.as_str(), registration.client_id.as_str()];
        [&name, options].concat()
    }

    /// Runs the command; its JSON and its text.
    pub(crate) async fn done(&self, options: &[&str]) -> (Value, String) {
        let answer = self.cli.run(&self.line(options)).await.unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(answer.exit, Exit::Done, "{}", answer.text);
        (answer.json, answer.text)
    }

    /// The command is refused in these words, and says this to do.
    pub(crate) async fn refuses(&self, options: &[&str], exit: Exit, wrong: &str, todo: &str) {
        let fault = self.cli.run(&self.line(options)).await.expect_err(wrong);
        assert_eq!(fault.exit, exit, "{fault}");
        assert!(fault.wrong.contains(wrong), "{wrong}: {fault}");
        assert!(fault.todo.contains(todo), "{todo}: {fault}");
    }

    /// The registrations that were sent.
    fn sent(&self) -> usize {
        let requests = self.platform.requests();
        requests.iter().filter(|request| request.method == "PUT" && request.path.starts_with("/registration/")).count()
    }

    /// What the Platform has of the Tool.
    fn registered(&self) -> Value {
        let client_id = self.registration.client_id.as_str();
        let clients = self.platform.clients();
        let client = clients.iter().find(|client| client.client_id == client_id).expect("the Tool is registered");
        Value::Object(client.registration.clone())
    }
}

/// The members that differ.
fn members(json: &Value) -> Vec<&str> {
    json["changes"].as_array().unwrap().iter().map(|change| change["member"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_dry_run_shows_the_difference_and_sends_nothing() {
    let clinic = Clinic::renamed(Profile::Plain).await;
    let before = clinic.registered();
    let (json, text) = clinic.done(&["--dry-run"]).await;
    assert_eq!(json["outcome"], "differs");
    let changes = json["changes"].as_array().unwrap();
    let name = json!({ "member": "client_name", "before": "Lumen", "after": "Prism" });
    let description = json!({ "member": "description", "before": null, "after": "Lessons about light" });
    assert!(changes.contains(&name) && changes.contains(&description), "{json}");
    assert!(members(&json).contains(&"LtiResourceLinkRequest label"), "{json}");
    assert!(members(&json).iter().all(|member| !member.contains("uri")), "the addresses are the same: {json}");
    assert!(text.contains("- \"Lumen\"") && text.contains("+ \"Prism\""), "{text}");
    assert_eq!((clinic.sent(), clinic.registered()), (0, before));
}

#[tokio::test]
async fn the_platform_is_brought_up_to_date_once() {
    let clinic = Clinic::renamed(Profile::Plain).await;
    let before = clinic.registered();
    let (json, _) = clinic.done(&["--yes"]).await;
    assert_eq!(json["outcome"], "updated");
    let after = clinic.registered();
    assert_eq!((&after["client_name"], &after[TOOL]["description"]), (&json!("Prism"), &json!("Lessons about light")));
    for kept in ["scope", "registration_client_uri", "client_id", "redirect_uris", "jwks_uri"] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    for kept in ["claims", "deployment_id", "custom_parameters"] {
        assert_eq!(after[TOOL][kept], before[TOOL][kept], "{kept}");
    }
    let (json, text) = clinic.done(&["--yes"]).await;
    assert_eq!((&json["outcome"], clinic.sent()), (&json!("unchanged"), 1), "{text}");
}

#[tokio::test]
async fn nothing_is_sent_unless_somebody_says_yes() {
    let clinic = Clinic::renamed(Profile::Plain).await;
    clinic.refuses(&[], Exit::NotConfirmed, "not done", "--yes").await;
    assert_eq!(clinic.sent(), 0);
    let cli = Cli::with(&clinic.tool, Some("yes"), "").await;
    let clinic = Clinic { cli, ..clinic };
    clinic.set("DOORWAY_TOOL_NAME", Some("Prism"));
    clinic.done(&[]).await;
    assert!(clinic.cli.asked()[0].contains("+ \"Prism\""), "what is sent is shown first: {:?}", clinic.cli.asked());
    assert_eq!((clinic.sent(), &clinic.registered()["client_name"]), (1, &json!("Prism")));
}

#[tokio::test]
async fn an_update_that_waits_for_an_administrator_is_said_to_wait() {
    let clinic = Clinic::renamed(Profile::Canvas).await;
    let before = clinic.registered();
    let (json, text) = clinic.done(&["--yes"]).await;
    assert_eq!((&json["outcome"], clinic.registered()), (&json!("pending"), before));
    assert!(text.contains("an administrator of the LMS must accept it"), "{text}");
    assert_eq!(clinic.platform.pending_updates()[0].name, "Prism");
    assert_eq!(clinic.done(&["--dry-run"]).await.0["outcome"], "differs");
    clinic.platform.accept_updates();
    assert_eq!(clinic.done(&["--dry-run"]).await.0["outcome"], "unchanged");
}

#[tokio::test]
async fn a_platform_without_updates_is_told_with_what_to_do() {
    let clinic = Clinic::renamed(Profile::Canvas).await;
    clinic.platform.set_registration_updates(false);
    for options in [&["--dry-run"], &["--yes"]] {
        clinic.refuses(options, Exit::Unavailable, "status 404", "`lti_dr_registrations_update`").await;
    }
}

#[tokio::test]
async fn a_scope_that_was_not_granted_is_named() {
    let clinic = Clinic::renamed(Profile::Plain).await;
    clinic.platform.set_offered_scopes(&[scope::SCORE]);
    for options in [&["--dry-run"], &["--yes"]] {
        clinic.refuses(options, Exit::Unavailable, scope::REGISTRATION, "invite --may-update").await;
    }
    clinic.platform.set_offered_scopes(&[scope::SCORE, scope::REGISTRATION_READ_ONLY]);
    clinic.done(&["--dry-run"]).await;
    clinic.refuses(&["--yes"], Exit::Unavailable, scope::REGISTRATION, "Allow this scope").await;
    let registered = clinic.registered();
    let registered: Vec<&str> = registered["scope"].as_str().unwrap().split(' ').collect();
    clinic.platform.set_offered_scopes(&[&registered[..], &[scope::REGISTRATION]].concat());
    clinic.done(&["--dry-run"]).await;
    assert_eq!(clinic.done(&["--yes"]).await.0["outcome"], "updated");
}

#[tokio::test]
async fn a_new_token_that_is_refused_is_told() {
    let clinic = Clinic::renamed(Profile::Plain).await;
    for (refusal, status) in [(ServiceFault::Unauthorized, "status 401"), (ServiceFault::Forbidden, "status 403")] {
        clinic.platform.faults().switch_on(Endpoint::Registration, refusal, Times::All);
        clinic.refuses(&["--yes"], Exit::Unavailable, status, "The token is new and has the scope").await;
        clinic.platform.faults().clear();
    }
    assert_eq!(clinic.sent(), 0);
}

#[tokio::test]
async fn a_platform_that_gives_no_token_is_told_as_by_doctor() {
    let clinic = Clinic::renamed(Profile::Plain).await;
    clinic.platform.set_tool_jwks(json!({ "keys": [] }));
    clinic.refuses(&["--dry-run"], Exit::Unavailable, "invalid_client", "The LMS does not know the Tool's key").await;
}

#[tokio::test]
async fn a_registration_without_an_address_is_told_where_to_get_one() {
    let clinic = Clinic::renamed(Profile::Plain).await;
    clinic.register(|registration| registration.registration_client_uri = None).await;
    clinic.refuses(&["--dry-run"], Exit::NotFound, "not known where", "registrationClientUri=URL").await;
    let uri = clinic.platform.registration_client_uri(clinic.registration.client_id.as_str());
    let (issuer, client_id) = (&clinic.registration.issuer, &clinic.registration.client_id);
    clinic.cli.done(&format!("platform set {issuer} {client_id} registrationClientUri={uri}")).await;
    clinic.done(&["--dry-run"]).await;
}

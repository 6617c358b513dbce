//! `doorway doctor` finds what is wrong with the Tool itself, and says what to do.

use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::{self, Next};
use doorway_cli::Exit;
use doorway_core::clock::{Clock as _, UnixSeconds};
use doorway_core::registration::Registration;
use doorway_local::demo;
use doorway_local::tool::Tool;
use doorway_mock_platform::{Platform, PlatformKey};
use doorway_tests::{APP_KEY, Setup, TestTool};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use crate::support::Cli;

/// A Tool with a Platform on a loopback port, and all is well with both. Answers have the date of the Tool's clock.
pub(crate) struct Clinic {
    pub(crate) tool: TestTool,
    pub(crate) platform: Arc<Platform>,
    pub(crate) registration: Registration,
    pub(crate) cli: Cli,
    /// A check that finds something else than the test is about.
    pub(crate) ignored: &'static str,
}

impl Clinic {
    pub(crate) async fn start() -> Self {
        Self::with_skew(0).await
    }

    /// With a Platform whose clock is so many seconds ahead.
    pub(crate) async fn with_skew(seconds: i64) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let self_url = format!("http://{}", listener.local_addr().unwrap());
        let url = Url::parse(&self_url).unwrap();
        let app = url.join("/app").unwrap();
        let setup = Setup { public_url: url.clone(), app_url: app.clone(), ..Setup::default() };
        let tool = TestTool::start_with(setup, &[]).await;
        tool.parts.tool_keys().publish(&tool.public_keys()).await.unwrap();
        let addresses = demo::Addresses { tool: url.clone(), platform: url.clone(), sso: None, app };
        let platform = Arc::new(demo::platform(&addresses, PlatformKey::generate(), tool.clock.clone()));
        platform.set_tool_jwks(tool.public_keys());
        let registration = demo::registration(&url, &platform);
        tool.parts.registrations().put(&registration).await.unwrap();
        let sample = demo::app(&url, &self_url, APP_KEY.to_owned(), tool.clock.clone());
        let clock = tool.clock.clone();
        let router = demo::mount(Tool::new(&tool.parts).router(), platform.clone(), sample);
        let router = router.layer(middleware::from_fn(move |request: Request, next: Next| {
            let date = http_date(UnixSeconds(clock.now().0.checked_add_signed(seconds).unwrap()));
            async move {
                let mut response = next.run(request).await;
                response.headers_mut().insert("date", date.parse().unwrap());
                response
            }
        }));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let cli = Cli::of(&tool).await;
        Self { tool, platform, registration, cli, ignored: "" }
    }

    /// Changes the Registration.
    pub(crate) async fn register(&self, change: impl FnOnce(&mut Registration)) {
        let mut registration = self.registration.clone();
        change(&mut registration);
        self.tool.parts.registrations().put(&registration).await.unwrap();
    }

    /// The doctor finds these, by the names of the checks, and for each says what to do; the findings.
    pub(crate) async fn finds(&self, checks: &[&str]) -> Vec<Value> {
        let answer = self.cli.run(&["doctor", "--ignore", self.ignored]).await.unwrap();
        let findings = answer.json["findings"].as_array().unwrap().clone();
        let found: Vec<&str> = findings.iter().map(|finding| finding["check"].as_str().unwrap()).collect();
        assert_eq!(found, checks, "{}", answer.text);
        assert_eq!(answer.exit, if checks.is_empty() { Exit::Done } else { Exit::Findings });
        for finding in &findings {
            assert!(finding["do"].as_str().unwrap().len() > 20, "{finding}");
            assert!(answer.text.contains(finding["wrong"].as_str().unwrap()), "{}", answer.text);
        }
        findings
    }

    /// As [`Clinic::finds`], for one finding that says this and this to do.
    pub(crate) async fn finds_one(&self, check: &str, wrong: &str, todo: &str) {
        let findings = self.finds(&[check]).await;
        assert!(findings[0]["wrong"].as_str().unwrap().contains(wrong), "{}", findings[0]);
        assert!(findings[0]["do"].as_str().unwrap().contains(todo), "{}", findings[0]);
    }

    /// Changes a variable of the file that says where the Tool is.
    pub(crate) fn set(&self, name: &str, value: Option<&str>) {
        let path = self.cli.directory.join("lambda.env");
        let text = std::fs::read_to_string(&path).unwrap();
        let kept = text.lines().filter(|line| !line.starts_with(&format!("{name}=")));
        let mut text: String = kept.map(|line| format!("{line}\n")).collect();
        if let Some(value) = value {
            text.push_str(&format!("{name}={value}\n"));
        }
        std::fs::write(path, text).unwrap();
    }
}

fn http_date(moment: UnixSeconds) -> String {
    use aws_sdk_dynamodb::primitives::{DateTime, DateTimeFormat};
    DateTime::from_secs(i64::try_from(moment.0).unwrap()).fmt(DateTimeFormat::HttpDate).unwrap()
}

#[tokio::test]
async fn where_all_is_well_nothing_is_found() {
    let clinic = Clinic::start().await;
    clinic.finds(&[]).await;
    let key = format!("doctor {} {}", clinic.registration.issuer, clinic.registration.client_id);
    let passed = clinic.cli.done(&key).await["passed"].clone();
    for check in [
        "settings",
        "table",
        "queue",
        "state-key",
        "app-keys",
        "signing-keys",
        "tool-keys",
        "public-keys",
        "jwks",
        "clock",
        "token",
    ] {
        assert!(passed.as_array().unwrap().iter().any(|one| one["check"] == check), "{check} is not among {passed}");
    }
    clinic.cli.refused("doctor https://other.example x", Exit::NotFound).await;
}

#[tokio::test]
async fn it_finds_settings_that_are_missing_all_at_once() {
    let clinic = Clinic::start().await;
    clinic.set("DOORWAY_LAUNCHES_TABLE", None);
    clinic.set("DOORWAY_APP_KEYS", None);
    let findings = clinic.finds(&["settings"]).await;
    let wrong = findings[0]["wrong"].as_str().unwrap();
    assert!(
        wrong.contains("DOORWAY_LAUNCHES_TABLE is not set") && wrong.contains("DOORWAY_APP_KEYS is not set"),
        "{wrong}"
    );
}

#[tokio::test]
async fn it_finds_a_table_that_is_not_there_and_one_that_is_another() {
    let clinic = Clinic::start().await;
    clinic.set("DOORWAY_LAUNCHES_TABLE", Some("doorway-lunches"));
    clinic.finds_one("table", "doorway-lunches", "Is the stack deployed").await;
    clinic.set("DOORWAY_LAUNCHES_TABLE", Some("doorway-registrations"));
    clinic.finds_one("table", "the key is `pk, sk`, and must be `id`", "the name of the table of launches").await;
}

#[tokio::test]
async fn it_finds_a_queue_that_is_not_there() {
    let clinic = Clinic::start().await;
    clinic.set("DOORWAY_SCORE_QUEUE_URL", Some("http://127.0.0.1:9/000000000000/other"));
    clinic.finds_one("queue", "QueueDoesNotExist", "Is its URL that of the stack").await;
}

#[tokio::test]
async fn it_finds_secrets_that_are_not_what_they_must_be() {
    for (check, file) in [
        ("state-key", "state-key.json"),
        ("signing-keys", "signing-keys.json"),
        ("app-keys", "app-keys.json"),
        ("lti11-secrets", "lti11-secrets.json"),
    ] {
        let clinic = Clinic::start().await;
        let variable = format!("DOORWAY_{}", check.to_uppercase().replace('-', "_"));
        let path = clinic.cli.directory.join(format!("broken-{file}"));
        std::fs::write(&path, "hunter2").unwrap();
        clinic.set(&variable, Some(&format!("file:{}", path.display())));
        let findings = clinic.finds(&[check]).await;
        assert!(findings[0]["wrong"].as_str().unwrap().contains("it must be"), "{}", findings[0]);
        assert!(!findings[0].to_string().contains("hunter2"), "a secret is never shown");
    }
}

#[tokio::test]
async fn it_finds_that_the_app_has_no_key() {
    let clinic = Clinic::start().await;
    let path = clinic.cli.directory.join("no-keys.json");
    std::fs::write(&path, r#"{"keys":[]}"#).unwrap();
    clinic.set("DOORWAY_APP_KEYS", Some(&format!("file:{}", path.display())));
    clinic.finds_one("app-keys", "the App has no key", "doorway app-key create").await;
}

#[tokio::test]
async fn it_finds_that_the_key_that_signs_is_not_published() {
    let clinic = Clinic::start().await;
    let other = PlatformKey::generate();
    clinic.tool.parts.tool_keys().publish(&json!({ "keys": [other.public_jwk()] })).await.unwrap();
    clinic.finds_one("tool-keys", "is not published", "Publish the public halves").await;
}

#[tokio::test]
async fn it_finds_a_public_url_at_which_nobody_answers() {
    let clinic = Clinic::start().await;
    clinic.set("DOORWAY_PUBLIC_URL", Some("http://127.0.0.1:9"));
    clinic.finds_one("public-keys", "http://127.0.0.1:9/.well-known/jwks.json does not answer", "public URL").await;
}

#[tokio::test]
async fn it_finds_dead_scores() {
    let clinic = Clinic::start().await;
    clinic.tool.parts.queues.dead.send("{}", 0);
    clinic.finds_one("dead-scores", "1 score(s) could not be delivered", "doorway scores redrive").await;
}

#[tokio::test]
async fn what_is_wanted_as_it_is_can_be_left_out() {
    let clinic = Clinic::start().await;
    clinic.tool.parts.queues.dead.send("{}", 0);
    clinic.cli.done("doctor --ignore dead-scores").await;
}

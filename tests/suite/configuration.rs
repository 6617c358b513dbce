//! Bad configuration: every fault is named at once, at start, with what to set.

use axum::Router;
use doorway_core::config::{ConfigError, Environment};
use doorway_local::options::Serve;
use doorway_local::{Stack, StackError};

type FromEnvironment = fn(Environment) -> Result<Router, ConfigError>;

const FUNCTIONS: [(&str, FromEnvironment); 5] = [
    ("login", doorway_login::from_environment),
    ("launch", doorway_launch::from_environment),
    ("jwks", doorway_jwks::from_environment),
    ("launches", doorway_launches::from_environment),
    ("register", doorway_register::from_environment),
];

/// Which settings each function requires, and which it may be given.
fn settings(function: &str) -> (&'static [&'static str], &'static [(&'static str, &'static str)]) {
    match function {
        "login" => (
            &["DOORWAY_PUBLIC_URL", "DOORWAY_REGISTRATIONS_TABLE", "DOORWAY_STATE_KEY"],
            &[("DOORWAY_PUBLIC_URL", "lti.other.example")],
        ),
        "launch" => (
            &[
                "DOORWAY_PUBLIC_URL",
                "DOORWAY_APP_URL",
                "DOORWAY_REGISTRATIONS_TABLE",
                "DOORWAY_STATE_KEY",
                "DOORWAY_LAUNCHES_TABLE",
            ],
            &[
                ("DOORWAY_PUBLIC_URL", "http://lti.other.example"),
                ("DOORWAY_APP_URL", "https://user:secret@app.example.com"),
                ("DOORWAY_APP_ORIGINS", "app.example.com"),
                ("DOORWAY_LEEWAY_SECONDS", "301"),
            ],
        ),
        "jwks" => (&["DOORWAY_REGISTRATIONS_TABLE"], &[]),
        "register" => (
            &["DOORWAY_PUBLIC_URL", "DOORWAY_APP_URL", "DOORWAY_REGISTRATIONS_TABLE", "DOORWAY_STATE_KEY"],
            &[("DOORWAY_PUBLIC_URL", "lti.other.example"), ("DOORWAY_TOOL_LOGO", "http://app.other.example/logo.png")],
        ),
        _ => (
            &["DOORWAY_LAUNCHES_TABLE", "DOORWAY_REGISTRATIONS_TABLE", "DOORWAY_APP_KEYS"],
            &[("DOORWAY_LAUNCH_RETENTION_DAYS", "forever")],
        ),
    }
}

fn good(function: &str) -> Vec<(String, String)> {
    let value = |name: &str| if name.ends_with("_URL") { "https://lti.example.com" } else { "something" };
    settings(function).0.iter().map(|name| ((*name).to_owned(), value(name).to_owned())).collect()
}

fn faults(outcome: Result<Router, ConfigError>) -> String {
    outcome.err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn an_empty_environment_names_every_setting_at_once() {
    for (function, from_environment) in FUNCTIONS {
        let (required, _) = settings(function);
        for environment in [vec![], required.iter().map(|name| ((*name).to_owned(), String::new())).collect()] {
            let text = faults(from_environment(Environment::new(environment)));
            assert!(text.starts_with(&format!("{} setting(s) to mend:", required.len())), "{function}: {text}");
            for name in required {
                assert!(text.contains(&format!("{name} is not set: set it to ")), "{function}: {name} in {text}");
            }
        }
    }
}

#[test]
fn every_wrong_setting_is_named_at_once_and_its_value_is_not_repeated() {
    for (function, from_environment) in FUNCTIONS {
        let (_, wrong) = settings(function);
        let mut environment = good(function);
        environment.retain(|(name, _)| wrong.iter().all(|(wrong, _)| wrong != name));
        environment.extend(wrong.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let text = faults(from_environment(Environment::new(environment)));
        for (name, value) in wrong {
            assert!(text.contains(&format!("{name} is not usable: set it to ")), "{function}: {name} in {text}");
            assert!(!text.contains(value), "{function}: {text}");
        }
        assert_eq!(text.lines().count().saturating_sub(1), wrong.len(), "{function}: {text}");
    }
}

#[test]
fn a_right_environment_starts_every_function() {
    for (function, from_environment) in FUNCTIONS {
        assert_eq!(faults(from_environment(Environment::new(good(function)))), "", "{function}");
    }
}

#[test]
fn each_wrong_value_of_a_setting_is_a_fault() {
    let refused = |function: &str, name: &str, value: &str| {
        let mut environment = good(function);
        environment.retain(|(known, _)| known != name);
        environment.push((name.to_owned(), value.to_owned()));
        let (_, from_environment) = FUNCTIONS.into_iter().find(|(known, _)| *known == function).unwrap();
        let text = faults(from_environment(Environment::new(environment)));
        assert!(text.contains(name), "{name}={value}: {text:?}");
    };
    for value in [
        "http://lti.example.com",
        "ftp://lti.example.com",
        "lti.example.com",
        "https://",
        "https://user@lti.example.com",
        "https://lti.example.com/#x",
        "https://lti.example.com/prod",
        "https://lti.example.com/?stage=prod",
        "javascript:alert(1)",
    ] {
        refused("login", "DOORWAY_PUBLIC_URL", value);
        refused("launch", "DOORWAY_PUBLIC_URL", value);
    }
    for value in
        ["http://app.example.com", "app.example.com", "https://a:b@app.example.com", "https://app.example.com#x"]
    {
        refused("launch", "DOORWAY_APP_URL", value);
        refused("launch", "DOORWAY_APP_ORIGINS", &format!("https://fine.example.com,{value}"));
    }
    for value in ["-1", "301", "60s", "1.5", " 60", "0x3c", "99999999999999999999"] {
        refused("launch", "DOORWAY_LEEWAY_SECONDS", value);
    }
    for value in ["0", "-1", "3651", "a year"] {
        refused("launches", "DOORWAY_LAUNCH_RETENTION_DAYS", value);
    }
}

/// No option but a free port, and no demo.
pub(crate) fn options() -> Serve {
    Serve {
        listen: ([127, 0, 0, 1], 0).into(),
        public_url: None,
        platform_url: None,
        data: None,
        app_url: None,
        app_origins: Vec::new(),
        app_key: None,
        registrations: None,
        no_demo: true,
        allow_http_platforms: false,
    }
}

async fn stack_fault(options: Serve) -> String {
    match Stack::start(options).await {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn the_local_stack_names_every_wrong_option_at_once() {
    let url = |text: &str| url::Url::parse(text).ok();
    let options = Serve {
        public_url: url("https://lti.example.com/prod?x=1"),
        platform_url: url("http://localhost:8400/platform"),
        app_url: url("ftp://app.example.com/"),
        app_origins: [url("data:text/plain,x"), url("https://app.example.com/#x")].into_iter().flatten().collect(),
        app_key: Some(" key ".to_owned()),
        registrations: Some("/nowhere/registrations.json".into()),
        ..options()
    };
    let text = stack_fault(options).await;
    assert!(text.contains(" option(s) to mend:") && text.lines().count() > 6, "{text}");
    for name in ["--public-url", "--platform-url", "--app-url", "--app-origin", "--app-key", "--registrations"] {
        assert!(text.contains(name), "{name} in {text}");
    }
}

#[tokio::test]
async fn a_registrations_file_with_faults_names_them_all() {
    let name = format!("doorway-registrations-{}.json", std::process::id());
    let path = std::env::temp_dir().join(name);
    let entry = serde_json::json!({
        "issuer": "https://lms.example", "clientId": "1", "authorizationEndpoint": "ftp://lms.example/auth",
        "tokenEndpoint": "https://a:b@lms.example/token", "jwksUri": "https://lms.example/jwks",
    });
    std::fs::write(&path, serde_json::json!([entry, {"issuer": ""}, 7]).to_string()).unwrap();
    let text = stack_fault(Serve { registrations: Some(path.clone()), ..options() }).await;
    std::fs::remove_file(&path).unwrap();
    for fault in ["entry 0: `authorizationEndpoint`", "entry 0: `tokenEndpoint`", "entry 1: ", "entry 2: "] {
        assert!(text.contains(fault), "{fault} in {text}");
    }
}

#[tokio::test]
async fn an_address_that_is_taken_is_said_with_what_to_do() {
    let taken = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let listen = taken.local_addr().unwrap();
    let error = Stack::start(Serve { listen, ..options() }).await.err().unwrap();
    assert!(matches!(error, StackError::Listen(_)), "{error}");
    assert!(error.to_string().contains("--listen"));
}

#[tokio::test]
async fn a_data_directory_that_cannot_be_used_is_named() {
    let file = std::env::temp_dir().join(format!("doorway-no-directory-{}", std::process::id()));
    std::fs::write(&file, "a file").unwrap();
    let text = stack_fault(Serve { data: Some(file.clone()), ..options() }).await;
    std::fs::remove_file(&file).unwrap();
    assert!(text.contains(&file.display().to_string()), "{text}");
}

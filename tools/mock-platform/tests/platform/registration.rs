//! Tools that register themselves: what is refused, and what differs from product to product (digest "dynamic
//! registration", §3 to §5).

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use doorway_mock_platform::{Profile, router};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use url::Url;

use crate::support::ISSUER;
use crate::tool::{LINE_ITEM, MEMBERSHIP, SCORE, Tool};

const TOOL: &str = "https://purl.imsglobal.org/spec/lti-tool-configuration";
const PLATFORM: &str = "https://purl.imsglobal.org/spec/lti-platform-configuration";
/// How long a token is good, in seconds.
const HOUR: u64 = 3600;
/// The members without any of which a request is refused.
const REQUIRED: [&str; 9] = [
    "application_type",
    "response_types",
    "grant_types",
    "token_endpoint_auth_method",
    "client_name",
    "initiate_login_uri",
    "redirect_uris",
    "jwks_uri",
    TOOL,
];

/// What is wrong, and how a right request becomes so.
type Change = (&'static str, fn(&mut Value));

/// An administrator's visit at a Platform with a product's habits.
struct Visit {
    tool: Tool,
    app: Router,
}

struct Answer {
    status: StatusCode,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

impl Visit {
    fn at(profile: Profile) -> Self {
        let tool = Tool::at(profile);
        let app = Router::new().nest("/platform", router(tool.platform.clone()));
        Self { tool, app }
    }

    /// The administrator opens the Tool's link; the token that comes along, if one does.
    fn open(&self) -> Option<String> {
        self.open_for(None)
    }

    fn open_for(&self, client_id: Option<&str>) -> Option<String> {
        let opened =
            self.tool.platform.registration_initiation("https://tool.example/register?a=b", client_id).unwrap();
        let opened = Url::parse(&opened).unwrap();
        let parameter = |name: &str| opened.query_pairs().find(|(known, _)| known == name).map(|(_, v)| v.into_owned());
        assert_eq!(
            (parameter("a"), parameter("openid_configuration")),
            (Some("b".into()), Some(format!("{ISSUER}/openid-configuration")))
        );
        parameter("registration_token")
    }

    async fn configuration(&self, token: Option<&str>) -> Answer {
        self.send(with_token(Request::get("/platform/openid-configuration"), token), Body::empty()).await
    }

    async fn register(&self, token: Option<&str>, body: &Value) -> Answer {
        let request = Request::post("/platform/registration").header(header::CONTENT_TYPE, "application/json");
        self.send(with_token(request, token), Body::from(body.to_string())).await
    }

    /// A registration by a token of its own.
    async fn register_anew(&self, body: &Value) -> Answer {
        self.register(self.open().as_deref(), body).await
    }

    async fn send(&self, request: axum::http::request::Builder, body: Body) -> Answer {
        let response = self.app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = response.status();
        let text = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, text: String::from_utf8(text.to_vec()).unwrap() }
    }

    fn later(&self, seconds: u64) {
        self.tool.clock.fetch_add(seconds, std::sync::atomic::Ordering::SeqCst);
    }

    /// How many Tools there are beside the one from the start.
    fn installed(&self) -> usize {
        self.tool.platform.clients().len() - 1
    }
}

fn with_token(request: axum::http::request::Builder, token: Option<&str>) -> axum::http::request::Builder {
    match token {
        Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        None => request,
    }
}

/// A right request for every product.
fn right() -> Value {
    json!({
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "token_endpoint_auth_method": "private_key_jwt",
        "client_name": "Lumen",
        "initiate_login_uri": "https://tool.example/lti/login",
        "redirect_uris": ["https://tool.example/lti/launch"],
        "jwks_uri": "https://tool.example/jwks.json",
        "scope": format!("{LINE_ITEM} {SCORE} {MEMBERSHIP}"),
        TOOL: {
            "domain": "app.example",
            "target_link_uri": "https://app.example/start",
            "custom_parameters": { "lesson": "$ResourceLink.id" },
            "claims": ["iss", "sub", "name"],
            "messages": [{ "type": "LtiResourceLinkRequest" }, { "type": "LtiDeepLinkingRequest" }],
        },
    })
}

/// The right request with something changed.
fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut request = right();
    change(&mut request);
    request
}

fn products() -> impl Iterator<Item = Profile> {
    Profile::ALL.into_iter().filter(|profile| profile.lets_tools_register())
}

#[tokio::test]
async fn a_right_request_is_registered_and_comes_back_with_a_client() {
    for profile in products() {
        let visit = Visit::at(profile);
        let answer = visit.register_anew(&right()).await;
        assert_eq!(answer.status, StatusCode::OK, "{profile:?}: {}", answer.text);
        let answer = answer.json();
        let clients = visit.tool.platform.clients();
        let client = clients.last().unwrap();
        assert_eq!((answer["client_id"].as_str(), clients.len()), (Some(client.client_id.as_str()), 2), "{profile:?}");
        assert_eq!((client.name.as_str(), client.redirect_uris.len()), ("Lumen", 1));
        assert_eq!(answer["scope"], right()["scope"], "the request is echoed");
    }
}

#[tokio::test]
async fn where_the_deployment_stands_differs_by_product() {
    for (profile, of_tool, on_top) in [
        (Profile::Plain, json!("1"), json!(null)),
        (Profile::Moodle, json!("2"), json!(null)),
        (Profile::Sakai, json!("1"), json!(null)),
        (Profile::Canvas, json!(null), json!("9:8865aa05b4b79b64a91a86042e43af5ea8ae79eb")),
        (Profile::Blackboard, json!(null), json!(null)),
        (Profile::Brightspace, json!(null), json!(null)),
    ] {
        let answer = Visit::at(profile).register_anew(&right()).await.json();
        assert_eq!((&answer[TOOL]["deployment_id"], &answer["deployment_id"]), (&of_tool, &on_top), "{profile:?}");
    }
}

#[tokio::test]
async fn brightspace_and_blackboard_give_no_token_and_the_others_want_theirs() {
    for profile in products() {
        let visit = Visit::at(profile);
        let has_token = visit.open().is_some();
        assert_eq!(has_token, !matches!(profile, Profile::Brightspace | Profile::Blackboard), "{profile:?}");
        for token in [None, Some("a-token-of-somebody-else")] {
            let answer = visit.register(token, &right()).await;
            let expected = match profile {
                Profile::Brightspace | Profile::Blackboard => StatusCode::OK,
                Profile::Sakai => StatusCode::FORBIDDEN,
                _ => StatusCode::UNAUTHORIZED,
            };
            assert_eq!(answer.status, expected, "{profile:?}: {}", answer.text);
        }
        assert_eq!(visit.installed() > 0, !has_token, "{profile:?}");
    }
}

#[tokio::test]
async fn a_token_is_good_once_and_at_canvas_for_an_hour() {
    for (profile, again) in [
        (Profile::Plain, StatusCode::UNAUTHORIZED),
        (Profile::Moodle, StatusCode::UNAUTHORIZED),
        (Profile::Sakai, StatusCode::FORBIDDEN),
        (Profile::Canvas, StatusCode::OK),
    ] {
        let visit = Visit::at(profile);
        let token = visit.open().unwrap();
        assert_eq!(visit.register(Some(&token), &right()).await.status, StatusCode::OK);
        let answer = visit.register(Some(&token), &right()).await;
        assert_eq!(answer.status, again, "{profile:?}");
        assert_eq!(answer.text == "token_already_used", again != StatusCode::OK, "{profile:?}: {}", answer.text);
        assert_eq!(visit.installed(), 1, "{profile:?}: Canvas registers the same client anew");
    }
}

/// A request that is refused for its fields has spent its token, as at Moodle: whoever repeats it needs a new one.
#[tokio::test]
async fn a_refused_request_spends_its_token() {
    let visit = Visit::at(Profile::Moodle);
    let token = visit.open().unwrap();
    let wrong = changed(|request| request["client_name"] = json!(""));
    assert_eq!(visit.register(Some(&token), &wrong).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(visit.register(Some(&token), &right()).await.text, "token_already_used");
}

#[tokio::test]
async fn a_token_is_good_for_an_hour_and_no_longer() {
    for profile in products() {
        let visit = Visit::at(profile);
        let Some(token) = visit.open() else { continue };
        visit.later(HOUR - 1);
        assert_eq!(visit.register(Some(&token), &right()).await.status, StatusCode::OK, "{profile:?}");
        let token = visit.open().unwrap();
        visit.later(HOUR);
        assert!(!visit.register(Some(&token), &right()).await.status.is_success(), "{profile:?}");
    }
}

#[tokio::test]
async fn a_request_with_any_member_missing_is_refused() {
    for profile in products() {
        let visit = Visit::at(profile);
        let refusal =
            if profile == Profile::Canvas { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
        for member in REQUIRED {
            let request = changed(|request| drop(request.as_object_mut().unwrap().remove(member)));
            let answer = visit.register_anew(&request).await;
            assert_eq!(answer.status, refusal, "{profile:?}: {member}: {}", answer.text);
        }
        for member in ["domain", "target_link_uri", "custom_parameters", "messages"] {
            let request = changed(|request| drop(request[TOOL].as_object_mut().unwrap().remove(member)));
            let answer = visit.register_anew(&request).await;
            assert_eq!(answer.status, refusal, "{profile:?}: {member}: {}", answer.text);
        }
        assert_eq!(visit.installed(), 0, "{profile:?}");
    }
}

#[tokio::test]
async fn a_domain_must_be_the_host_of_the_target() {
    let visit = Visit::at(Profile::Moodle);
    for (domain, target, is_right) in [
        ("app.example", "https://app.example/start", true),
        ("www.app.example", "https://app.example/start", true),
        ("app.example:8443", "https://app.example:8443/start", true),
        ("tool.example", "https://app.example/start", false),
        ("app.example", "https://app.example:8443/start", false),
        ("example", "https://app.example/start", false),
        ("https://app.example", "https://app.example/start", false),
        ("app.example/start", "https://app.example/start", false),
    ] {
        let request = changed(|request| {
            request[TOOL]["domain"] = json!(domain);
            request[TOOL]["target_link_uri"] = json!(target);
        });
        let answer = visit.register_anew(&request).await;
        assert_eq!(answer.status == StatusCode::OK, is_right, "{domain} {target}: {}", answer.text);
    }
    let elsewhere = changed(|request| request[TOOL]["domain"] = json!("tool.example"));
    assert_eq!(visit.register_anew(&elsewhere).await.text, "domain_targetlinkuri_mismatch");
}

#[tokio::test]
async fn values_that_a_product_would_misread_are_refused() {
    let changes: [Change; 12] = [
        ("another application type", |request| request["application_type"] = json!("native")),
        ("a password", |request| request["token_endpoint_auth_method"] = json!("client_secret_basic")),
        ("a code beside the token", |request| request["response_types"] = json!(["id_token", "code"])),
        ("one grant", |request| request["grant_types"] = json!(["implicit"])),
        ("a misspelt grant", |request| request["grant_types"] = json!(["implict", "client_credentials"])),
        ("no redirect URI", |request| request["redirect_uris"] = json!([])),
        ("a path for a key set", |request| request["jwks_uri"] = json!("/jwks.json")),
        ("a number among the custom values", |request| request[TOOL]["custom_parameters"] = json!({ "n": 1 })),
        ("PHP's empty object", |request| request[TOOL]["custom_parameters"] = json!([])),
        ("an unknown scope", |request| request["scope"] = json!("https://scopes.example/all")),
        ("an unknown message", |request| request[TOOL]["messages"] = json!([{ "type": "LtiPigeonRequest" }])),
        ("two deep-linking messages", |request| {
            request[TOOL]["messages"] =
                json!([{ "type": "LtiDeepLinkingRequest" }, { "type": "LtiDeepLinkingRequest" }]);
        }),
    ];
    let visit = Visit::at(Profile::Plain);
    for (case, change) in changes {
        let answer = visit.register_anew(&changed(change)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{case}: {}", answer.text);
    }
    assert_eq!(visit.installed(), 0);
}

#[tokio::test]
async fn only_json_is_read() {
    let visit = Visit::at(Profile::Plain);
    for media_type in ["text/plain", "application/x-www-form-urlencoded"] {
        let token = visit.open().unwrap();
        let request = Request::post("/platform/registration").header(header::CONTENT_TYPE, media_type);
        let answer = visit.send(with_token(request, Some(&token)), Body::from(right().to_string())).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{media_type}");
        assert_eq!(visit.register(Some(&token), &right()).await.status, StatusCode::OK, "the token is still good");
    }
    assert_eq!(visit.register_anew(&json!(["no object"])).await.status, StatusCode::BAD_REQUEST);
}

/// Placements and messages count as they are advertised, letter by letter.
#[tokio::test]
async fn what_is_asked_for_must_be_advertised_by_the_product() {
    let asking = |name: &str, placement: &str| {
        changed(|request| {
            let message = match placement {
                "" => json!({ "type": name }),
                placement => json!({ "type": name, "placements": [placement] }),
            };
            request[TOOL]["messages"] = json!([message]);
        })
    };
    let navigation = "https://canvas.instructure.com/lti/course_navigation";
    for (profile, name, placement, is_right) in [
        (Profile::Canvas, "LtiResourceLinkRequest", navigation, true),
        (Profile::Canvas, "LtiResourceLinkRequest", "course_navigation", false),
        (Profile::Moodle, "LtiResourceLinkRequest", "ContentArea", true),
        (Profile::Moodle, "LtiResourceLinkRequest", navigation, false),
        (Profile::Brightspace, "LtiDeepLinkingRequest", "RichTextEditor", true),
        (Profile::Sakai, "LtiDeepLinkingRequest", "RichTextEditor", false),
        (Profile::Blackboard, "LtiSubmissionReviewRequest", "", true),
        (Profile::Brightspace, "LtiSubmissionReviewRequest", "", false),
        (Profile::Plain, "LtiDataPrivacyLaunchRequest", "", true),
        (Profile::Moodle, "LtiDataPrivacyLaunchRequest", "", false),
    ] {
        let answer = Visit::at(profile).register_anew(&asking(name, placement)).await;
        assert_eq!(answer.status.is_success(), is_right, "{profile:?}: {name} {placement}: {}", answer.text);
    }
}

#[tokio::test]
async fn each_product_says_no_in_its_own_way() {
    let wrong = changed(|request| request["client_name"] = json!(""));
    let canvas = Visit::at(Profile::Canvas);
    assert_eq!(canvas.register(None, &right()).await.json(), json!({ "errorMessage": "invalid_token" }));
    assert_eq!(canvas.register_anew(&wrong).await.json(), json!({ "errors": ["client_name is required"] }));
    for profile in [Profile::Moodle, Profile::Sakai, Profile::Brightspace, Profile::Blackboard, Profile::Plain] {
        assert_eq!(Visit::at(profile).register_anew(&wrong).await.text, "client_name is required", "{profile:?}");
    }
}

#[tokio::test]
async fn canvas_wants_the_token_for_its_configuration_too() {
    for profile in products() {
        let visit = Visit::at(profile);
        let is_open = visit.configuration(None).await.status == StatusCode::OK;
        assert_eq!(is_open, profile != Profile::Canvas, "{profile:?}");
        let token = visit.open();
        assert_eq!(visit.configuration(token.as_deref()).await.status, StatusCode::OK, "{profile:?}");
    }
    assert_eq!(Visit::at(Profile::Canvas).configuration(Some("another")).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn each_configuration_is_written_as_its_product_writes_it() {
    for profile in products() {
        let visit = Visit::at(profile);
        let document = visit.configuration(visit.open().as_deref()).await.json();
        assert_eq!(document["issuer"], ISSUER, "{profile:?}");
        assert_eq!(document["registration_endpoint"], format!("{ISSUER}/registration"), "{profile:?}");
        let lti = &document[PLATFORM];
        let family = match profile {
            Profile::Plain => "maple-learning",
            Profile::Moodle => "moodle",
            Profile::Canvas => "canvas",
            Profile::Blackboard => "BlackboardLearn",
            Profile::Brightspace => "desire2learn",
            Profile::Sakai => "sakailms.org",
            Profile::Schoology | Profile::OpenEdx => unreachable!("they let nobody register"),
        };
        assert_eq!(lti["product_family_code"], family);
        assert_eq!(lti.get("version").is_some(), profile != Profile::Sakai, "{profile:?}");
        assert_eq!(
            lti["messages_supported"][0].is_string(),
            profile == Profile::Moodle,
            "{profile:?}: texts at Moodle"
        );
        let methods = document.get("token_endpoint_auth_methods_supported");
        assert_eq!(methods.is_none(), profile == Profile::Blackboard, "{profile:?}: names with blanks at Blackboard");
        let account = lti.get("https://canvas.instructure.com/lti/account_domain");
        assert_eq!(account.is_some(), profile == Profile::Canvas, "{profile:?}");
    }
}

/// An administrator registers a Tool that is there already.
#[tokio::test]
async fn a_client_can_be_registered_anew_and_stays_the_same_client() {
    let visit = Visit::at(Profile::Plain);
    let first = visit.register_anew(&right()).await.json()["client_id"].as_str().unwrap().to_owned();
    let token = visit.open_for(Some(&first));
    let renamed = changed(|request| request["client_name"] = json!("Lumen 2"));
    assert_eq!(visit.register(token.as_deref(), &renamed).await.json()["client_id"], first);
    let clients = visit.tool.platform.clients();
    assert_eq!((visit.installed(), clients.last().unwrap().name.as_str()), (1, "Lumen 2"));
}

#[tokio::test]
async fn every_attempt_is_kept_with_what_was_answered() {
    let visit = Visit::at(Profile::Plain);
    visit.register(None, &right()).await;
    visit.register_anew(&right()).await;
    let attempts = visit.tool.platform.registration_attempts();
    let seen: Vec<_> = attempts.iter().map(|attempt| (attempt.had_good_token, attempt.status)).collect();
    assert_eq!(seen, [(false, 401), (true, 200)]);
    assert_eq!(attempts[1].body, right().to_string());
}

#[tokio::test]
async fn products_of_which_nobody_has_seen_it_let_no_tool_register() {
    for profile in Profile::ALL.into_iter().filter(|profile| !profile.lets_tools_register()) {
        let visit = Visit::at(profile);
        let token = visit.open();
        assert_eq!(visit.configuration(token.as_deref()).await.status, StatusCode::NOT_FOUND, "{profile:?}");
        assert_eq!(visit.register(token.as_deref(), &right()).await.status, StatusCode::NOT_FOUND, "{profile:?}");
        assert_eq!(visit.installed(), 0, "{profile:?}");
    }
}

//! Every request that the Tool sends, byte for byte, in `goldens/*.txt`; and beside each the rules that it obeys.
//!
//! A file has the request as it was heard, its line ends as line ends. What changes from run to run stands in braces.
//! `DOORWAY_UPDATE_GOLDENS=1` writes the files anew.

use std::path::PathBuf;

use doorway_lti::{claim, scope};
use serde_json::{Value, json};

use crate::listener::{Heard, answer};
use crate::support::{LINE_ITEM, Place, TOKEN, claims_of, header_of, line_item_id};

/// Compares with the golden of this name.
fn golden(name: &str, actual: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("outbound/goldens/{name}.txt"));
    if std::env::var_os("DOORWAY_UPDATE_GOLDENS").is_some_and(|value| value == "1") {
        std::fs::write(&path, actual).expect("the folder of goldens can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(actual, expected, "{name}: is the change meant? Then DOORWAY_UPDATE_GOLDENS=1");
}

/// The request as text, with names for what changes: host, token, version, assertion and its length.
fn shown(place: &Place, heard: &Heard) -> String {
    let host = place.lms.base.replace("http://", "");
    let head = heard.head().replace("\r\n", "\n").replace(&host, "{host}").replace(TOKEN, "{token}");
    let head = head.replace(concat!("Doorway/", env!("CARGO_PKG_VERSION")), "Doorway/{version}");
    let Some(assertion) = heard.field("client_assertion") else { return format!("{head}\n\n{}\n", heard.body()) };
    let head = head.replace(&format!("content-length: {}", heard.body().len()), "content-length: {length}");
    format!("{head}\n\n{}\n", heard.body().replace(&assertion, "{assertion}"))
}

/// What holds of every request of the Tool (services digest §1; AGS digest §1; Moodle compares strictly).
fn obeys_the_rules(heard: &Heard) {
    let head = heard.head();
    assert!(!head.replace("\r\n", "").contains(['\r', '\n']), "lines end with CR LF alone: {head:?}");
    assert!(heard.header("user-agent").is_some_and(|agent| agent.starts_with("Doorway/")), "{head}");
    for absent in ["accept-encoding", "cookie", "te", "transfer-encoding", "referer", "origin", "expect", "connection"]
    {
        assert_eq!(heard.header(absent), None, "{absent}: {head}");
    }
    // Without a type of its own a request takes anything: an answer to a score or a deletion has nothing to read.
    let takes_anything = heard.target().contains("/scores") || heard.method() == "DELETE";
    assert_eq!(heard.header("accept") == Some("*/*"), takes_anything, "{head}");
    for one in ["accept", "content-type"] {
        let bare = heard.header(one).is_none_or(|value| !value.contains([',', ';', ' ']));
        assert!(bare, "one bare media type in `{one}`: {head}");
    }
    let length = heard.header("content-length").map_or(0, |length| length.parse().expect("a number"));
    assert_eq!(heard.body().len(), length, "{head}");
    assert_eq!(heard.header("content-type").is_some(), !heard.body().is_empty(), "a body has a type: {head}");
    let token = heard.header("authorization");
    assert!(token.is_none_or(|value| value == format!("Bearer {TOKEN}")), "`Bearer`, one blank, the token: {head}");
    assert_eq!(token.is_some(), heard.target() != "/token" && heard.target() != "/jwks", "{head}");
}

/// The one request at this target, which obeys the rules and is the golden of this name.
pub fn only(place: &Place, method: &str, beginning: &str, name: &str) -> Heard {
    let heard = place.lms.heard_at(beginning);
    let mut heard = heard.into_iter().filter(|heard| heard.method() == method);
    let one = heard.next().unwrap_or_else(|| panic!("no {method} {beginning}"));
    assert!(heard.next().is_none(), "one {method} {beginning} is enough");
    obeys_the_rules(&one);
    golden(name, &shown(place, &one));
    one
}

/// A Platform in order, a launch, and the id of the launch's line item.
pub async fn set_up() -> (Place, String, String) {
    let place = Place::start().await;
    let launch = place.launch().await;
    let id = line_item_id(&format!("{}{LINE_ITEM}", place.lms.base));
    (place, launch, id)
}

/// The token request.
#[tokio::test]
async fn the_token_request() {
    let (place, launch, _) = set_up().await;
    place.ask("GET", &launch, "line-items").await;
    let heard = only(&place, "POST", "/token", "token-request");
    assert_eq!(heard.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(heard.header("accept"), Some("application/json"));
    let fields: Vec<String> =
        form_urlencoded::parse(heard.body().as_bytes()).map(|(name, _)| name.into_owned()).collect();
    assert_eq!(fields, ["grant_type", "client_assertion_type", "client_assertion", "scope"], "and no `client_id`");
    assert_eq!(heard.field("scope"), Some(format!("{} {}", scope::LINE_ITEM, scope::LINE_ITEM_READ_ONLY)));
}

/// The client assertion, decoded.
#[tokio::test]
async fn the_client_assertion() {
    let (place, launch, _) = set_up().await;
    place.ask("GET", &launch, "line-items").await;
    let jwt = place.lms.heard_at("/token")[0].field("client_assertion").unwrap();
    let (mut header, mut claims) = (header_of(&jwt), claims_of(&jwt));
    assert!(claims["iat"].is_u64() && claims["exp"].is_u64() && claims["aud"].is_string());
    header["kid"] = json!("{kid}");
    claims["jti"] = json!("{jti}");
    claims["aud"] = json!(claims["aud"].as_str().unwrap().replace(&place.lms.base, "http://{host}"));
    golden("client-assertion", &decoded(&header, &claims));
}

/// The deep-linking response, decoded.
#[tokio::test]
async fn the_deep_linking_response() {
    let place = Place::start().await;
    let launch = place.deep_linking(|settings| settings["data"] = json!("csrf:7 <&>")).await;
    let body = json!({
        "contentItems": [{
            "type": "ltiResourceLink", "title": "How light bends", "url": "https://app.example/lesson/7",
            "custom": { "lesson": "how-light-bends" },
            "lineItem": { "scoreMaximum": 100, "label": "How light bends", "resourceId": "lesson-7", "tag": "grade" },
            "available": { "startDateTime": "2026-11-24T08:00:00Z", "endDateTime": "2026-12-24T08:00:00Z" },
        }, { "type": "link", "title": "Read on", "url": "https://app.example/more" }],
        "msg": "Two lessons were added.", "log": "2 items",
    });
    let answer = place.tool.api_json("POST", &format!("/v1/launches/{launch}/deep-link"), &body, &[]).await;
    let jwt = answer.json()["jwt"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned();
    let (mut header, mut claims) = (header_of(&jwt), claims_of(&jwt));
    assert!(claims["iat"].is_u64() && claims["exp"].is_u64(), "numbers");
    assert_eq!(claims["aud"], json!("https://lms.example"), "one string, the issuer byte for byte");
    assert_eq!((&claims["iss"], &claims["sub"], claims.get("azp")), (&json!("client-1"), &json!("client-1"), None));
    assert_eq!(claims[claim::DEEP_LINKING_DATA], json!("csrf:7 <&>"), "as it came");
    assert!(claims.as_object().unwrap().keys().all(|name| name.trim() == name), "no name ends with a blank");
    header["kid"] = json!("{kid}");
    claims["nonce"] = json!("{nonce}");
    golden("deep-linking-response", &decoded(&header, &claims));
}

fn decoded(header: &Value, claims: &Value) -> String {
    format!("{header:#}\n\n{claims:#}\n")
}

/// The Platform's keys: a public document, without a token.
#[tokio::test]
async fn the_keys_of_the_platform() {
    let mut place =
        Place::scripted(|_| |heard: &Heard| (heard.target() == "/jwks").then(|| answer(200, &[], "{\"keys\":[]}")))
            .await;
    let jwks = format!("{}/jwks", place.lms.base).parse().unwrap();
    place.change_registration(|registration| registration.jwks_uri = jwks).await;
    place.tool.launch_with(&place.platform, |_| {}).await;
    let heard = only(&place, "GET", "/jwks", "jwks-get");
    assert_eq!(heard.header("accept"), Some("application/json"));
    assert_eq!(heard.header("authorization"), None);
}

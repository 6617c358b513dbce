//! What an App returns from deep linking (the rest), under the settings of a launch (first line).

#![no_main]

use doorway_fuzz_protocol::{client_id, issuer, launch, object, url};
use doorway_lti::claim;
use doorway_lti::deep_linking::{AppUrls, Envelope, MAX_FINDINGS, Response, Selection};
use doorway_lti::fault::Faults;
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::DeploymentId;
use doorway_lti::json::{Object, parse_object};
use doorway_lti::message::{DeepLinkingSettings, Message};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use url::Url;

fn settings(sent: &[u8]) -> Option<DeepLinkingSettings> {
    let settings = parse_object(sent).ok()?;
    let claims = json!({ claim::MESSAGE_TYPE: "LtiDeepLinkingRequest", claim::DEEP_LINKING_SETTINGS: settings });
    match launch(&object(claims))?.message {
        Message::DeepLinking { settings } => Some(settings),
        _ => None,
    }
}

fn respond(body: Object, settings: &DeepLinkingSettings) -> Result<Response, Faults> {
    let default = url("https://app.example/start");
    let may_lead_to = |url: &Url| url.origin() == default.origin();
    Selection::parse(body)?.accept(settings, &AppUrls { default: &default, may_lead_to: &may_lead_to, http: false })
}

fn claims(response: &Response, data: Option<&Value>) -> Object {
    let deployment_id = DeploymentId::try_from("1").expect("it is an id");
    response.claims(&Envelope {
        issuer: &issuer(),
        client_id: &client_id(),
        deployment_id: &deployment_id,
        data,
        nonce: "nonce-1",
        issued_at: UnixSeconds(1_800_000_000),
    })
}

fuzz_target!(|bytes: &[u8]| {
    let at = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let Some(settings) = settings(&bytes[..at]) else { return };
    let Ok(body) = parse_object(bytes.get(at + 1..).unwrap_or_default()) else { return };
    let response = match respond(body.clone(), &settings) {
        Ok(response) => response,
        Err(faults) => {
            assert!((1..=MAX_FINDINGS).contains(&faults.iter().len()));
            return;
        }
    };
    let sent = claims(&response, settings.data.as_ref());
    assert_eq!(sent.get(claim::DEEP_LINKING_DATA), settings.data.as_ref());
    let items = sent[claim::CONTENT_ITEMS].as_array().expect("items are a list");
    assert_eq!(items.len(), body.get("contentItems").and_then(Value::as_array).map_or(0, Vec::len));
    assert!(items.len() <= 1 || settings.accept_multiple);
    for item in items {
        let kind = item["type"].as_str().expect("an item has a type");
        assert!(settings.accept_types.iter().any(|accepted| accepted == kind), "{kind} is not accepted");
        if kind == "ltiResourceLink" {
            let leads_to = url(item["url"].as_str().expect("a link leads somewhere"));
            assert_eq!(leads_to.origin(), url("https://app.example").origin());
        }
        if ["link", "file", "image"].contains(&kind) {
            let leads_to = url(item["url"].as_str().expect("it has a URL"));
            assert!(doorway_fuzz_protocol::is_web(&leads_to) && leads_to.username().is_empty(), "{leads_to}");
        }
    }
    // What was accepted is accepted again, and stays as it is.
    let mut again = body;
    again.insert("contentItems".to_owned(), json!(items));
    let again = respond(again, &settings).expect("what was sent is accepted");
    assert_eq!(claims(&again, settings.data.as_ref()), sent);
});

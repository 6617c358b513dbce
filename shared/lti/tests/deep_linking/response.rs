//! The claims that are signed: digest §2.2.

use doorway_lti::deep_linking::RESPONSE_SECONDS;
use serde_json::{Value, json};
use url::Url;

use crate::support::*;

const CLAIM: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/";

#[test]
fn a_response_is_complete() {
    let response = respond(&[html()], &settings()).unwrap();
    let expected = json!({
        "iss": "abc123",
        "aud": "https://lms.example",
        "sub": "abc123",
        "iat": 1_772_355_600,
        "exp": 1_772_355_900,
        "nonce": "8n-0S6_WzA2Mj",
        "https://purl.imsglobal.org/spec/lti/claim/deployment_id": "2",
        "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiDeepLinkingResponse",
        "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
        "https://purl.imsglobal.org/spec/lti-dl/claim/content_items": [
            { "type": "html", "title": "Tagline", "html": "<h1>A custom title</h1>" },
        ],
        "https://purl.imsglobal.org/spec/lti-dl/claim/data": "_4_1::_14_1::2::false::true::1.1",
    });
    // Blackboard's `data`; there is nothing beside these claims, and so no `azp`.
    let data = json!("_4_1::_14_1::2::false::true::1.1");
    assert_eq!(Value::Object(claims(&response, Some(&data))), expected);
    assert_eq!(RESPONSE_SECONDS, 300);
}

#[test]
fn the_data_comes_back_exactly_and_only_if_it_came() {
    let response = respond(&[], &settings()).unwrap();
    let name = format!("{CLAIM}data");
    for data in [json!(""), json!(" a "), json!(null), json!(7.0), json!({ "a": [1, null] }), json!(false)] {
        assert_eq!(claims(&response, Some(&data)).get(&name), Some(&data));
    }
    assert_eq!(claims(&response, None).get(&name), None);
}

#[test]
fn nothing_chosen_is_said_with_an_empty_list() {
    let response = respond(&[], &settings()).unwrap();
    assert_eq!(claims(&response, None)[&format!("{CLAIM}content_items")], json!([]));
}

#[test]
fn messages_are_claims_of_their_own_without_blanks_in_their_names() {
    let body = json!({ "msg": " Added 1 lesson ", "log": "7 ms", "errormsg": "No seats left", "errorlog": "E17" });
    let default = Url::parse("https://app.example/").unwrap();
    let app = doorway_lti::deep_linking::AppUrls { default: &default, may_lead_to: &|_| true, http: false };
    let claims = claims(&parse(body).unwrap().accept(&settings(), &app).unwrap(), None);
    for (name, text) in [("msg", "Added 1 lesson"), ("log", "7 ms"), ("errormsg", "No seats left"), ("errorlog", "E17")]
    {
        assert_eq!(claims[&format!("{CLAIM}{name}")], text);
    }
    assert!(claims.keys().all(|name| name.trim() == name));
}

#[test]
fn messages_that_were_not_given_are_no_claims() {
    let claims = claims(&respond(&[link()], &settings()).unwrap(), None);
    for name in ["msg", "log", "errormsg", "errorlog"] {
        assert!(!claims.contains_key(&format!("{CLAIM}{name}")), "{name}");
    }
}

#[test]
fn the_texts_of_the_app_are_in_no_debug_output() {
    let response = respond(&[resource_link()], &settings()).unwrap();
    assert_eq!(format!("{response:?}"), "Response { items: 1, notes: 0, .. }");
}

#[test]
fn notes_are_told_with_field_and_note() {
    let response = respond(&[with(link(), "/colour", "red")], &settings()).unwrap();
    let notes = serde_json::to_value(response.notes()).unwrap();
    let note = "is no member that Deep Linking 2.0 knows here; sent as it is";
    assert_eq!(notes, json!([{ "field": "contentItems[0].colour", "note": note }]));
}

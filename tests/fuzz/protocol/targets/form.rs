//! What a browser brings to the open endpoints: a query (first line) and a form (the rest).

#![no_main]

use doorway_fuzz_protocol::{is_one_line, url};
use doorway_lti::authentication::{AuthenticationRequest, AuthenticationResponse};
use doorway_lti::login::{LoginInitiation, MAX_STORAGE_TARGET_BYTES};
use doorway_lti::parameters::Parameters;
use libfuzzer_sys::fuzz_target;
use url::form_urlencoded::Serializer;

fuzz_target!(|bytes: &[u8]| {
    let at = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (query, body) = (&bytes[..at], bytes.get(at + 1..).unwrap_or_default());
    let parameters = match Parameters::read(query, body) {
        Ok(parameters) => parameters,
        Err(repeated) => {
            assert!(is_one_line(&repeated.name) && repeated.name.chars().count() <= 64);
            return;
        }
    };
    if let Ok(login) = LoginInitiation::parse(&parameters) {
        login_is_carried_unchanged(&login);
    }
    match AuthenticationResponse::parse(&parameters) {
        Ok(AuthenticationResponse::Success { id_token, state }) => {
            assert!(!id_token.is_empty() && !state.is_empty() && parameters.non_empty("error").is_none());
        }
        // It is logged, and shown.
        Ok(AuthenticationResponse::Refused { error, .. }) => {
            let is_code = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
            assert!(error.as_str().len() <= 64 && error.as_str().bytes().all(is_code));
        }
        Err(_) => {}
    }
});

/// Hints go back to the Platform byte for byte; and what a login is begun again with is that login.
fn login_is_carried_unchanged(login: &LoginInitiation) {
    assert!(login.storage_target.as_ref().is_none_or(|target| target.len() <= MAX_STORAGE_TARGET_BYTES));
    let (endpoint, redirect_uri) =
        (url("https://lms.example/auth?tenant=a%20b"), url("https://tool.example/lti/launch"));
    let client_id = doorway_fuzz_protocol::client_id();
    let request = AuthenticationRequest {
        client_id: &client_id,
        redirect_uri: &redirect_uri,
        login_hint: &login.login_hint,
        lti_message_hint: login.lti_message_hint.as_deref(),
        state: "state-1",
        nonce: "nonce-1",
    };
    let sent = request.url(&endpoint);
    assert_eq!((sent.origin(), sent.path()), (endpoint.origin(), endpoint.path()));
    let sent = Parameters::read(sent.query().unwrap_or_default().as_bytes(), b"").expect("each name stands there once");
    assert_eq!(sent.get("login_hint"), Some(login.login_hint.as_str()));
    assert_eq!(sent.get("lti_message_hint"), login.lti_message_hint.as_deref());
    assert_eq!((sent.get("state"), sent.get("redirect_uri")), (Some("state-1"), Some(redirect_uri.as_str())));
    let form = Serializer::new(String::new()).extend_pairs(login.parameters()).finish();
    let again = Parameters::read(b"", form.as_bytes()).expect("each name stands there once");
    let expected = LoginInitiation { storage_target: None, ..login.clone() };
    assert!(LoginInitiation::parse(&again) == Ok(expected), "{login:?}");
}

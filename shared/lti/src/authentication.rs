//! The authentication request that we send through the browser, and the response that comes back.
//!
//! Spec: [Security Framework 1.0 §5.1.1.2, §5.1.1.3](https://www.imsglobal.org/spec/security/v1p0/#step-2-authentication-request).

use url::Url;

use crate::ids::ClientId;
use crate::parameters::Parameters;

/// An authentication request to a Platform's authorization endpoint.
#[derive(Clone, Copy)]
pub struct AuthenticationRequest<'a> {
    /// The Registration's client id.
    pub client_id: &'a ClientId,
    /// Our own constant launch URL, never a URL from the request.
    pub redirect_uri: &'a Url,
    /// As received at login, byte for byte.
    pub login_hint: &'a str,
    /// As received at login; left out when it was not received.
    pub lti_message_hint: Option<&'a str>,
    /// The sealed state.
    pub state: &'a str,
    /// The nonce that the id token must repeat.
    pub nonce: &'a str,
}

impl AuthenticationRequest<'_> {
    /// The URL to send the browser to. The endpoint's own query parameters are kept.
    pub fn url(&self, authorization_endpoint: &Url) -> Url {
        let mut url = authorization_endpoint.clone();
        let mut query = url.query_pairs_mut();
        query
            .append_pair("scope", "openid")
            .append_pair("response_type", "id_token")
            .append_pair("response_mode", "form_post")
            .append_pair("prompt", "none")
            .append_pair("client_id", self.client_id.as_str())
            .append_pair("redirect_uri", self.redirect_uri.as_str())
            .append_pair("login_hint", self.login_hint);
        if let Some(hint) = self.lti_message_hint {
            query.append_pair("lti_message_hint", hint);
        }
        query.append_pair("state", self.state).append_pair("nonce", self.nonce);
        drop(query);
        url
    }
}

/// What a Platform posts to our launch URL.
#[derive(Clone, PartialEq, Eq)]
pub enum AuthenticationResponse {
    /// The user is known: a token to verify, and our state.
    Success {
        /// The compact JWS, untrusted.
        id_token: String,
        /// Our sealed state, untrusted until it opens.
        state: String,
    },
    /// The Platform says no.
    Refused {
        /// The OIDC error code, or the Platform's own.
        error: PlatformErrorCode,
        /// Our state, when the Platform repeated it.
        state: Option<String>,
    },
}

/// Why a post to the launch URL is no authentication response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// No `state`, or an empty one.
    #[error("form field `state` is missing")]
    StateMissing,
    /// No `id_token`, or an empty one.
    #[error("form field `id_token` is missing")]
    IdTokenMissing,
}

impl AuthenticationResponse {
    /// Reads the form of an authentication response. `error` wins over `id_token` when both are there.
    ///
    /// # Errors
    /// [`ResponseError`] names the field that is missing or empty.
    pub fn parse(form: &Parameters) -> Result<Self, ResponseError> {
        let state = form.non_empty("state").map(str::to_owned);
        if let Some(error) = form.non_empty("error") {
            return Ok(Self::Refused { error: PlatformErrorCode::parse(error), state });
        }
        let state = state.ok_or(ResponseError::StateMissing)?;
        let id_token = form.non_empty("id_token").ok_or(ResponseError::IdTokenMissing)?;
        Ok(Self::Success { id_token: id_token.to_owned(), state })
    }
}

/// The error code of a Platform, safe to log: unknown codes are kept only when they look like codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlatformErrorCode {
    /// The user has no session in the Platform (`login_required`, `interaction_required`, `access_denied`,
    /// `account_selection_required`, `consent_required`): signing in again helps.
    SignInAgain(String),
    /// The link was used or is too old (Canvas's `launch_no_longer_valid`): opening it again helps.
    OpenAgain(String),
    /// Anything else: the registration or the Platform needs an administrator.
    Other(String),
}

impl PlatformErrorCode {
    fn parse(code: &str) -> Self {
        let is_code = code.len() <= 64 && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
        if !is_code {
            return Self::Other("not_a_code".to_owned());
        }
        let text = code.to_owned();
        match code {
            "login_required"
            | "interaction_required"
            | "access_denied"
            | "account_selection_required"
            | "consent_required" => Self::SignInAgain(text),
            "launch_no_longer_valid" => Self::OpenAgain(text),
            _ => Self::Other(text),
        }
    }

    /// The code as sent, or `not_a_code`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::SignInAgain(code) | Self::OpenAgain(code) | Self::Other(code) => code,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn request_url(endpoint: &str, message_hint: Option<&str>) -> Url {
        let client_id = ClientId::try_from("10000000000123").unwrap();
        let redirect_uri = Url::parse("https://tool.example/lti/launch").unwrap();
        AuthenticationRequest {
            client_id: &client_id,
            redirect_uri: &redirect_uri,
            login_hint: "a=b+c/d&e",
            lti_message_hint: message_hint,
            state: "st",
            nonce: "no",
        }
        .url(&Url::parse(endpoint).unwrap())
    }

    #[test]
    fn the_request_carries_exactly_the_parameters_of_the_specification() {
        let url = request_url("https://lms.example/auth", Some("{\"cmid\":7,\"launchid\":\"x y\"}"));
        let pairs: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        let expected = [
            ("client_id", "10000000000123"),
            ("login_hint", "a=b+c/d&e"),
            ("lti_message_hint", "{\"cmid\":7,\"launchid\":\"x y\"}"),
            ("nonce", "no"),
            ("prompt", "none"),
            ("redirect_uri", "https://tool.example/lti/launch"),
            ("response_mode", "form_post"),
            ("response_type", "id_token"),
            ("scope", "openid"),
            ("state", "st"),
        ];
        let expected: BTreeMap<String, String> =
            expected.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        assert_eq!(pairs, expected);
    }

    #[test]
    fn an_absent_message_hint_is_left_out_and_the_endpoints_query_is_kept() {
        let url = request_url("https://lms.example/auth?tenant=a%20b", None);
        assert!(url.as_str().starts_with("https://lms.example/auth?tenant=a%20b&scope=openid&"));
        assert!(!url.as_str().contains("lti_message_hint"));
    }

    fn parse(form: &str) -> Result<AuthenticationResponse, ResponseError> {
        AuthenticationResponse::parse(&Parameters::read(b"", form.as_bytes()).unwrap())
    }

    #[test]
    fn an_error_wins_over_a_token() {
        let response = parse("error=login_required&id_token=x&state=s");
        let Ok(AuthenticationResponse::Refused { error, state }) = response else { panic!("not refused") };
        assert_eq!(error, PlatformErrorCode::SignInAgain("login_required".into()));
        assert_eq!(state.as_deref(), Some("s"));
    }

    #[test]
    fn an_error_code_that_is_no_code_is_not_repeated() {
        for form in ["error=%3Cscript%3E", &format!("error={}", "a".repeat(65))] {
            let Ok(AuthenticationResponse::Refused { error, .. }) = parse(form) else { panic!("not refused") };
            assert_eq!(error.as_str(), "not_a_code");
        }
    }

    #[test]
    fn an_error_code_says_what_helps() {
        let sign_in = [
            "login_required",
            "interaction_required",
            "access_denied",
            "account_selection_required",
            "consent_required",
        ];
        let others = ["launch_no_longer_valid", "invalid_request", "A-z_0.9", &"a".repeat(64)];
        for code in sign_in.into_iter().chain(others) {
            let text = code.to_owned();
            let expected = match code {
                "launch_no_longer_valid" => PlatformErrorCode::OpenAgain(text),
                _ if sign_in.contains(&code) => PlatformErrorCode::SignInAgain(text),
                _ => PlatformErrorCode::Other(text),
            };
            let Ok(AuthenticationResponse::Refused { error, state }) = parse(&format!("error={code}")) else {
                panic!("{code} is not refused")
            };
            assert_eq!((error, state), (expected, None));
        }
    }

    #[test]
    fn missing_and_empty_fields_are_named() {
        assert_eq!(parse("id_token=x").err(), Some(ResponseError::StateMissing));
        assert_eq!(parse("id_token=x&state=").err(), Some(ResponseError::StateMissing));
        assert_eq!(parse("state=s&utf8=%E2%9C%93").err(), Some(ResponseError::IdTokenMissing));
    }
}

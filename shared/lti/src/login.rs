//! Third-party-initiated login: the Platform asks the Tool to start a login.
//!
//! The request is unsigned: nothing in it is trustworthy. It only chooses a Registration and carries hints
//! back to the Platform.
//!
//! Spec: [Security Framework 1.0 §5.1.1](https://www.imsglobal.org/spec/security/v1p0/#openid_connect_launch_flow),
//! [LTI Core 1.3 §4.1](https://www.imsglobal.org/spec/lti/v1p3/#additional-login-parameters).

use std::fmt;

use crate::ids::{ClientId, DeploymentId, Issuer};
use crate::parameters::Parameters;

/// The longest hint that is carried, in bytes. Canvas's message hints are some hundred bytes, Sakai's login
/// hints double base64; the whole authentication request must fit a browser's and a Platform's request line.
pub const MAX_HINT_BYTES: usize = 6 * 1024;

/// The longest name of a storage frame that is remembered, in bytes.
pub const MAX_STORAGE_TARGET_BYTES: usize = 128;

/// A login initiation: which Platform asks, for whom, towards what.
#[derive(Clone, PartialEq, Eq)]
pub struct LoginInitiation {
    /// `iss`: the Platform that asks.
    pub issuer: Issuer,
    /// `login_hint`: opaque, returned byte for byte.
    pub login_hint: String,
    /// `target_link_uri`: where the user wants to go; only a hint until the signed claim arrives.
    pub target_link_uri: String,
    /// `lti_message_hint`: opaque, returned byte for byte when present.
    pub lti_message_hint: Option<String>,
    /// `client_id`: picks among several registrations of one issuer.
    pub client_id: Option<ClientId>,
    /// `lti_deployment_id`, or `deployment_id` as Canvas calls it.
    pub deployment_id: Option<DeploymentId>,
    /// `lti_storage_target`: the frame that offers Platform storage.
    pub storage_target: Option<String>,
}

/// Without the hints: they may say who the user is.
impl fmt::Debug for LoginInitiation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginInitiation")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("deployment_id", &self.deployment_id)
            .finish_non_exhaustive()
    }
}

/// Why a login initiation cannot be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// A required parameter is absent or empty.
    #[error("parameter `{0}` is missing")]
    ParameterMissing(&'static str),
    /// A parameter is not what the specification allows, or is too long to carry.
    #[error("parameter `{0}` is not usable: it must be {1}")]
    ParameterInvalid(&'static str, &'static str),
}

impl LoginInitiation {
    /// Reads a login initiation from the parameters of a GET or of a form POST.
    ///
    /// # Errors
    /// [`LoginError::ParameterMissing`] when `iss`, `login_hint` or `target_link_uri` is absent or empty;
    /// [`LoginError::ParameterInvalid`] when one is too long or no identifier.
    pub fn parse(parameters: &Parameters) -> Result<Self, LoginError> {
        Ok(Self {
            issuer: id(parameters, "iss", "an issuer of 1 to 1024 bytes")?
                .ok_or(LoginError::ParameterMissing("iss"))?,
            login_hint: required(parameters, "login_hint")?,
            target_link_uri: required(parameters, "target_link_uri")?,
            lti_message_hint: hint(parameters, "lti_message_hint")?,
            client_id: id(parameters, "client_id", "an id of 1 to 255 bytes")?,
            deployment_id: deployment_id(parameters)?,
            storage_target: parameters
                .non_empty("lti_storage_target")
                .filter(|target| target.len() <= MAX_STORAGE_TARGET_BYTES)
                .map(str::to_owned),
        })
    }
}

impl LoginInitiation {
    /// The parameters with which the same login can be begun again elsewhere, by name. The storage target is not among
    /// them: the frame that it names is not there in a new window.
    pub fn parameters(&self) -> Vec<(&'static str, &str)> {
        let optional = [
            ("lti_message_hint", self.lti_message_hint.as_deref()),
            ("client_id", self.client_id.as_ref().map(AsRef::as_ref)),
            ("lti_deployment_id", self.deployment_id.as_ref().map(AsRef::as_ref)),
        ];
        let required = [
            ("iss", self.issuer.as_str()),
            ("login_hint", &self.login_hint),
            ("target_link_uri", &self.target_link_uri),
        ];
        required.into_iter().chain(optional.into_iter().filter_map(|(name, value)| Some((name, value?)))).collect()
    }
}

/// `lti_deployment_id` is the standard's name; Canvas sends `deployment_id`.
fn deployment_id(parameters: &Parameters) -> Result<Option<DeploymentId>, LoginError> {
    let expected = "an id of 1 to 255 bytes";
    match id(parameters, "lti_deployment_id", expected)? {
        Some(standard) => Ok(Some(standard)),
        None => id(parameters, "deployment_id", expected),
    }
}

fn required(parameters: &Parameters, name: &'static str) -> Result<String, LoginError> {
    hint(parameters, name)?.ok_or(LoginError::ParameterMissing(name))
}

fn hint(parameters: &Parameters, name: &'static str) -> Result<Option<String>, LoginError> {
    match parameters.non_empty(name) {
        Some(value) if value.len() > MAX_HINT_BYTES => Err(LoginError::ParameterInvalid(name, "at most 6144 bytes")),
        value => Ok(value.map(str::to_owned)),
    }
}

fn id<'a, T: TryFrom<&'a str>>(
    parameters: &'a Parameters,
    name: &'static str,
    expected: &'static str,
) -> Result<Option<T>, LoginError> {
    parameters
        .non_empty(name)
        .map(|value| T::try_from(value).map_err(|_| LoginError::ParameterInvalid(name, expected)))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str = "iss=https%3A%2F%2Flms.example&login_hint=7&target_link_uri=https%3A%2F%2Ftool.example%2F";

    fn parse(query: &str) -> Result<LoginInitiation, LoginError> {
        LoginInitiation::parse(&Parameters::read(query.as_bytes(), b"").unwrap())
    }

    #[test]
    fn the_three_required_parameters_are_enough() {
        let login = parse(MINIMAL).unwrap();
        assert_eq!(login.issuer.as_str(), "https://lms.example");
        assert_eq!((login.login_hint.as_str(), login.client_id), ("7", None));
        assert_eq!((login.lti_message_hint, login.storage_target), (None, None));
    }

    #[test]
    fn every_optional_parameter_is_read() {
        let login = parse(&format!(
            "{MINIMAL}&lti_message_hint=%7B%22cmid%22%3A3%7D&client_id=c1&lti_deployment_id=d1&lti_storage_target=_parent&canvas_region=eu"
        ))
        .unwrap();
        assert_eq!(login.lti_message_hint.as_deref(), Some("{\"cmid\":3}"));
        assert_eq!(login.client_id.unwrap().as_str(), "c1");
        assert_eq!(login.deployment_id.unwrap().as_str(), "d1");
        assert_eq!(login.storage_target.as_deref(), Some("_parent"));
    }

    #[test]
    fn a_login_begins_again_with_the_same_parameters_but_the_storage_target() {
        let more = "lti_message_hint=%7B%22cmid%22%3A3%7D&client_id=c1&deployment_id=d1&lti_storage_target=_parent";
        for query in [MINIMAL.to_owned(), format!("{MINIMAL}&{more}")] {
            let login = parse(&query).unwrap();
            let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(login.parameters()).finish();
            assert_eq!(parse(&form).unwrap(), LoginInitiation { storage_target: None, ..login });
        }
    }

    #[test]
    fn canvas_calls_the_deployment_deployment_id() {
        let canvas = parse(&format!("{MINIMAL}&deployment_id=4:abc")).unwrap();
        assert_eq!(canvas.deployment_id.unwrap().as_str(), "4:abc");
        let both = parse(&format!("{MINIMAL}&deployment_id=alias&lti_deployment_id=standard")).unwrap();
        assert_eq!(both.deployment_id.unwrap().as_str(), "standard");
    }

    #[test]
    fn a_missing_or_empty_required_parameter_is_named() {
        for name in ["iss", "login_hint", "target_link_uri"] {
            let without: Vec<&str> = MINIMAL.split('&').filter(|pair| !pair.starts_with(&format!("{name}="))).collect();
            assert_eq!(parse(&without.join("&")), Err(LoginError::ParameterMissing(name)));
            let empty = format!("{}&{name}=", without.join("&"));
            assert_eq!(parse(&empty), Err(LoginError::ParameterMissing(name)));
        }
    }

    #[test]
    fn a_hint_too_long_to_carry_is_refused() {
        let hint = |bytes: usize| parse(&format!("{MINIMAL}&lti_message_hint={}", "a".repeat(bytes)));
        assert!(matches!(hint(MAX_HINT_BYTES + 1), Err(LoginError::ParameterInvalid("lti_message_hint", _))));
        assert_eq!(hint(MAX_HINT_BYTES).unwrap().lti_message_hint.map(|hint| hint.len()), Some(MAX_HINT_BYTES));
    }

    #[test]
    fn a_storage_target_too_long_to_remember_is_left_out() {
        let target = |bytes: usize| {
            let login = parse(&format!("{MINIMAL}&lti_storage_target={}", "a".repeat(bytes))).unwrap();
            login.storage_target.map(|target| target.len())
        };
        assert_eq!(target(MAX_STORAGE_TARGET_BYTES), Some(MAX_STORAGE_TARGET_BYTES));
        assert_eq!(target(MAX_STORAGE_TARGET_BYTES + 1), None);
    }
}

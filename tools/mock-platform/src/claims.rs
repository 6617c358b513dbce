//! The claims of a launch: complete, realistic payloads, one function per kind of message.
//!
//! A negative test takes one of them and changes one claim. [`LaunchClaims::moodle_sized`] and
//! [`LaunchClaims::canvas_sized`] are as large and as odd as what those two Platforms send.

mod canvas;
mod messages;
mod moodle;
pub mod names;
mod resource_link;

pub(crate) use messages::{COURSE_ID, COURSE_LABEL, COURSE_TITLE};
pub use resource_link::ResourceLink;

use serde_json::{Map, Value, json};

use crate::user::User;

/// Seconds between `iat` and `exp`: what the certification suite grants.
pub const LIFETIME_SECONDS: u64 = 300;

/// What a launch is about: enough to write every claim.
#[derive(Debug, Clone, Copy)]
pub struct LaunchClaims<'a> {
    /// The Platform, `iss`.
    pub issuer: &'a str,
    /// The Tool, `aud`.
    pub client_id: &'a str,
    /// The Tool's installation at the Platform.
    pub deployment_id: &'a str,
    /// The nonce of the authentication request.
    pub nonce: &'a str,
    /// When the token is issued, unix seconds: `iat`.
    pub issued_at: u64,
    /// The resource that is to be shown.
    pub target_link_uri: &'a str,
    /// Who launches.
    pub user: &'a User,
}

impl LaunchClaims<'_> {
    /// The claims of a click on the course's video lesson: `LtiResourceLinkRequest`.
    #[must_use]
    pub fn resource_link(&self) -> Value {
        self.resource_link_to(&ResourceLink::video_lesson())
    }

    /// The claims of a click on a certain link: `LtiResourceLinkRequest`.
    #[must_use]
    pub fn resource_link_to(&self, link: &ResourceLink) -> Value {
        messages::resource_link(self, link)
    }

    /// The claims of a teacher who chooses content: `LtiDeepLinkingRequest`.
    #[must_use]
    pub fn deep_linking(&self) -> Value {
        messages::deep_linking(self)
    }

    /// The claims of a look at one student's work: `LtiSubmissionReviewRequest`.
    #[must_use]
    pub fn submission_review(&self) -> Value {
        messages::submission_review(self)
    }

    /// The claims of a question about personal data: `LtiDataPrivacyLaunchRequest`.
    #[must_use]
    pub fn data_privacy(&self) -> Value {
        messages::data_privacy(self)
    }

    /// The claims as Moodle 5 sends them: `exp` a minute after `iat`, short context types, CRLF in the description,
    /// service URLs with a query, `basicoutcome` beside AGS, an unresolved custom variable, no `azp`.
    #[must_use]
    pub fn moodle_sized(&self) -> Value {
        moodle::resource_link(self)
    }

    /// The claims as Canvas sends them: null members, roles of three kinds, many custom fields of several types,
    /// the placement extension, services on the institution's host, `exp` an hour after `iat`.
    #[must_use]
    pub fn canvas_sized(&self) -> Value {
        canvas::resource_link(self)
    }

    /// What every message has, whatever its type.
    fn common(&self, message_type: &str) -> Map<String, Value> {
        let mut claims = Map::new();
        claims.insert("iss".into(), json!(self.issuer));
        claims.insert("aud".into(), json!(self.client_id));
        claims.insert("azp".into(), json!(self.client_id));
        claims.insert("sub".into(), json!(self.user.id));
        claims.insert("iat".into(), json!(self.issued_at));
        claims.insert("exp".into(), json!(self.issued_at + LIFETIME_SECONDS));
        claims.insert("nonce".into(), json!(self.nonce));
        claims.insert(names::VERSION.into(), json!("1.3.0"));
        claims.insert(names::MESSAGE_TYPE.into(), json!(message_type));
        claims.insert(names::DEPLOYMENT_ID.into(), json!(self.deployment_id));
        claims.insert(names::TARGET_LINK_URI.into(), json!(self.target_link_uri));
        claims.insert(names::ROLES.into(), json!(self.user.roles));
        claims.append(&mut self.personal_data());
        claims
    }

    /// Names and e-mail, where the school releases them.
    fn personal_data(&self) -> Map<String, Value> {
        let user = self.user;
        [
            ("name", &user.name),
            ("given_name", &user.given_name),
            ("family_name", &user.family_name),
            ("email", &user.email),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect()
    }
}

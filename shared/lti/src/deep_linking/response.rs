//! The deep-linking response: what is signed and posted to the Platform's return URL.

use std::fmt;

use serde_json::{Value, json};

use crate::claim;
use crate::id_token::UnixSeconds;
use crate::ids::{ClientId, DeploymentId, Issuer};
use crate::json::Object;

use super::{MESSAGE_TYPE, Note};

/// How long a response is good, in seconds: the browser posts it at once, and a slow network may take its time.
pub const RESPONSE_SECONDS: u64 = 300;

/// A response that the Platform's settings allow.
pub struct Response {
    items: Vec<Object>,
    messages: Object,
    notes: Vec<Note>,
}

/// From whom the response comes, to whom it goes, and when.
#[derive(Clone, Copy)]
pub struct Envelope<'a> {
    /// The Platform.
    pub issuer: &'a Issuer,
    /// What the Platform calls the Tool.
    pub client_id: &'a ClientId,
    /// The Deployment of the request.
    pub deployment_id: &'a DeploymentId,
    /// The `data` of the request, where it had one.
    pub data: Option<&'a Value>,
    /// Fresh and random: never the nonce of the request.
    pub nonce: &'a str,
    /// The time now.
    pub issued_at: UnixSeconds,
}

impl Response {
    pub(super) fn new(items: Vec<Object>, messages: Object, notes: Vec<Note>) -> Self {
        Self { items, messages, notes }
    }

    /// What was left out of the selection or may not have its effect, for the App. White space around texts, empty
    /// texts and nulls are left out without a word.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The claims to sign.
    ///
    /// `aud` is one string, since not every Platform reads a list. `sub` is the client id, which Blackboard asks for
    /// and nobody minds. There is no `azp`: the Security Framework and the Deep Linking specification name different
    /// values for it.
    ///
    /// Spec: [Deep Linking 2.0](https://www.imsglobal.org/spec/lti-dl/v2p0), response message;
    /// [Security Framework 1.0](https://www.imsglobal.org/spec/security/v1p0/), messages of a Tool.
    pub fn claims(&self, envelope: &Envelope<'_>) -> Object {
        let issued_at = envelope.issued_at.0;
        let required = [
            ("iss", json!(envelope.client_id)),
            ("aud", json!(envelope.issuer)),
            ("sub", json!(envelope.client_id)),
            ("iat", json!(issued_at)),
            ("exp", json!(issued_at.saturating_add(RESPONSE_SECONDS))),
            ("nonce", json!(envelope.nonce)),
            (claim::DEPLOYMENT_ID, json!(envelope.deployment_id)),
            (claim::MESSAGE_TYPE, json!(MESSAGE_TYPE)),
            (claim::VERSION, json!("1.3.0")),
            (claim::CONTENT_ITEMS, json!(self.items)),
        ];
        let messages = [
            ("msg", claim::DEEP_LINKING_MSG),
            ("log", claim::DEEP_LINKING_LOG),
            ("errormsg", claim::DEEP_LINKING_ERROR_MSG),
            ("errorlog", claim::DEEP_LINKING_ERROR_LOG),
        ];
        let messages = messages.into_iter().filter_map(|(name, claim)| Some((claim, self.messages.get(name)?.clone())));
        let data = envelope.data.map(|data| (claim::DEEP_LINKING_DATA, data.clone()));
        required.into_iter().chain(messages).chain(data).map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Counts alone: the texts are the App's.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut response = f.debug_struct("Response");
        response.field("items", &self.items.len()).field("notes", &self.notes.len()).finish_non_exhaustive()
    }
}

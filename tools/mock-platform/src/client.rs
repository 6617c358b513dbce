//! A Tool as the Platform has it registered: the one it was started with, and those that registered themselves.

use serde_json::{Map, Value};

/// A registered Tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// What the Platform calls it.
    pub client_id: String,
    /// Its one deployment.
    pub deployment_id: String,
    /// Where its login starts.
    pub initiate_login_uri: String,
    /// Its redirect URIs, compared byte for byte.
    pub redirect_uris: Vec<String>,
    /// What links lead to.
    pub target_link_uri: String,
    /// What deep linking leads to, where that is another address.
    pub deep_linking_uri: Option<String>,
    /// What it calls itself.
    pub name: String,
    /// The whole registration, as it is answered.
    pub registration: Map<String, Value>,
}

//! What a Platform made of a registration request.

use url::Url;

use super::TOOL_CONFIGURATION;
use super::lenient::{id, member, text, texts};
use crate::claim;
use crate::ids::{ClientId, DeploymentId, IdError};
use crate::json::{JsonError, Object, parse_object, without_byte_order_mark};

/// What the Platform registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationResponse {
    /// What it calls the Tool.
    pub client_id: ClientId,
    /// The Deployment, where it made one already.
    pub deployment_id: Option<DeploymentId>,
    /// The scopes that it granted; `None` where it does not say. An administrator may change them at any time: what a
    /// launch and a token say counts.
    pub scopes: Option<Vec<String>>,
    /// Where the registration can be read and changed, where the Platform says so. Nothing is known of the address but that
    /// it is one.
    pub registration_client_uri: Option<Url>,
}

/// Why an answer with a status of success registers nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationResponseError {
    /// Not an acceptable JSON object.
    #[error("the registration response {0}")]
    NotJson(#[from] JsonError),
    /// There is no `client_id`.
    #[error("the registration response has no `client_id`")]
    ClientIdMissing,
    /// An id that cannot be one.
    #[error("`{0}` of the registration response {1}")]
    IdInvalid(&'static str, IdError),
}

impl RegistrationResponse {
    /// Reads the response. Of all that it echoes only what can differ is looked at.
    ///
    /// The Deployment stands in the Tool's configuration (Moodle, Sakai), beside it (Canvas), or nowhere yet
    /// (Brightspace, Blackboard): then the first launch names it.
    ///
    /// A `registration_access_token` is not read: there is nowhere to keep it (`docs/decisions.md`).
    ///
    /// # Errors
    /// [`RegistrationResponseError`].
    pub fn parse(body: &[u8]) -> Result<Self, RegistrationResponseError> {
        let response = parse_object(without_byte_order_mark(body))?;
        let client_id = id(&response, "client_id").ok_or(RegistrationResponseError::ClientIdMissing)?;
        let client_id =
            ClientId::try_from(client_id).map_err(|error| RegistrationResponseError::IdInvalid("client_id", error))?;
        let deployment_id = deployment_id(&response)
            .map(DeploymentId::try_from)
            .transpose()
            .map_err(|error| RegistrationResponseError::IdInvalid("deployment_id", error))?;
        let registration_client_uri = text(&response, "registration_client_uri").and_then(|text| Url::parse(text).ok());
        Ok(Self { client_id, deployment_id, scopes: scopes(&response), registration_client_uri })
    }
}

fn deployment_id(response: &Object) -> Option<String> {
    let within = member(response, TOOL_CONFIGURATION).and_then(|tool| tool.as_object());
    within
        .and_then(|tool| id(tool, "deployment_id"))
        .or_else(|| id(response, "deployment_id"))
        .or_else(|| id(response, claim::DEPLOYMENT_ID))
}

/// One text with blanks, or a list. No text grants nothing that can be known.
fn scopes(response: &Object) -> Option<Vec<String>> {
    let scopes = texts(response, "scope")?;
    let scopes: Vec<String> = scopes.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect();
    (!scopes.is_empty()).then_some(scopes)
}

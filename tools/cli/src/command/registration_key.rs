//! `<issuer> <client-id>`: what names a Registration on a command line.

use clap::Args;
use doorway_core::registration::RegistrationKey;
use doorway_lti::ids::{ClientId, DeploymentId, Issuer};

/// What names a Registration.
#[derive(Debug, Clone, Args)]
pub struct Key {
    /// The Platform's issuer, byte for byte.
    #[arg(value_parser = issuer)]
    pub issuer: Issuer,
    /// What the Platform calls the Tool.
    #[arg(value_parser = client_id, allow_hyphen_values = true)]
    pub client_id: ClientId,
}

impl Key {
    /// The key.
    pub fn key(&self) -> RegistrationKey {
        RegistrationKey { issuer: self.issuer.clone(), client_id: self.client_id.clone() }
    }
}

/// An issuer from a command line.
pub(crate) fn issuer(text: &str) -> Result<Issuer, String> {
    Issuer::try_from(text).map_err(|error| error.to_string())
}

/// A client id from a command line.
pub(crate) fn client_id(text: &str) -> Result<ClientId, String> {
    ClientId::try_from(text).map_err(|error| error.to_string())
}

/// A Deployment's id from a command line.
pub(crate) fn deployment_id(text: &str) -> Result<DeploymentId, String> {
    DeploymentId::try_from(text).map_err(|error| error.to_string())
}

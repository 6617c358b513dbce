//! A Platform that was a consumer of LTI 1.1, and a signature that is not made by the Tool's own code.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorway_core::migration::{ConsumerSecrets, Migration};
use doorway_core::registration::RegistrationKey;
use doorway_core::secret::SecretFormat as _;
use doorway_core::welcome::CameBy;
use doorway_lti::claim;
use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use doorway_lti::message::Launch;
use doorway_lti::migration::MigrationClaim;
use serde_json::{Value, json};

/// The values of the published vector, which are signed, and their signature.
#[derive(Clone)]
pub struct Signed {
    pub consumer_key: String,
    pub deployment_id: String,
    pub issuer: String,
    pub client_id: String,
    pub expires_at: Value,
    pub nonce: String,
    pub signature: String,
}

/// The secret of the published vector.
pub const SECRET: &str = "my-lti11-secret";

/// The vector of the launch digest §8.
pub fn vector() -> Signed {
    Signed {
        consumer_key: "179248902".to_owned(),
        deployment_id: "689302".to_owned(),
        issuer: "https://lmsvendor.com".to_owned(),
        client_id: "PM48OJSfGDTAzAo".to_owned(),
        expires_at: json!(1_551_290_856),
        nonce: "172we8671fd8z".to_owned(),
        signature: "lWd54kFo5qU7xshAna6v8BwoBm6tmUjc6GTax6+12ps=".to_owned(),
    }
}

impl Signed {
    /// Signs the values with this secret.
    pub fn signed_with(self, secret: &str) -> Self {
        let base = format!(
            "{}&{}&{}&{}&{}&{}",
            self.consumer_key, self.deployment_id, self.issuer, self.client_id, self.expires_at, self.nonce
        );
        Self { signature: sign(secret, &base), ..self }
    }

    /// The claims of a launch with these values; `None` when an id is none, so that there is no such launch.
    pub fn launch(&self) -> Option<(Launch, Value)> {
        let claims = json!({
            "sub": "u-13", "exp": self.expires_at, "nonce": self.nonce,
            claim::MESSAGE_TYPE: "LtiResourceLinkRequest",
            claim::RESOURCE_LINK: { "id": "r-13" },
            claim::CONTEXT: { "id": "c-13" },
            claim::TOOL_PLATFORM: { "guid": "g-13" },
            claim::LTI_1P1: {
                "oauth_consumer_key": self.consumer_key, "oauth_consumer_key_sign": self.signature,
                "user_id": "u-11",
            },
        });
        let CameBy { registration: RegistrationKey { issuer, client_id }, deployment_id, .. } = self.came_by()?;
        let object = claims.as_object().unwrap();
        Some((Launch::from_stored_claims(issuer, client_id, deployment_id, object).unwrap(), claims))
    }

    /// The Registration and the Deployment of that launch.
    pub fn came_by(&self) -> Option<CameBy> {
        let registration = RegistrationKey {
            issuer: Issuer::try_from(self.issuer.as_str()).ok()?,
            client_id: ClientId::try_from(self.client_id.as_str()).ok()?,
        };
        let deployment_id = DeploymentId::try_from(self.deployment_id.as_str()).ok()?;
        Some(CameBy { registration, deployment_id, tenant: None })
    }

    /// What becomes of it with these consumers.
    pub fn verify(&self, consumers: &Value) -> Option<Migration> {
        let (launch, claims) = self.launch()?;
        let claim = MigrationClaim::read(&launch, claims.as_object().unwrap()).unwrap();
        Some(secrets(consumers).verify(claim, &self.came_by()?))
    }
}

/// The consumers of this secret's text.
pub fn secrets(consumers: &Value) -> ConsumerSecrets {
    ConsumerSecrets::parse(&json!({ "consumers": consumers }).to_string()).unwrap()
}

/// The vector's consumer, accepted from everywhere.
pub fn consumer() -> Value {
    json!({ "id": "1", "key": "179248902", "secret": SECRET, "anyPlatform": true })
}

/// `oauth_consumer_key_sign`.
pub fn sign(secret: &str, base: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, base.as_bytes()))
}

/// Adds the claim of this consumer to those of a launch, signed with `secret`.
pub fn move_from(claims: &mut Value, key: &str, secret: &str) {
    let text = |name: &str| claims[name].as_str().unwrap();
    let (deployment_id, issuer, client_id) = (text(claim::DEPLOYMENT_ID), text("iss"), text("aud"));
    let base = format!("{key}&{deployment_id}&{issuer}&{client_id}&{}&{}", claims["exp"], text("nonce"));
    claims[claim::LTI_1P1] = json!({
        "user_id": "maple-41", "oauth_consumer_key": key, "oauth_consumer_key_sign": sign(secret, &base),
    });
}

//! What a launch says of LTI 1.1: nothing is believed that the consumer's secret has not signed, and what it has is.

#![no_main]

use std::sync::LazyLock;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorway_core::migration::{ConsumerSecrets, Doubt};
use doorway_core::registration::RegistrationKey;
use doorway_core::secret::SecretFormat as _;
use doorway_core::welcome::CameBy;
use doorway_lti::claim;
use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use doorway_lti::json::{Object, parse_object};
use doorway_lti::message::Launch;
use doorway_lti::migration::MigrationClaim;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const SECRET: &str = "a secret that no seed is signed with";

static SECRETS: LazyLock<ConsumerSecrets> = LazyLock::new(|| {
    let text = format!(
        r#"{{"consumers":[{{"id":"1","key":"consumer","secret":"{SECRET}","issuer":"https://lms.example"}},
            {{"id":"2","key":"other","secret":"{SECRET}","issuer":"https://other.example"}}]}}"#
    );
    ConsumerSecrets::parse(&text).expect("it is a list of consumers")
});

fn came_by() -> CameBy {
    let issuer = Issuer::try_from("https://lms.example").expect("it is an issuer");
    let client_id = ClientId::try_from("client-1").expect("it is an id");
    let deployment_id = DeploymentId::try_from("1").expect("it is an id");
    CameBy { registration: RegistrationKey { issuer, client_id }, deployment_id, tenant: None }
}

fn read(claims: &Object) -> Option<MigrationClaim> {
    let CameBy { registration: RegistrationKey { issuer, client_id }, deployment_id, .. } = came_by();
    let launch = Launch::from_stored_claims(issuer, client_id, deployment_id, claims).ok()?;
    MigrationClaim::read(&launch, claims)
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut claims) = parse_object(bytes) else { return };
    let Some(said) = read(&claims) else { return };
    let doubt = SECRETS.verify(said.clone(), &came_by()).doubt();
    assert!(doubt.is_some(), "nobody signed it");
    let Some(proof) = said.proof() else { return };
    // Signed with the secret it is believed, where the consumer is this Platform's.
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let text = said.proof().and_then(|proof| proof.signed()).map(|(text, _)| text.to_vec());
    let Some(text) = text else { return };
    let signature = STANDARD.encode(hmac::sign(&key, &text));
    let consumer = proof.consumer_key().to_owned();
    if let Some(Value::Object(migration)) = claims.get_mut(claim::LTI_1P1) {
        migration.insert("oauth_consumer_key_sign".to_owned(), signature.into());
    }
    let expected = match consumer.as_str() {
        "consumer" => None,
        "other" => Some(Doubt::OtherPlatform),
        _ => Some(Doubt::KeyUnknown),
    };
    let signed = read(&claims).expect("it says the same as before");
    assert_eq!(SECRETS.verify(signed, &came_by()).doubt(), expected);
});

//! One launch validation and nothing else: from the token's bytes to a `Launch`, with the key at hand. Beside it the
//! signature check as the verifier has it done, and SHA-256 and RSA alone, with a key made ready before: what no
//! verifier can do without.

use std::hint::black_box;

use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::ValueEnum;
use doorway_core::packing::pack;
use doorway_core::retention::split;
use doorway_lti::Rejection;
use doorway_lti::id_token::{AnonymousLaunches, Expected, UnixSeconds, UnverifiedIdToken, VerifiedIdToken};
use doorway_lti::ids::{ClientId, Issuer, KeyId};
use doorway_lti::key_set::{Algorithm, KeySet};
use doorway_lti::message::Launch;
use doorway_mock_platform::{PlatformKey, jwks};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::BenchError;
use crate::payload::Payload;

/// When the token is issued and judged: 2026-11-23T08:00:00Z.
const NOW: u64 = 1_795_420_800;
const NONCE: &str = "Zm9yIHRoZSBiZW5jaG1hcms";

/// What is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Work {
    /// The whole validation.
    Validation,
    /// The signature check of the verifier.
    Signature,
    /// SHA-256 and RSA alone.
    Rsa,
    /// Splitting and packing the claims for the table.
    Packing,
}

impl Work {
    /// The word for the command line.
    pub fn word(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// A token with all that its validation needs, as text: what is measured need not make keys.
#[derive(Serialize, Deserialize)]
pub struct Prepared {
    token: String,
    jwks: Value,
    issuer: String,
    client_id: String,
}

impl Prepared {
    /// A launch of this Platform, signed with a new key.
    pub fn new(payload: Payload) -> Self {
        let key = PlatformKey::generate();
        Self {
            token: key.id_token(&payload.claims(1, NONCE, NOW)),
            jwks: jwks(&[&key]),
            issuer: payload.issuer().to_owned(),
            client_id: payload.client_id().to_owned(),
        }
    }

    /// The token's length, in bytes.
    pub fn token_bytes(&self) -> usize {
        self.token.len()
    }

    /// Does the work `times` times.
    pub fn repeat(&self, work: Work, times: u32) -> Result<(), BenchError> {
        let verifier = Verifier::new(self);
        match work {
            Work::Validation => {
                (0..times).try_for_each(|_| verifier.validate().map(|launch| drop(black_box(launch))))?
            }
            Work::Signature => {
                let signature = SignatureCheck::new(self);
                (0..times).for_each(|_| signature.check(&verifier.keys));
            }
            Work::Rsa => {
                let rsa = RsaCheck::new(self);
                (0..times).for_each(|_| rsa.check());
            }
            Work::Packing => {
                let token = verifier.verify()?;
                (0..times).for_each(|_| pack_claims(&token));
            }
        }
        Ok(())
    }
}

/// What a warm function has in memory.
struct Verifier<'a> {
    token: &'a str,
    keys: KeySet,
    issuer: Issuer,
    client_id: ClientId,
}

impl<'a> Verifier<'a> {
    fn new(prepared: &'a Prepared) -> Self {
        Self {
            token: &prepared.token,
            keys: KeySet::parse(prepared.jwks.to_string().as_bytes()).expect("a fresh key makes a key set"),
            issuer: Issuer::try_from(prepared.issuer.as_str()).expect("a constant is an issuer"),
            client_id: ClientId::try_from(prepared.client_id.as_str()).expect("a constant is a client id"),
        }
    }

    fn verify(&self) -> Result<VerifiedIdToken, Rejection> {
        let token = UnverifiedIdToken::parse(black_box(self.token), &[Algorithm::RS256])?;
        let expected = Expected {
            issuer: &self.issuer,
            client_id: &self.client_id,
            nonce: NONCE,
            anonymous: AnonymousLaunches::Refused,
            now: UnixSeconds(NOW),
            leeway_seconds: 60,
        };
        token.verify(&self.keys, &expected)
    }

    fn validate(&self) -> Result<Launch, Rejection> {
        Launch::from_token(&self.verify()?)
    }
}

/// The signature of the token, as it stands in it.
struct SignatureCheck<'a> {
    key_id: KeyId,
    signing_input: &'a str,
    signature: &'a str,
}

impl<'a> SignatureCheck<'a> {
    fn new(prepared: &'a Prepared) -> Self {
        let (signing_input, signature) = prepared.token.rsplit_once('.').expect("a token has dots");
        let key_id = prepared.jwks["keys"][0]["kid"].as_str().and_then(|text| KeyId::try_from(text).ok());
        Self { key_id: key_id.expect("a fresh key has an id"), signing_input, signature }
    }

    fn check(&self, keys: &KeySet) {
        let key = keys.choose(&self.key_id, Algorithm::RS256).expect("the key is in the set");
        assert!(key.verifies(black_box(self.signing_input).as_bytes(), self.signature), "it is the Platform's own");
    }
}

/// The signature of the token, ready to be checked.
struct RsaCheck<'a> {
    key: ParsedPublicKey,
    signing_input: &'a [u8],
    signature: Vec<u8>,
}

impl<'a> RsaCheck<'a> {
    fn new(prepared: &'a Prepared) -> Self {
        let bytes = |text: Option<&str>| {
            text.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).expect("what was just made is base64url")
        };
        let jwk = &prepared.jwks["keys"][0];
        let components = PublicKeyComponents { n: bytes(jwk["n"].as_str()), e: bytes(jwk["e"].as_str()) };
        let key = components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).expect("a fresh key is a key");
        let (signing_input, signature) = prepared.token.rsplit_once('.').expect("a token has dots");
        Self { key, signing_input: signing_input.as_bytes(), signature: bytes(Some(signature)) }
    }

    fn check(&self) {
        let verified = self.key.verify_sig(black_box(self.signing_input), &self.signature);
        verified.expect("the signature is the Platform's own");
    }
}

fn pack_claims(token: &VerifiedIdToken) {
    let parts = split(token.claims().clone());
    black_box((pack(&parts.kept), pack(&parts.personal)));
}

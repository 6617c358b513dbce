//! The text of the signing keys' secret: each key PKCS #8 in base64, and when it was made.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorway_lti::id_token::UnixSeconds;
use serde::{Deserialize, Serialize};

use super::{KeyLife, LivingKey};
use crate::date::rfc3339;
use crate::signing_keys::SigningKey;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Text {
    current: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(default)]
    made_at: MadeAt,
}

#[derive(Default, Serialize, Deserialize)]
struct MadeAt {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    current: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

pub(super) fn parse(text: &str) -> Option<KeyLife> {
    let text: Text = serde_json::from_str(text).ok()?;
    let other = |material: Option<String>, made_at| match material {
        Some(material) => key(material, made_at).map(Some),
        None => Some(None),
    };
    Some(KeyLife {
        current: key(text.current, text.made_at.current)?,
        previous: other(text.previous, text.made_at.previous)?,
        next: other(text.next, text.made_at.next)?,
    })
}

pub(super) fn text(life: &KeyLife) -> String {
    let material = |key: &LivingKey| key.material.clone();
    let made_at = |key: &LivingKey| key.made_at.clone();
    let text = Text {
        current: material(&life.current),
        previous: life.previous.as_ref().map(material),
        next: life.next.as_ref().map(material),
        made_at: MadeAt {
            current: made_at(&life.current),
            previous: life.previous.as_ref().and_then(made_at),
            next: life.next.as_ref().and_then(made_at),
        },
    };
    serde_json::to_string(&text).expect("texts serialise")
}

/// A new RSA key of 2048 bits. aws-lc draws it from its own randomness.
pub(super) fn make(now: UnixSeconds) -> LivingKey {
    let pair = KeyPair::generate(KeySize::Rsa2048).expect("the operating system gives randomness for a key");
    let der: Pkcs8V1Der<'static> = pair.as_der().expect("a fresh key has a PKCS #8 form");
    let material = STANDARD.encode(der.as_ref());
    key(material, Some(rfc3339(now))).expect("a fresh key of 2048 bits is a signing key")
}

fn key(material: String, made_at: Option<String>) -> Option<LivingKey> {
    let parsed = SigningKey::parse(&material)?;
    Some(LivingKey { id: parsed.id().to_owned(), material, public: Some(parsed.public_jwk()), made_at })
}

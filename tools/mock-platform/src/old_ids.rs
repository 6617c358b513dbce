//! Whether launches say what LTI 1.1 called the same user and link, and whether they prove it.
//!
//! Maple Learning had the Tool by LTI 1.1 before, as one consumer with a key and a shared secret. A Platform that moved so
//! says in a claim what the old ids were, and signs with the old secret that it was that consumer.
//!
//! Spec: LTI 1.1 to 1.3 migration guide, "Migration claim".

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::claims::names::{DEPLOYMENT_ID, LTI_1P1, RESOURCE_LINK};

/// The key of the consumer that this Platform was.
pub const OLD_CONSUMER_KEY: &str = "maple-lti11";
/// The secret that it shared with the Tool: no secret at all, since it stands here.
pub const OLD_CONSUMER_SECRET: &str = "known-to-everybody";

/// What launches say of LTI 1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OldIds {
    /// Nothing.
    #[default]
    NotSent,
    /// The old ids, and the proof.
    Signed,
    /// The old ids and the consumer's key, and no proof.
    Unsigned,
    /// The old ids, and a proof by another secret: somebody takes accounts that are not his.
    WronglySigned,
}

impl OldIds {
    /// Every manner, in the order of the developer's page.
    pub const ALL: [Self; 4] = [Self::NotSent, Self::Signed, Self::Unsigned, Self::WronglySigned];

    /// What the manner is called in forms and on pages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotSent => "NotSent",
            Self::Signed => "Signed",
            Self::Unsigned => "Unsigned",
            Self::WronglySigned => "WronglySigned",
        }
    }

    /// The manner of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|manner| manner.name() == name)
    }

    /// Adds the claim to those of a launch. The course is called what it was called, so its old id is not sent.
    pub(crate) fn add(self, claims: &mut Value) {
        if self == Self::NotSent {
            return;
        }
        let mut old = json!({"oauth_consumer_key": OLD_CONSUMER_KEY});
        if let Some(user) = claims["sub"].as_str() {
            old["user_id"] = json!(format!("maple-user-{user}"));
        }
        if let Some(link) = claims[RESOURCE_LINK]["id"].as_str() {
            old["resource_link_id"] = json!(format!("maple-{link}"));
        }
        if let Some(secret) = self.secret() {
            old["oauth_consumer_key_sign"] = json!(signature(secret, claims));
        }
        claims[LTI_1P1] = old;
    }

    const fn secret(self) -> Option<&'static str> {
        match self {
            Self::Signed => Some(OLD_CONSUMER_SECRET),
            Self::WronglySigned => Some("guessed"),
            Self::NotSent | Self::Unsigned => None,
        }
    }
}

/// `oauth_consumer_key_sign` for these claims.
fn signature(secret: &str, claims: &Value) -> String {
    let text = |name: &str| claims[name].as_str().unwrap_or_default().to_owned();
    let expires_at = claims["exp"].to_string();
    let base = [OLD_CONSUMER_KEY.to_owned(), text(DEPLOYMENT_ID), text("iss"), text("aud"), expires_at, text("nonce")]
        .join("&");
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, base.as_bytes()))
}

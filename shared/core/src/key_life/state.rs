//! The text of the state key's secret. Secrets Manager's own generator can write the first one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_lti::id_token::UnixSeconds;
use serde::{Deserialize, Serialize};

use super::{KeyLife, LivingKey};
use crate::random::{self, Random};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeyText {
    id: String,
    secret: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made_at: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Text {
    #[serde(flatten)]
    current: KeyText,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<KeyText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<KeyText>,
}

pub(super) fn parse(text: &str) -> Option<KeyLife> {
    let text: Text = serde_json::from_str(text).ok()?;
    Some(KeyLife { current: read(text.current), previous: text.previous.map(read), next: text.next.map(read) })
}

pub(super) fn text(life: &KeyLife) -> String {
    let text = Text {
        current: write(&life.current),
        previous: life.previous.as_ref().map(write),
        next: life.next.as_ref().map(write),
    };
    serde_json::to_string(&text).expect("texts serialise")
}

/// A new text of 384 random bits.
pub(super) fn make(random: &dyn Random, now: UnixSeconds) -> LivingKey {
    let id = URL_SAFE_NO_PAD.encode(random::bytes::<6>(random));
    LivingKey::new(id, URL_SAFE_NO_PAD.encode(random::bytes::<48>(random)), now)
}

fn read(text: KeyText) -> LivingKey {
    LivingKey { id: text.id, material: text.secret, public: None, made_at: text.made_at }
}

fn write(key: &LivingKey) -> KeyText {
    KeyText { id: key.id.clone(), secret: key.material.clone(), made_at: key.made_at.clone() }
}

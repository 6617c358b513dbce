//! The form between showing and doing, sealed: only the Tool itself can read or make one.
//!
//! The Platform's token is in it, and so is all that a person was shown: neither stands in a page or a table.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_lti::id_token::UnixSeconds;
use serde::{Deserialize, Serialize};

use super::{Proposal, RegisterError};
use crate::binding::{BindingHash, BindingSecret, cookie_name};
use crate::random::Random;
use crate::state::{Nonce, StateKeySet};
use crate::use_case::launch::Bindings;

/// How long a person may take to confirm, in seconds.
pub const FORM_LIFETIME_SECONDS: u64 = 15 * 60;

/// Bound to the ciphertext: nothing else that is sealed opens as a form.
const PURPOSE: &[u8] = b"doorway registration form v1";

/// What a form remembers.
#[derive(Serialize, Deserialize)]
pub(super) struct Form {
    /// By what its invite is found.
    pub(super) invite: String,
    /// How many requests had been sent with the invite: one that is sent spends all forms that were made before.
    pub(super) attempts: u64,
    pub(super) nonce: [u8; 16],
    /// What the browser must hold.
    pub(super) binding: [u8; 32],
    pub(super) expires_at: u64,
    /// The Platform's registration token.
    pub(super) token: Option<String>,
    pub(super) proposal: Proposal,
}

/// By what a browser shows that it is the one that was shown the form.
pub struct FormProof<'a> {
    /// Its cookies.
    pub cookies: &'a (dyn Bindings + Sync),
    /// Whether the browser itself says that a page of the Tool's own origin posts the form: no script of another site can
    /// make it say so. Some keep no cookie in a frame.
    pub is_same_origin: bool,
}

/// Why a form does not open.
pub(super) enum Closed {
    /// Perhaps sealed by a key that this instance has not read yet.
    UnknownKey,
    /// Anything else.
    Refused(RegisterError),
}

impl Form {
    pub(super) fn seal(&self, keys: &StateKeySet, random: &dyn Random) -> String {
        let plain = serde_json::to_vec(self).expect("a form of texts and numbers is JSON");
        let key = keys.current();
        let mut sealed = key.tag().to_vec();
        sealed.extend(key.form().seal(PURPOSE, plain, random));
        URL_SAFE_NO_PAD.encode(sealed)
    }

    pub(super) fn open(text: &str, keys: &StateKeySet, now: UnixSeconds) -> Result<Self, Closed> {
        let refused = || Closed::Refused(RegisterError::FormInvalid);
        let sealed = URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
        let (tag, sealed) = sealed.split_first_chunk().ok_or_else(refused)?;
        let key = keys.with_tag(tag).ok_or(Closed::UnknownKey)?;
        let plain = key.form().open(PURPOSE, sealed).ok_or_else(refused)?;
        let form: Self = serde_json::from_slice(&plain).map_err(|_| refused())?;
        if now.0 >= form.expires_at { Err(Closed::Refused(RegisterError::FormExpired)) } else { Ok(form) }
    }

    /// Passes if this is the browser that was shown the form, and our page posts it.
    pub(super) fn require(&self, proof: &FormProof<'_>) -> Result<(), RegisterError> {
        let held = proof.cookies.get(&self.cookie_name()).and_then(BindingSecret::parse);
        let is_held = held.is_some_and(|secret| secret.hash() == BindingHash::from_bytes(self.binding));
        if is_held || proof.is_same_origin { Ok(()) } else { Err(RegisterError::FormForeign) }
    }

    pub(super) fn cookie_name(&self) -> String {
        cookie_name(&Nonce::from_bytes(self.nonce))
    }
}

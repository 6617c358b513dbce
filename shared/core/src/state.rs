//! The sealed `state`: all that a login must remember, carried by the browser, so that an unauthenticated
//! request writes nothing.
//!
//! `state` = base64url( key tag (4) | AEAD nonce (12) | AES-256-GCM-SIV ciphertext and tag ). Nobody but login
//! and launch can read or make one; a flipped bit opens nothing. The key set holds the current key and the
//! previous one, so that logins survive a rotation.

mod encoding;
mod keys;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::login::LoginInitiation;

use crate::binding::BindingHash;
use crate::random::{self, Random};
use crate::registration::RegistrationKey;

pub use keys::{StateKey, StateKeySet};

/// How long a login may take, in seconds: the user may have to sign in to the Platform on the way.
pub const LOGIN_LIFETIME_SECONDS: u64 = 600;

/// The longest `state` that is looked at, in bytes: longer ones are not ours.
const MAX_STATE_BYTES: usize = 4096;

/// The longest parameters of a login that its state carries, in bytes. Canvas's hints are some hundred bytes; the
/// state goes through request lines, so a login with longer ones cannot be begun again from its error page.
const MAX_AGAIN_BYTES: usize = 1200;

/// What a login remembers until the launch comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginState {
    /// The Registration that was asked; the token is judged by this one and no other.
    pub registration: RegistrationKey,
    /// The nonce that was sent: 128 random bits.
    pub nonce: Nonce,
    /// What the browser must hold.
    pub binding: BindingHash,
    /// A hash of the login's `target_link_uri`: to notice a Platform that changes it.
    pub target_link_uri_hash: [u8; 8],
    /// A hash of the Deployment that the login named, if it did: to notice that, too.
    pub deployment_id_hash: Option<[u8; 8]>,
    /// The frame that offers Platform storage. Remembered, since Blackboard names it at the login and not again.
    pub storage_target: Option<String>,
    /// With what the same login can be begun again in a new window, should this browser keep nothing in a frame.
    /// `None` where it has been, and where the hints are too long to carry.
    pub again: Option<LoginInitiation>,
    /// When this login ends.
    pub expires_at: UnixSeconds,
}

/// The nonce of one login. Prints as `[redacted]`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Nonce([u8; 16]);

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce([redacted])")
    }
}

impl Nonce {
    /// A new nonce.
    pub fn new(random: &dyn Random) -> Self {
        Self(random::bytes(random))
    }

    /// A nonce that was sealed.
    pub(crate) fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// As sent to the Platform: 22 characters of base64url.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The raw bytes.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// Why a `state` does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Not sealed by us, changed on the way, or sealed with a key that is gone.
    #[error("state was not sealed by this Tool, or was changed")]
    NotOurs,
    /// Sealed by a key that this instance has not read yet, perhaps.
    #[error("state was sealed with an unknown key")]
    UnknownKey,
    /// The login took too long.
    #[error("login expired {by_seconds} s ago")]
    Expired {
        /// How long ago, in seconds.
        by_seconds: u64,
    },
}

/// A state that opened, with the key that opened it.
pub struct Opened<'a> {
    /// What the login remembered.
    pub login: LoginState,
    /// The key: the launch's id is derived with it, so that a rotation between two posts changes nothing.
    pub key: &'a StateKey,
}

impl LoginState {
    /// Seals the state with the current key.
    pub fn seal(&self, keys: &StateKeySet, random: &dyn Random) -> String {
        let key = keys.current();
        let mut sealed = key.tag().to_vec();
        sealed.extend(key.seal(self.encode(), random));
        URL_SAFE_NO_PAD.encode(sealed)
    }

    /// Opens a state that was sealed with any valid key.
    ///
    /// # Errors
    /// [`StateError`] when it is not ours, was changed, or has expired.
    pub fn open<'a>(state: &str, keys: &'a StateKeySet, now: UnixSeconds) -> Result<Opened<'a>, StateError> {
        if state.len() > MAX_STATE_BYTES {
            return Err(StateError::NotOurs);
        }
        let sealed = URL_SAFE_NO_PAD.decode(state).map_err(|_| StateError::NotOurs)?;
        let (tag, sealed) = sealed.split_first_chunk().ok_or(StateError::NotOurs)?;
        let key = keys.with_tag(tag).ok_or(StateError::UnknownKey)?;
        let plain = key.open(sealed).ok_or(StateError::NotOurs)?;
        let login = Self::decode(&plain).ok_or(StateError::NotOurs)?;
        if now >= login.expires_at {
            return Err(StateError::Expired { by_seconds: now.0 - login.expires_at.0 });
        }
        Ok(Opened { login, key })
    }
}

/// The login, if its state can carry it.
pub(crate) fn short_enough(login: &LoginInitiation) -> Option<LoginInitiation> {
    let bytes: usize = login.parameters().iter().map(|(_, value)| value.len()).sum();
    (bytes <= MAX_AGAIN_BYTES).then(|| LoginInitiation { storage_target: None, ..login.clone() })
}

#[cfg(test)]
mod tests {
    use doorway_lti::ids::{ClientId, DeploymentId, Issuer};

    use super::*;
    use crate::random::SystemRandom;
    use crate::secret::SecretFormat as _;

    fn keys(secret: &str) -> StateKeySet {
        StateKeySet::parse(&format!(r#"{{"id":"1","secret":"{secret}"}}"#)).unwrap()
    }

    fn first() -> StateKeySet {
        keys("0123456789abcdef0123456789abcdef0123456789abcdef")
    }

    fn login() -> LoginState {
        LoginState {
            registration: RegistrationKey {
                issuer: Issuer::try_from("https://lms.example").unwrap(),
                client_id: ClientId::try_from("client").unwrap(),
            },
            nonce: Nonce::new(&SystemRandom),
            binding: BindingHash::from_bytes([7; 32]),
            target_link_uri_hash: [1; 8],
            deployment_id_hash: Some([2; 8]),
            storage_target: Some("_parent".to_owned()),
            again: Some(again()),
            expires_at: UnixSeconds(1_000),
        }
    }

    /// With everything that Canvas sends.
    fn again() -> LoginInitiation {
        LoginInitiation {
            issuer: Issuer::try_from("https://lms.example").unwrap(),
            login_hint: "535fa085f22b4655f48cd5a36a9215f64c062838".to_owned(),
            target_link_uri: "https://app.example/lessons/7".to_owned(),
            lti_message_hint: Some("eyJ.hint".repeat(40)),
            client_id: Some(ClientId::try_from("client").unwrap()),
            deployment_id: Some(DeploymentId::try_from("4:abc").unwrap()),
            storage_target: None,
        }
    }

    #[test]
    fn a_sealed_state_opens_to_what_it_was_until_it_expires() {
        let (keys, login) = (first(), login());
        let state = login.seal(&keys, &SystemRandom);
        assert_eq!(LoginState::open(&state, &keys, UnixSeconds(999)).map(|opened| opened.login), Ok(login));
        let expired = LoginState::open(&state, &keys, UnixSeconds(1_000)).err();
        assert_eq!(expired, Some(StateError::Expired { by_seconds: 0 }));
    }

    #[test]
    fn the_state_is_url_safe_and_short_enough_for_any_platform() {
        let state = login().seal(&first(), &SystemRandom);
        assert!(state.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        assert!(state.len() < 900, "{}", state.len());
        let in_new_window = LoginState { again: None, ..login() }.seal(&first(), &SystemRandom);
        assert!(in_new_window.len() < 300, "{}", in_new_window.len());
    }

    #[test]
    fn every_optional_part_may_be_absent() {
        let again = LoginInitiation { lti_message_hint: None, deployment_id: None, ..again() };
        for login in [
            LoginState { again: None, ..login() },
            LoginState { again: Some(again), ..login() },
            LoginState { storage_target: None, deployment_id_hash: None, ..login() },
        ] {
            let state = login.seal(&first(), &SystemRandom);
            assert_eq!(LoginState::open(&state, &first(), UnixSeconds(0)).map(|opened| opened.login), Ok(login));
        }
    }

    #[test]
    fn hints_that_are_too_long_are_left_behind() {
        let longest = |bytes: usize| {
            let others: usize = again().parameters().iter().map(|(_, value)| value.len()).sum();
            let hint = again().lti_message_hint.unwrap();
            let hint = "x".repeat(bytes + hint.len() - others);
            short_enough(&LoginInitiation { lti_message_hint: Some(hint), ..again() })
        };
        assert!(longest(MAX_AGAIN_BYTES).is_some());
        assert!(longest(MAX_AGAIN_BYTES + 1).is_none());
    }

    #[test]
    fn a_state_longer_than_any_of_ours_is_not_opened() {
        let of = |bytes: usize| {
            let storage_target = Some("x".repeat(bytes));
            LoginState { again: None, storage_target, ..login() }.seal(&first(), &SystemRandom)
        };
        let others = URL_SAFE_NO_PAD.decode(of(1)).unwrap().len() - 1;
        let longest = MAX_STATE_BYTES / 4 * 3 - others;
        assert_eq!(of(longest).len(), MAX_STATE_BYTES);
        assert!(LoginState::open(&of(longest), &first(), UnixSeconds(0)).is_ok());
        assert_eq!(LoginState::open(&of(longest + 1), &first(), UnixSeconds(0)).err(), Some(StateError::NotOurs));
    }

    #[test]
    fn what_is_sealed_is_a_state_to_the_last_byte() {
        let login = login();
        let mut plain = login.encode();
        assert_eq!(LoginState::decode(&plain), Some(login));
        plain.push(0);
        assert_eq!(LoginState::decode(&plain), None);
        assert_eq!(LoginState::decode(&plain[..plain.len() - 2]), None);
    }

    #[test]
    fn no_flipped_bit_opens() {
        let keys = first();
        let state = login().seal(&keys, &SystemRandom);
        let bytes = URL_SAFE_NO_PAD.decode(&state).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let changed = URL_SAFE_NO_PAD.encode(changed);
            assert!(LoginState::open(&changed, &keys, UnixSeconds(0)).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn what_was_never_a_state_does_not_open() {
        let keys = first();
        for state in ["", "a", "____", "not base64!", &"A".repeat(200), &"A".repeat(5000)] {
            assert!(LoginState::open(state, &keys, UnixSeconds(0)).is_err(), "{state}");
        }
    }

    #[test]
    fn a_state_survives_one_rotation_and_no_more() {
        let old = "0123456789abcdef0123456789abcdef0123456789abcdef";
        let new = "fedcba9876543210fedcba9876543210fedcba9876543210";
        let state = login().seal(&keys(old), &SystemRandom);
        let rotated =
            StateKeySet::parse(&format!(r#"{{"id":"2","secret":"{new}","previous":{{"id":"1","secret":"{old}"}}}}"#))
                .unwrap();
        assert!(LoginState::open(&state, &rotated, UnixSeconds(0)).is_ok());
        assert_eq!(LoginState::open(&state, &keys(new), UnixSeconds(0)).err(), Some(StateError::UnknownKey));
    }
}

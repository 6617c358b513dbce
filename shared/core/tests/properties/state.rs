//! The sealed state: it opens to what it was, and nothing else opens.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_core::binding::BindingHash;
use doorway_core::random::SystemRandom;
use doorway_core::registration::RegistrationKey;
use doorway_core::secret::SecretFormat as _;
use doorway_core::state::{LoginState, Nonce, StateError, StateKeySet};
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use doorway_lti::login::LoginInitiation;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::cases;

const FIRST: &str = "0123456789abcdef0123456789abcdef0123456789abcdef";
const SECOND: &str = "fedcba9876543210fedcba9876543210fedcba9876543210";
const THIRD: &str = "somebody else's, who knows how long a key must be";

fn keys(current: &str, others: &str) -> StateKeySet {
    StateKeySet::parse(&format!(r#"{{"id":"1","secret":"{current}"{others}}}"#)).expect("it is a set of keys")
}

/// The key before a rotation, and after it.
static BEFORE: LazyLock<StateKeySet> =
    LazyLock::new(|| keys(FIRST, &format!(r#","next":{{"id":"2","secret":"{SECOND}"}}"#)));
static AFTER: LazyLock<StateKeySet> =
    LazyLock::new(|| keys(SECOND, &format!(r#","previous":{{"id":"1","secret":"{FIRST}"}}"#)));
/// Two rotations later, and another Tool's.
static LATER: LazyLock<StateKeySet> =
    LazyLock::new(|| keys(THIRD, &format!(r#","previous":{{"id":"2","secret":"{SECOND}"}}"#)));
static FOREIGN: LazyLock<StateKeySet> = LazyLock::new(|| keys(THIRD, ""));

/// Any login that a state can carry: every id and hint as long as it may be.
fn login() -> impl Strategy<Value = LoginState> {
    let issuer = "[^\\p{Cc}]{1,255}".prop_map(|text| Issuer::try_from(text.as_str()).expect("it is an issuer"));
    let id = || "[!-~\u{e4}]{1,127}";
    let client_id = id().prop_map(|text| ClientId::try_from(text.as_str()).expect("it is an id"));
    let deployment_id =
        prop::option::of(id().prop_map(|text| DeploymentId::try_from(text.as_str()).expect("it is an id")));
    // A hash of zeros stands for none; that one comes once in 2^64.
    let hash = any::<[u8; 8]>().prop_filter("no zeros", |hash| *hash != [0; 8]);
    let storage_target = prop::option::of("\\PC{1,32}");
    let again = prop::option::of(("\\PC{1,60}", "\\PC{1,60}", prop::option::of("\\PC{1,100}"), deployment_id));
    let fixed = (any::<[u8; 32]>(), any::<[u8; 8]>(), prop::option::of(hash), any::<u64>());
    (issuer, client_id, storage_target, again, fixed).prop_map(|(issuer, client_id, storage_target, again, fixed)| {
        let (binding, target_link_uri_hash, deployment_id_hash, expires_at) = fixed;
        let begin = |(login_hint, target_link_uri, lti_message_hint, deployment_id)| LoginInitiation {
            issuer: issuer.clone(),
            client_id: Some(client_id.clone()),
            login_hint,
            target_link_uri,
            lti_message_hint,
            deployment_id,
            storage_target: None,
        };
        LoginState {
            nonce: Nonce::new(&SystemRandom),
            binding: BindingHash::from_bytes(binding),
            target_link_uri_hash,
            deployment_id_hash,
            storage_target,
            again: again.map(begin),
            expires_at: UnixSeconds(expires_at.max(1)),
            registration: RegistrationKey { issuer, client_id },
        }
    })
}

fn open(state: &str, keys: &StateKeySet) -> Result<LoginState, StateError> {
    LoginState::open(state, keys, UnixSeconds(0)).map(|opened| opened.login)
}

fn bytes_of(state: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(state).expect("a state is base64url")
}

fn opens(bytes: &[u8]) -> bool {
    [&*BEFORE, &*AFTER, &*LATER].iter().any(|keys| open(&URL_SAFE_NO_PAD.encode(bytes), keys).is_ok())
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn any_state_opens_to_what_it_was_with_its_key_and_with_no_other(login in login()) {
        let state = login.seal(&BEFORE, &SystemRandom);
        let opened = Ok(login.clone());
        prop_assert_eq!(&open(&state, &BEFORE), &opened);
        prop_assert_eq!(&open(&state, &AFTER), &opened);
        prop_assert_eq!(open(&state, &LATER), Err(StateError::UnknownKey));
        prop_assert_eq!(open(&state, &FOREIGN), Err(StateError::UnknownKey));
        // What the next key seals opens already where it is still the next one.
        prop_assert_eq!(&open(&login.seal(&AFTER, &SystemRandom), &BEFORE), &opened);
        let at_its_end = LoginState::open(&state, &BEFORE, login.expires_at).err();
        prop_assert_eq!(at_its_end, Some(StateError::Expired { by_seconds: 0 }));
    }

    #[test]
    fn no_state_opens_with_bits_flipped_or_bytes_cut_off_or_added(
        login in login(),
        flipped in prop::collection::vec((any::<Index>(), 0..8u32), 1..4),
        (from, to) in any::<(Index, Index)>(),
        more in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let sealed = bytes_of(&login.seal(&BEFORE, &SystemRandom));
        let mut changed = sealed.clone();
        for (at, bit) in &flipped {
            changed[at.index(sealed.len())] ^= 1 << bit;
        }
        prop_assert!(changed == sealed || !opens(&changed), "bits");
        let (from, to) = (from.index(sealed.len()), to.index(sealed.len()));
        prop_assert!(!opens(&sealed[..to]) && (from == 0 || !opens(&sealed[from..])), "cut at {}", to);
        prop_assert!(!opens(&[sealed.as_slice(), &more].concat()) && !opens(&[&more, sealed.as_slice()].concat()));
        let (before, behind) = sealed.split_at(from);
        prop_assert!(!opens(&[before, &more, behind].concat()), "put in at {}", from);
    }

    /// Key tag, AEAD nonce and ciphertext of two states, in every mixture.
    #[test]
    fn no_state_opens_that_is_put_together_of_two(one in login(), other in login()) {
        let states = [&one, &other].map(|login| bytes_of(&login.seal(&BEFORE, &SystemRandom)));
        let parts = states.each_ref().map(|state| (&state[..4], &state[4..16], &state[16..]));
        for (nonce, ciphertext) in [(0, 1), (1, 0)] {
            prop_assert!(!opens(&[parts[0].0, parts[nonce].1, parts[ciphertext].2].concat()));
        }
        let end = states[0].len().min(states[1].len()) - 16;
        let mixed = [&states[0][..end], &states[1][end..]].concat();
        prop_assert!(!opens(&mixed), "the tag of another");
        // Under the tag of another key of the same Tool.
        let others_tag = bytes_of(&one.seal(&AFTER, &SystemRandom));
        prop_assert!(!opens(&[&others_tag[..4], &states[0][4..]].concat()));
    }
}

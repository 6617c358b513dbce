//! The sealed `state`: as it comes; and as it is sealed for a login, whose parameters are the input.

#![no_main]

use std::sync::LazyLock;

use doorway_core::binding::BindingHash;
use doorway_core::random::SystemRandom;
use doorway_core::registration::RegistrationKey;
use doorway_core::secret::SecretFormat as _;
use doorway_core::state::{LoginState, Nonce, StateError, StateKeySet};
use doorway_fuzz_tool::place;
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::ClientId;
use doorway_lti::login::LoginInitiation;
use doorway_lti::parameters::Parameters;
use libfuzzer_sys::fuzz_target;

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
/// As much as a state carries of the login's parameters, in bytes.
const CARRIED: usize = 1200;

fn keys(text: &str) -> StateKeySet {
    StateKeySet::parse(text).expect("it is a set of keys")
}

static OLD: LazyLock<StateKeySet> =
    LazyLock::new(|| keys(r#"{"id":"1","secret":"0123456789abcdef0123456789abcdef0123456789abcdef"}"#));
static ROTATED: LazyLock<StateKeySet> = LazyLock::new(|| {
    keys(
        r#"{"id":"2","secret":"fedcba9876543210fedcba9876543210fedcba9876543210",
            "previous":{"id":"1","secret":"0123456789abcdef0123456789abcdef0123456789abcdef"}}"#,
    )
});
static OTHER: LazyLock<StateKeySet> =
    LazyLock::new(|| keys(r#"{"id":"3","secret":"a key of somebody else, as long as it must be"}"#));

fn state_of(login: LoginInitiation) -> LoginState {
    let client_id = login.client_id.clone().unwrap_or_else(|| ClientId::try_from("found").expect("it is an id"));
    let length: usize = login.parameters().iter().map(|(_, value)| value.len()).sum();
    let again = LoginInitiation { storage_target: None, client_id: Some(client_id.clone()), ..login.clone() };
    LoginState {
        registration: RegistrationKey { issuer: login.issuer, client_id },
        nonce: Nonce::new(&SystemRandom),
        binding: BindingHash::from_bytes([7; 32]),
        target_link_uri_hash: [1; 8],
        deployment_id_hash: login.deployment_id.map(|_| [2; 8]),
        storage_target: login.storage_target,
        again: (length <= CARRIED).then_some(again),
        expires_at: UnixSeconds(NOW.0 + 600),
    }
}

fn open(state: &str, keys: &StateKeySet) -> Result<LoginState, StateError> {
    LoginState::open(state, keys, NOW).map(|opened| opened.login)
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(open(text, &ROTATED).is_err(), "nobody sealed it");
    }
    let Some(login) = Parameters::read(bytes, b"").ok().and_then(|sent| LoginInitiation::parse(&sent).ok()) else {
        return;
    };
    let login = state_of(login);
    let state = login.seal(&OLD, &SystemRandom);
    for keys in [&OLD, &ROTATED] {
        assert_eq!(open(&state, keys).as_ref(), Ok(&login));
    }
    assert_eq!(open(&state, &OTHER), Err(StateError::UnknownKey));
    assert!(matches!(LoginState::open(&state, &OLD, login.expires_at), Err(StateError::Expired { .. })));
    // One character changed, the end cut off, something behind it, and the halves of two states.
    let at = place(bytes, state.len());
    let other = if state.as_bytes()[at] == b'A' { "B" } else { "A" };
    let second = login.seal(&OLD, &SystemRandom);
    for changed in [
        format!("{}{other}{}", &state[..at], &state[at + 1..]),
        state[..at].to_owned(),
        format!("{state}{other}"),
        format!("{}{}", &state[..at], &second[at..]),
    ] {
        let is_whole = changed == state || changed == second;
        assert!(is_whole || open(&changed, &ROTATED).is_err(), "character {at}");
    }
});

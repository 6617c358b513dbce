//! A position in a roster: as an App brings it, and as it is sealed for a URL of a Platform, which is the input.

#![no_main]

use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorway_core::cursor::{open, seal};
use doorway_core::launch_id::LaunchId;
use doorway_core::random::SystemRandom;
use doorway_core::secret::SecretFormat as _;
use doorway_core::signing_keys::SigningKeySet;
use doorway_fuzz_tool::{launch_id, place};
use libfuzzer_sys::fuzz_target;
use url::Url;

/// Made anew in every process.
static KEYS: LazyLock<SigningKeySet> = LazyLock::new(|| {
    let key = KeyPair::generate(KeySize::Rsa2048).expect("there is randomness");
    let der: Pkcs8V1Der<'_> = key.as_der().expect("a fresh key has a form");
    let text = format!(r#"{{"current":"{}"}}"#, STANDARD.encode(der.as_ref()));
    SigningKeySet::parse(&text).expect("it is a set of keys")
});

fuzz_target!(|text: &str| {
    let launch = launch_id();
    assert!(open(&KEYS, &launch, "members", text).is_none(), "nobody sealed it");
    let Ok(next) = Url::parse(text) else { return };
    let cursor = seal(&KEYS, &launch, "members", &next, &SystemRandom);
    assert_eq!(open(&KEYS, &launch, "members", &cursor), Some(next));
    assert_eq!(open(&KEYS, &launch, "results", &cursor), None, "it is of other pages");
    let other = LaunchId::try_from("B".repeat(32).as_str()).expect("it is an id");
    assert_eq!(open(&KEYS, &other, "members", &cursor), None, "it is another launch's");
    let at = place(text.as_bytes(), cursor.len());
    let changed = if cursor.as_bytes()[at] == b'A' { "B" } else { "A" };
    for changed in [format!("{}{changed}{}", &cursor[..at], &cursor[at + 1..]), cursor[..at].to_owned()] {
        assert_eq!(open(&KEYS, &launch, "members", &changed), None, "character {at}");
    }
});

//! A Platform's key set (JWKS).

#![no_main]

use doorway_lti::ids::KeyId;
use doorway_lti::json::parse_object;
use doorway_lti::key_set::{Algorithm, KeySet, MAX_KEYS};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const ALGORITHMS: [Algorithm; 5] =
    [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::ES256, Algorithm::ES384];

fuzz_target!(|bytes: &[u8]| {
    let Ok(keys) = KeySet::parse(bytes) else { return };
    assert!(keys.usable_keys() <= MAX_KEYS);
    // What the cache keeps of it is as good as the set itself.
    let stored = keys.to_json().to_string();
    let again = KeySet::parse(stored.as_bytes()).expect("what is kept is a key set");
    assert_eq!((again.usable_keys(), again.to_json()), (keys.usable_keys(), keys.to_json()));
    let document = parse_object(bytes).expect("a key set is an object");
    let ids =
        document["keys"].as_array().into_iter().flatten().filter_map(|key| key.get("kid").and_then(Value::as_str));
    for id in ids.filter_map(|id| KeyId::try_from(id).ok()) {
        for algorithm in ALGORITHMS {
            let Ok(key) = keys.choose(&id, algorithm) else { continue };
            assert!(keys.knows(&id) && keys.keys_for(algorithm) > 0);
            // Whatever key it is, nobody has signed this.
            assert!(!key.verifies(b"never signed", "") && !key.verifies(b"never signed", &"A".repeat(342)));
            assert!(again.choose(&id, algorithm).is_ok(), "{id:?} for {algorithm:?} is not kept");
        }
    }
});

//! Claims as they are kept: bytes of a table, and claims that are packed and parted.

#![no_main]

use doorway_core::packing::{pack, unpack};
use doorway_core::retention::{join, split};
use doorway_lti::json::parse_object;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(object) = unpack(bytes) {
        assert_eq!(unpack(&pack(&object)).as_ref(), Ok(&object));
    }
    let Ok(claims) = parse_object(bytes) else { return };
    let parted = split(claims.clone());
    // Nothing that has a person's name is kept.
    for name in ["name", "given_name", "family_name", "email", "nonce"] {
        assert!(!parted.kept.contains_key(name), "{name}");
    }
    for part in [&parted.kept, &parted.personal] {
        assert_eq!(unpack(&pack(part)).as_ref(), Ok(part));
    }
    assert_eq!(join(parted), claims);
});

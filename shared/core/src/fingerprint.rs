//! Short hashes that name things in tables: by them a thing is found, and nothing of it can be read.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::binding::sha256;

/// 144 bits of a hash of `parts` in base64url. Parts are a JSON array, so that no two lists read alike.
pub fn fingerprint(parts: &Value) -> String {
    URL_SAFE_NO_PAD.encode(&sha256(parts.to_string().as_bytes())[..18])
}

//! Reading what the Tool signed, as a Platform does, with none of the Tool's code.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use doorway_tests::TestTool;
use doorway_tests::forge::unbase64url;
use serde_json::Value;

/// A JWT whose signature is one of the Tool's.
pub(crate) struct Jwt {
    /// The header, byte for byte.
    pub(crate) header: String,
    /// The key that the header names, as it is published.
    pub(crate) key: Value,
    /// The claims.
    pub(crate) claims: Value,
}

/// Verifies a JWT with the key of the Tool's published set that its header names.
#[track_caller]
pub(crate) fn verified(tool: &TestTool, jwt: &str) -> Jwt {
    let (input, signature) = jwt.rsplit_once('.').expect("a JWT has a signature");
    let (header, claims) = input.split_once('.').expect("a JWT has claims");
    let header = String::from_utf8(unbase64url(header)).expect("the header is text");
    let parsed: Value = serde_json::from_str(&header).expect("the header is JSON");
    let published = tool.public_keys();
    let mut keys = published["keys"].as_array().expect("a key set has keys").iter();
    let key = keys.find(|key| key["kid"] == parsed["kid"]).expect("the key is published").clone();
    let number = |name: &str| unbase64url(key[name].as_str().expect("an RSA key has its numbers"));
    RsaPublicKeyComponents { n: number("n"), e: number("e") }
        .verify(&RSA_PKCS1_2048_8192_SHA256, input.as_bytes(), &unbase64url(signature))
        .expect("the signature verifies");
    let claims = serde_json::from_slice(&unbase64url(claims)).expect("the claims are JSON");
    Jwt { header, key, claims }
}

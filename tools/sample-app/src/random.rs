//! Ids and secrets that nobody can guess.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// As many random bytes as asked for, base64url.
pub(crate) fn token<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system always has randomness");
    URL_SAFE_NO_PAD.encode(bytes)
}

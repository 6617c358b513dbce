//! Ids that nobody can guess.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// 128 random bits, base64url.
pub(crate) fn id() -> String {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system always has randomness");
    URL_SAFE_NO_PAD.encode(bytes)
}

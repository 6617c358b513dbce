//! What the targets of the Tool share.

use doorway_core::launch_id::LaunchId;
use url::Url;

/// A URL of this file or of a target.
pub fn url(text: &str) -> Url {
    Url::parse(text).expect("it is a URL")
}

/// A launch's id.
pub fn launch_id() -> LaunchId {
    LaunchId::try_from("A".repeat(32).as_str()).expect("it is an id")
}

/// A place among `length`, which depends on every byte of an input.
pub fn place(input: &[u8], length: usize) -> usize {
    input.iter().fold(input.len(), |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte))) % length
}

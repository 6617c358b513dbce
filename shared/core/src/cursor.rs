//! A position in a paged service, as the App holds it: the Platform's own next URL, sealed.
//!
//! Such a URL may carry what is nobody's business; and it must not be changed, since a token goes there.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

use crate::launch_id::LaunchId;
use crate::random::Random;
use crate::signing_keys::SigningKeySet;

/// The position behind a page, for this launch and this kind of pages alone.
pub fn seal(keys: &SigningKeySet, launch: &LaunchId, pages: &str, next: &Url, random: &dyn Random) -> String {
    URL_SAFE_NO_PAD.encode(keys.seal(&bound(launch, pages), next.as_str().as_bytes().to_vec(), random))
}

/// The URL of a position; `None` for what was not sealed for this launch and this kind of pages.
pub fn open(keys: &SigningKeySet, launch: &LaunchId, pages: &str, cursor: &str) -> Option<Url> {
    let plain = keys.open(&bound(launch, pages), &URL_SAFE_NO_PAD.decode(cursor).ok()?)?;
    Url::parse(std::str::from_utf8(&plain).ok()?).ok()
}

fn bound(launch: &LaunchId, pages: &str) -> Vec<u8> {
    format!("cursor {pages} {}", launch.as_str()).into_bytes()
}

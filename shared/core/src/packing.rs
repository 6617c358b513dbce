//! Claims as few bytes, so that a launch is one write unit (1 KiB) wherever its payload allows.
//!
//! Claims are mostly the same long URIs. Deflate with a dictionary of them packs them into a fraction of what
//! deflate alone needs for so small a text; the figures are in `docs/performance.md`.
//!
//! The dictionary's file is in lines for its readers: the line breaks, and lines that begin with `# `, are no part
//! of it.
//!
//! The first byte is the version of the dictionary. A dictionary is never edited once records were written with
//! it: a better one gets the next number, and the old one stays for as long as launches are kept.

use std::cell::RefCell;
use std::sync::LazyLock;

use doorway_lti::json::Object;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

const VERSION: u8 = 1;
static DICTIONARY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let lines = include_str!("packing/dictionary-1.txt").lines();
    lines.filter(|line| !line.starts_with("# ")).collect::<String>().into_bytes()
});

thread_local! {
    /// Deflate works on a quarter of a megabyte. Taken from the system and given back with every launch, it costs more
    /// than the packing.
    static DEFLATE: RefCell<Compress> = RefCell::new(Compress::new(Compression::default(), false));
}

/// The largest object that is unpacked, in bytes: far above what a token may hold.
const MAX_UNPACKED_BYTES: usize = 1024 * 1024;

/// Why bytes could not be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnpackError {
    /// Written by a version that this one does not know.
    #[error("packing version is unknown")]
    Version,
    /// Not what packing writes.
    #[error("packed claims are broken")]
    Broken,
}

/// Packs an object.
pub fn pack(object: &Object) -> Vec<u8> {
    let text = serde_json::to_vec(object).expect("JSON values always serialise");
    let mut packed = Vec::with_capacity(text.len() + 64);
    packed.push(VERSION);
    DEFLATE.with_borrow_mut(|deflate| compress(deflate, &text, &mut packed));
    packed
}

fn compress(deflate: &mut Compress, text: &[u8], packed: &mut Vec<u8>) {
    deflate.reset();
    deflate.set_dictionary(&DICTIONARY).expect("a fresh raw stream takes a dictionary");
    loop {
        let rest = &text[position(deflate.total_in())..];
        let status = deflate.compress_vec(rest, packed, FlushCompress::Finish);
        match status.expect("deflate into memory does not fail") {
            Status::StreamEnd => return,
            Status::Ok | Status::BufError => packed.reserve(256),
        }
    }
}

/// Unpacks what [`pack`] made.
///
/// # Errors
/// [`UnpackError`] when the bytes are not from [`pack`].
pub fn unpack(packed: &[u8]) -> Result<Object, UnpackError> {
    let (version, deflated) = packed.split_first().ok_or(UnpackError::Broken)?;
    if *version != VERSION {
        return Err(UnpackError::Version);
    }
    let mut inflate = Decompress::new(false);
    inflate.set_dictionary(&DICTIONARY).map_err(|_| UnpackError::Broken)?;
    let mut text = Vec::with_capacity(packed.len() * 6 + 256);
    while text.len() <= MAX_UNPACKED_BYTES {
        let rest = &deflated[position(inflate.total_in())..];
        let before = (inflate.total_in(), text.len());
        let status = inflate.decompress_vec(rest, &mut text, FlushDecompress::Finish);
        match status.map_err(|_| UnpackError::Broken)? {
            Status::StreamEnd => return serde_json::from_slice(&text).map_err(|_| UnpackError::Broken),
            Status::Ok | Status::BufError if text.len() == text.capacity() => text.reserve(4096),
            Status::Ok | Status::BufError if before == (inflate.total_in(), text.len()) => break,
            Status::Ok | Status::BufError => {}
        }
    }
    Err(UnpackError::Broken)
}

fn position(total: u64) -> usize {
    usize::try_from(total).expect("what is in memory has a position in it")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: serde_json::Value) -> Object {
        value.as_object().unwrap().clone()
    }

    fn claims() -> Object {
        object(json!({
            "iss": "https://lms.example", "sub": "42", "given_name": "Zoë",
            "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiResourceLinkRequest",
            "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
            "https://purl.imsglobal.org/spec/lti/claim/roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
        }))
    }

    #[test]
    fn what_was_packed_unpacks_the_same() {
        let large = object(json!({ "custom": (0..20_000).map(|n| n * 7919 % 10_007).collect::<Vec<u32>>() }));
        for object in [Object::new(), claims(), large] {
            assert_eq!(unpack(&pack(&object)), Ok(object));
        }
    }

    #[test]
    fn the_usual_uris_cost_next_to_nothing() {
        let packed = pack(&claims()).len();
        assert!(packed < 110, "{packed} bytes");
    }

    #[test]
    fn broken_bytes_are_an_error() {
        let packed = pack(&claims());
        assert_eq!(unpack(&[]), Err(UnpackError::Broken));
        assert_eq!(unpack(&[9, 1, 2]), Err(UnpackError::Version));
        for length in 1..packed.len() - 1 {
            assert_eq!(unpack(&packed[..length]), Err(UnpackError::Broken), "{length}");
        }
    }
}

//! V7, V8, V9, V11 by the Wycheproof vectors (C2SP/wycheproof, commit dac1dd4), at the level of the JWS.
//!
//! Each case ends in one of three ways, and how many end so is asserted per group, with the reasons: so nothing
//! is silently skipped, and an invalid signature is seen to be refused as a signature.
//!
//! * *accepted*: valid for Wycheproof and for us;
//! * *refused*: invalid for Wycheproof and refused by us, by the codes of the rejections;
//! * *policy*: valid for Wycheproof, refused by a [`Policy`] of ours.
//!
//! The vectors are read from `$DOORWAY_VECTORS/wycheproof`, which is `../shared/vectors` beside the clone unless
//! the variable is set.

mod counts;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use doorway_lti::Rejection;
use doorway_lti::jws::UnverifiedJws;
use doorway_lti::key_set::Algorithm;
use doorway_lti::rejection::Malformed;
use serde_json::{Value, json};

use crate::support::key_set;

/// All that can be agreed on, so that nothing is refused for not having been agreed.
const AGREED: [Algorithm; 5] =
    [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::ES256, Algorithm::ES384];

/// Why we refuse what Wycheproof calls valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Policy {
    /// A shared secret proves nothing about a Platform (and certification forbids it).
    NoHmac,
    /// PS256, PS384 and PS512 are not among Security Framework 1.1's algorithms.
    NoPss,
    /// No known Platform signs with ES512. (Wycheproof's key for it is labelled `ES521`, too.)
    NoEs512,
    /// An encrypted token has five parts. A launch is signed, not encrypted.
    NoEncryption,
    /// Two HMAC cases put a `?` into base64url and call it valid.
    StrictBase64Url,
    /// No key is tried without its name. The only valid cases without `kid` are encrypted ones, which are refused
    /// for that: so this is never counted.
    KeyIdRequired,
}

impl Policy {
    fn behind(rejection: &Rejection) -> Option<Self> {
        match rejection {
            Rejection::AlgorithmRefused(name) if name.starts_with("HS") => Some(Self::NoHmac),
            Rejection::AlgorithmRefused(name) if name.starts_with("PS") => Some(Self::NoPss),
            Rejection::AlgorithmRefused(name) if name == "ES512" => Some(Self::NoEs512),
            Rejection::Malformed(Malformed::NotThreeParts) => Some(Self::NoEncryption),
            Rejection::Malformed(Malformed::NotBase64Url(_)) => Some(Self::StrictBase64Url),
            Rejection::KeyIdMissing => Some(Self::KeyIdRequired),
            _ => None,
        }
    }
}

/// The code of a rejection; of a refused key, its fault too.
fn reason(rejection: &Rejection) -> String {
    match rejection {
        Rejection::KeyRefused(fault) => format!("{} {fault:?}", rejection.code()),
        other => other.code().to_owned(),
    }
}

/// How the cases of one group ended.
#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: BTreeMap<String, usize>,
    policy: BTreeMap<Policy, usize>,
}

impl Tally {
    fn count(&mut self, case: &str, valid: bool, outcome: Result<Vec<u8>, Rejection>) {
        match (valid, outcome) {
            (true, Ok(_)) => self.accepted += 1,
            (false, Err(rejection)) => *self.refused.entry(reason(&rejection)).or_default() += 1,
            (true, Err(rejection)) => {
                let policy = Policy::behind(&rejection).unwrap_or_else(|| panic!("{case}: refused: {rejection}"));
                *self.policy.entry(policy).or_default() += 1;
            }
            (false, Ok(_)) => panic!("{case}: accepted an invalid token"),
        }
    }

    fn line(&self, name: &str) -> String {
        let mut line = format!("{name}: accepted {}", self.accepted);
        for (code, count) in &self.refused {
            write!(line, ", refused {code} {count}").unwrap();
        }
        for (policy, count) in &self.policy {
            write!(line, ", policy {policy:?} {count}").unwrap();
        }
        line
    }
}

fn vectors(file: &str) -> Value {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors").into();
    let directory = std::env::var_os("DOORWAY_VECTORS").unwrap_or(default);
    let path = PathBuf::from(directory).join("wycheproof").join(file);
    let text = std::fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "no Wycheproof vectors at `{}` ({error}): set DOORWAY_VECTORS to the directory that holds `wycheproof/`",
            path.display()
        )
    });
    serde_json::from_slice(&text).unwrap()
}

/// What the verifier says of one compact JWS and the keys of its group.
fn verify(compact: &str, keys: &Value) -> Result<Vec<u8>, Rejection> {
    let jws = UnverifiedJws::parse(compact, &AGREED)?;
    let keys = if keys.get("keys").is_some() { key_set(keys) } else { key_set(&json!({ "keys": [keys] })) };
    jws.verify(&keys)
}

/// A compact token, or the text of a JSON serialisation.
fn text(token: &Value) -> String {
    token.as_str().map_or_else(|| token.to_string(), str::to_owned)
}

/// Runs a file and compares the tally of each group. Every case of the file is counted, once.
#[track_caller]
#[expect(clippy::print_stdout, reason = "the counts are evidence")]
fn run(file: &str, expected: &str) {
    let document = vectors(file);
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for group in document["testGroups"].as_array().unwrap() {
        let keys = group.get("public").or_else(|| group.get("private")).unwrap();
        let cases = group["tests"].as_array().unwrap();
        let mut tally = Tally::default();
        for case in cases {
            let token = case.get("jws").or_else(|| case.get("jwe")).unwrap();
            let valid = match case["result"].as_str().unwrap() {
                "valid" => true,
                "invalid" => false,
                other => panic!("result `{other}` is new"),
            };
            let what = format!("{file} {} {}", case["tcId"], case["comment"]);
            assert!(seen.insert(case["tcId"].as_u64().unwrap()), "{what} twice");
            tally.count(&what, valid, verify(&text(token), keys));
        }
        let (first, last) = (&cases[0]["tcId"], &cases[cases.len() - 1]["tcId"]);
        lines.push(tally.line(&format!("{first}-{last} {}", group["comment"].as_str().unwrap())));
    }
    println!("{file}\n{}", lines.join("\n"));
    assert_eq!(lines, expected.lines().collect::<Vec<_>>(), "{file}");
    let total = document["numberOfTests"].as_u64().unwrap();
    assert_eq!(seen, (1..=total).collect(), "{file}: every case, once");
}

#[test]
fn signatures() {
    run("json_web_signature_test.json", counts::SIGNATURES);
}

#[test]
fn keys() {
    run("json_web_key_test.json", counts::KEYS);
}

#[test]
fn signatures_and_encryption_with_key_sets() {
    run("json_web_crypto_test.json", counts::KEY_SETS);
}

#[test]
fn encryption_is_refused() {
    run("json_web_encryption_test.json", counts::ENCRYPTION);
}

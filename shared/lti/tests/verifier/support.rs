//! A Platform that signs, and a Tool that verifies.

mod claims;
mod keys;

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_lti::Rejection;
use doorway_lti::id_token::{AnonymousLaunches, Expected, UnixSeconds, UnverifiedIdToken, VerifiedIdToken};
use doorway_lti::ids::{ClientId, Issuer};
use doorway_lti::key_set::{Algorithm, KeySet};
use doorway_lti::message::Launch;
use doorway_lti::rejection::Malformed;
use serde_json::{Value, json};

pub use claims::{changed, deep_linking, good, with, without};
pub use keys::{RsaSigner, pem};

pub const ISSUER: &str = "https://lms.example/moodle";
pub const CLIENT_ID: &str = "10000000000123";
pub const NONCE: &str = "Zx3kV0Qq9dYw6mBnT1sLhA";
pub const KEY_ID: &str = "lms-key-7";
pub const NOW: u64 = 1_800_000_000;

/// The Platform whose keys the Tool trusts.
pub static PLATFORM: LazyLock<RsaSigner> = LazyLock::new(RsaSigner::generate);

/// Somebody else with a key of the same strength.
pub static ATTACKER: LazyLock<RsaSigner> = LazyLock::new(RsaSigner::generate);

static GOOD_TOKEN: LazyLock<String> = LazyLock::new(|| token(&good()));

/// The header of a good token.
pub fn header() -> Value {
    json!({ "typ": "JWT", "alg": "RS256", "kid": KEY_ID })
}

/// The good header with one parameter set.
pub fn header_with(name: &str, value: impl Into<Value>) -> Value {
    let mut header = header();
    header[name] = value.into();
    header
}

/// The good header without one parameter.
pub fn header_without(name: &str) -> Value {
    let mut header = header();
    header.as_object_mut().unwrap().remove(name).unwrap();
    header
}

/// The Platform's token with these claims and the good header.
pub fn token(claims: &Value) -> String {
    PLATFORM.token(&header(), claims)
}

/// The Platform's good claims under this header.
pub fn token_headed(header: &Value) -> String {
    PLATFORM.token(header, &good())
}

/// A token that is accepted.
pub fn good_token() -> &'static str {
    &GOOD_TOKEN
}

/// `(header, payload, signature)` of a compact token.
pub fn parts(token: &str) -> (&str, &str, &str) {
    let mut parts = token.splitn(3, '.');
    (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap())
}

pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn key_set(document: &Value) -> KeySet {
    KeySet::parse(document.to_string().as_bytes()).unwrap()
}

/// A Tool in the middle of a login: its registration, its keys of the Platform, and its clock.
pub struct Tool {
    pub keys: KeySet,
    pub agreed: Vec<Algorithm>,
    pub issuer: String,
    pub client_id: String,
    pub nonce: String,
    pub anonymous: AnonymousLaunches,
    pub now: u64,
    pub leeway_seconds: u32,
}

impl Default for Tool {
    fn default() -> Self {
        Self {
            keys: key_set(&json!({ "keys": [PLATFORM.jwk(KEY_ID)] })),
            agreed: vec![Algorithm::RS256],
            issuer: ISSUER.to_owned(),
            client_id: CLIENT_ID.to_owned(),
            nonce: NONCE.to_owned(),
            anonymous: AnonymousLaunches::Refused,
            now: NOW,
            leeway_seconds: 60,
        }
    }
}

impl Tool {
    /// A Tool that found these keys at the Platform.
    pub fn with_keys(keys: &[Value]) -> Self {
        Self { keys: key_set(&json!({ "keys": keys })), ..Self::default() }
    }

    /// What production does: structure and header, then the key, the signature and the claims.
    pub fn verify(&self, token: &str) -> Result<VerifiedIdToken, Rejection> {
        let unverified = UnverifiedIdToken::parse(token, &self.agreed)?;
        let (issuer, client_id) =
            (Issuer::try_from(self.issuer.as_str()).unwrap(), ClientId::try_from(self.client_id.as_str()).unwrap());
        unverified.verify(
            &self.keys,
            &Expected {
                issuer: &issuer,
                client_id: &client_id,
                nonce: &self.nonce,
                anonymous: self.anonymous,
                now: UnixSeconds(self.now),
                leeway_seconds: self.leeway_seconds,
            },
        )
    }

    /// The launch in a token, or why there is none.
    pub fn launch(&self, token: &str) -> Result<Launch, Rejection> {
        Launch::from_token(&self.verify(token)?)
    }

    /// The token is refused for exactly this reason, and a good one afterwards is not.
    #[track_caller]
    pub fn refuses(&self, what: &str, token: &str, expected: impl Into<Rejection>) {
        assert_eq!(self.launch(token).err(), Some(expected.into()), "{what}");
        Tool::default().accepts("the good token afterwards", good_token());
    }

    /// The token is accepted.
    #[track_caller]
    pub fn accepts(&self, what: &str, token: &str) -> Launch {
        self.launch(token).unwrap_or_else(|rejection| panic!("{what}: {rejection}"))
    }
}

/// The ordinary Tool refuses the token for exactly this reason.
#[track_caller]
pub fn refuses(what: &str, token: &str, expected: impl Into<Rejection>) {
    Tool::default().refuses(what, token, expected);
}

/// The ordinary Tool accepts the token.
#[track_caller]
pub fn accepts(what: &str, token: &str) -> Launch {
    Tool::default().accepts(what, token)
}

/// The ordinary Tool accepts these claims.
#[track_caller]
pub fn launch(claims: &Value) -> Launch {
    accepts(&claims.to_string(), &token(claims))
}

/// The rejection of a part that is not strict base64url.
pub fn not_base64url(part: &'static str) -> Rejection {
    Malformed::NotBase64Url(part).into()
}

/// The rejection of a claim that must be a string.
pub fn not_a_string(claim: &'static str) -> Rejection {
    Rejection::ClaimInvalid { claim, expected: "a string" }
}

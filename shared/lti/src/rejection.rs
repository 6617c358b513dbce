//! Why a launch is refused, in the words of LTI, each with a stable code.

use crate::json::JsonError;

/// Why an id token, or the launch message in it, is refused.
///
/// The text of a rejection is for the log: it names claims, issuers and client ids, never a user, a name, an
/// e-mail address or a part of a token. What a person sees is decided in `doorway-web`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Not three canonical base64url parts, or header or payload is not an acceptable JSON object.
    #[error("id token is malformed: {0}")]
    Malformed(#[from] Malformed),
    /// The header's algorithm is not one agreed at registration (`none` and every HMAC included).
    #[error("algorithm `{0}` is not agreed with this Platform")]
    AlgorithmRefused(String),
    /// A header parameter that changes how the token must be read, or that offers a key.
    #[error("header parameter `{0}` is not allowed")]
    HeaderRefused(&'static str),
    /// No `kid`, or an empty one.
    #[error("header has no `kid`")]
    KeyIdMissing,
    /// The Platform's key set has no such key, also after fetching it anew.
    #[error("the Platform's key set has no key with this `kid`")]
    KeyIdUnknown,
    /// The Platform's key set has the key, but it must not verify this token.
    #[error("the Platform's key with this `kid` is refused: {0}")]
    KeyRefused(KeyFault),
    /// The signature does not match.
    #[error("signature does not verify")]
    SignatureInvalid,
    /// Required claims are absent or null: all of them are named.
    #[error("required claims are missing: {}", .0.join(", "))]
    ClaimsMissing(Vec<&'static str>),
    /// A claim has the wrong JSON type or an impossible value.
    #[error("claim `{claim}` is not usable: it must be {expected}")]
    ClaimInvalid {
        /// The claim's name.
        claim: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// `iss` is not the registered issuer, byte for byte.
    #[error("issuer is not the registered `{expected}`")]
    IssuerMismatch {
        /// The Registration's issuer.
        expected: String,
    },
    /// `aud` does not name our client, names strangers too, or `azp` names somebody else.
    #[error("audience is not exactly client `{expected}`: {fault}")]
    AudienceMismatch {
        /// The Registration's client id.
        expected: String,
        /// What is wrong with it.
        fault: AudienceFault,
    },
    /// `exp` has passed.
    #[error("id token expired {by_seconds} s ago, leeway {leeway_seconds} s included")]
    Expired {
        /// How long ago, in seconds.
        by_seconds: u64,
        /// The leeway that was granted, in seconds.
        leeway_seconds: u32,
    },
    /// `iat` or `nbf` is in the future.
    #[error("claim `{claim}` is {ahead_seconds} s in the future, leeway {leeway_seconds} s included")]
    NotYetValid {
        /// `iat` or `nbf`.
        claim: &'static str,
        /// How far ahead, in seconds.
        ahead_seconds: u64,
        /// The leeway that was granted, in seconds.
        leeway_seconds: u32,
    },
    /// `nonce` is not the one that this login sent.
    #[error("nonce is not the one of this login")]
    NonceMismatch,
    /// `sub` is absent where anonymous launches are not allowed, or empty.
    #[error("claim `sub` is empty, or missing without the registration allowing anonymous launches")]
    UserMissing,
    /// `version` is not `1.3.0`.
    #[error("LTI version is not `1.3.0`")]
    VersionUnsupported,
    /// A `message_type` that this Tool does not know.
    #[error("message type `{0}` is not supported")]
    MessageTypeUnknown(String),
}

/// Where an id token breaks the form of a compact JWS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Longer than [`crate::jws::MAX_JWS_BYTES`].
    #[error("longer than {} bytes", crate::jws::MAX_JWS_BYTES)]
    TooLong,
    /// Not header, payload and signature.
    #[error("not three parts separated by dots")]
    NotThreeParts,
    /// A part is padded, not base64url, or not canonical; or header or signature is empty.
    #[error("{0} is not canonical base64url")]
    NotBase64Url(&'static str),
    /// A part is no acceptable JSON.
    #[error("{0} {1}")]
    NotJson(&'static str, JsonError),
    /// The header's `alg` is absent or no string.
    #[error("header has no `alg` text")]
    NoAlgorithm,
    /// The header's `kid` is no string, or is longer than 255 bytes, or has control characters.
    #[error("header `kid` is no identifier")]
    KeyIdNotAnId,
}

/// Why a key of a Platform must not verify a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Two keys share one `kid`: which one is meant is the attacker's choice.
    #[error("its `kid` occurs more than once")]
    Ambiguous,
    /// The key is for something else (`use`, `key_ops`).
    #[error("it is not for signatures")]
    NotForSignatures,
    /// The key's type, curve or `alg` does not fit the token's algorithm.
    #[error("it does not fit the token's algorithm")]
    WrongAlgorithm,
    /// An RSA modulus below 2048 or above 8192 bits.
    #[error("its modulus is not 2048 to 8192 bits long")]
    ModulusSize,
    /// An RSA modulus with the fingerprint of a broken key generator: its primes can be computed.
    #[error("its modulus has the ROCA fingerprint (CVE-2017-15361)")]
    Roca,
    /// An RSA exponent that is even, 1, or larger than 32 bits.
    #[error("its exponent is not odd and between 3 and 2^32")]
    Exponent,
    /// Members are missing or no base64url.
    #[error("it is incomplete or unreadable")]
    Unreadable,
}

/// What is wrong with the audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AudienceFault {
    /// Our client id is not in it.
    #[error("it is not named")]
    NotNamed,
    /// Somebody else is in it too.
    #[error("another audience is named too")]
    OthersNamed,
    /// `azp` is there and is not our client id.
    #[error("the authorized party is another")]
    AuthorizedParty,
}

impl Rejection {
    /// The stable code for logs, metrics and error pages. Codes are never renamed, only added.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "token_malformed",
            Self::AlgorithmRefused(_) => "token_algorithm_refused",
            Self::HeaderRefused(_) => "token_header_refused",
            Self::KeyIdMissing => "key_id_missing",
            Self::KeyIdUnknown => "key_id_unknown",
            Self::KeyRefused(_) => "key_refused",
            Self::SignatureInvalid => "signature_invalid",
            Self::ClaimsMissing(_) => "claim_missing",
            Self::ClaimInvalid { .. } => "claim_invalid",
            Self::IssuerMismatch { .. } => "issuer_mismatch",
            Self::AudienceMismatch { .. } => "audience_mismatch",
            Self::Expired { .. } => "token_expired",
            Self::NotYetValid { .. } => "token_not_yet_valid",
            Self::NonceMismatch => "nonce_mismatch",
            Self::UserMissing => "user_missing",
            Self::VersionUnsupported => "version_unsupported",
            Self::MessageTypeUnknown(_) => "message_type_unknown",
        }
    }
}

/// Cuts a stranger's text for a log line: 64 characters, control characters replaced.
pub(crate) fn excerpt(text: &str) -> String {
    text.chars().take(64).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

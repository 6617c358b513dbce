//! Wrong headers, keys, signatures and structure.

use crate::wrong::refusal::{
    KEY_ID_MISSING, SIGNATURE_INVALID, TOKEN_ALGORITHM_REFUSED, TOKEN_HEADER_REFUSED, TOKEN_MALFORMED,
};
use crate::wrong::{Fault, Group, HeaderFault, PayloadFault, SignatureFault, WrongLaunch};

const GROUP: Group = Group::Token;

pub(super) const CASES: &[WrongLaunch] = &[
    WrongLaunch::new(
        (GROUP, "algorithm-none", "Algorithm none"),
        "The header says `alg: none`, over a signature that would be right.",
        TOKEN_ALGORITHM_REFUSED,
        Fault::Header(HeaderFault::Set { member: "alg", json: r#""none""# }),
    ),
    WrongLaunch::new(
        (GROUP, "algorithm-none-capital", "Algorithm None, with a capital"),
        "The header says `alg: None`, which passes verifiers that refuse only `none`.",
        TOKEN_ALGORITHM_REFUSED,
        Fault::Header(HeaderFault::Set { member: "alg", json: r#""None""# }),
    ),
    WrongLaunch::new(
        (GROUP, "algorithm-none-unsigned", "Algorithm none, no signature"),
        "The header says `alg: none` and the signature part is empty: anybody can make such a token.",
        TOKEN_MALFORMED,
        Fault::Signature(SignatureFault::Absent { alg: "none" }),
    ),
    WrongLaunch::new(
        (GROUP, "unsigned", "No signature"),
        "The header says RS256 and the signature part is empty.",
        TOKEN_MALFORMED,
        Fault::Signature(SignatureFault::Absent { alg: "RS256" }),
    ),
    WrongLaunch::new(
        (GROUP, "algorithm-hs256", "HS256 with the public key"),
        "The token is signed HS256, with the PEM text of the Platform's public key as the secret.",
        TOKEN_ALGORITHM_REFUSED,
        Fault::Signature(SignatureFault::HmacWithPublicKey),
    ),
    WrongLaunch::new(
        (GROUP, "algorithm-rs1", "An algorithm nobody agreed on"),
        "The header says `alg: RS1`, which is RSA with SHA-1.",
        TOKEN_ALGORITHM_REFUSED,
        Fault::Header(HeaderFault::Set { member: "alg", json: r#""RS1""# }),
    ),
    WrongLaunch::new(
        (GROUP, "algorithm-absent", "No algorithm"),
        "The header has no `alg`.",
        TOKEN_MALFORMED,
        Fault::Header(HeaderFault::Remove("alg")),
    ),
    WrongLaunch::new(
        (GROUP, "algorithm-number", "The algorithm is a number"),
        "The header's `alg` is a number and not a text.",
        TOKEN_MALFORMED,
        Fault::Header(HeaderFault::Set { member: "alg", json: "256" }),
    ),
    WrongLaunch::new(
        (GROUP, "empty-key-id", "An empty key id"),
        "The header's `kid` is an empty text.",
        KEY_ID_MISSING,
        Fault::Header(HeaderFault::Set { member: "kid", json: r#""""# }),
    ),
    WrongLaunch::new(
        (GROUP, "wrong-key", "Another key under a known key id"),
        "A stranger's key has signed, under the `kid` of the Platform's key.",
        SIGNATURE_INVALID,
        Fault::Signature(SignatureFault::StrangersKey),
    ),
    WrongLaunch::new(
        (GROUP, "embedded-key", "The key comes with the token"),
        "The header brings a stranger's public key as `jwk`, and the stranger has signed.",
        TOKEN_HEADER_REFUSED,
        Fault::Header(HeaderFault::EmbeddedKey),
    ),
    WrongLaunch::new(
        (GROUP, "foreign-key-set", "The header names a key set"),
        "The header's `jku` points to a stranger's key set; keys come from the Registration alone.",
        TOKEN_HEADER_REFUSED,
        Fault::Header(HeaderFault::Set { member: "jku", json: r#""https://stranger.example/jwks.json""# }),
    ),
    WrongLaunch::new(
        (GROUP, "foreign-certificate", "The header names a certificate"),
        "The header's `x5u` points to a stranger's certificate.",
        TOKEN_HEADER_REFUSED,
        Fault::Header(HeaderFault::Set { member: "x5u", json: r#""https://stranger.example/certificate.pem""# }),
    ),
    WrongLaunch::new(
        (GROUP, "critical-header", "A critical header"),
        "The header's `crit` demands an extension that the Tool does not know.",
        TOKEN_HEADER_REFUSED,
        Fault::Header(HeaderFault::Set { member: "crit", json: r#"["exp"]"# }),
    ),
    WrongLaunch::new(
        (GROUP, "unencoded-payload", "An unencoded payload"),
        "The header's `b64` is false: the signature would be over other bytes than those sent.",
        TOKEN_HEADER_REFUSED,
        Fault::Header(HeaderFault::Set { member: "b64", json: "false" }),
    ),
    WrongLaunch::new(
        (GROUP, "compressed-payload", "A compressed payload"),
        "The header's `zip` announces compression, which a signed token must not have.",
        TOKEN_HEADER_REFUSED,
        Fault::Header(HeaderFault::Set { member: "zip", json: r#""DEF""# }),
    ),
    WrongLaunch::new(
        (GROUP, "signature-bit-flipped", "A flipped bit in the signature"),
        "The last bit of the signature is the opposite of what it should be.",
        SIGNATURE_INVALID,
        Fault::Signature(SignatureFault::BitFlipped),
    ),
    WrongLaunch::new(
        (GROUP, "payload-changed", "Claims changed after signing"),
        "The signature is right for other claims: `sub` was changed after signing.",
        SIGNATURE_INVALID,
        Fault::Signature(SignatureFault::PayloadChangedAfterwards { claim: "sub", json: r#""somebody-else""# }),
    ),
    WrongLaunch::new(
        (GROUP, "five-parts", "Five parts"),
        "The token has five parts, as an encrypted one would.",
        TOKEN_MALFORMED,
        Fault::Signature(SignatureFault::PartsAdded(".AAAA.AAAA")),
    ),
    WrongLaunch::new(
        (GROUP, "padded-token", "Padding at the end"),
        "The signature ends in `==`; compact tokens have no padding.",
        TOKEN_MALFORMED,
        Fault::Signature(SignatureFault::PartsAdded("==")),
    ),
    WrongLaunch::new(
        (GROUP, "duplicate-issuer", "The issuer twice"),
        "The payload has two `iss` members, so two parsers can read two issuers.",
        TOKEN_MALFORMED,
        Fault::Payload(PayloadFault::Duplicate { claim: "iss", json: r#""https://stranger.example""# }),
    ),
];

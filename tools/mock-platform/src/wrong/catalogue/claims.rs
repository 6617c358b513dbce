//! Claims that a rightly signed token must not have.

use crate::claims::names::{DEEP_LINKING_SETTINGS, DEPLOYMENT_ID, FOR_USER, MESSAGE_TYPE, RESOURCE_LINK};
use crate::message::Message;
use crate::wrong::refusal::{
    AUDIENCE_MISMATCH, CLAIM_INVALID, CLAIM_MISSING, DEPLOYMENT_UNKNOWN, ISSUER_MISMATCH, MESSAGE_TYPE_UNKNOWN,
    NONCE_MISMATCH, TOKEN_EXPIRED, TOKEN_NOT_YET_VALID,
};
use crate::wrong::{ClaimsFault, Fault, Group, WrongLaunch};

const GROUP: Group = Group::Claims;

const fn set(claim: &'static str, json: &'static str) -> Fault {
    Fault::Claims(ClaimsFault::Set { claim, json })
}

const fn removed(claims: &'static [&'static str]) -> Fault {
    Fault::Claims(ClaimsFault::Remove(claims))
}

pub(super) const CASES: &[WrongLaunch] = &[
    WrongLaunch::new(
        (GROUP, "issuer-slash", "A slash after the issuer"),
        "The issuer has a slash at its end; issuers are compared byte for byte.",
        ISSUER_MISMATCH,
        Fault::Claims(ClaimsFault::Append { claim: "iss", suffix: "/" }),
    ),
    WrongLaunch::new(
        (GROUP, "other-issuer", "Another issuer"),
        "The issuer is another Platform, so one Platform speaks for another.",
        ISSUER_MISMATCH,
        set("iss", r#""https://stranger.example""#),
    ),
    WrongLaunch::new(
        (GROUP, "other-audience", "Another audience"),
        "The token is meant for another Tool.",
        AUDIENCE_MISMATCH,
        set("aud", r#""another-tool""#),
    ),
    WrongLaunch::new(
        (GROUP, "extra-audience", "One audience too many"),
        "The token is meant for this Tool and for another one, which nobody here trusts.",
        AUDIENCE_MISMATCH,
        Fault::Claims(ClaimsFault::AudienceAdded("another-tool")),
    ),
    WrongLaunch::new(
        (GROUP, "expired", "Expired an hour ago"),
        "The token was right an hour ago.",
        TOKEN_EXPIRED,
        Fault::Claims(ClaimsFault::TimesShifted(-3600)),
    ),
    WrongLaunch::new(
        (GROUP, "issued-in-the-future", "Issued in the future"),
        "`iat` is ten minutes ahead: a wrong clock, or a token kept in store.",
        TOKEN_NOT_YET_VALID,
        Fault::Claims(ClaimsFault::TimesShifted(600)),
    ),
    WrongLaunch::new(
        (GROUP, "not-before-in-the-future", "Not valid yet"),
        "`nbf` is ten minutes ahead.",
        TOKEN_NOT_YET_VALID,
        Fault::Claims(ClaimsFault::NotBefore(600)),
    ),
    WrongLaunch::new(
        (GROUP, "expiry-as-text", "The expiry is a text"),
        "`exp` is a text and not a number; guessing what it means is how expiry checks are passed by.",
        CLAIM_INVALID,
        Fault::Claims(ClaimsFault::AsText("exp")),
    ),
    WrongLaunch::new(
        (GROUP, "no-expiry", "No expiry"),
        "`exp` is absent: the token would be good for ever.",
        CLAIM_MISSING,
        removed(&["exp"]),
    ),
    WrongLaunch::new(
        (GROUP, "other-nonce", "The nonce of another launch"),
        "The nonce is that of another launch, so this token was made for another login.",
        NONCE_MISMATCH,
        set("nonce", r#""n0nce-0f-an0ther-launch""#),
    ),
    WrongLaunch::new(
        (GROUP, "no-nonce", "No nonce"),
        "The nonce is absent, so the token could be posted again and again.",
        CLAIM_MISSING,
        removed(&["nonce"]),
    ),
    WrongLaunch::new(
        (GROUP, "user-as-number", "The user is a number"),
        "`sub` is a number and not a text.",
        CLAIM_INVALID,
        set("sub", "41"),
    ),
    WrongLaunch::new(
        (GROUP, "unknown-deployment", "An unknown deployment"),
        "The deployment is not one of those that this Registration lists.",
        DEPLOYMENT_UNKNOWN,
        set(DEPLOYMENT_ID, r#""somebody-elses-deployment""#),
    ),
    WrongLaunch::new(
        (GROUP, "unknown-message-type", "An unknown message type"),
        "The message type is none that the Tool knows; it must not pass for a resource link.",
        MESSAGE_TYPE_UNKNOWN,
        set(MESSAGE_TYPE, r#""LtiTeleportRequest""#),
    ),
    WrongLaunch::new(
        (GROUP, "empty-resource-link-id", "An empty resource link id"),
        "The resource link has an empty id, so all such links would be one.",
        CLAIM_MISSING,
        set(RESOURCE_LINK, r#"{"id":"","title":"A link without an id"}"#),
    ),
    WrongLaunch::new(
        (GROUP, "no-resource-link-id", "A resource link without an id"),
        "The resource link claim is there and has no id.",
        CLAIM_MISSING,
        set(RESOURCE_LINK, "{}"),
    ),
    WrongLaunch::new(
        (GROUP, "no-deep-linking-settings", "Deep linking without settings"),
        "The message asks to choose content and does not say where the choice goes.",
        CLAIM_MISSING,
        removed(&[DEEP_LINKING_SETTINGS]),
    )
    .on(Message::DeepLinking),
    WrongLaunch::new(
        (GROUP, "no-reviewed-user", "A review of nobody"),
        "The message asks to show a student's work and does not say whose.",
        CLAIM_MISSING,
        removed(&[FOR_USER]),
    )
    .on(Message::SubmissionReview),
];

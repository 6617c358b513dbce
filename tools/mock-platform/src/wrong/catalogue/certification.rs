//! The certification suite's known bad payloads. Source: the Certification Guide 1.3, section 6.1.1, with the exact
//! mutations of recorded suite payloads.

use crate::claims::names::{DEPLOYMENT_ID, MESSAGE_TYPE, RESOURCE_LINK, ROLES, VERSION};
use crate::wrong::refusal::{
    CLAIM_MISSING, KEY_ID_MISSING, KEY_ID_UNKNOWN, TOKEN_EXPIRED, TOKEN_MALFORMED, USER_MISSING, VERSION_UNSUPPORTED,
};
use crate::wrong::{ClaimsFault, Fault, Group, HeaderFault, PayloadFault, WrongLaunch};

const GROUP: Group = Group::Certification;

pub(super) const CASES: &[WrongLaunch] = &[
    WrongLaunch::new(
        (GROUP, "b1-no-key-id", "B1: no KID sent in JWT header"),
        "The header has no `kid`, so nobody can say which key signed.",
        KEY_ID_MISSING,
        Fault::Header(HeaderFault::Text(r#"{"badtestonly":"12345","alg":"RS256"}"#)),
    ),
    WrongLaunch::new(
        (GROUP, "b2-unknown-key-id", "B2: incorrect KID in JWT header"),
        "The header's `kid` is not in the Platform's key set.",
        KEY_ID_UNKNOWN,
        Fault::Header(HeaderFault::Set { member: "kid", json: r#""imstester_66067""# }),
    ),
    WrongLaunch::new(
        (GROUP, "b3-wrong-version", "B3: wrong LTI version"),
        "The version claim says `11.3`; it must be exactly `1.3.0`.",
        VERSION_UNSUPPORTED,
        Fault::Claims(ClaimsFault::Set { claim: VERSION, json: r#""11.3""# }),
    ),
    WrongLaunch::new(
        (GROUP, "b4-no-version", "B4: no LTI version"),
        "The version claim is absent.",
        CLAIM_MISSING,
        Fault::Claims(ClaimsFault::Remove(&[VERSION])),
    ),
    WrongLaunch::new(
        (GROUP, "b5-no-lti-message", "B5: provided JSON is not a 1.3 JWT launch"),
        "The header is `{}` and the payload has neither issuer nor audience.",
        TOKEN_MALFORMED,
        Fault::Payload(PayloadFault::Text { header: "{}", payload: r#"{"name":"badltilaunch"}"# }),
    ),
    WrongLaunch::new(
        (GROUP, "b5-no-token", "B5, variant: fewer than three parts"),
        "The `id_token` is a JSON text and no token at all.",
        TOKEN_MALFORMED,
        Fault::Payload(PayloadFault::NoToken(r#"{"name":"badltilaunch"}"#)),
    ),
    WrongLaunch::new(
        (GROUP, "b6-missing-claims", "B6: missing LTI claims"),
        "Message type, version and roles are absent; the refusal lists all three.",
        CLAIM_MISSING,
        Fault::Claims(ClaimsFault::Remove(&[MESSAGE_TYPE, VERSION, ROLES])),
    ),
    WrongLaunch::new(
        (GROUP, "b7-wrong-times", "B7: timestamps incorrect"),
        "The token was issued at second 11111 of the year 1970 and expired at second 22222.",
        TOKEN_EXPIRED,
        Fault::Claims(ClaimsFault::Times { issued_at: 11111, expires_at: 22222 }),
    ),
    WrongLaunch::new(
        (GROUP, "b8-no-message-type", "B8: message_type claim missing"),
        "The message type claim is absent.",
        CLAIM_MISSING,
        Fault::Claims(ClaimsFault::Remove(&[MESSAGE_TYPE])),
    ),
    WrongLaunch::new(
        (GROUP, "b9-no-roles", "B9: role claim missing"),
        "The roles claim is absent, which is not the same as an empty list.",
        CLAIM_MISSING,
        Fault::Claims(ClaimsFault::Remove(&[ROLES])),
    ),
    WrongLaunch::new(
        (GROUP, "b10-no-deployment-id", "B10: deployment_id claim missing"),
        "The deployment id claim is absent.",
        CLAIM_MISSING,
        Fault::Claims(ClaimsFault::Remove(&[DEPLOYMENT_ID])),
    ),
    WrongLaunch::new(
        (GROUP, "b11-no-resource-link", "B11: resource_link_id claim missing"),
        "The resource link claim is absent.",
        CLAIM_MISSING,
        Fault::Claims(ClaimsFault::Remove(&[RESOURCE_LINK])),
    ),
    WrongLaunch::new(
        (GROUP, "b12-empty-user", "B12: user claim missing"),
        "The `sub` claim is empty, as the suite sends it; it would merge all such users into one.",
        USER_MISSING,
        Fault::Claims(ClaimsFault::Set { claim: "sub", json: r#""""# }),
    ),
    WrongLaunch::new(
        (GROUP, "b12-no-user", "B12, variant: no user at all"),
        "The `sub` claim is absent: an anonymous launch, which this Registration does not allow.",
        USER_MISSING,
        Fault::Claims(ClaimsFault::Remove(&["sub"])),
    ),
];

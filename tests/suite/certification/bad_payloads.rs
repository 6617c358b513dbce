//! Section 6.1.1: the known bad payloads. Each is refused with its own reason, in the page's reference and in the
//! log; no session is made; the next good launch works.

use doorway_tests::refused;

use super::*;

/// A student's launch with one thing wrong.
struct Bad {
    case: &'static str,
    header: &'static str,
    spoil: fn(&mut Value),
    status: u16,
    code: &'static str,
    /// What the log says.
    reason: &'static str,
}

const BAD: Bad = Bad { case: "", header: HEADER, spoil: |_| {}, status: 400, code: "claim_missing", reason: "" };

const CASES: &[Bad] = &[
    Bad {
        case: "B1 no KID sent in JWT header",
        header: r#"{"badtestonly":"12345","alg":"RS256"}"#,
        status: 401,
        code: "key_id_missing",
        reason: "header has no `kid`",
        ..BAD
    },
    Bad {
        case: "B2 incorrect KID in JWT header",
        header: r#"{"kid":"imstester_66067","alg":"RS256"}"#,
        status: 401,
        code: "key_id_unknown",
        reason: "the Platform's key set has no key with this `kid`",
        ..BAD
    },
    Bad {
        case: "B3 wrong LTI version",
        spoil: |claims| claims[claim::VERSION] = json!("11.3"),
        code: "version_unsupported",
        reason: "LTI version is not `1.3.0`",
        ..BAD
    },
    Bad {
        case: "B4 no LTI version",
        spoil: |claims| removed(claims, &[claim::VERSION]),
        reason: "required claims are missing: https://purl.imsglobal.org/spec/lti/claim/version",
        ..BAD
    },
    Bad {
        case: "B5 provided JSON is not a 1.3 JWT launch",
        header: "{}",
        spoil: |claims| *claims = json!({ "name": "badltilaunch" }),
        code: "token_malformed",
        reason: "id token is malformed: header has no `alg` text",
        ..BAD
    },
    Bad {
        case: "B6 missing LTI claims",
        spoil: |claims| removed(claims, &[claim::MESSAGE_TYPE, claim::VERSION, claim::ROLES]),
        reason: "required claims are missing: https://purl.imsglobal.org/spec/lti/claim/message_type, \
                 https://purl.imsglobal.org/spec/lti/claim/version, https://purl.imsglobal.org/spec/lti/claim/roles",
        ..BAD
    },
    Bad {
        case: "B6 missing LTI claims, as another tool recorded it",
        spoil: |claims| removed(claims, &["aud", "iss", "sub", claim::DEPLOYMENT_ID, claim::ROLES]),
        reason: "required claims are missing: iss, aud, https://purl.imsglobal.org/spec/lti/claim/deployment_id, \
                 https://purl.imsglobal.org/spec/lti/claim/roles, sub",
        ..BAD
    },
    Bad {
        case: "B7 timestamps incorrect",
        spoil: |claims| (claims["iat"], claims["exp"]) = (json!(11_111), json!(22_222)),
        status: 401,
        code: "token_expired",
        reason: "id token expired 1795398518 s ago, leeway 60 s included",
        ..BAD
    },
    Bad {
        case: "B8 message_type claim missing",
        spoil: |claims| removed(claims, &[claim::MESSAGE_TYPE]),
        reason: "required claims are missing: https://purl.imsglobal.org/spec/lti/claim/message_type",
        ..BAD
    },
    Bad {
        case: "B9 role claim missing",
        spoil: |claims| removed(claims, &[claim::ROLES]),
        reason: "required claims are missing: https://purl.imsglobal.org/spec/lti/claim/roles",
        ..BAD
    },
    Bad {
        case: "B10 deployment_id claim missing",
        spoil: |claims| removed(claims, &[claim::DEPLOYMENT_ID]),
        reason: "required claims are missing: https://purl.imsglobal.org/spec/lti/claim/deployment_id",
        ..BAD
    },
    Bad {
        case: "B11 resource_link_id claim missing",
        spoil: |claims| removed(claims, &[claim::RESOURCE_LINK]),
        reason: "required claims are missing: https://purl.imsglobal.org/spec/lti/claim/resource_link",
        ..BAD
    },
    Bad {
        case: "B11 with a resource link that has no id",
        spoil: |claims| claims[claim::RESOURCE_LINK] = json!({}),
        reason: "required claims are missing: resource_link.id",
        ..BAD
    },
    Bad {
        case: "B11 with an empty resource link id",
        spoil: |claims| claims[claim::RESOURCE_LINK]["id"] = json!(""),
        reason: "required claims are missing: resource_link.id",
        ..BAD
    },
    Bad {
        case: "B12 user claim missing, as recorded",
        spoil: |claims| claims["sub"] = json!(""),
        status: 401,
        code: "user_missing",
        reason: "claim `sub` is empty, or missing without the registration allowing anonymous launches",
        ..BAD
    },
    Bad {
        case: "B12 user claim missing, as described",
        spoil: |claims| removed(claims, &["sub"]),
        status: 401,
        code: "user_missing",
        reason: "claim `sub` is empty, or missing without the registration allowing anonymous launches",
        ..BAD
    },
];

#[tokio::test]
async fn every_known_bad_payload_is_refused_with_its_reason_and_the_next_good_launch_works() {
    let suite = Suite::start().await;
    for Bad { case, header, spoil, status, code, reason } in CASES {
        let begun = suite.login().await;
        let mut claims = suite.student(&begun);
        spoil(&mut claims);
        let line = refused(case, &suite.post(&begun, header, &claims).await, *status, code);
        assert_eq!(line["rejection.reason"], *reason, "{case}");
        assert_eq!((&line["lti.issuer"], &line["lti.client_id"]), (&json!(ISSUER), &json!(CLIENT_ID)), "{case}");
        suite.the_next_good_launch_works(case).await;
    }
}

#[tokio::test]
async fn all_twelve_cases_of_the_guide_are_among_them() {
    for number in 1..=12 {
        let prefix = format!("B{number} ");
        assert!(CASES.iter().any(|bad| bad.case.starts_with(&prefix)), "{prefix}");
    }
}

#[tokio::test]
async fn b5_what_has_fewer_than_three_parts_is_refused_and_not_crashed_on() {
    let suite = Suite::start().await;
    let begun = suite.login().await;
    let whole = suite.platform.key.token(HEADER, r#"{"name":"badltilaunch"}"#);
    let (two_parts, _) = whole.rsplit_once('.').expect("a token has three parts");
    for id_token in [r#"{"name":"badltilaunch"}"#, "badltilaunch", two_parts, "..", "."] {
        let answer = suite.tool.post_token(&begun, id_token).await;
        let line = refused(id_token, &answer, 400, "token_malformed");
        let reason = line["rejection.reason"].as_str().expect("a reason is a text");
        assert!(reason.starts_with("id token is malformed: "), "{reason}");
        suite.the_next_good_launch_works(id_token).await;
    }
}

#[tokio::test]
async fn a_bad_payload_makes_no_session_and_spoils_not_even_its_own_login() {
    let suite = Suite::start().await;
    for Bad { case, header, spoil, .. } in CASES {
        let begun = suite.login().await;
        let mut claims = suite.student(&begun);
        spoil(&mut claims);
        suite.post(&begun, header, &claims).await;
        suite.accepted(case, &begun, &suite.student(&begun)).await;
    }
}

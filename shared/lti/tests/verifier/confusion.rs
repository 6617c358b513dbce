//! V16: a JWT that means something else is no launch, even when the Platform's key signed it.

use doorway_lti::Rejection;
use doorway_lti::claim;
use doorway_lti::rejection::AudienceFault;
use serde_json::{Value, json};

use crate::support::*;

fn not_named() -> Rejection {
    Rejection::AudienceMismatch { expected: CLIENT_ID.to_owned(), fault: AudienceFault::NotNamed }
}

fn issuer() -> Rejection {
    Rejection::IssuerMismatch { expected: ISSUER.to_owned() }
}

/// What a Tool sends back after Deep Linking.
fn deep_linking_response() -> Value {
    json!({
        "iss": CLIENT_ID, "aud": ISSUER, "iat": NOW, "exp": NOW + 300, "nonce": NONCE,
        claim::MESSAGE_TYPE: "LtiDeepLinkingResponse",
        claim::VERSION: "1.3.0",
        claim::DEPLOYMENT_ID: "07940580-b309-415e-a37c-914d387c1150",
        "https://purl.imsglobal.org/spec/lti-dl/claim/content_items": [],
    })
}

/// What a Tool sends to the token endpoint.
fn client_assertion() -> Value {
    json!({
        "iss": CLIENT_ID, "sub": CLIENT_ID, "aud": "https://lms.example/token", "iat": NOW, "exp": NOW + 300,
        "jti": "e3a1",
    })
}

/// What a Platform's token endpoint may give: a JWT for a service of its own.
fn access_token() -> Value {
    json!({
        "iss": ISSUER, "sub": CLIENT_ID, "aud": "https://lms.example/api", "client_id": CLIENT_ID,
        "iat": NOW, "exp": NOW + 3600, "jti": "e3a2",
        "scope": "https://purl.imsglobal.org/spec/lti-ags/scope/score",
    })
}

/// What a Platform posts to a notice handler.
fn notice() -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT_ID, "iat": NOW, "exp": NOW + 300, "nonce": NONCE,
        claim::VERSION: "1.3.0",
        claim::DEPLOYMENT_ID: "07940580-b309-415e-a37c-914d387c1150",
        "https://purl.imsglobal.org/spec/lti/claim/notice": {
            "id": "n1", "timestamp": "2027-01-15T08:00:00Z", "type": "LtiHelloWorldNotice",
        },
    })
}

/// An ordinary OpenID Connect sign-in at the same issuer for the same client.
fn plain_openid() -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT_ID, "sub": "a6d5c443", "iat": NOW, "exp": NOW + 300, "nonce": NONCE,
        "auth_time": NOW, "email": "jane@lms.example", "email_verified": true,
    })
}

#[test]
fn tokens_for_other_purposes_lack_what_a_launch_has() {
    let of_launch = [claim::MESSAGE_TYPE, claim::VERSION, claim::DEPLOYMENT_ID];
    let of_link = [claim::TARGET_LINK_URI, claim::RESOURCE_LINK, claim::ROLES];
    let missing = |lists: &[&[&'static str]]| Rejection::ClaimsMissing(lists.concat());
    for (what, claims, expected) in [
        ("deep linking response", deep_linking_response(), Rejection::UserMissing),
        ("client assertion", client_assertion(), missing(&[&["nonce"], &of_launch, &of_link])),
        ("access token", access_token(), missing(&[&["nonce"], &of_launch, &of_link])),
        ("notice", notice(), missing(&[&[claim::MESSAGE_TYPE], &of_link, &["sub"]])),
        ("sign-in", plain_openid(), missing(&[&of_launch, &of_link])),
    ] {
        refuses(what, &token(&claims), expected.clone());
        refuses(what, &ATTACKER.token(&header(), &claims), Rejection::SignatureInvalid);
    }
}

#[test]
fn a_token_for_another_purpose_is_refused_even_with_all_claims_of_a_launch() {
    let laid_over =
        |claims: Value| changed(|launch| launch.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone()));
    let unknown = |name: &str| Rejection::MessageTypeUnknown(name.to_owned());
    let response = laid_over(json!({ claim::MESSAGE_TYPE: "LtiDeepLinkingResponse" }));
    for (what, claims, expected) in [
        ("deep linking response", laid_over(deep_linking_response()), issuer()),
        ("deep linking response of the Platform", response, unknown("LtiDeepLinkingResponse")),
        ("client assertion", laid_over(client_assertion()), issuer()),
        ("access token", laid_over(access_token()), not_named()),
    ] {
        refuses(what, &token(&claims), expected);
    }
}

#[test]
fn a_token_for_another_client_of_the_same_issuer_is_refused() {
    for other in ["10000000000124", "1000000000012", "100000000001230", "10000000000123 ", "\u{ff11}0000000000123"] {
        let token = token(&changed(|claims| {
            claims["aud"] = other.into();
            claims["azp"] = other.into();
        }));
        refuses(other, &token, not_named());
        Tool { client_id: other.to_owned(), ..Tool::default() }.accepts(other, &token);
    }
}

#[test]
fn a_token_of_another_platform_is_refused_in_this_ones_flow() {
    let other = "https://other.example";
    let tool = Tool { issuer: other.to_owned(), ..Tool::with_keys(&[ATTACKER.jwk("other-1")]) };
    let theirs = ATTACKER.token(&header_with("kid", "other-1"), &with("iss", other));
    tool.accepts("in its own flow", &theirs);
    refuses("in ours", &theirs, Rejection::KeyIdUnknown);
    refuses("its issuer under our key", &token(&with("iss", other)), issuer());
    let in_our_name = ATTACKER.token(&header_with("kid", "other-1"), &good());
    tool.refuses("our issuer under its key", &in_our_name, Rejection::IssuerMismatch { expected: other.to_owned() });
}

#[test]
fn a_token_of_another_login_is_refused() {
    refuses("nonce", &token(&with("nonce", "the nonce of another login")), Rejection::NonceMismatch);
    let later = Tool { nonce: "the nonce of a later login".to_owned(), ..Tool::default() };
    later.refuses("replay", good_token(), Rejection::NonceMismatch);
}

#[test]
fn a_message_of_an_unknown_type_is_refused_for_its_type() {
    for name in [
        "",
        "LtiStartProctoring",
        "LtiEndAssessment",
        "LtiEulaRequest",
        "LtiAssetProcessorSettingsRequest",
        "LtiReportReviewRequest",
        "LtiHelloWorldNotice",
        "LtiContextCopyNotice",
        "LtiDeepLinkingResponse",
        "ltiResourceLinkRequest",
        "LTIRESOURCELINKREQUEST",
        "LtiResourceLinkRequest ",
        "basic-lti-launch-request",
    ] {
        let unknown = || Rejection::MessageTypeUnknown(name.to_owned());
        refuses(name, &token(&with(claim::MESSAGE_TYPE, name)), unknown());
        // Such a message has no resource link: that is not what is wrong with it.
        let mut bare = with(claim::MESSAGE_TYPE, name);
        bare.as_object_mut().unwrap().remove(claim::RESOURCE_LINK).unwrap();
        refuses(name, &token(&bare), unknown());
    }
    let long = "L".repeat(1000);
    let cut = Rejection::MessageTypeUnknown("L".repeat(64));
    refuses("a long type is cut for the log", &token(&with(claim::MESSAGE_TYPE, long)), cut);
}

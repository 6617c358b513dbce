//! The Platform's configuration, as each product writes it.

use serde_json::{Value, json};

use crate::platform::Platform;
use crate::profile::Profile;

const LTI: &str = "https://purl.imsglobal.org/spec/lti-platform-configuration";

/// The messages that the Platform sends, with their placements.
pub(super) fn supported(profile: Profile) -> Vec<(&'static str, Vec<&'static str>)> {
    let (opening, choosing) = match profile {
        Profile::Canvas => (
            vec!["https://canvas.instructure.com/lti/course_navigation"],
            vec![
                "https://canvas.instructure.com/lti/link_selection",
                "https://canvas.instructure.com/lti/assignment_selection",
            ],
        ),
        Profile::Moodle => (vec!["ContentArea"], vec!["ContentArea"]),
        Profile::Plain | Profile::Brightspace => (vec![], vec!["ContentArea", "RichTextEditor"]),
        Profile::Blackboard | Profile::Sakai | Profile::Schoology | Profile::OpenEdx => (vec![], vec![]),
    };
    let mut messages = vec![("LtiResourceLinkRequest", opening), ("LtiDeepLinkingRequest", choosing)];
    if matches!(profile, Profile::Plain | Profile::Blackboard) {
        messages.push(("LtiSubmissionReviewRequest", vec![]));
    }
    if profile == Profile::Plain {
        messages.push(("LtiDataPrivacyLaunchRequest", vec![]));
    }
    messages
}

/// The document.
pub(crate) fn configuration(platform: &Platform) -> Value {
    let profile = platform.profile();
    let mut document = json!({
        "issuer": platform.config.issuer,
        "authorization_endpoint": platform.authorization_endpoint(),
        "token_endpoint": platform.token_endpoint(),
        "jwks_uri": platform.jwks_uri(),
        "registration_endpoint": platform.registration_endpoint(),
        "scopes_supported": platform.offered_scopes(),
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["iss", "sub", "name", "given_name", "family_name", "email"],
        LTI: platform_configuration(profile),
    });
    // Copied from the specification's example, whose names have blanks.
    let (methods, algorithms) = match profile {
        Profile::Blackboard => {
            ("token_ endpoint_auth_methods_supported", "token_endpoint_auth_signing_alg_values_supported ")
        }
        _ => ("token_endpoint_auth_methods_supported", "token_endpoint_auth_signing_alg_values_supported"),
    };
    document[methods] = json!(["private_key_jwt"]);
    document[algorithms] = json!(["RS256"]);
    match profile {
        Profile::Canvas => document["authorization_server"] = json!("canvas.example"),
        Profile::Plain => document["authorization_server"] = json!(platform.token_audience()),
        _ => {}
    }
    document
}

fn platform_configuration(profile: Profile) -> Value {
    let (product, version) = profile.product().unwrap_or(("maple-learning", "1.0"));
    let product = if profile == Profile::Sakai { "sakailms.org" } else { product };
    let messages = supported(profile);
    let variables = ["Context.id.history", "ResourceLink.submission.endDateTime"];
    let mut lti = json!({ "product_family_code": product, "variables": variables });
    if profile != Profile::Sakai {
        lti["version"] = json!(version);
    }
    if profile == Profile::Moodle {
        // Texts, and the placements of all of them beside.
        lti["messages_supported"] = messages.iter().map(|(name, _)| *name).collect();
        lti["placements"] = json!(["ContentArea"]);
        return lti;
    }
    let message = |(name, placements): &(&str, Vec<&str>)| match placements.is_empty() {
        true => json!({ "type": name }),
        false => json!({ "type": name, "placements": placements }),
    };
    lti["messages_supported"] = messages.iter().map(message).collect();
    if profile == Profile::Canvas {
        lti["https://canvas.instructure.com/lti/account_name"] = json!("Maple Learning");
        lti["https://canvas.instructure.com/lti/account_domain"] = json!("maple.canvas.example");
    }
    lti
}

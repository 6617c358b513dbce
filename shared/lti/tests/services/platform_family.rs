//! Which Platform it is: platforms digest §1.

use doorway_lti::ids::Issuer;
use doorway_lti::platform_family::PlatformFamily;

use crate::support::*;

fn family(code: Option<&str>, issuer: &str, token_endpoint: &str) -> &'static str {
    PlatformFamily::of(code, &Issuer::try_from(issuer).unwrap(), &url(token_endpoint)).name()
}

#[test]
fn the_signed_code_decides() {
    for (code, expected) in [
        ("canvas", "canvas"),
        ("moodle", "moodle"),
        ("BlackboardLearn", "blackboard"),
        ("desire2learn", "brightspace"),
        ("Brightspace", "brightspace"),
        ("sakai", "sakai"),
        ("schoology", "schoology"),
        ("Open edX", "openedx"),
    ] {
        assert_eq!(family(Some(code), "https://lms.example", "https://lms.example/token"), expected, "{code}");
    }
    assert_eq!(family(Some("canvas"), "https://moodle.example", "https://moodle.example/mod/lti/token.php"), "canvas");
}

#[test]
fn without_a_code_that_we_know_the_addresses_decide() {
    for (issuer, token_endpoint, expected) in [
        ("https://canvas.instructure.com", "https://sso.canvaslms.com/login/oauth2/token", "canvas"),
        ("https://canvas.beta.instructure.com", "https://sso.beta.canvaslms.com/login/oauth2/token", "canvas"),
        ("https://canvas.instructure.com", "https://school.instructure.com/login/oauth2/token", "canvas"),
        ("https://canvas.school.example", "https://canvas.school.example/login/oauth2/token", "canvas"),
        ("https://x.example/moodle", "https://x.example/moodle/mod/lti/token.php", "moodle"),
        ("https://blackboard.com", "https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken", "blackboard"),
        ("https://tenant.brightspace.com", "https://auth.brightspace.com/core/connect/token", "brightspace"),
        ("https://learn.school.example", "https://auth.brightspace.com/core/connect/token", "brightspace"),
        ("https://sakai.example", "https://sakai.example/imsblis/lti13/token/7", "sakai"),
        (
            "https://schoology.schoology.com",
            "https://lti-service.svc.schoology.com/lti-service/access-token",
            "schoology",
        ),
        ("https://edx.example", "https://edx.example/api/lti_consumer/v1/token/0f", "openedx"),
        ("student", "https://lti-ri.imsglobal.org/platforms/1/access_tokens", "other"),
    ] {
        assert_eq!(family(None, issuer, token_endpoint), expected, "{token_endpoint}");
        assert_eq!(family(Some("no code that we know"), issuer, token_endpoint), expected, "{token_endpoint}");
    }
}

#[test]
fn a_host_that_only_ends_alike_is_another() {
    for host in ["notblackboard.com", "blackboard.com.evil.example", "mybrightspace.com", "xschoology.com"] {
        assert_eq!(family(None, &format!("https://{host}"), &format!("https://{host}/token")), "other", "{host}");
    }
}

#[test]
fn every_family_has_a_name_of_its_own() {
    let names: std::collections::BTreeSet<_> = FAMILIES.iter().map(|family| family.name()).collect();
    assert_eq!(names.len(), FAMILIES.len());
}

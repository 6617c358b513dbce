//! Complete, realistic claims, of which a test changes one.

use doorway_lti::claim;
use serde_json::{Value, json};

use super::{CLIENT_ID, ISSUER, NONCE, NOW};

/// A teacher opens a resource link: every claim that a well-furnished Platform sends.
pub fn good() -> Value {
    json!({
        "iss": ISSUER,
        "aud": CLIENT_ID,
        "azp": CLIENT_ID,
        "sub": "a6d5c443-1f51-4783-ba1a-7686ffe3b54a",
        "iat": NOW,
        "exp": NOW + 300,
        "nonce": NONCE,
        "name": "Ms Jane Marie Doe",
        "given_name": "Jane",
        "middle_name": "Marie",
        "family_name": "Doe",
        "email": "jane@lms.example",
        "picture": "https://lms.example/jane.jpg",
        "locale": "en-US",
        claim::MESSAGE_TYPE: "LtiResourceLinkRequest",
        claim::VERSION: "1.3.0",
        claim::DEPLOYMENT_ID: "07940580-b309-415e-a37c-914d387c1150",
        claim::TARGET_LINK_URI: "https://tool.example/lti/48320/ruix8782rs",
        claim::ROLES: [
            "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Faculty",
            "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",
        ],
        claim::RESOURCE_LINK: {
            "id": "200d101f-2c14-434a-a0f3-57c2a42369fd",
            "title": "Introduction Assignment",
            "description": "Assignment to introduce who you are",
        },
        claim::CONTEXT: {
            "id": "c1d887f0-a1a3-4bca-ae25-c375edcc131a",
            "label": "ECON 1010",
            "title": "Economics as a Social Science",
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
        },
        claim::TOOL_PLATFORM: {
            "guid": "ex/48bbb541-ce55-456e-8b7d-ebc59a38d435",
            "name": "Example LMS",
            "product_family_code": "moodle",
            "version": "2026.1",
        },
        claim::LAUNCH_PRESENTATION: {
            "document_target": "iframe", "height": 320, "width": 240, "locale": "en-US",
            "return_url": "https://lms.example/terms/201601/courses/7/sections/1/resources/2",
        },
        claim::CUSTOM: { "xstart": "2017-04-21T01:00:00Z", "request_url": "https://tool.example/link/123" },
        claim::LIS: { "person_sourcedid": "example.edu:71ee7e42", "course_section_sourcedid": "example.edu:SI182-001" },
        claim::AGS_ENDPOINT: {
            "scope": [
                "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
                "https://purl.imsglobal.org/spec/lti-ags/scope/score",
            ],
            "lineitems": "https://lms.example/context/2923/lineitems/",
            "lineitem": "https://lms.example/context/2923/lineitems/1/lineitem",
        },
        claim::NRPS_SERVICE: {
            "context_memberships_url": "https://lms.example/context/2923/memberships", "service_versions": ["2.0"],
        },
        "https://lms.example/session": { "id": "89023sj890dju080" },
    })
}

/// A teacher chooses content: the same claims without the link, with settings.
pub fn deep_linking() -> Value {
    let mut claims = good();
    claims[claim::MESSAGE_TYPE] = "LtiDeepLinkingRequest".into();
    claims[claim::DEEP_LINKING_SETTINGS] = json!({
        "deep_link_return_url": "https://lms.example/deep_links?course=7",
        "accept_types": ["link", "file", "html", "ltiResourceLink", "image"],
        "accept_media_types": "image/*,text/html",
        "accept_presentation_document_targets": ["iframe", "window", "embed"],
        "accept_multiple": true,
        "accept_lineitem": false,
        "auto_create": true,
        "title": "This is the default title",
        "text": "This is the default text",
        "data": "csrftoken:c7fbba78-7b75-46e3-9201-11e6d5f36f53",
    });
    for absent in [claim::RESOURCE_LINK, claim::TARGET_LINK_URI] {
        claims.as_object_mut().unwrap().remove(absent).unwrap();
    }
    claims
}

/// The good claims after one change.
pub fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut claims = good();
    change(&mut claims);
    claims
}

/// The good claims with one of them set.
pub fn with(claim: &str, value: impl Into<Value>) -> Value {
    changed(|claims| claims[claim] = value.into())
}

/// The good claims without one of them.
pub fn without(claim: &str) -> Value {
    changed(|claims| drop(claims.as_object_mut().unwrap().remove(claim).unwrap()))
}

//! The suite's payloads, shaped like the recorded ones: `aud` a text, no `azp`, no Platform description, no launch
//! presentation, no `lineitem`, a query in the roster's URL, `exp` 300 s after `iat`.

use doorway_lti::claim;
use serde_json::{Value, json};

pub const ISSUER: &str = "https://ltiadvantagevalidator.imsglobal.org";
pub const CLIENT_ID: &str = "imstester_4ba76ab";
pub const DEPLOYMENT_ID: &str = "testdeploy";
pub const KEY_ID: &str = "imstester_66066";

const LIS: &str = "http://purl.imsglobal.org/vocab/lis/v2/";

pub fn role(path: &str) -> String {
    format!("{LIS}{path}")
}

pub fn student(nonce: &str, now: u64) -> Value {
    payload(("40899", ["Carrie", "Ann", "Lowell"]), &role("membership#Learner"), nonce, now)
}

pub fn teacher(nonce: &str, now: u64) -> Value {
    payload(("39890", ["Lauren", "Colleen", "Hutton"]), &role("membership#Instructor"), nonce, now)
}

fn payload((sub, [given, middle, family]): (&str, [&str; 3]), role: &str, nonce: &str, now: u64) -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT_ID, "sub": sub, "iat": now, "exp": now + 300, "nonce": nonce,
        "name": format!("{given} {middle} {family}"), "given_name": given, "middle_name": middle,
        "family_name": family, "email": format!("{given}.{family}@school.example"), "locale": "en_US",
        claim::MESSAGE_TYPE: "LtiResourceLinkRequest",
        claim::VERSION: "1.3.0",
        claim::DEPLOYMENT_ID: DEPLOYMENT_ID,
        claim::TARGET_LINK_URI: super::LAUNCH_URL,
        claim::ROLES: [role],
        claim::RESOURCE_LINK: { "id": "d0be-c2af", "title": "Homework 1", "description": "The first homework" },
        claim::CONTEXT: {
            "id": "8893483", "label": "Biology 102", "title": "Bio Adventures", "type": ["CourseSection"],
        },
        claim::CUSTOM: { "myCustomValue": "123" },
        claim::LIS: { "person_sourcedid": "", "course_section_sourcedid": "" },
        claim::AGS_ENDPOINT: {
            "scope": [
                "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
                "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
                "https://purl.imsglobal.org/spec/lti-ags/scope/score",
            ],
            "lineitems": format!("{ISSUER}/ltitool/rest/assignmentsgrades/8893483/lineitems"),
        },
        claim::NRPS_SERVICE: {
            "context_memberships_url": format!("{ISSUER}/ltitool/namesandroles.html?memberships=1879"),
            "service_versions": ["2.0"],
        },
    })
}

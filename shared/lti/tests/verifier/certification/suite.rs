//! The suite's Platform: its constants, its payloads, and what it watches for.
//!
//! The payloads have the suite's shape: no `typ` in the header, `aud` a string, no Platform guid, no launch
//! presentation, no `lineitem`.

use doorway_lti::Rejection;
use doorway_lti::claim;
use doorway_lti::message::Launch;
use serde_json::{Value, json};

use crate::support::{NONCE, NOW, PLATFORM, Tool};

const ISSUER: &str = "https://ltiadvantagevalidator.imsglobal.org";
const CLIENT_ID: &str = "imstester_4ba76ab";
const KEY_ID: &str = "imstester_66067";
const LIS: &str = "http://purl.imsglobal.org/vocab/lis/v2/";

pub fn suite() -> Tool {
    Tool { issuer: ISSUER.to_owned(), client_id: CLIENT_ID.to_owned(), ..Tool::with_keys(&[PLATFORM.jwk(KEY_ID)]) }
}

pub fn header() -> Value {
    json!({ "kid": KEY_ID, "alg": "RS256" })
}

pub fn role(path: &str) -> String {
    format!("{LIS}{path}")
}

fn user(sub: &str, name: [&str; 3], role: String) -> Value {
    let [given, middle, family] = name;
    json!({
        "iss": ISSUER, "aud": CLIENT_ID, "sub": sub, "iat": NOW, "exp": NOW + 300, "nonce": NONCE,
        "name": format!("{given} {middle} {family}"), "given_name": given, "middle_name": middle,
        "family_name": family, "email": format!("{given}.{family}@school.example"), "locale": "en_US",
        claim::MESSAGE_TYPE: "LtiResourceLinkRequest",
        claim::VERSION: "1.3.0",
        claim::DEPLOYMENT_ID: "testdeploy",
        claim::TARGET_LINK_URI: "https://tool.example/lti/launch",
        claim::ROLES: [role],
        claim::RESOURCE_LINK: { "id": "d0be-c2af", "title": "Homework 1", "description": "the first" },
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
            "lineitems": "https://ltiadvantagevalidator.imsglobal.org/ltitool/rest/assignmentsgrades/8893483/lineitems",
        },
        claim::NRPS_SERVICE: {
            "context_memberships_url":
                "https://ltiadvantagevalidator.imsglobal.org/ltitool/namesandroles.html?memberships=1879",
            "service_versions": ["2.0"],
        },
    })
}

pub fn student() -> Value {
    user("40899", ["Carrie", "Ann", "Lowell"], role("membership#Learner"))
}

pub fn teacher() -> Value {
    user("39890", ["Lauren", "Colleen", "Hutton"], role("membership#Instructor"))
}

pub fn remove(mut claims: Value, names: &[&str]) -> Value {
    for name in names {
        claims.as_object_mut().unwrap().remove(*name).unwrap();
    }
    claims
}

pub fn set(mut claims: Value, name: &str, value: impl Into<Value>) -> Value {
    claims[name] = value.into();
    claims
}

/// The suite sees a refusal with its own reason, and the next good launch still works.
#[track_caller]
pub fn refused(case: &str, header: &Value, claims: &Value, expected: impl Into<Rejection>) {
    suite().refuses(case, &PLATFORM.token(header, claims), expected);
    accepted(&student());
}

#[track_caller]
pub fn accepted(claims: &Value) -> Launch {
    suite().accepts(&claims.to_string(), &PLATFORM.token(&header(), claims))
}

pub fn missing(names: &[&'static str]) -> Rejection {
    Rejection::ClaimsMissing(names.to_vec())
}

//! The JSON of a Launch, every member of it: what Apps are written against.

use doorway_lti::claim;
use serde_json::json;

use super::*;

/// A launch with everything in it.
fn everything(claims: &mut Value) {
    claims["middle_name"] = json!("Byron");
    claims["picture"] = json!("https://maple.example/ada.png");
    claims[claim::ROLES] = json!([
        "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",
        "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant",
        "http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor",
        "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
    ]);
    claims[claim::ROLE_SCOPE_MENTOR] = json!(["52", "53"]);
    claims[claim::LAUNCH_PRESENTATION] = json!({
        "document_target": "iframe", "height": 600, "width": 800,
        "return_url": "https://lms.example/course", "locale": "en",
    });
}

fn expected(id: &str, claims: &Value) -> Value {
    json!({
        "id": id,
        "messageType": "LtiResourceLinkRequest",
        "version": "1.3.0",
        "platform": {
            "issuer": "https://lms.example",
            "clientId": "client-1",
            "deploymentId": "dep-1",
            "name": "Maple Learning",
            "productFamilyCode": "maple",
            "version": "1.0",
            "guid": "maple.example",
        },
        "tenant": "Maple School District",
        "user": {
            "id": "41",
            "name": "Ada Morgan",
            "givenName": "Ada",
            "middleName": "Byron",
            "familyName": "Morgan",
            "email": "ada@maple.example",
            "picture": "https://maple.example/ada.png",
            "locale": "en",
            "roles": [
                "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",
                "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant",
                "http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor",
                "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
            ],
            "isInstructor": true,
            "isLearner": false,
            "isAdministrator": false,
            "isMentor": true,
            "isContentDeveloper": false,
            "isTeachingAssistant": true,
            "isPlatformAdministrator": true,
            "isTestUser": false,
            "mentoredUserIds": ["52", "53"],
        },
        "context": {
            "id": "course-7",
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
            "label": "PHY-2",
            "title": "Physics: light and colour",
        },
        "resourceLink": {
            "id": "link-1201",
            "title": "How light bends",
            "description": "A video lesson of six minutes on refraction.",
        },
        "targetLinkUri": "https://app.example/lesson/7",
        "custom": { "lesson": "how-light-bends", "due_at": "" },
        "launchPresentation": {
            "documentTarget": "iframe", "height": 600, "width": 800,
            "returnUrl": "https://lms.example/course", "locale": "en",
        },
        "services": {
            "ags": {
                "scope": [
                    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
                    "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
                    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
                ],
                "lineitems": "https://lms.example/line-items/course-7",
                "lineitem": "https://lms.example/line-items/course-7/link-1201",
            },
            "nrps": {
                "context_memberships_url": "https://lms.example/memberships/course-7",
                "service_versions": ["2.0"],
            },
        },
        "claims": claims,
        "expiresAt": "2027-03-23T08:00:00Z",
    })
}

#[tokio::test]
async fn a_launch_with_everything_in_it_has_these_members_and_no_others() {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let mut registration = platform.registration();
    registration.tenant = Some("Maple School District".to_owned());
    let tool = TestTool::start(&[registration]).await;
    let begun = tool.begin(&platform).await;
    let mut claims = tool.good_claims(&platform, &begun);
    everything(&mut claims);
    let id = tool.post_token(&begun, &platform.key.id_token(&claims)).await.launch_id();

    let answer = tool.redeem(&id).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.json(), expected(&id, &claims));
}

#[tokio::test]
async fn a_launch_with_the_least_in_it_has_no_empty_members() {
    let (tool, platform) = tool_and_platform().await;
    let needed = [
        "iss",
        "aud",
        "sub",
        "exp",
        "iat",
        "nonce",
        claim::MESSAGE_TYPE,
        claim::VERSION,
        claim::DEPLOYMENT_ID,
        claim::TARGET_LINK_URI,
        claim::RESOURCE_LINK,
        claim::ROLES,
    ];
    let begun = tool.begin(&platform).await;
    let mut claims = tool.good_claims(&platform, &begun);
    claims.as_object_mut().expect("claims are an object").retain(|name, _| needed.contains(&name.as_str()));
    claims[claim::ROLES] = json!([]);
    claims[claim::RESOURCE_LINK] = json!({ "id": "link-1201" });
    let id = tool.post_token(&begun, &platform.key.id_token(&claims)).await.launch_id();
    let expected = json!({
        "id": id,
        "messageType": "LtiResourceLinkRequest",
        "version": "1.3.0",
        "platform": { "issuer": "https://lms.example", "clientId": "client-1", "deploymentId": "dep-1" },
        "user": {
            "id": "41", "roles": [],
            "isInstructor": false, "isLearner": false, "isAdministrator": false, "isMentor": false,
            "isContentDeveloper": false, "isTeachingAssistant": false, "isPlatformAdministrator": false,
            "isTestUser": false,
        },
        "resourceLink": { "id": "link-1201" },
        "targetLinkUri": "https://app.example/lesson/7",
        "custom": {},
        "services": {},
        "claims": claims,
        "expiresAt": "2027-03-23T08:00:00Z",
    });
    assert_eq!(tool.redeem(&id).await.json(), expected);
}

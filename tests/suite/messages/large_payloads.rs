//! Payloads as large and as odd as those of Moodle and Canvas: all odd members are let pass, none is misread.

use super::*;

#[tokio::test]
async fn a_launch_as_moodle_sends_it_is_accepted() {
    let (view, kept) = Pair::start().await.redeem_and_read(MOODLE_SIZED).await;
    assert_eq!(
        view["context"],
        json!({
            "id": "7", "label": "PHY-2", "title": "Physics: light and colour",
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"],
        }),
        "a short context type arrives in full"
    );
    assert_eq!(view["resourceLink"]["description"], "A video lesson on refraction.\r\n\r\nWatch it twice.\r\n");
    assert_eq!(
        view["custom"],
        json!({ "lesson": "how-light-bends", "section": "$No.Such.Var" }),
        "an unresolved variable stays"
    );
    assert_eq!(
        view["services"]["ags"]["lineitem"],
        "https://lms.example/mod/lti/services.php/7/lineitems/31/lineitem?type_id=2"
    );
    assert_eq!(view["services"]["ags"]["lineitems"], "https://lms.example/mod/lti/services.php/7/lineitems?type_id=2");
    assert_eq!(view["services"]["nrps"]["service_versions"], json!(["1.0", "2.0"]));
    assert_eq!(view["platform"]["productFamilyCode"], "moodle");
    assert_eq!(view["launchPresentation"]["documentTarget"], "iframe");
    assert_eq!(view["user"]["isInstructor"], true);
    assert_eq!(kept["services"], view["services"]);
    for erased in
        ["https://purl.imsglobal.org/spec/lti/claim/ext", "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"]
    {
        assert!(view["claims"][erased].is_object() && kept["claims"][erased].is_null(), "{erased}");
    }
}

#[tokio::test]
async fn a_launch_as_canvas_sends_it_is_accepted() {
    let (view, kept) = Pair::start().await.redeem_and_read(CANVAS_SIZED).await;
    let context = "4dde05e8ca1973bcca9bffc13e1548820eee93a3";
    assert_eq!(view["resourceLink"], json!({ "id": context }), "null texts are absent");
    assert_eq!(view["context"]["id"], context);
    let presentation = json!({
        "documentTarget": "iframe",
        "locale": "en",
        "returnUrl": "https://maple.instructure.example/courses/3348/external_content/success/external_tool_redirect",
        "width": 800,
    });
    assert_eq!(view["launchPresentation"], presentation, "null is absent, a number in a text is a number");
    let custom = &view["custom"];
    for (name, value) in [
        ("canvas_user_id", json!("1000")),
        ("canvas_user_is_root_account_admin", json!("false")),
        ("canvas_course_section_ids", json!("[4001,4002]")),
        ("canvas_user_sis_id", json!(null)),
        ("canvas_assignment_id", json!("$Canvas.assignment.id")),
        ("lesson", json!("how-light-bends")),
    ] {
        assert!(custom.as_object().is_some_and(|custom| custom.contains_key(name)), "{name}");
        assert_eq!(custom[name], value, "{name}");
    }
    assert_eq!(view["services"]["ags"]["lineitem"], json!(null));
    assert_eq!(view["services"]["ags"]["scope"].as_array().map(Vec::len), Some(5), "Canvas's own scope stays");
    assert_eq!(view["platform"]["guid"], "07adb3e60637ff02d9ea11c7c74f1ca921699bd7.maple.instructure.example");
    assert!(view["user"]["picture"].is_string());
    assert_eq!(kept["custom"], json!({}), "custom parameters may carry names");
    assert_eq!(kept["services"], view["services"]);
}

#[tokio::test]
async fn roles_of_three_kinds_in_one_list_grant_those_of_the_course_alone() {
    let (view, _) = Pair::start().await.redeem_and_read(CANVAS_SIZED).await;
    let user = &view["user"];
    assert_eq!(
        user["roles"],
        json!([
            "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",
            "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Faculty",
            "http://purl.imsglobal.org/vocab/lis/v2/system/person#User",
        ])
    );
    assert_eq!((&user["isInstructor"], &user["isAdministrator"]), (&json!(true), &json!(false)));
    assert_eq!(user["isPlatformAdministrator"], false);
}

#[tokio::test]
async fn an_odd_optional_member_never_fails_a_launch() {
    let pair = Pair::start().await;
    let odd: [(&str, Value, &str); 9] = [
        (claim::CONTEXT, json!([]), "context"),
        (claim::CONTEXT, json!("course-7"), "context"),
        (claim::LAUNCH_PRESENTATION, json!([]), "launchPresentation"),
        (claim::LAUNCH_PRESENTATION, json!(null), "launchPresentation"),
        (claim::TOOL_PLATFORM, json!("maple"), "platform.guid"),
        (claim::LIS, json!([]), "lis"),
        (claim::FOR_USER, json!(7), "forUser"),
        ("name", json!({"first": "Ada"}), "user.name"),
        ("email", json!(null), "user.email"),
    ];
    for (name, value, member) in odd {
        let (_, answer) = pair.launch(RESOURCE_LINK, |claims| claims[name] = value.clone()).await;
        let view = pair.tool.redeem(&answer.launch_id()).await.json();
        let pointer = format!("/{}", member.replace('.', "/"));
        assert_eq!(view.pointer(&pointer), None, "{name} as {value}");
        assert_eq!(view["claims"][name], value, "the claim itself is as sent");
    }
}

#[tokio::test]
async fn odd_services_are_not_granted_and_do_not_break_the_launch() {
    let pair = Pair::start().await;
    for (name, value, service) in [
        (claim::AGS_ENDPOINT, json!(null), "ags"),
        (claim::AGS_ENDPOINT, json!([]), "ags"),
        (claim::NRPS_SERVICE, json!({}), "nrps"),
        (claim::NRPS_SERVICE, json!({ "context_memberships_url": "" }), "nrps"),
        (claim::DEEP_LINKING_SETTINGS, json!({ "deep_link_return_url": "https://lms.example/x" }), "deepLinking"),
    ] {
        let (_, answer) = pair.launch(RESOURCE_LINK, |claims| claims[name] = value.clone()).await;
        let view = pair.tool.redeem(&answer.launch_id()).await.json();
        assert_eq!(view["services"].get(service), None, "{name} as {value}");
    }
}

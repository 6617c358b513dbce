//! The tolerance table (launch digest §5.2), row by row: what is optional is read leniently and never fails a
//! launch. Its first row, the security claims, is `claim_types`.

use doorway_lti::Rejection;
use doorway_lti::claim;
use doorway_lti::message::{Launch, Message};
use serde_json::{Value, json};

use crate::support::*;

/// The good launch with one member of one claim set.
fn member(name: &str, member: &str, value: impl Into<Value>) -> Launch {
    launch(&changed(|claims| claims[name][member] = value.into()))
}

/// Values that are no object.
fn no_objects() -> Vec<Value> {
    vec![Value::Null, json!([]), json!([1]), json!(""), json!("text"), json!(7), json!(true)]
}

#[test]
fn ids_in_objects_are_strings_or_whole_numbers() {
    for (sent, read) in
        [(json!("7"), "7"), (json!(7), "7"), (json!(-7), "-7"), (json!(u64::MAX), "18446744073709551615")]
    {
        assert_eq!(member(claim::RESOURCE_LINK, "id", sent.clone()).resource_link().unwrap().id, read);
        assert_eq!(member(claim::CONTEXT, "id", sent.clone()).context.unwrap().id, read);
        assert_eq!(member(claim::TOOL_PLATFORM, "guid", sent).platform.unwrap().guid.unwrap(), read);
    }
}

#[test]
fn ids_in_objects_are_never_fractions_or_flags() {
    for sent in [json!(7.0), json!(7.5), json!(1e30), json!(true), json!([]), json!({}), Value::Null, json!("")] {
        let claims = changed(|claims| claims[claim::RESOURCE_LINK]["id"] = sent.clone());
        refuses(&sent.to_string(), &token(&claims), Rejection::ClaimsMissing(vec!["resource_link.id"]));
        assert_eq!(member(claim::CONTEXT, "id", sent.clone()).context, None);
        assert_eq!(member(claim::TOOL_PLATFORM, "guid", sent).platform.unwrap().guid, None);
    }
}

#[test]
fn display_texts_are_strings_or_numbers_or_absent() {
    for (sent, read) in [
        (json!("Biology"), Some("Biology")),
        (json!(102), Some("102")),
        (json!(10.5), Some("10.5")),
        (json!(" "), Some(" ")),
        (json!("$Person.name.full"), Some("$Person.name.full")),
        (json!("a\r\nb"), Some("a\r\nb")),
        (json!(""), None),
        (Value::Null, None),
        (json!(true), None),
        (json!([]), None),
        (json!({}), None),
    ] {
        for name in ["name", "given_name", "middle_name", "family_name", "email", "picture", "locale"] {
            let names = launch(&with(name, sent.clone())).names;
            let read_name = serde_json::to_value(names).unwrap();
            let key = match name {
                "given_name" => "givenName",
                "middle_name" => "middleName",
                "family_name" => "familyName",
                other => other,
            };
            assert_eq!(read_name.get(key).and_then(Value::as_str), read, "{name}: {sent}");
        }
        let link = member(claim::RESOURCE_LINK, "title", sent.clone());
        assert_eq!(link.resource_link().unwrap().title.as_deref(), read, "{sent}");
        let link = member(claim::RESOURCE_LINK, "description", sent.clone());
        assert_eq!(link.resource_link().unwrap().description.as_deref(), read, "{sent}");
        assert_eq!(member(claim::CONTEXT, "label", sent.clone()).context.unwrap().label.as_deref(), read, "{sent}");
        assert_eq!(member(claim::CONTEXT, "title", sent.clone()).context.unwrap().title.as_deref(), read, "{sent}");
        let platform = member(claim::TOOL_PLATFORM, "version", sent.clone()).platform.unwrap();
        assert_eq!(platform.version.as_deref(), read, "{sent}");
    }
}

#[test]
fn roles_are_a_list_whose_oddities_are_dropped() {
    let learner = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner";
    for sent in
        [json!([learner]), json!(learner), json!("Learner"), json!(["", learner, null, 3, [], {}, "Learner", learner])]
    {
        let roles = launch(&with(claim::ROLES, sent.clone())).roles;
        assert!(roles.is_learner(), "{sent}");
        assert_eq!(roles.iter().count(), 1, "{sent}");
    }
    for sent in [json!([]), json!([""]), json!(""), json!([null]), json!({}), json!(7), json!([["Instructor"]])] {
        assert_eq!(launch(&with(claim::ROLES, sent.clone())).roles.iter().count(), 0, "{sent}");
    }
    let unknown = launch(&with(claim::ROLES, json!(["Learner,Instructor", "x"]))).roles;
    assert_eq!(unknown.iter().count(), 2);
    assert!(!unknown.is_instructor() && !unknown.is_learner());
}

#[test]
fn context_types_are_a_list_whose_oddities_are_dropped() {
    let section = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection";
    for (sent, read) in [
        (json!([section]), vec![section]),
        (json!(section), vec![section]),
        (json!(["CourseSection"]), vec![section]),
        (json!(["urn:lti:context-type:ims/lis/CourseSection"]), vec![section]),
        (json!(["", null, 7, "Account"]), vec!["Account"]),
        (json!(["CourseSection "]), vec!["CourseSection "]),
        (json!([]), vec![]),
        (json!({}), vec![]),
        (Value::Null, vec![]),
    ] {
        assert_eq!(member(claim::CONTEXT, "type", sent.clone()).context.unwrap().types, read, "{sent}");
    }
}

#[test]
fn custom_parameters_are_any_scalar() {
    let launch = launch(&with(
        claim::CUSTOM,
        json!({
            "text": "a", "empty": "", "number": 1000, "fraction": 1.5, "flag": true, "none": null,
            "unresolved": "$Canvas.user.id", "list": [1, "a"], "map": { "a": 1 }, "UPPER": "kept", "": "no name",
        }),
    ));
    let read: Vec<(&str, Option<&str>)> = launch.custom.iter().map(|(k, v)| (k.as_str(), v.as_deref())).collect();
    assert_eq!(
        read,
        [
            ("", Some("no name")),
            ("UPPER", Some("kept")),
            ("empty", Some("")),
            ("flag", Some("true")),
            ("fraction", Some("1.5")),
            ("list", Some(r#"[1,"a"]"#)),
            ("map", Some(r#"{"a":1}"#)),
            ("none", None),
            ("number", Some("1000")),
            ("text", Some("a")),
            ("unresolved", Some("$Canvas.user.id")),
        ]
    );
}

#[test]
fn an_optional_claim_that_is_no_object_is_absent() {
    for value in no_objects() {
        let what = value.to_string();
        let read = |name: &str| launch(&with(name, value.clone()));
        assert!(read(claim::CONTEXT).context.is_none(), "{what}");
        assert!(read(claim::TOOL_PLATFORM).platform.is_none(), "{what}");
        assert!(read(claim::LAUNCH_PRESENTATION).presentation.is_none(), "{what}");
        assert!(read(claim::CUSTOM).custom.is_empty(), "{what}");
        assert!(read(claim::AGS_ENDPOINT).ags.is_none(), "{what}");
        assert!(read(claim::NRPS_SERVICE).nrps.is_none(), "{what}");
        read(claim::LIS);
        read(claim::ROLE_SCOPE_MENTOR);
        read(claim::GROUPS_SERVICE);
    }
}

/// `null` and an empty list are ways to say that there is nothing; anything else is worth a warning.
#[test]
fn an_optional_claim_that_says_something_odd_is_named() {
    let names = [
        claim::CONTEXT,
        claim::TOOL_PLATFORM,
        claim::LAUNCH_PRESENTATION,
        claim::LIS,
        claim::CUSTOM,
        claim::AGS_ENDPOINT,
        claim::NRPS_SERVICE,
        claim::GROUPS_SERVICE,
        claim::NOTIFICATION_SERVICE,
    ];
    assert!(launch(&good()).ignored_claims.is_empty());
    for name in names {
        for nothing in [Value::Null, json!([]), json!({})] {
            assert!(launch(&with(name, nothing.clone())).ignored_claims.is_empty(), "{name}: {nothing}");
        }
        for odd in [json!([1]), json!(""), json!("text"), json!(7), json!(false)] {
            assert_eq!(launch(&with(name, odd.clone())).ignored_claims, [name], "{name}: {odd}");
        }
    }
}

#[test]
fn every_optional_claim_may_be_absent() {
    for name in [
        "azp",
        "name",
        "given_name",
        "middle_name",
        "family_name",
        "email",
        "picture",
        "locale",
        claim::CONTEXT,
        claim::TOOL_PLATFORM,
        claim::LAUNCH_PRESENTATION,
        claim::CUSTOM,
        claim::LIS,
        claim::AGS_ENDPOINT,
        claim::NRPS_SERVICE,
    ] {
        launch(&without(name));
    }
}

#[test]
fn stray_members_inside_claims_are_ignored() {
    for name in [claim::CONTEXT, claim::RESOURCE_LINK, claim::TOOL_PLATFORM, claim::AGS_ENDPOINT] {
        let with_strays = launch(&changed(|claims| {
            claims[name]["validation_context"] = Value::Null;
            claims[name]["errors"] = json!({ "errors": {} });
        }));
        assert_eq!(with_strays, launch(&good()), "{name}");
    }
}

#[test]
fn urls_are_texts_until_they_are_used() {
    for sent in [
        "packback.co",
        "javascript:alert(1)",
        "https://[",
        "http://lms.example",
        " https://x ",
        "https://lms.example/a?b=c#d",
    ] {
        assert_eq!(launch(&with(claim::TARGET_LINK_URI, sent)).target_link_uri.as_deref(), Some(sent));
        let presentation = member(claim::LAUNCH_PRESENTATION, "return_url", sent).presentation.unwrap();
        assert_eq!(presentation.return_url.as_deref(), Some(sent));
        assert_eq!(member(claim::AGS_ENDPOINT, "lineitems", sent).ags.unwrap().line_items.as_deref(), Some(sent));
        assert_eq!(member(claim::NRPS_SERVICE, "context_memberships_url", sent).nrps.unwrap().memberships_url, sent);
    }
}

#[test]
fn sizes_are_numbers_or_their_digits() {
    for (sent, read) in [
        (json!(800), Some(800)),
        (json!("800"), Some(800)),
        (json!(0), Some(0)),
        (json!(-1), None),
        (json!("800px"), None),
        (json!(4_294_967_296_u64), None),
        (json!(""), None),
        (Value::Null, None),
        (json!([]), None),
    ] {
        let presentation = member(claim::LAUNCH_PRESENTATION, "width", sent.clone()).presentation.unwrap();
        assert_eq!(presentation.width, read, "{sent}");
    }
}

#[test]
fn a_blank_line_item_is_absent() {
    for sent in [json!(""), Value::Null] {
        let ags = member(claim::AGS_ENDPOINT, "lineitem", sent).ags.unwrap();
        assert_eq!(ags.line_item, None);
        assert!(ags.line_items.is_some());
    }
    let scopes =
        member(claim::AGS_ENDPOINT, "scope", "https://purl.imsglobal.org/spec/lti-ags/scope/score").ags.unwrap();
    assert_eq!(scopes.scope, ["https://purl.imsglobal.org/spec/lti-ags/scope/score"]);
}

#[test]
fn a_roster_without_a_url_is_no_roster() {
    for sent in [json!(""), Value::Null, json!([]), json!({})] {
        assert_eq!(member(claim::NRPS_SERVICE, "context_memberships_url", sent).nrps, None);
    }
}

/// The settings of a deep linking request with one of them set.
fn settings(name: &str, value: Value) -> doorway_lti::message::DeepLinkingSettings {
    let mut claims = deep_linking();
    claims[claim::DEEP_LINKING_SETTINGS][name] = value;
    let Message::DeepLinking { settings } = launch(&claims).message else { panic!("not deep linking") };
    settings
}

#[test]
fn deep_linking_flags_are_booleans_or_their_words() {
    for (sent, read) in [
        (json!(true), Some(true)),
        (json!(false), Some(false)),
        (json!("true"), Some(true)),
        (json!("false"), Some(false)),
        (json!("1"), None),
        (json!(1), None),
        (json!(""), None),
        (Value::Null, None),
    ] {
        assert_eq!(settings("accept_lineitem", sent.clone()).accept_lineitem, read, "{sent}");
        assert_eq!(settings("accept_multiple", sent.clone()).accept_multiple, read == Some(true), "{sent}");
        assert_eq!(settings("auto_create", sent.clone()).auto_create, read == Some(true), "{sent}");
    }
}

#[test]
fn media_types_are_a_comma_separated_text_or_a_list() {
    for sent in [
        json!("image/*,text/html"),
        json!(" image/* , text/html,"),
        json!(["image/*", "text/html"]),
        json!(["image/*,text/html"]),
    ] {
        assert_eq!(settings("accept_media_types", sent.clone()).accept_media_types, ["image/*", "text/html"], "{sent}");
    }
    for sent in [json!(""), Value::Null, json!([]), json!(7)] {
        assert!(settings("accept_media_types", sent).accept_media_types.is_empty());
    }
}

#[test]
fn the_data_of_deep_linking_is_kept_exactly() {
    for sent in [json!(""), json!("  a\u{e9}\n"), json!("{\"a\":1}"), json!(7), json!({ "a": [1] })] {
        assert_eq!(settings("data", sent.clone()).data, Some(sent));
    }
}

#[test]
fn mentors_alone_have_mentees() {
    let mentees = json!(["7", "", null, "8"]);
    let roles = |role: &str| {
        launch(&changed(|claims| {
            claims[claim::ROLES] = json!([role]);
            claims[claim::ROLE_SCOPE_MENTOR] = mentees.clone();
        }))
        .role_scope_mentor
    };
    assert_eq!(roles("Mentor"), ["7", "8"]);
    assert!(roles("Instructor").is_empty());
    assert!(roles("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Mentor").is_empty());
}

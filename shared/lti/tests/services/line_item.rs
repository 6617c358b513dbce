//! Line items: grade digest §2.

use doorway_lti::ags::BodyError;
use doorway_lti::ags::line_item::{Finder, FoundLineItem, LineItem};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::*;

const CONTAINER: &str = "https://lms.example/2/lineitems?type_id=1";

fn minimal() -> Value {
    json!({"label": "Chapter 5 Test", "scoreMaximum": 60})
}

fn full() -> Value {
    json!({
        "label": "Chapter 5 Test", "scoreMaximum": 60.5, "resourceLinkId": "1g3k4dlk49fk",
        "resourceId": "a-9334df-33", "tag": "grade", "startDateTime": "2026-01-31T10:00:00+01:00",
        "endDateTime": "2026-01-31T12:34:56.7891Z", "gradesReleased": true,
        "submissionReview": {
            "reviewableStatus": ["Submitted"], "label": "Open", "url": "https://tool.example/r", "custom": {"a": "b"}
        },
        "https://canvas.instructure.com/lti/submission_type": {"type": "none"}
    })
}

#[test]
fn a_full_line_item_goes_out_exactly_so() {
    assert_eq!(
        wire(&LineItem::parse(object(full())).unwrap().to_json()),
        concat!(
            r#"{"endDateTime":"2026-01-31T12:34:56.789Z","gradesReleased":true,"#,
            r#""https://canvas.instructure.com/lti/submission_type":{"type":"none"},"label":"Chapter 5 Test","#,
            r#""resourceId":"a-9334df-33","resourceLinkId":"1g3k4dlk49fk","scoreMaximum":60.5,"#,
            r#""startDateTime":"2026-01-31T09:00:00.000Z","submissionReview":{"custom":{"a":"b"},"label":"Open","#,
            r#""reviewableStatus":["Submitted"],"url":"https://tool.example/r"},"tag":"grade"}"#
        )
    );
    let minimal = LineItem::parse(object(minimal())).unwrap();
    assert_eq!(wire(&minimal.to_json()), r#"{"label":"Chapter 5 Test","scoreMaximum":60}"#);
}

#[test]
fn what_was_read_can_be_sent_back() {
    let read = with(with(minimal(), "id", json!("https://lms.example/li/9")), "lineItemId", json!("x"));
    let read = with(with(read, "tag", Value::Null), "endDateTime", json!(""));
    assert_eq!(Value::Object(LineItem::parse(object(read)).unwrap().to_json()), minimal());
}

#[test]
fn each_wrong_member_is_named_to_create_and_to_change() {
    for (name, wrong) in [
        ("label", json!(" \t")),
        ("label", json!(5)),
        ("label", json!("a".repeat(1025))),
        ("scoreMaximum", json!(0)),
        ("scoreMaximum", json!("60")),
        ("resourceLinkId", json!("")),
        ("resourceId", json!("ä".repeat(257))),
        ("tag", json!("ä".repeat(257))),
        ("tag", json!(7)),
        ("startDateTime", json!("2026-01-31T10:00:00")),
        ("endDateTime", json!("2026-01-31T08:59:59Z")),
        ("endDateTime", json!(7)),
        ("gradesReleased", json!("true")),
        ("submissionReview", json!(true)),
        ("submissionReview.reviewableStatus", json!("Submitted")),
        ("submissionReview.url", json!("javascript:alert(1)")),
        ("submissionReview.custom", json!({"a": 1})),
        ("submissionReview.colour", json!("red")),
        ("colour", json!("red")),
        ("scoremaximum", json!(1)),
    ] {
        let body = match name.split_once('.') {
            Some((outer, inner)) => with(full(), outer, with(full()[outer].clone(), inner, wrong)),
            None => with(full(), name, wrong),
        };
        assert_eq!(fields(LineItem::parse(object(body.clone()))), [name]);
        assert_eq!(fields(LineItem::parse_change(object(body))), [name]);
    }
}

#[test]
fn only_a_new_line_item_must_have_label_and_maximum() {
    assert_eq!(fields(LineItem::parse(object(json!({"tag": "a"})))), ["label", "scoreMaximum"]);
    assert_eq!(fields(LineItem::parse(object(json!({"label": null, "scoreMaximum": -1})))), ["scoreMaximum", "label"]);
    assert!(LineItem::parse_change(object(json!({}))).is_ok());
    assert_eq!(wire(&LineItem::parse_change(object(json!({"tag": "a"}))).unwrap().to_json()), r#"{"tag":"a"}"#);
}

#[test]
fn qualifiers_of_256_characters_are_allowed() {
    let long = json!("ä".repeat(256));
    assert!(LineItem::parse(object(with(with(minimal(), "tag", long.clone()), "resourceId", long))).is_ok());
}

#[test]
fn a_change_replaces_members_and_keeps_what_it_does_not_know() {
    let change = LineItem::parse_change(object(json!({"scoreMaximum": 10, "endDateTime": null}))).unwrap();
    let current = json!({
        "id": "https://lms.example/li/9", "label": "Chapter 5 Test", "scoreMaximum": 60, "tag": "grade",
        "endDateTime": "2026-01-31T12:34:56Z", "vendorOwn": {"a": [1]}, "https://x.example/y": 1
    });
    assert_eq!(
        wire(&change.applied_to(object(current))),
        concat!(
            r#"{"endDateTime":null,"https://x.example/y":1,"label":"Chapter 5 Test","scoreMaximum":10,"#,
            r#""tag":"grade","vendorOwn":{"a":[1]}}"#
        )
    );
}

#[test]
fn what_the_platform_has_not_set_is_not_sent_back() {
    // As Open edX sends a line item; it refuses each of these `null`s.
    let current = json!({
        "id": "https://edx.example/api/lti_consumer/v1/lti/1/lti-ags/2", "label": "Final test", "scoreMaximum": 20,
        "tag": "", "resourceId": "final-1", "resourceLinkId": null, "startDateTime": null, "endDateTime": null
    });
    let label = LineItem::parse_change(object(json!({"label": "Essay"}))).unwrap();
    assert_eq!(
        wire(&label.applied_to(object(current.clone()))),
        r#"{"label":"Essay","resourceId":"final-1","scoreMaximum":20,"tag":""}"#
    );
    let no_end = LineItem::parse_change(object(json!({"endDateTime": null}))).unwrap();
    assert_eq!(
        wire(&no_end.applied_to(object(current))),
        r#"{"endDateTime":null,"label":"Final test","resourceId":"final-1","scoreMaximum":20,"tag":""}"#
    );
}

fn finder(link: Option<&str>, resource: Option<&str>, tag: Option<&str>) -> Finder {
    let own = |text: Option<&str>| text.map(str::to_owned);
    Finder { resource_link_id: own(link), resource_id: own(resource), tag: own(tag) }
}

fn found(members: Value) -> FoundLineItem {
    FoundLineItem { id: url("https://lms.example/li/9"), members: object(members) }
}

#[test]
fn a_line_item_is_found_by_what_it_says_of_itself() {
    let finder = LineItem::parse(object(full())).unwrap().finder();
    assert_eq!(
        finder.query(),
        [("resource_link_id", "1g3k4dlk49fk"), ("resource_id", "a-9334df-33"), ("tag", "grade")]
    );
    assert!(finder.admits(&found(full())) && !finder.is_empty());
    for name in ["resourceLinkId", "resourceId", "tag"] {
        assert!(!finder.admits(&found(with(full(), name, json!("other")))), "{name}");
        assert!(!finder.admits(&found(without(full(), name))), "{name}");
    }
    let nothing = LineItem::parse(object(with(minimal(), "tag", json!("")))).unwrap().finder();
    assert!(nothing.is_empty() && nothing.query().is_empty() && nothing.admits(&found(json!({}))));
}

#[test]
fn ids_from_a_database_and_empty_tags_are_compared_as_text() {
    assert!(finder(Some("7"), None, None).admits(&found(json!({"resourceLinkId": 7}))));
    for none in [json!({}), json!({"tag": ""}), json!({"tag": null})] {
        assert!(finder(None, None, Some("")).admits(&found(none)));
    }
    assert!(!finder(None, None, Some("")).admits(&found(json!({"tag": "a"}))));
}

#[test]
fn a_platforms_line_item_has_its_url_apart_and_the_rest_as_sent() {
    let id = "https://lms.example/2/lineitems/9/lineitem?type_id=1";
    let body = json!({"id": id, "label": "x", "scoreMaximum": "60", "ltiLinkId": null}).to_string();
    let item = FoundLineItem::parse(body.as_bytes(), &url(CONTAINER)).unwrap();
    assert_eq!(item.id.as_str(), id);
    assert_eq!(wire(&item.members), r#"{"label":"x","ltiLinkId":null,"scoreMaximum":"60"}"#);
}

#[test]
fn a_relative_url_is_resolved_and_no_url_is_no_line_item() {
    let parse = |id: Value| FoundLineItem::parse(json!({"id": id}).to_string().as_bytes(), &url(CONTAINER));
    assert_eq!(
        parse(json!("/2/lineitems/9?type_id=1")).unwrap().id,
        url("https://lms.example/2/lineitems/9?type_id=1")
    );
    for id in [
        json!(""),
        json!(" "),
        json!(9),
        json!(null),
        json!("javascript:alert(1)"),
        json!("https://"),
        json!("mailto:a@b"),
    ] {
        assert_eq!(parse(id.clone()).unwrap_err(), BodyError::IdMissing, "{id}");
    }
    assert_eq!(FoundLineItem::parse(b"{}", &url(CONTAINER)).unwrap_err(), BodyError::IdMissing);
    assert!(matches!(FoundLineItem::parse(b"[]", &url(CONTAINER)), Err(BodyError::NotAnObject(_))));
}

fn ids(body: &str) -> Result<Vec<String>, BodyError> {
    let items = FoundLineItem::parse_all(body.as_bytes(), &url(CONTAINER))?;
    Ok(items.iter().map(|item| item.id.path().to_owned()).collect())
}

#[test]
fn one_odd_element_does_not_hide_the_others() {
    let body =
        r#" [ {"id":"/1"}, null, 7, "x", [], {}, {"id":"/2","id":"/3"}, {"id":"/4","tag":"],{\"[\\"} ,{"id":"/5"}] "#;
    assert_eq!(ids(body).unwrap(), ["/1", "/4", "/5"]);
    assert_eq!(ids("\u{feff}[]").unwrap(), Vec::<String>::new());
    assert_eq!(ids("[ ]").unwrap(), Vec::<String>::new());
}

#[test]
fn what_is_no_whole_array_is_refused() {
    for body in [
        "",
        "{}",
        "null",
        "<html>",
        "[",
        r#"[{"id":"/1"}"#,
        r#"[{"id":"/1"},"#,
        r#"[{"id":"/1"},]"#,
        r#"[,{"id":"/1"}]"#,
        r#"[{"id":"/1"}]]"#,
        r#"[{"id":"/1"} {"id":"/2"}]"#,
        r#"[{"id":"/1""#,
        "[]x",
    ] {
        assert_eq!(ids(body), Err(BodyError::NotAnArray), "{body}");
    }
    assert_eq!(ids(&"[".repeat(100_000)), Err(BodyError::NotAnArray));
}

#[test]
fn a_large_class_fits_in_one_answer() {
    let rows: Vec<String> =
        (0..5000).map(|n| format!(r#"{{"id":"/{n}","label":"x","scoreMaximum":1,"tag":"t","a":[1,2,3]}}"#)).collect();
    assert_eq!(ids(&format!("[{}]", rows.join(","))).unwrap().len(), 5000);
}

fn members() -> impl Strategy<Value = Map<String, Value>> {
    let name = prop_oneof![
        Just("label".to_owned()),
        Just("tag".to_owned()),
        Just("id".to_owned()),
        Just("scoreMaximum".to_owned()),
        "[a-z]{1,4}"
    ];
    let value = prop_oneof![Just(Value::Null), any::<i64>().prop_map(Value::from), "\\PC{0,8}".prop_map(Value::from)];
    prop::collection::hash_map(name, value, 0..8).prop_map(|members| members.into_iter().collect())
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn a_change_touches_its_own_members_the_id_and_what_is_not_set_only(
        current in members(),
        label in prop::option::of("[a-z]{1,8}"),
        tag in prop::option::of("\\PC{0,8}"),
        maximum in prop::option::of(1..1000_u32),
    ) {
        let mut sent = Map::new();
        sent.extend(label.map(|label| ("label".to_owned(), json!(label))));
        sent.extend(tag.map(|tag| ("tag".to_owned(), json!(tag))));
        sent.extend(maximum.map(|maximum| ("scoreMaximum".to_owned(), json!(maximum))));
        let change = LineItem::parse_change(sent.clone()).unwrap();
        let merged = change.applied_to(current.clone());
        prop_assert!(!merged.contains_key("id"));
        for (name, value) in &merged {
            prop_assert_eq!(Some(value), sent.get(name).or_else(|| current.get(name)));
        }
        let set = current.iter().filter(|(name, value)| *name != "id" && !value.is_null()).map(|(name, _)| name);
        prop_assert!(set.chain(sent.keys()).all(|name| merged.contains_key(name)));
        prop_assert!(merged.values().all(|value| !value.is_null()));
        prop_assert_eq!(change.applied_to(merged.clone()), merged);
    }

    #[test]
    fn an_array_is_taken_apart_as_json_takes_it(rows in prop::collection::vec(members(), 0..6)) {
        let alone = |row: &Map<String, Value>| FoundLineItem::parse(wire(row).as_bytes(), &url(CONTAINER)).ok();
        let expected: Vec<FoundLineItem> = rows.iter().filter_map(alone).collect();
        for body in [serde_json::to_vec(&rows).unwrap(), serde_json::to_vec_pretty(&rows).unwrap()] {
            prop_assert_eq!(&FoundLineItem::parse_all(&body, &url(CONTAINER)).unwrap(), &expected);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(body in any::<Vec<u8>>()) {
        let _ = FoundLineItem::parse_all(&body, &url(CONTAINER));
        let _ = FoundLineItem::parse(&body, &url(CONTAINER));
    }
}

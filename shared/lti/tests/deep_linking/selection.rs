//! The App's request as a whole.

use serde_json::json;

use crate::support::*;

#[test]
fn nothing_chosen_is_an_empty_list_however_it_is_said() {
    for body in [json!({}), json!({ "contentItems": [] }), json!({ "contentItems": null })] {
        let items = parse(body).unwrap();
        assert_eq!(format!("{items:?}"), "Selection { items: 0, .. }");
    }
}

#[test]
fn a_member_that_nobody_knows_is_a_fault_and_does_not_vanish() {
    let body = json!({ "errorMsg": "no seats left", "content_items": [], "msg": "ok" });
    assert_eq!(fields(parse(body)), ["content_items", "errorMsg"]);
    let faults = parse(json!({ "bad\nname": 1 })).err().unwrap();
    assert!(!faults.to_string().contains('\n'));
}

#[test]
fn every_fault_is_told_at_once_in_the_order_of_the_request() {
    let body = json!({
        "contentItems": [
            resource_link(),
            { "type": "link", "url": "javascript:alert(1)", "iframe": { "width": -1 } },
            with(with(resource_link(), "/lineItem/scoreMaximum", 0), "/submission/startDateTime", "tomorrow"),
            "a link",
            { "title": "Without a type" },
        ],
        "msg": 7,
    });
    let expected = [
        "contentItems[1].url",
        "contentItems[1].iframe.src",
        "contentItems[1].iframe.width",
        "contentItems[2].lineItem.scoreMaximum",
        "contentItems[2].submission.startDateTime",
        "contentItems[3]",
        "contentItems[4].type",
        "msg",
    ];
    assert_eq!(fields(parse(body)), expected);
}

#[test]
fn a_fault_says_what_is_expected_and_never_quotes_what_came() {
    let item = with(resource_link(), "/lineItem/scoreMaximum", "eighty-seven");
    let faults = respond(&[item], &settings()).err().unwrap();
    assert_eq!(faults.to_string(), "`contentItems[0].lineItem.scoreMaximum` must be a number above 0");
}

#[test]
fn items_are_a_list() {
    for items in [json!({ "type": "link" }), json!("link"), json!(1)] {
        assert_eq!(fields(parse(json!({ "contentItems": items }))), ["contentItems"]);
    }
}

#[test]
fn messages_are_plain_texts() {
    for name in ["msg", "log", "errormsg", "errorlog"] {
        assert!(parse(json!({ name: "Two lines:\r\n\tone, two" })).is_ok());
        for wrong in [json!(1), json!(["a"]), json!("bell \u{7}"), json!("nul \u{0}"), json!("c1 \u{85}")] {
            assert_eq!(fields(parse(json!({ name: wrong }))), [name]);
        }
    }
}

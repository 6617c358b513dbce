//! Pages of a roster, and several as one.

use doorway_lti::json::JsonError;
use doorway_lti::nrps::{MAX_PAGE_VALUES, MemberStatus, Page, PageError, Roster};
use serde_json::{Value, json};

use crate::support::*;

fn parse(page: &Value) -> Result<Page, PageError> {
    Page::parse(page.to_string().as_bytes())
}

#[test]
fn a_page_has_members_and_a_context() {
    let page = parse(&json!({
        "id": "https://lms.example/sections/2923/memberships",
        "context": { "id": "2923-abc", "label": "CPS 435", "title": "CPS 435 Learning Analytics" },
        "members": [member(), with("user_id", "2")],
    }))
    .unwrap();
    let context = serde_json::to_value(page.context.unwrap()).unwrap();
    assert_eq!(context, json!({ "id": "2923-abc", "label": "CPS 435", "title": "CPS 435 Learning Analytics" }));
    assert_eq!(user_ids(&page.members), ["0ae836b9-7fc9-4060-006f-27b2066ac545", "2"]);
    assert_eq!(page.dropped, 0);
}

#[test]
fn a_byte_order_mark_before_a_page_is_let_pass() {
    let page = Page::parse(format!("\u{feff}{}", json!({ "members": [member()] })).as_bytes()).unwrap();
    assert_eq!(page.members.len(), 1);
}

#[test]
fn a_context_may_be_told_in_part_or_not_at_all() {
    let of = |context: Value| parse(&json!({ "context": context, "members": [] })).unwrap().context;
    let context = of(json!({ "id": 7, "label": "", "title": null })).unwrap();
    assert_eq!(serde_json::to_value(context).unwrap(), json!({ "id": "7" }));
    for none in [json!(null), json!([]), json!({}), json!("7")] {
        assert_eq!(of(none), None);
    }
    assert_eq!(parse(&json!({ "members": [] })).unwrap().context, None);
}

#[test]
fn an_answer_without_a_list_of_members_is_no_empty_roster() {
    for body in [json!({}), json!({ "members": null }), json!({ "members": {} }), json!({ "errors": [] })] {
        assert_eq!(parse(&body), Err(PageError::MembersMissing), "{body}");
    }
    assert_eq!(parse(&json!([])), Err(PageError::Json(JsonError::NotAnObject)));
    for body in ["", "<html>", "{\"members\":[", "null"] {
        assert!(matches!(Page::parse(body.as_bytes()), Err(PageError::Json(_))), "{body}");
    }
    assert_eq!(Page::parse(b"{\"members\":[],\"members\":[]}"), Err(PageError::Json(JsonError::DuplicateMember)));
}

#[test]
fn an_error_says_what_is_wrong_with_the_roster_and_nothing_of_what_is_in_it() {
    let error = Page::parse(b"{\"members\":[{\"name\":\"Jane\"").unwrap_err();
    assert_eq!(error.to_string(), "the roster is not JSON (line 1, column 26)");
    assert_eq!(PageError::MembersMissing.to_string(), "the roster has no list `members`");
}

#[test]
fn an_entry_without_a_user_id_is_dropped_and_counted() {
    let mut entries = vec![member(), json!({ "name": "Nobody" }), json!(null), json!("x"), json!([])];
    entries.extend([json!(""), json!(null), json!(1.5), json!(["2"])].map(|id| with("user_id", id)));
    entries.extend(["a".repeat(256), "a\u{0}".to_owned()].map(|id| with("user_id", id)));
    let page = page_of(&entries);
    assert_eq!((page.members.len(), page.dropped), (1, entries.len() - 1));
}

#[test]
fn a_large_course_on_one_page_is_read_and_a_page_is_bounded() {
    let many: Vec<Value> = (0..10_000).map(|n| with("user_id", n)).collect();
    assert_eq!(page_of(&many).members.len(), 10_000);
    let too_many = format!("{{\"members\":[{}1]}}", "1,".repeat(MAX_PAGE_VALUES));
    assert_eq!(Page::parse(too_many.as_bytes()), Err(PageError::TooMany));
}

fn roster(pages: &[&[Value]]) -> Roster {
    pages.iter().fold(Roster::default(), |mut roster, page| {
        roster.extend(page_of(page));
        roster
    })
}

#[test]
fn pages_make_one_roster_in_the_order_of_first_sight() {
    let [a, b, c] = ["a", "b", "c"].map(|id| with("user_id", id));
    let roster = roster(&[&[b.clone(), a.clone()], &[], &[a, c, b]]);
    assert_eq!((roster.len(), roster.is_empty()), (3, false));
    assert_eq!(user_ids(&roster.into_members()), ["b", "a", "c"]);
    assert!(Roster::default().is_empty());
}

#[test]
fn user_ids_are_compared_byte_for_byte() {
    assert_eq!(roster(&[&["a", "A", "a ", "\u{e4}", "a\u{308}"].map(|id| with("user_id", id))]).len(), 5);
}

#[test]
fn roles_of_one_user_are_merged_and_the_later_state_wins() {
    let first = with("roles", ["Learner", "Mentor"]);
    let mut later = with("roles", [membership("Mentor"), membership("Instructor")]);
    later["status"] = "Inactive".into();
    later["name"] = "Jane Q. Doe".into();
    later["email"] = Value::Null;
    let members = roster(&[&[first], &[later]]).into_members();
    assert_eq!((members.len(), members[0].status()), (1, MemberStatus::Inactive));
    let shown = shown(&members[0]);
    assert_eq!(shown["roles"], json!([membership("Learner"), membership("Mentor"), membership("Instructor")]));
    assert_eq!((&shown["name"], shown.get("email")), (&json!("Jane Q. Doe"), None));
}

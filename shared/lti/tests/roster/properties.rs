//! What holds whatever a Platform sends.

use std::collections::HashSet;

use doorway_lti::link_header::{Links, parse};
use doorway_lti::nrps::{Page, Roster};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::support::*;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Text of all kinds, among it what nearly is a header.
fn header_like() -> impl Strategy<Value = String> {
    let pieces = ["<", ">", "\"", "\\", ",", ";", "=", " ", "rel", "next", "differences", "&amp;", "\u{201d}", "/x"];
    let pieces = prop::collection::vec(select(pieces.to_vec()), 0..40).prop_map(|pieces| pieces.concat());
    prop_oneof![any::<String>(), pieces, ".{0,20}<.{0,20}>.{0,20}rel=.{0,20}"]
}

/// A link with this relation, written in one of many ways.
fn written(target: &str, relation: &str, style: usize) -> String {
    let target = if style.is_multiple_of(2) { target.replace('&', "&amp;") } else { target.to_owned() };
    let (open, close) =
        [("\"", "\""), ("", ""), ("'", "'"), ("\u{201c}", "\u{201d}"), ("\u{fffd}", "\u{fffd}")][style % 5];
    let before = ["", "; title=\"a, <b>; rel=prev\"", "; type=text/html"][style % 3];
    let relation = if style.is_multiple_of(7) { relation.to_uppercase() } else { relation.to_owned() };
    format!("<{target}>{before}; rel={open}{relation}{close}")
}

/// One member: few ids, so that they meet again.
fn entry() -> impl Strategy<Value = Value> {
    let roles = prop::collection::vec(select(vec!["Learner", "Instructor", "Mentor", "x", ""]), 0..4);
    let id = select(vec![json!("a"), json!("b"), json!("c"), json!(1), json!(""), json!(null)]);
    (id, roles, select(vec!["Active", "Inactive", "Deleted"]))
        .prop_map(|(id, roles, status)| json!({ "user_id": id, "roles": roles, "status": status }))
}

fn pages() -> impl Strategy<Value = Vec<Page>> {
    let page = prop::collection::vec(entry(), 0..6).prop_map(|entries| page_of(&entries));
    prop::collection::vec(page, 0..5)
}

fn roster(pages: &[Page]) -> Roster {
    let mut roster = Roster::default();
    pages.iter().cloned().for_each(|page| roster.extend(page));
    roster
}

proptest! {
    #![proptest_config(cases(1024))]

    #[test]
    fn no_header_makes_the_reader_panic(values in prop::collection::vec(header_like(), 0..4)) {
        let base = url("https://lms.example/m");
        let links = parse(values.iter().map(String::as_str), &base);
        for found in [links.next, links.differences].into_iter().flatten() {
            prop_assert!(matches!(found.scheme(), "http" | "https"));
        }
    }

    #[test]
    fn what_was_written_is_found(
        path in "[a-z0-9/,;=:@!$*~.-]{0,20}", query in "[a-z0-9=&,;:/?%2B-]{1,20}", extra in "[a-z]{1,8}",
        styles in prop::array::uniform3(0_usize..210), one_header in any::<bool>(),
    ) {
        prop_assume!(!query.contains("&amp;") && !["next", "differences"].contains(&extra.as_str()));
        let base = url("https://lms.example/m");
        let next = base.join(&format!("/n/{path}?{query}")).unwrap();
        let differences = base.join(&format!("/d?{query}")).unwrap();
        let links = [
            written("https://lms.example/other", &extra, styles[0]),
            written(next.as_str(), "next", styles[1]),
            written(differences.as_str(), "differences", styles[2]),
        ];
        let values = if one_header { vec![links.join(", ")] } else { links.to_vec() };
        let found = parse(values.iter().map(String::as_str), &base);
        prop_assert_eq!(found, Links { next: Some(next), differences: Some(differences) });
    }

    #[test]
    fn a_roster_has_each_user_once_with_all_roles_and_the_last_status(pages in pages()) {
        let sent: Vec<_> = pages.iter().flat_map(|page| &page.members).collect();
        let members = roster(&pages).into_members();
        let ids: HashSet<_> = sent.iter().map(|member| member.user_id()).collect();
        prop_assert_eq!(members.len(), ids.len());
        for member in &members {
            let same: Vec<_> = sent.iter().filter(|other| other.user_id() == member.user_id()).collect();
            prop_assert_eq!(Some(member.status()), same.last().map(|last| last.status()));
            let all: HashSet<_> = same.iter().flat_map(|other| other.roles().iter()).collect();
            prop_assert_eq!(member.roles().iter().collect::<HashSet<_>>(), all.clone());
            prop_assert_eq!(member.roles().iter().count(), all.len());
        }
    }

    #[test]
    fn where_pages_are_cut_makes_no_difference(pages in pages()) {
        let whole = pages.iter().flat_map(|page| page.members.clone()).collect();
        let whole = Page { context: None, members: whole, dropped: 0 };
        prop_assert_eq!(roster(&pages).into_members(), roster(&[whole]).into_members());
    }

    #[test]
    fn a_page_twice_is_a_page_once(pages in pages()) {
        let twice = [pages.clone(), pages.clone()].concat();
        prop_assert_eq!(roster(&twice).into_members(), roster(&pages).into_members());
    }

    #[test]
    fn no_bytes_make_the_page_reader_panic(bytes in any::<Vec<u8>>(), text in "\\{\"members\":\\[.{0,40}\\]\\}") {
        let _ = (Page::parse(&bytes), Page::parse(text.as_bytes()));
    }
}

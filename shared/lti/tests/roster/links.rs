//! `Link` headers as the specification and the Platforms write them.

use doorway_lti::link_header::{Links, MAX_LINKS, MAX_VALUE_BYTES, parse, same_origin};
use url::Url;

use crate::support::url;

const BASE: &str = "https://lms.example/contexts/7/memberships?role=Learner";
const NEXT: &str = "https://lms.example/contexts/7/memberships?p=2";

fn links(values: &[&str]) -> Links {
    parse(values.iter().copied(), &url(BASE))
}

fn next(value: &str) -> Option<String> {
    links(&[value]).next.map(String::from)
}

#[test]
fn the_next_page_is_found_however_its_relation_is_written() {
    for rel in [
        r#"rel="next""#,
        "rel=next",
        "rel='next'",
        "REL=NEXT",
        r#" rel = "next" "#,
        r#"rel="last next""#,
        r#"rel="next last""#,
        r#"title="Page 2, <of> 3; rel=prev"; rel="next""#,
        r#"title="a \"quoted\", <word>"; rel=next"#,
        r#"rel="next"; title="never closed"#,
        r#"title="never closed; rel=next"#,
        "rel=\u{201c}next\u{201d}",
        "rel=\u{201d}next\u{201d}",
        "rel=\u{e2}\u{80}\u{9c}next\u{e2}\u{80}\u{9d}",
        "rel=\u{e2}\u{20ac}\u{153}next\u{e2}\u{20ac}\u{9d}",
        "rel=\u{fffd}next\u{fffd}",
    ] {
        assert_eq!(next(&format!("<{NEXT}>; {rel}")).as_deref(), Some(NEXT), "{rel}");
        assert_eq!(next(&format!("<{NEXT}>;{rel},")).as_deref(), Some(NEXT), "{rel}");
    }
}

#[test]
fn other_relations_are_not_the_next_page() {
    for rel in ["rel=prev", "rel=nextish", r#"rel="https://a.example/next""#, "title=next", "rev=next", "rel", ""] {
        assert_eq!(links(&[&format!("<{NEXT}>; {rel}")]), Links::default(), "{rel}");
    }
    // Only the first `rel` counts (RFC 8288 §3.3).
    assert_eq!(next(&format!("<{NEXT}>; rel=last; rel=next")), None);
}

#[test]
fn several_links_come_in_one_header_or_in_several() {
    let differences = "https://lms.example/d?since=672638";
    let expected = Links { next: Some(url(NEXT)), differences: Some(url(differences)) };
    let next = format!("<{NEXT}>; rel=\"next\"");
    let since = format!("<{differences}>; rel=\"differences\"");
    let first = "<https://lms.example/a,b>; title=\"1, 2\"; rel=first";
    assert_eq!(links(&[&next, &since]), expected);
    assert_eq!(links(&[&format!("{first},{next} ,, {since}")]), expected);
    assert_eq!(links(&[&format!("{since} , {first}, {next}")]), expected);
    assert_eq!(links(&["", &since, "nonsense", &next]), expected);
    let both = format!("<{NEXT}>; rel=\"next differences\"");
    assert_eq!(links(&[&both]), Links { next: Some(url(NEXT)), differences: Some(url(NEXT)) });
}

#[test]
fn a_quote_that_is_never_closed_hides_no_other_link() {
    assert_eq!(next(&format!("<https://lms.example/1>; rel=\"first, <{NEXT}>; rel=\"next\"")).as_deref(), Some(NEXT));
    assert_eq!(next(&format!("<https://lms.example/1>; rel=\"first, <{NEXT}>; rel=next")).as_deref(), Some(NEXT));
}

#[test]
fn moodles_header_is_read() {
    let value = "<https://moodle.example/mod/lti/services.php/2/lineitems?limit=10&amp;from=10&amp;type_id=2>; \
                 rel=\u{201c}next\u{201d}";
    let expected = "https://moodle.example/mod/lti/services.php/2/lineitems?limit=10&from=10&type_id=2";
    assert_eq!(next(value).as_deref(), Some(expected));
}

#[test]
fn urls_are_resolved_against_the_request() {
    for (target, expected) in [
        ("?p=2", "https://lms.example/contexts/7/memberships?p=2"),
        ("memberships?p=2", "https://lms.example/contexts/7/memberships?p=2"),
        ("/x", "https://lms.example/x"),
        ("//other.example/x", "https://other.example/x"),
        (" /x ", "https://lms.example/x"),
        ("?a=1&amp;b=2&c=%26amp;", "https://lms.example/contexts/7/memberships?a=1&b=2&c=%26amp;"),
    ] {
        assert_eq!(next(&format!("<{target}>; rel=next")).as_deref(), Some(expected), "{target}");
    }
}

#[test]
fn what_is_no_web_address_is_no_link() {
    for target in ["", " ", "javascript:alert(1)", "data:text/html,x", "https://", "ftp://lms.example/x"] {
        assert_eq!(next(&format!("<{target}>; rel=next")), None, "{target}");
    }
    for value in ["", "<", "<>", ">", ",", ";", "<x", "x>; rel=next", "https://lms.example/2; rel=next", "\u{0}"] {
        assert_eq!(links(&[value]), Links::default(), "{value}");
    }
}

#[test]
fn of_two_next_pages_the_first_counts() {
    assert_eq!(next(&format!("<{NEXT}>; rel=next, <https://lms.example/3>; rel=next")).as_deref(), Some(NEXT));
    let other = "<https://lms.example/3>; rel=next";
    assert_eq!(links(&[&format!("<{NEXT}>; rel=next"), other]).next, Some(url(NEXT)));
}

#[test]
fn headers_are_bounded() {
    let padded = |bytes: usize| {
        let link = format!("<{NEXT}>; rel=next; x=");
        format!("{link}{}", "y".repeat(bytes - link.len()))
    };
    assert!(next(&padded(MAX_VALUE_BYTES)).is_some());
    assert_eq!(next(&padded(MAX_VALUE_BYTES + 1)), None);
    let before = |count: usize| format!("{}<{NEXT}>; rel=next", "<x>; rel=y,".repeat(count));
    assert!(next(&before(MAX_LINKS - 1)).is_some());
    assert_eq!(next(&before(MAX_LINKS)), None);
}

#[test]
fn a_link_within_a_quoted_text_is_no_link() {
    for text in ["1, <https://lms.example/2>; rel=next", r#"1\", <https://lms.example/2>; rel=next"#] {
        assert_eq!(next(&format!("<https://lms.example/1>; title=\"{text}\"; rel=prev")), None, "{text}");
    }
}

#[test]
fn hostile_headers_are_read_in_bounded_time() {
    let commas = format!("<x>;{}y", ",".repeat(MAX_VALUE_BYTES - 5));
    assert_eq!(parse(vec![commas.as_str(); 100], &url(BASE)), Links::default());
    for hostile in ["<x>;\"", "<x>", ",", "<", "\"", "<x>; rel=\"a, ", ", ,", "<>;,,"] {
        let value = hostile.repeat(MAX_VALUE_BYTES / hostile.len());
        assert_eq!(parse(vec![value.as_str(); 100], &url(BASE)), Links::default(), "{hostile}");
    }
}

#[test]
fn a_token_goes_to_the_same_scheme_host_and_port_alone() {
    let same = |a: &str, b: &str| same_origin(&url(a), &url(b));
    assert!(same(BASE, NEXT) && same("https://lms.example/", "https://LMS.example:443/x"));
    for other in [
        "http://lms.example/",
        "https://lms.example:8443/",
        "https://lms.example.evil.example/",
        "https://www.lms.example/",
        "https://lms.example./",
    ] {
        assert!(!same(BASE, other), "{other}");
    }
    let opaque = Url::parse("data:text/plain,x").unwrap();
    assert!(!same_origin(&opaque, &opaque));
}

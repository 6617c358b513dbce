//! The addresses of a line item's services: grade digest §3.

use doorway_lti::ags::address::{results, scores, with_query};
use proptest::prelude::*;

use crate::support::*;

#[test]
fn the_segment_goes_into_the_path_before_the_query() {
    for (line_item, expected) in [
        (
            "https://lms.example/lineitems/9/lineitem?type_id=7",
            "https://lms.example/lineitems/9/lineitem/scores?type_id=7",
        ),
        ("https://lms.example/li/9/", "https://lms.example/li/9/scores"),
        ("https://lms.example/li/9", "https://lms.example/li/9/scores"),
        ("https://lms.example/li/9//?a", "https://lms.example/li/9//scores?a"),
        ("https://lms.example", "https://lms.example/scores"),
        ("https://lms.example/li/a%2Fb%20c/%C3%A4?x=%2F", "https://lms.example/li/a%2Fb%20c/%C3%A4/scores?x=%2F"),
        ("https://lms.example/li/9?q=/#part", "https://lms.example/li/9/scores?q=/"),
        (
            "https://moodle.example/mod/lti/services.php/2/lineitems/5/lineitem?type_id=1",
            "https://moodle.example/mod/lti/services.php/2/lineitems/5/lineitem/scores?type_id=1",
        ),
        (
            "https://learn.example/learn/api/v1/lti/courses/_4_1/lineItems/_40_1",
            "https://learn.example/learn/api/v1/lti/courses/_4_1/lineItems/_40_1/scores",
        ),
    ] {
        assert_eq!(scores(&url(line_item)).as_str(), expected);
        let expected = expected.replacen("/scores", "/results", 1);
        assert_eq!(results(&url(line_item)).as_str(), expected);
    }
}

#[test]
fn parameters_join_a_query_that_stays_as_it_is() {
    for (container, expected) in [
        ("https://lms.example/li", "https://lms.example/li?tag=grade&resource_id=a+b%26c"),
        ("https://lms.example/li?type_id=7", "https://lms.example/li?type_id=7&tag=grade&resource_id=a+b%26c"),
        ("https://lms.example/li?x=%2f%20y", "https://lms.example/li?x=%2f%20y&tag=grade&resource_id=a+b%26c"),
        ("https://lms.example/li?tag=mine", "https://lms.example/li?tag=mine&resource_id=a+b%26c"),
        ("https://lms.example/li?t%61g=mine", "https://lms.example/li?t%61g=mine&resource_id=a+b%26c"),
        ("https://lms.example/li?", "https://lms.example/li?tag=grade&resource_id=a+b%26c"),
    ] {
        assert_eq!(with_query(&url(container), &[("tag", "grade"), ("resource_id", "a b&c")]).as_str(), expected);
    }
}

#[test]
fn nothing_to_add_changes_nothing() {
    for text in ["https://lms.example/li", "https://lms.example/li?", "https://lms.example/li?tag=a"] {
        assert_eq!(with_query(&url(text), &[]).as_str(), text);
    }
    let there = "https://lms.example/li?tag=a";
    assert_eq!(with_query(&url(there), &[("tag", "b")]).as_str(), there);
}

fn any_url() -> impl Strategy<Value = String> {
    let segment = "[A-Za-z0-9._~!$&'()*+,;=:@-]{0,6}|%[2-7][0-9A-F]|[\u{e4}\u{4e2d} ]{1,2}";
    let path = prop::collection::vec(segment, 0..6).prop_map(|segments| segments.join("/"));
    let query = prop::option::of("[A-Za-z0-9=&%/?+ \u{e4}.-]{0,20}");
    let fragment = prop::option::of("[A-Za-z0-9/?=%]{0,8}");
    ("https?", "[a-z]{1,8}\\.example(:8[0-9]{3})?", path, query, fragment).prop_map(
        |(scheme, host, path, query, fragment)| {
            let query = query.map(|query| format!("?{query}")).unwrap_or_default();
            let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
            format!("{scheme}://{host}/{path}{query}{fragment}")
        },
    )
}

proptest! {
    #![proptest_config(cases(1024))]

    #[test]
    fn only_the_path_grows_by_one_segment(text in any_url()) {
        let line_item = url(&text);
        let path = line_item.path();
        for (segment, made) in [("scores", scores(&line_item)), ("results", results(&line_item))] {
            prop_assert_eq!(made.path(), format!("{}/{segment}", path.strip_suffix('/').unwrap_or(path)));
            prop_assert_eq!((made.query(), made.fragment()), (line_item.query(), None));
            prop_assert_eq!(made.origin(), line_item.origin());
            prop_assert_eq!(&url(made.as_str()), &made);
        }
    }

    #[test]
    fn a_query_keeps_its_beginning_and_gains_what_was_missing(
        text in any_url(),
        name in "[a-z_]{1,8}",
        value in "\\PC{0,12}",
    ) {
        let before = url(&text);
        let after = with_query(&before, &[(&name, &value)]);
        prop_assert!(after.query().unwrap().starts_with(before.query().unwrap_or_default()));
        prop_assert_eq!((after.path(), after.origin()), (before.path(), before.origin()));
        let had_it = before.query_pairs().any(|(known, _)| known == name);
        let gained = after.query_pairs().count() - before.query_pairs().count();
        prop_assert_eq!(gained, usize::from(!had_it));
        prop_assert!(had_it || after.query_pairs().any(|pair| pair == (name.as_str().into(), value.as_str().into())));
        prop_assert_eq!(with_query(&after, &[(&name, "other")]), after);
    }
}

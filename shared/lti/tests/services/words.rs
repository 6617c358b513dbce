//! A Platform's words in logs and answers: no token, no e-mail address, no control character (security row S10).

use doorway_lti::access_token::presentable;
use proptest::prelude::*;

use crate::support::cases;

#[test]
fn what_platforms_say_stays() {
    for words in [
        "Provided timestamp of 2026-01-31T12:34:56.789Z before last updated timestamp of 2026-01-31T12:40:00.000Z",
        "User in requested score is not enrolled in the org unit",
        "ScoreMaximum not supplied when ScoreGiven present.",
        "This course has concluded. AGS requests will no longer be accepted for this course.",
        "org.sakaiproject.lti13.UnableToFindLineItemInPlacementException: lineitem",
        "scope https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly is not allowed",
        "Content-Type must be application/vnd.ims.lis.v2.lineitemcontainer+json",
        "Die Bewertung für „Übung 3“ ist geschlossen",
        "user 4711 @ course 12",
    ] {
        assert_eq!(presentable(words), words);
    }
}

#[test]
fn tokens_and_addresses_are_redacted_where_they_stand() {
    for (words, expected) in [
        ("token eyJhbGciOi.eyJpc3Mi.c2ln expired", "token [redacted] expired"),
        ("ada@school.example: no such user, ada@school.example.", "[redacted]: no such user, [redacted]."),
        ("Bearer 2YotnFZFEjr1zCsicMWpAA0123456", "Bearer [redacted]"),
        ("bad token \"0123456789abcdef0123456789abcdef\".", "bad token \"[redacted]\"."),
        ("7~aB3dE5fG7hJ9kL1mN3pQ5rS7tU9 is wrong", "[redacted] is wrong"),
        (&format!("x {}", "a".repeat(64)), "x [redacted]"),
        ("no such user <ada.lovelace@school.example>, sorry", "no such user <[redacted]>, sorry"),
        ("(mailto:ada@school.example)", "([redacted])"),
        ("https://lms.example/u?mail=ada%40school.example", "[redacted]"),
        ("ädä@schule.example", "[redacted]"),
        // Found by fuzzing: the first `@` is none of an address.
        ("@ada@school.example", "[redacted]"),
        ("seen: @,@@ada@school.example!", "seen: @,[redacted]!"),
        ("ada_@school.example", "[redacted]"),
    ] {
        assert_eq!(presentable(words), expected);
    }
}

#[test]
fn control_and_invisible_characters_go_and_blanks_become_one() {
    assert_eq!(presentable(" a\r\n\tb\u{0}c \u{1b}[31m d\u{202e}e\u{200b} "), "a b c [31m d e");
    assert_eq!(presentable("\u{7}\n"), "");
}

#[test]
fn at_most_three_hundred_characters_stay() {
    assert_eq!(presentable(&"äbc ".repeat(1000)).chars().count(), 299);
    assert_eq!(presentable(&"ä".repeat(1000)), "ä".repeat(300));
    assert_eq!(presentable(&"ab ".repeat(100)), "ab ".repeat(100).trim_end());
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn any_text_becomes_short_and_plain(text in any::<String>()) {
        let shown = presentable(&text);
        prop_assert!(shown.chars().count() <= 300 && !shown.chars().any(char::is_control));
        prop_assert!(!shown.starts_with(' ') && !shown.contains("  "));
    }

    #[test]
    fn an_opaque_token_is_redacted_wherever_it_stands(
        token in "[A-Za-z0-9_-]{30,80}",
        before in "([a-z]{1,8} ){0,3}[\"'(=<]?",
        behind in "[\"',;.)>]?( [a-z]{1,8}){0,3}",
    ) {
        prop_assume!(token.bytes().any(|byte| byte.is_ascii_digit()));
        let shown = presentable(&format!("{before}{token}{behind}"));
        prop_assert!(!shown.contains(&token) && shown.contains("[redacted]"), "{}", shown);
    }

    #[test]
    fn an_address_is_redacted_wherever_it_stands(
        address in "[a-z]{1,8}[_+-]?@[a-z]{1,8}\\.example",
        before in "([a-z]{1,8} ){0,3}[\"'(=<]?(@|@@|%40|@:)?",
    ) {
        let shown = presentable(&format!("{before}{address}"));
        prop_assert!(!shown.contains(&address) && shown.contains("[redacted]"), "{}", shown);
    }
}

//! V19: the issuer is compared byte for byte. What only looks, or resolves, alike is another issuer.

use doorway_lti::Rejection;

use crate::support::*;

fn mismatch(expected: &str) -> Rejection {
    Rejection::IssuerMismatch { expected: expected.to_owned() }
}

#[test]
fn an_issuer_that_looks_alike_is_another() {
    for issuer in [
        "",
        "https://lms.example",
        "https://lms.example/moodle/",
        "https://lms.example/moodle//",
        "https://lms.example//moodle",
        "https://lms.example/Moodle",
        "https://lms.example/moodl%65",
        "https://lms.example/moodle/.",
        "https://lms.example/x/../moodle",
        "https://lms.example/moodle?",
        "https://lms.example/moodle#",
        "https://lms.example/moodle ",
        " https://lms.example/moodle",
        "https://lms.example/moodle\u{0}",
        "https://lms.example:443/moodle",
        "https://lms.example./moodle",
        "https://user@lms.example/moodle",
        "http://lms.example/moodle",
        "HTTPS://lms.example/moodle",
        "https://LMS.example/moodle",
        "https:/lms.example/moodle",
        "lms.example/moodle",
        "https://lms.example.evil.example/moodle",
        "https://lms\u{ff0e}example/moodle",
        "https://lm\u{455}.example/moodle",
        "https://lms.example/moodle\u{200b}",
    ] {
        refuses(issuer, &token(&with("iss", issuer)), mismatch(ISSUER));
    }
}

#[test]
fn an_internationalised_name_and_its_punycode_are_two_issuers() {
    let (unicode, punycode) = ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example");
    let decomposed = "https://bu\u{308}cher.example";
    for registered in [unicode, punycode, decomposed] {
        let tool = Tool { issuer: registered.to_owned(), ..Tool::default() };
        for sent in [unicode, punycode, decomposed] {
            let token = token(&with("iss", sent));
            if sent == registered {
                tool.accepts(sent, &token);
            } else {
                tool.refuses(sent, &token, mismatch(registered));
            }
        }
    }
}

#[test]
fn an_issuer_need_not_be_a_url() {
    // The 1EdTech reference Platform lets people type one.
    let tool = Tool { issuer: "student".to_owned(), ..Tool::default() };
    tool.accepts("free text", &token(&with("iss", "student")));
    tool.refuses("another", &token(&with("iss", "Student")), mismatch("student"));
}

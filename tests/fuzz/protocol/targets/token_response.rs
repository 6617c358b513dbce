//! What a Platform answers to a token request and to a score: a grant, a refusal, and words for people.

#![no_main]

use doorway_fuzz_protocol::is_one_line;
use doorway_lti::access_token::{Grant, Refusal, presentable};
use doorway_lti::ags::outcome::{Answer, Outcome, classify, words};
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::platform_family::PlatformFamily;
use libfuzzer_sys::fuzz_target;

const FAMILIES: [PlatformFamily; 4] =
    [PlatformFamily::Canvas, PlatformFamily::Sakai, PlatformFamily::OpenEdx, PlatformFamily::Other];

/// Words that are logged and shown hold neither a token nor an address.
fn check(words: &str) {
    assert!(is_one_line(words) && words.chars().count() <= 300, "{words:?}");
    assert!(!words.contains("eyJ"), "{words:?}");
    for (at, _) in words.match_indices('@') {
        let around = (words[..at].chars().next_back(), words[at + 1..].chars().next());
        assert!(!matches!(around, (Some(a), Some(b)) if a.is_alphanumeric() && b.is_alphanumeric()), "{words:?}");
    }
}

fuzz_target!(|body: &[u8]| {
    if let Ok(grant) = Grant::parse(body) {
        assert!(grant.expires_in_seconds <= 24 * 60 * 60);
        let until = grant.use_until(UnixSeconds(1000));
        assert!((UnixSeconds(1000)..=UnixSeconds(1000 + grant.expires_in_seconds)).contains(&until));
        assert!(!format!("{grant:?}").contains(grant.token.secret()) || grant.token.secret().len() < 8);
    }
    let refusal = Refusal::parse(body);
    check(&refusal.words);
    check(refusal.code.as_deref().unwrap_or_default());
    let text = String::from_utf8_lossy(body);
    let presented = presentable(&text);
    check(&presented);
    let answer =
        Answer { status: 400, reason: text.lines().next(), body, rate_limit_remaining: None, www_authenticate: None };
    check(&words(&answer));
    for family in FAMILIES {
        for (status, expected) in [(200, Outcome::Done), (503, Outcome::Transient), (409, Outcome::Stale)] {
            assert_eq!(classify(&Answer { status, ..answer }, family), expected);
        }
        for status in [400, 403, 404] {
            let outcome = classify(&Answer { status, ..answer }, family);
            assert!(!matches!(outcome, Outcome::Done | Outcome::Transient | Outcome::Redirected), "{status}");
        }
    }
});

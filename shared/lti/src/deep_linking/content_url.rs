//! URLs in content items: absolute, http or https, and the same to every reader.

use url::Url;

use super::MAX_URL_BYTES;

/// What a URL in a content item must be.
pub(super) const EXPECTED: &str = "an absolute https or http URL without user name, password, spaces and backslashes";

/// The URL in `text`, when browsers and servers of every make read the same from it.
///
/// `javascript:` and `data:` would run in the Platform's page. A user name before `@` makes a foreign host look like
/// a known one. Spaces, tabs, backslashes and a missing or third slash are read as one host by browsers and as
/// another, or none, by other software.
pub(super) fn parse(text: &str) -> Option<Url> {
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    if text.len() > MAX_URL_BYTES || text.chars().any(is_odd) {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) || rest.starts_with('/') {
        return None;
    }
    // An `@` in front of the path is userinfo, also when it is empty and the parsed URL no longer shows it.
    let authority = rest.split(['/', '?', '#']).next()?;
    if authority.contains('@') {
        return None;
    }
    Url::parse(text).ok().filter(Url::has_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_urls_are_read() {
        for text in [
            "https://app.example/lessons/1?a=b@c#part",
            "http://localhost:8400/",
            "HTTPS://app.example",
            "https://app.example/ünï/%20",
            "https://[::1]:8443/x",
        ] {
            assert_eq!(parse(text), Url::parse(text).ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_web_address_or_may_be_read_in_two_ways_is_refused() {
        for text in [
            "",
            "/lessons/1",
            "//evil.example/x",
            "https:evil.example",
            "https:/evil.example",
            "https:///evil.example",
            "https://",
            "https://user@evil.example/",
            "https://app.example@evil.example/",
            "https://@evil.example/",
            "https://app.example\\@evil.example/",
            "\\\\evil.example",
            "https://app.exa\tmple/",
            "https://app.example/a b",
            " https://app.example/",
            "javascript:alert(1)",
            "javascript://app.example/%0aalert(1)",
            "data:text/html,x",
            "ftp://app.example/",
            "https://app.example:99999/",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_url_is_bounded() {
        let of = |bytes: usize| format!("https://app.example/{}", "a".repeat(bytes - "https://app.example/".len()));
        assert!(parse(&of(MAX_URL_BYTES)).is_some());
        assert!(parse(&of(MAX_URL_BYTES + 1)).is_none());
    }
}

//! Cookies: reading the binding of a launch, setting and removing it.

use doorway_core::binding::COOKIE_PREFIX;
use doorway_core::use_case::launch::Bindings;
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// The cookies of a request.
#[derive(Debug, Default)]
pub struct Cookies(Vec<(String, String)>);

impl Cookies {
    /// Reads every `Cookie` header.
    pub fn read(headers: &HeaderMap) -> Self {
        // Lossy: another cookie of this host may hold any bytes, and must not hide ours.
        let texts: Vec<_> =
            headers.get_all(COOKIE).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        let pairs = texts.iter().flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
        Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

/// How many bindings one browser may hold for us at a time. A page may embed many tools, but API Gateway refuses every
/// request whose headers pass 10 KiB, and bindings of logins that never came back stay for ten minutes.
const MAX_BINDINGS: usize = 24;

/// How many are removed by one answer: its headers have a limit, too.
const MAX_REMOVED: usize = 24;

impl Cookies {
    /// The names of bindings beyond what one browser should hold: browsers send the oldest first.
    pub fn surplus_bindings(&self) -> impl Iterator<Item = &str> {
        let bindings: Vec<&str> =
            self.0.iter().map(|(name, _)| name.as_str()).filter(|name| name.starts_with(COOKIE_PREFIX)).collect();
        let surplus = bindings.len().saturating_sub(MAX_BINDINGS).min(MAX_REMOVED);
        bindings.into_iter().take(surplus)
    }
}

impl Bindings for Cookies {
    fn get(&self, cookie_name: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == cookie_name).map(|(_, value)| value.as_str())
    }
}

/// A cookie for this host alone, over https alone, unseen by scripts, sent in frames of other sites
/// (`SameSite=None`), and kept apart for every site that embeds us (`Partitioned`).
pub fn set(name: &str, value: &str, lifetime_seconds: u64) -> HeaderValue {
    let text =
        format!("{name}={value}; Path=/; Max-Age={lifetime_seconds}; Secure; HttpOnly; SameSite=None; Partitioned");
    HeaderValue::try_from(text).expect("cookie names and values are base64url")
}

/// Removes a cookie that [`set`] made. A name that no header can hold is nobody's, and removes nothing.
pub fn remove(name: &str) -> HeaderValue {
    let is_ours = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    set(if is_ours { name } else { COOKIE_PREFIX }, "", 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_of_several_headers_are_read() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; __Host-lti_x=s=2;b = 3"));
        headers.append(COOKIE, HeaderValue::from_static("c=4"));
        let cookies = Cookies::read(&headers);
        assert_eq!(
            (cookies.get("a"), cookies.get("__Host-lti_x"), cookies.get("c")),
            (Some("1"), Some("s=2"), Some("4"))
        );
        assert_eq!(cookies.get("d"), None);
    }

    #[test]
    fn a_cookie_that_is_not_ascii_does_not_hide_the_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_bytes(b"name=Zo\xc3\xab; raw=\xff; __Host-lti_x=s").unwrap());
        assert_eq!(Cookies::read(&headers).get("__Host-lti_x"), Some("s"));
    }

    #[test]
    fn a_binding_cookie_has_every_attribute() {
        let expected = "__Host-lti_x=v; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=None; Partitioned";
        assert_eq!(set("__Host-lti_x", "v", 600), expected);
    }
}

//! What the benchmark's browsers have in common: they keep cookies, and read the addresses that they are sent to.

use std::collections::BTreeMap;

use reqwest::header::{HeaderMap, SET_COOKIE};
use url::Url;

/// The cookies of one browser.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cookies(BTreeMap<String, String>);

impl Cookies {
    /// A browser that has this cookie already, if any.
    pub fn with(cookie: Option<(&str, &str)>) -> Self {
        Self(cookie.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect())
    }

    /// The value of the request's header `Cookie`; empty where there is none.
    pub fn header(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Does as an answer tells: keeps a cookie in the place of the one of that name, or removes it.
    pub fn keep(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let Some((name, value)) = pair.split_once('=') else { continue };
            let is_over = attributes.split(';').any(|attribute| attribute.trim().eq_ignore_ascii_case("max-age=0"));
            if is_over || value.is_empty() {
                self.0.remove(name);
            } else {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// The first parameter of this name in a URL's query.
pub fn parameter(url: &Url, wanted: &str) -> Option<String> {
    url.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn a_cookie_is_kept_until_it_is_set_anew_or_taken_away() {
        let mut cookies = Cookies::with(Some(("before", "1")));
        assert_eq!(cookies.header(), "before=1");
        for told in ["session=a; Path=/; Secure", "session=b; Path=/; Secure", "before=; Max-Age=0"] {
            cookies.keep(&HeaderMap::from_iter([(SET_COOKIE, HeaderValue::from_static(told))]));
        }
        assert_eq!(cookies, Cookies::with(Some(("session", "b"))));
    }
}

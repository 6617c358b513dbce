//! The id of a line item in paths of the App API. On the wire its URL is its id, and a URL does not go into a path.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

/// The id of the line item at this URL: the URL in base64url, so that nothing need be remembered.
pub fn of(url: &Url) -> String {
    URL_SAFE_NO_PAD.encode(url.as_str())
}

/// The URL that an id stands for; a URL stands for itself.
pub fn read(text: &str) -> Option<Url> {
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(_) => Url::parse(&String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?).ok()?,
    };
    matches!(url.scheme(), "https" | "http").then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_and_its_url_stand_for_the_same() {
        let url = Url::parse("https://lms.example/li/9/lineitem?type_id=7").unwrap();
        assert_eq!(read(&of(&url)), Some(url.clone()));
        assert_eq!(read(url.as_str()), Some(url.clone()));
        assert!(of(&url).bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
    }

    #[test]
    fn what_is_no_line_item_is_none() {
        for text in ["", "x", "javascript:alert(1)", "file:///etc/passwd", "amF2YXNjcmlwdDphbGVydCgxKQ", "////"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

//! Media types of files, and the ranges that a Platform accepts.

/// A media type or a media range, in lower case, without its parameters.
///
/// Spec: [RFC 7231 §5.3.2](https://www.rfc-editor.org/rfc/rfc7231#section-5.3.2).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct MediaRange {
    main: String,
    sub: String,
}

impl MediaRange {
    /// Reads `image/*`, `text/html; q=0.5`, `*/*`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (main, sub) = text.split(';').next()?.trim().split_once('/')?;
        let is_token = |text: &str| {
            let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
            !text.is_empty() && text.bytes().all(is_token_byte)
        };
        let range = Self { main: main.to_ascii_lowercase(), sub: sub.to_ascii_lowercase() };
        (is_token(main) && is_token(sub)).then_some(range)
    }

    /// Whether this is one type and not many.
    pub(super) fn is_exact(&self) -> bool {
        !self.main.contains('*') && !self.sub.contains('*')
    }

    /// Whether this range has that type in it.
    pub(super) fn includes(&self, other: &Self) -> bool {
        let all_of = |range: &str, text: &str| range == "*" || range == text;
        all_of(&self.main, &other.main) && all_of(&self.sub, &other.sub)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn includes(range: &str, media_type: &str) -> bool {
        MediaRange::parse(range).unwrap().includes(&MediaRange::parse(media_type).unwrap())
    }

    #[test]
    fn a_range_has_its_types_in_it_whatever_their_case_and_parameters() {
        for (range, media_type) in [
            ("*/*", "application/pdf"),
            ("image/*", "image/png"),
            ("IMAGE/*;q=0.8", "Image/SVG+xml"),
            ("text/html", "text/HTML; charset=utf-8"),
        ] {
            assert!(includes(range, media_type), "{range} {media_type}");
        }
        for (range, media_type) in [("image/*", "text/html"), ("text/html", "text/htm"), ("text/html", "text/plain")] {
            assert!(!includes(range, media_type), "{range} {media_type}");
        }
    }

    #[test]
    fn what_is_no_media_type_is_none() {
        for text in ["", "pdf", ".pdf", "/", "image/", "/png", "image/p ng", "a/b/c", "image/png, text/html"] {
            assert_eq!(MediaRange::parse(text), None, "{text}");
        }
        assert!(MediaRange::parse("text/html").unwrap().is_exact());
        assert!(!MediaRange::parse("text/*").unwrap().is_exact());
    }
}

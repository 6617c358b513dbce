//! `Link` headers: where the next page of an answer is, and where later changes to it will be.
//!
//! Read tolerantly, because a link that is overlooked is half a roster that looks like a whole one. Moodle writes
//! `rel` in curly quotes and `&amp;` in the URL; others leave the quotes out, list several relations, send several
//! headers, or one header with several links.
//!
//! Spec: [RFC 8288 §3](https://www.rfc-editor.org/rfc/rfc8288#section-3),
//! [NRPS 2.0](https://www.imsglobal.org/spec/lti-nrps/v2p0): pages and membership differences.

use url::Url;

/// How long one header value may be, in bytes. Pages of Canvas carry bookmarks of some hundred.
pub const MAX_VALUE_BYTES: usize = 16 * 1024;

/// How many links are read of one answer. Platforms send at most `first`, `prev`, `current`, `next`, `last` and
/// `differences`.
pub const MAX_LINKS: usize = 64;

/// The links that matter, resolved against the request's URL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// The next page; without one, this page is the last.
    pub next: Option<Url>,
    /// Where later changes may be asked for.
    pub differences: Option<Url>,
}

/// Reads all `Link` header values of one answer; of two links with one relation the first counts.
///
/// Values that are not ASCII may be read as UTF-8 or as Latin-1 before, with or without loss. Values longer than
/// [`MAX_VALUE_BYTES`], links behind the first [`MAX_LINKS`] and URLs that are not http or https are passed over.
pub fn parse<'a>(values: impl IntoIterator<Item = &'a str>, base: &Url) -> Links {
    let mut links = Links::default();
    let values = values.into_iter().filter(|value| value.len() <= MAX_VALUE_BYTES);
    for link in values.flat_map(Unread).take(MAX_LINKS) {
        let Some(url) = resolve(link.target, base) else { continue };
        for relation in relations(link.parameters) {
            let place = match relation {
                _ if relation.eq_ignore_ascii_case("next") => &mut links.next,
                _ if relation.eq_ignore_ascii_case("differences") => &mut links.differences,
                _ => continue,
            };
            place.get_or_insert_with(|| url.clone());
        }
    }
    links
}

/// Whether a bearer token for one of these URLs may be sent to the other: scheme, host and port are the same.
///
/// Without this check a Platform's page, or whoever can write into it, could have the token sent anywhere
/// (security row S4).
pub fn same_origin(a: &Url, b: &Url) -> bool {
    a.origin() == b.origin()
}

/// One link of a header value, as written.
struct Link<'a> {
    /// What stands between `<` and `>`.
    target: &'a str,
    /// What follows, up to the next link.
    parameters: &'a str,
}

/// The rest of a header value, of which one link after the other is read.
struct Unread<'a>(&'a str);

impl<'a> Iterator for Unread<'a> {
    type Item = Link<'a>;

    fn next(&mut self) -> Option<Link<'a>> {
        let (_, rest) = self.0.split_once('<')?;
        let (target, rest) = rest.split_once('>')?;
        let (parameters, rest) = rest.split_at(end_of_link(rest));
        self.0 = rest;
        Some(Link { target, parameters })
    }
}

/// Where the parameters of a link end: at a comma in front of another link. A quoted comma does not count, unless
/// a quote is never closed.
fn end_of_link(text: &str) -> usize {
    let heeding = |quotes| end_outside(quotes, text);
    heeding(Quotes::heeded()).or_else(|| heeding(Quotes::ignored())).unwrap_or(text.len())
}

/// `None` when the text ends within quotes.
fn end_outside(mut quotes: Quotes, text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if quotes.is_outside(char::from(*byte)) && *byte == b',' {
            let is_blank = |byte: &&u8| **byte == b',' || byte.is_ascii_whitespace();
            let blank = bytes[at..].iter().take_while(is_blank).count();
            if bytes.get(at + blank).is_none_or(|byte| *byte == b'<') {
                return Some(at);
            }
            at += blank;
        } else {
            at += 1;
        }
    }
    (!quotes.open).then_some(text.len())
}

/// The words of the first `rel` parameter. They are ASCII letters, so whatever else stands around one is some kind
/// of quote, or what an encoding has made of it.
fn relations(parameters: &str) -> impl Iterator<Item = &str> {
    let mut quotes = if Quotes::are_closed_in(parameters) { Quotes::heeded() } else { Quotes::ignored() };
    let is_end = move |c: char| quotes.is_outside(c) && c == ';';
    let mut named = parameters.split(is_end).filter_map(|parameter| parameter.split_once('='));
    let rel = named.find(|(name, _)| name.trim().eq_ignore_ascii_case("rel")).map(|(_, value)| value);
    let words = rel.unwrap_or_default().split(|c: char| c.is_whitespace() || c == ',');
    words.map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
}

/// Whether a place in the text is within straight quotes, which may have escaped quotes within.
#[derive(Clone, Copy)]
struct Quotes {
    heed: bool,
    open: bool,
    escaped: bool,
}

impl Quotes {
    fn heeded() -> Self {
        Self { heed: true, open: false, escaped: false }
    }

    fn ignored() -> Self {
        Self { heed: false, ..Self::heeded() }
    }

    fn are_closed_in(text: &str) -> bool {
        let mut quotes = Self::heeded();
        for c in text.chars() {
            quotes.is_outside(c);
        }
        !quotes.open
    }

    /// Goes on by one character, and says whether it stands outside quotes.
    fn is_outside(&mut self, c: char) -> bool {
        if self.escaped {
            self.escaped = false;
            return false;
        }
        match c {
            '"' if self.heed => self.open = !self.open,
            '\\' if self.open => self.escaped = true,
            _ => return !self.open,
        }
        false
    }
}

/// An empty target would be this page again.
fn resolve(target: &str, base: &Url) -> Option<Url> {
    let target = target.trim().replace("&amp;", "&");
    if target.is_empty() {
        return None;
    }
    base.join(&target).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

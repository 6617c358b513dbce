//! The error page in the LMS's frame: what happened, what to do next, a reference.

use std::sync::LazyLock;

use axum::response::{Html, IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use http::header::CONTENT_SECURITY_POLICY;

use crate::reference::Reference;
use crate::words::Words;

pub(crate) const STYLE: &str = include_str!("page/style.css");

/// The hash by which a policy lets the style through.
pub(crate) static STYLE_HASH: LazyLock<String> = LazyLock::new(|| hash(STYLE));

/// No script, no form, no picture, one style by its hash. Any site may frame this page: it does nothing that a
/// click could be stolen for, and a page that the LMS's frame refuses to show would help nobody.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; frame-ancestors *",
        *STYLE_HASH
    );
    HeaderValue::try_from(policy).expect("a policy of ASCII is a header value")
});

/// The page for these words.
pub fn error(words: &Words, code: &str, reference: &Reference) -> Response {
    let body = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{advice}</p>\n\
         <p class=\"reference\">If it happens again, give this to whoever looks after this tool:<br>\n\
         Reference <strong>{reference}</strong> &middot; {code}</p>\n</main>\n</body>\n</html>\n",
        title = escape(words.title),
        advice = escape(words.advice),
        code = escape(code),
    );
    let mut response = (words.status, Html(body)).into_response();
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY.clone());
    response
}

/// The base64 of a SHA-256, as policies have it.
pub(crate) fn hash(text: &str) -> String {
    STANDARD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()))
}

/// Escapes text for HTML, in elements and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escape("<a href=\"x\" id='y'>&"), "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;");
    }
}

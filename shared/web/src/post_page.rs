//! The page that posts a deep-linking response to the Platform, in the frame that the Platform opened.

use std::sync::LazyLock;

use axum::response::{Html, IntoResponse as _, Response};
use http::HeaderValue;
use http::header::CONTENT_SECURITY_POLICY;
use url::Url;

use crate::page::{STYLE, STYLE_HASH, escape, hash};

/// Posts the one form of the page. There is a button for those without scripts, and should this fail.
const SCRIPT: &str = "document.forms[0].submit()";

static SCRIPT_HASH: LazyLock<String> = LazyLock::new(|| hash(SCRIPT));

/// What is posted, and where to.
pub struct Post<'a> {
    /// The Platform's return URL, byte for byte.
    pub action: &'a str,
    /// The signed response.
    pub jwt: &'a str,
    /// Origins that the Platform may lead the browser on to.
    pub platform_origins: &'a [String],
}

/// The page. The policy stands in it too: an App that hands the page on need not hand on the header.
pub fn post(post: &Post<'_>) -> Response {
    let policy = policy(post);
    let body = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Back to your course</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Back to your course</h1>\n<form method=\"post\" action=\"{action}\">\n\
         <input type=\"hidden\" name=\"JWT\" value=\"{jwt}\">\n\
         <p>Your choice is handed to your learning platform.</p>\n\
         <button type=\"submit\">Continue</button>\n</form>\n</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        policy = escape(&policy),
        action = escape(post.action),
        jwt = escape(post.jwt),
    );
    let mut response = Html(body).into_response();
    let policy = format!("{policy}; frame-ancestors *");
    let policy = HeaderValue::try_from(policy).expect("a policy of ASCII is a header value");
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}

/// One script and one style by their hashes; forms go to the Platform alone.
fn policy(post: &Post<'_>) -> String {
    let action = Url::parse(post.action).map(|url| url.origin().ascii_serialization()).ok();
    let mut origins: Vec<&str> = action.iter().chain(post.platform_origins).map(String::as_str).collect();
    origins.sort_unstable();
    origins.dedup();
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action {}",
        *SCRIPT_HASH,
        *STYLE_HASH,
        origins.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn everything_from_outside_is_escaped_and_forms_go_to_the_platform_alone() {
        let action = "https://lms.example/return?data=a&b=\"><script>alert(1)</script>'";
        let origins = ["https://sso.example".to_owned(), "https://lms.example".to_owned()];
        let response = post(&Post { action, jwt: "a.b.\"c", platform_origins: &origins });
        let policy = response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert!(policy.contains("form-action https://lms.example https://sso.example; frame-ancestors *"), "{policy}");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body = std::str::from_utf8(&body).unwrap();
        let escaped = "https://lms.example/return?data=a&amp;b=&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;";
        assert!(body.contains(&format!("<form method=\"post\" action=\"{escaped}\">")), "{body}");
        assert!(body.contains("name=\"JWT\" value=\"a.b.&quot;c\""), "{body}");
        assert_eq!(body.matches("<script>").count(), 1);
        assert_eq!(body.matches("<input").count(), 1, "exactly one field");
    }
}

//! The page that posts a deep-linking response to the Platform, in the frame that the Platform opened.

use std::sync::LazyLock;

use axum::response::{Html, IntoResponse as _, Response};
use http::header::CONTENT_SECURITY_POLICY;
use maud::{PreEscaped, html};

use super::{Page, policy};
use crate::language::Language;
use crate::phrases;

/// Posts the one form of the page. There is a button for those without scripts, and should this fail.
const SCRIPT: &str = "document.forms[0].submit()";

/// A hash, where other pages have a nonce: an App hands this page on, and may do so more than once.
static SCRIPT_HASH: LazyLock<String> = LazyLock::new(|| policy::script_hash(SCRIPT));

/// What is posted, and where to.
pub struct Post<'a> {
    /// The Platform's return URL, byte for byte.
    pub action: &'a str,
    /// The signed response.
    pub jwt: &'a str,
    /// Origins that the Platform may lead the browser on to, and whose pages may be around this one.
    pub platform_origins: &'a [String],
    /// The App's own origins: the page is shown by one of them.
    pub app_origins: &'a [String],
    /// The language of the page.
    pub language: Language,
}

/// The page. The policy stands in it too: an App that hands the page on need not hand on the header.
pub fn post(post: &Post<'_>) -> Response {
    let phrases = phrases::of(post.language);
    let policy = policy(post);
    let head = html! {
        meta http-equiv="Content-Security-Policy" content=(policy);
        meta name="referrer" content="no-referrer";
    };
    let body = html! {
        main {
            h1 { (phrases.returning) }
            form method="post" action=(post.action) {
                input type="hidden" name="JWT" value=(post.jwt);
                p { (phrases.returning_advice) }
                button type="submit" { (phrases.returning_button) }
            }
        }
        script { (PreEscaped(SCRIPT)) }
    };
    let page = Page { language: post.language, title: phrases.returning, body };
    let mut response = Html(page.markup(head).into_string()).into_response();
    let around = post.platform_origins.iter().chain(post.app_origins).map(String::as_str);
    let policy = format!("{policy}; frame-ancestors {}", policy::sources(around));
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy::header(&policy));
    response
}

/// One script and one style by their hashes; forms go to the Platform alone.
fn policy(post: &Post<'_>) -> String {
    let allowed = std::iter::once(post.action).chain(post.platform_origins.iter().map(String::as_str));
    format!("{}; form-action {}", policy::base(&SCRIPT_HASH), policy::sources(allowed))
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn everything_from_outside_is_escaped_and_forms_go_to_the_platform_alone() {
        let action = "https://lms.example/return?data=a&b=\"><script>alert(1)</script>'";
        let origins = ["https://sso.example".to_owned(), "https://lms.example".to_owned()];
        let app_origins = ["https://app.example".to_owned(), "https://lms.example".to_owned()];
        let language = Language::default();
        let response =
            post(&Post { action, jwt: "a.b.\"c", platform_origins: &origins, app_origins: &app_origins, language });
        let policy = response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        let expected = "form-action https://lms.example https://sso.example; \
                        frame-ancestors https://app.example https://lms.example https://sso.example";
        assert!(policy.ends_with(expected), "{policy}");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body = std::str::from_utf8(&body).unwrap();
        let escaped = "https://lms.example/return?data=a&amp;b=&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;'";
        assert!(body.contains(&format!("<form method=\"post\" action=\"{escaped}\">")), "{body}");
        assert!(body.contains("name=\"JWT\" value=\"a.b.&quot;c\""), "{body}");
        assert_eq!(body.matches("<script>").count(), 1);
        assert_eq!(body.matches("<input").count(), 1, "exactly one field");
    }
}

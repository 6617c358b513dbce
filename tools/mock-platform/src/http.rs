//! HTTP in and out: parameters, the session cookie, pages with their security headers.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, LOCATION, REFERRER_POLICY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use maud::Markup;

/// The name of the Platform's own session cookie.
pub(crate) const SESSION_COOKIE: &str = "maple_session";

/// The parameters of a query or form, in their order.
pub(crate) struct Parameters(Vec<(String, String)>);

/// A parameter that came more than once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Repeated;

impl Parameters {
    /// Reads `application/x-www-form-urlencoded` bytes.
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The one value of a parameter; absent and empty are the same.
    pub(crate) fn once(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Repeated),
            (first, None) => Ok(first.map(String::as_str).filter(|value| !value.is_empty())),
        }
    }

    /// All parameters, none of which may come twice.
    pub(crate) fn distinct(self) -> Result<Vec<(String, String)>, Repeated> {
        let mut names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        let is_repeated = names.windows(2).any(|pair| pair[0] == pair[1]);
        if is_repeated { Err(Repeated) } else { Ok(self.0) }
    }

    /// All parameters as a query.
    pub(crate) fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// The value of a parameter of the Platform's own pages, where repetition does not matter.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The session cookie's value.
pub(crate) fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == SESSION_COOKIE)
        .map(|(_, value)| value)
}

/// What a page may do besides showing text in the Platform's own style.
pub(crate) enum Permission<'a> {
    /// Nothing; its forms come back to the Platform.
    None,
    /// Frame Tools, wherever they and their Apps are.
    Frames,
    /// Frame Tools and answer their messages by the Platform's own script.
    Messages,
    /// Answer messages within a page of this origin, which is not the page's own.
    Within(&'a str),
    /// Run the script with this nonce, which posts a form to the Tool. Where the Tool redirects is not known, and
    /// browsers hold redirects against `form-action` too, so that forms and frames may lead anywhere.
    Script(&'a str),
}

/// A page with its status and headers.
pub(crate) fn page(status: StatusCode, permission: &Permission<'_>, markup: Markup) -> Response {
    let mut response = (status, Html(markup.into_string())).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, content_security_policy(permission));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    response
}

fn content_security_policy(permission: &Permission<'_>) -> HeaderValue {
    let more = match permission {
        Permission::None => "frame-ancestors 'self'; form-action 'self'".to_owned(),
        Permission::Frames => "frame-ancestors 'self'; form-action 'self'; frame-src http: https:".to_owned(),
        Permission::Messages => {
            "frame-ancestors 'self'; form-action 'self'; frame-src http: https:; script-src 'self'".to_owned()
        }
        Permission::Within(origin) => {
            format!("frame-ancestors 'self' {origin}; form-action 'none'; script-src 'self'")
        }
        Permission::Script(nonce) => {
            format!("frame-ancestors 'self'; script-src 'nonce-{nonce}'; frame-src http: https:")
        }
    };
    let policy = format!("default-src 'none'; style-src 'self'; base-uri 'none'; {more}");
    HeaderValue::from_str(&policy).expect("a policy of ASCII words, an ASCII origin and a base64url nonce")
}

/// A redirect after which the browser uses GET.
pub(crate) fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => {
            (StatusCode::SEE_OTHER, [(LOCATION, location), (CACHE_CONTROL, HeaderValue::from_static("no-store"))])
                .into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

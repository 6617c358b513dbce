//! `POST /v1/launches/{id}/deep-link`: the chosen content goes back to the course.

use axum::body::Bytes;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde_json::{Value, json};

use super::{ApiError, AppApi, send};

/// A link to a lesson, for a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContentItem {
    /// `ltiResourceLink`.
    #[serde(rename = "type")]
    pub item_type: &'static str,
    /// Where the link leads; absolute.
    pub url: String,
    /// The link's text.
    pub title: &'static str,
    /// What it leads to.
    pub text: &'static str,
    /// Parameters that come back with each launch of the link: texts.
    pub custom: Value,
    /// The gradebook column that the link should have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_item: Option<NewLineItem>,
}

/// A gradebook column that the Platform shall make together with the link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewLineItem {
    /// The most points that can be had.
    pub score_maximum: usize,
    /// The column's heading.
    pub label: &'static str,
    /// The App's own name of what is graded.
    pub resource_id: &'static str,
    /// Tells several columns of one resource apart.
    pub tag: &'static str,
}

/// A page that brings the browser back to the course by itself. It is handed on as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// The page.
    pub body: Bytes,
    /// Its `Content-Type`.
    pub content_type: HeaderValue,
    /// Its `Content-Security-Policy`, which allows the page's own form to leave for the Platform.
    pub policy: Option<HeaderValue>,
}

impl AppApi {
    /// Returns chosen content, or nothing: an empty list means that the person cancelled. Works once for a launch.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with `deep_link_answered`, `deep_link_invalid`, `deep_linking_not_granted` and their like;
    /// [`ApiError::NoPage`] when a success is no HTML page; [`ApiError::NoAnswer`], [`ApiError::NoBaseUrl`].
    pub async fn return_content(&self, launch_id: &str, items: &[ContentItem]) -> Result<HandOver, ApiError> {
        let call = self.call(Method::POST, &["launches", launch_id, "deep-link"])?;
        let response = send(call.header(ACCEPT, "text/html").json(&json!({"contentItems": items}))).await?;
        let header = |name| response.headers().get(name).cloned();
        let content_type = header(CONTENT_TYPE).filter(is_html).ok_or(ApiError::NoPage)?;
        let policy = header(CONTENT_SECURITY_POLICY);
        let body = response.bytes().await.map_err(ApiError::no_answer)?;
        Ok(HandOver { body, content_type, policy })
    }
}

fn is_html(content_type: &HeaderValue) -> bool {
    let media_type = content_type.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("text/html")
}

#[cfg(test)]
mod tests {
    use super::is_html;
    use reqwest::header::HeaderValue;

    #[test]
    fn a_page_is_html_whatever_its_charset() {
        for html in ["text/html", "text/html; charset=utf-8", "Text/HTML;charset=utf-8"] {
            assert!(is_html(&HeaderValue::from_static(html)), "{html}");
        }
        for other in ["", "application/json", "text/html5", "text/plain; text/html"] {
            assert!(!is_html(&HeaderValue::from_static(other)), "{other}");
        }
    }
}

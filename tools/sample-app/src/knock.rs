//! What a request shows at the door of a visit.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::Method;

use crate::form::Form;
use crate::http::visit_secrets;

/// All that can open a visit, as it came with a request.
pub(crate) struct Knock {
    /// Secrets from the browser's cookies.
    pub(crate) cookies: Vec<String>,
    /// The key from the redirect of the arrival; empty without one.
    pub(crate) key: String,
    /// Whether a form was posted.
    pub(crate) is_post: bool,
    /// The posted form; empty without one.
    pub(crate) form: Form,
}

impl<S: Send + Sync> FromRequest<S> for Knock {
    type Rejection = BytesRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let is_post = request.method() == Method::POST;
        let cookies = visit_secrets(request.headers()).map(ToOwned::to_owned).collect();
        let key = Form::parse(request.uri().query().unwrap_or_default().as_bytes()).text("key").to_owned();
        let body = Bytes::from_request(request, state).await?;
        Ok(Self { cookies, key, is_post, form: Form::parse(&body) })
    }
}

//! A request at a service endpoint, read whole.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::header::{ACCEPT, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, Method};

/// What came.
pub(crate) struct Received {
    pub(crate) method: Method,
    /// The path below the issuer.
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Received {
    type Rejection = BytesRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, BytesRejection> {
        let (method, uri, headers) = (request.method().clone(), request.uri().clone(), request.headers().clone());
        let body = Bytes::from_request(request, state).await?;
        let (path, query) = (uri.path().to_owned(), uri.query().map(ToOwned::to_owned));
        Ok(Self { method, path, query, headers, body })
    }
}

impl Received {
    /// A header that must come once. `None` when it is absent, repeated or no text.
    pub(crate) fn header(&self, name: &HeaderName) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok(),
            _ => None,
        }
    }

    pub(crate) fn content_type(&self) -> Option<&str> {
        self.header(&CONTENT_TYPE)
    }

    pub(crate) fn accept(&self) -> Option<&str> {
        self.header(&ACCEPT)
    }
}

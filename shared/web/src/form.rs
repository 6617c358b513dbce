//! Forms, bounded in size.

use axum::body::Body;
use axum::extract::Request;
use doorway_lti::parameters::Parameters;
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::failure::Failure;

/// The largest body that is read, in bytes. Real launches are 2 to 40 KiB.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// Reads the parameters of a request: of its query, and of its form body if it has one.
///
/// # Errors
/// [`Failure::BodyTooLarge`], [`Failure::BodyUnreadable`], [`Failure::FormExpected`], or a repeated parameter.
pub async fn parameters(request: Request) -> Result<Parameters, Failure> {
    let query = request.uri().query().unwrap_or_default().to_owned();
    Ok(Parameters::read(query.as_bytes(), &form(request).await?)?)
}

/// Reads the parameters of the form body alone: what must never stand in a URL is not found there.
///
/// # Errors
/// As for [`parameters`].
pub async fn body(request: Request) -> Result<Parameters, Failure> {
    Ok(Parameters::read(b"", &form(request).await?)?)
}

/// Parameters of the query alone.
///
/// # Errors
/// A repeated parameter.
pub fn query(request: &Request) -> Result<Parameters, Failure> {
    Ok(Parameters::read(request.uri().query().unwrap_or_default().as_bytes(), b"")?)
}

/// The bytes of a form, or of no body.
async fn form(request: Request) -> Result<Vec<u8>, Failure> {
    let (parts, body) = request.into_parts();
    let body = read(body, MAX_BODY_BYTES).await?;
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if body.is_empty() || content_type.is_none_or(is_form) { Ok(body) } else { Err(Failure::FormExpected) }
}

/// Reads a body of at most `limit` bytes.
pub(crate) async fn read(body: Body, limit: usize) -> Result<Vec<u8>, Failure> {
    match Limited::new(body, limit).collect().await {
        Ok(body) => Ok(body.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(Failure::BodyTooLarge(limit)),
        Err(_) => Err(Failure::BodyUnreadable),
    }
}

fn is_form(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

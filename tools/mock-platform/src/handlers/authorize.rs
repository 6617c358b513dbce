//! The authorization endpoint, by GET and by POST.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{Shared, notice, post_to_tool, signed_in};
use crate::http::Parameters;
use crate::platform::Platform;
use crate::{answer, auth};

/// The request as a query.
pub(crate) async fn by_get(State(platform): Shared, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    authorize(&platform, &headers, query.unwrap_or_default().as_bytes())
}

/// The request as a form.
pub(crate) async fn by_post(State(platform): Shared, headers: HeaderMap, body: Bytes) -> Response {
    authorize(&platform, &headers, &body)
}

fn authorize(platform: &Platform, headers: &HeaderMap, encoded: &[u8]) -> Response {
    let user = signed_in(platform, headers);
    let parameters = Parameters::parse(encoded);
    let answer = match auth::validate(platform, &parameters, user.clone()) {
        Ok(accepted) => Ok(answer::launch(platform, &accepted)),
        Err(error) => answer::refusal(error),
    };
    match answer {
        Ok(answer) => {
            let action = parameters.first("redirect_uri").unwrap_or_default();
            post_to_tool(platform, action, &answer.fields, answer.twice)
        }
        Err(text) => {
            let words = ("The tool asked in a way we cannot answer", text);
            notice(platform, StatusCode::BAD_REQUEST, user.as_ref(), words)
        }
    }
}

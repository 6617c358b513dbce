//! The browser brings what a teacher chose in the Tool.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{Shared, notice, signed_in};
use crate::claims::COURSE_ID;
use crate::deep_linking::{REQUEST_PARAMETER, accept, add};
use crate::http::{Parameters, Permission, page};
use crate::pages;

/// The one field of the form, in capital letters.
const FIELD: &str = "JWT";

/// `POST` to the return URL. The session cookie need not come along, since the post is from another site: the request is
/// known by its `data`.
pub(crate) async fn choose(
    State(platform): Shared,
    Path(course): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let user = signed_in(&platform, &headers);
    let refuse =
        |status, text: &str| notice(&platform, status, user.as_ref(), ("Nothing was added to the course", text));
    if course != COURSE_ID {
        return refuse(StatusCode::NOT_FOUND, "There is no such course.");
    }
    if !is_form(&headers) {
        return refuse(StatusCode::BAD_REQUEST, "The tool did not post a form.");
    }
    let form = Parameters::parse(&body);
    let Ok(Some(token)) = form.once(FIELD) else {
        return refuse(StatusCode::BAD_REQUEST, "The tool's form must have the field JWT once.");
    };
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    match accept(&platform, token, query.first(REQUEST_PARAMETER)).await {
        Ok(choice) => {
            let added: Vec<_> = choice.items.iter().map(|item| add(&platform, item, choice.with_columns)).collect();
            page(StatusCode::OK, &Permission::None, pages::chosen(&platform, user.as_ref(), &choice, &added))
        }
        Err(error) => refuse(StatusCode::BAD_REQUEST, &format!("The tool's answer is refused: {error}.")),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media_type.split(';').next().map(str::trim) == Some("application/x-www-form-urlencoded")
}

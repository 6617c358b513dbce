//! The result service. Spec: AGS 2.0.

use axum::http::StatusCode;
use axum::response::{AppendHeaders, Html, IntoResponse, Response};
use serde_json::{Value, json};

use super::access::{self, RESULT};
use super::query::{ListQuery, link_header};
use super::{Received, ServiceError, line_items, media};
use crate::gradebook::{Grade, number};
use crate::platform::Platform;
use crate::profile::Profile;

/// Results on a page when no limit is given.
const USUAL_PAGE: usize = 50;

/// What Moodle answers when `results` has a `limit`.
const MOODLE_NOT_FOUND: &str =
    "<!DOCTYPE html><html><head><title>Error</title></head><body>404 Not Found</body></html>";

/// `GET` of a line item's results.
pub(crate) fn list(platform: &Platform, received: &Received, id: &str) -> Result<Response, ServiceError> {
    let profile = platform.profile();
    access::require(platform, received, &[RESULT])?;
    line_items::find(platform, received, id)?;
    media::require_accept(profile, received, media::RESULT_CONTAINER)?;
    let query = ListQuery::parse(profile, received)?;
    if profile == Profile::Moodle && query.get("limit").is_some() {
        return Ok((StatusCode::NOT_FOUND, Html(MOODLE_NOT_FOUND)).into_response());
    }
    let usual = if profile == Profile::Moodle { usize::MAX } else { USUAL_PAGE };
    let window = query.window(usual, usize::MAX)?;
    let user = query.get("user_id");
    let grades = platform.gradebook().grades(id).into_iter();
    let grades: Vec<_> = grades.filter(|(user_id, _)| user.is_none_or(|wanted| wanted == user_id)).collect();
    let next = query.next(&platform.results_url(id), window, grades.len(), &[]);
    let page = grades.iter().skip(window.from).take(window.limit);
    let page = page.map(|(user_id, grade)| result(platform, id, user_id, grade, user.is_some())).collect();
    let link = next.and_then(|next| link_header(&[("next", next)]));
    let body = line_items::typed(StatusCode::OK, media::RESULT_CONTAINER, Value::Array(page));
    Ok((AppendHeaders(link), body).into_response())
}

/// Blackboard leaves the comment out when it is asked for one user.
fn result(platform: &Platform, id: &str, user_id: &str, grade: &Grade, filtered: bool) -> Value {
    let mut result = json!({
        "id": platform.result_url(id, user_id),
        "scoreOf": platform.line_item_url(id),
        "userId": user_id,
        "resultMaximum": number(grade.result_maximum),
    });
    if let Some(points) = grade.result_score {
        result["resultScore"] = number(points);
    }
    if let Some(comment) = grade.comments.last().filter(|_| !(filtered && platform.profile() == Profile::Blackboard)) {
        result["comment"] = json!(comment);
    }
    if let Some(scorer) = &grade.scoring_user_id {
        result["scoringUserId"] = json!(scorer);
    }
    result
}

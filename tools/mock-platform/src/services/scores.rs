//! The score service. Spec: AGS 2.0.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::access::{self, SCORE};
use super::{Received, ServiceError, line_items, media};
use crate::gradebook::{Score, Stale};
use crate::platform::Platform;
use crate::profile::Profile;
use crate::roster::Standing;

/// `POST` of a score to a line item.
pub(crate) fn receive(platform: &Platform, received: &Received, id: &str) -> Result<Response, ServiceError> {
    access::require(platform, received, &[SCORE])?;
    line_items::find(platform, received, id)?;
    media::require_content(received, media::SCORE)?;
    let score = Score::parse(&received.body)?;
    match platform.roster().standing(&score.user_id) {
        Standing::Graded => {}
        Standing::NotGraded => return Err(ServiceError::UserNotGraded),
        Standing::Unknown => return Err(ServiceError::UserUnknown),
    }
    match platform.gradebook().apply(id, &score, platform.profile()) {
        None => Err(ServiceError::NotFound),
        Some(Err(Stale)) => Err(ServiceError::Stale),
        Some(Ok(())) => Ok(applied(platform, id, &score.user_id)),
    }
}

/// Every Platform says yes in its own way.
fn applied(platform: &Platform, id: &str, user_id: &str) -> Response {
    match platform.profile() {
        Profile::Canvas => Json(json!({"resultUrl": platform.result_url(id, user_id)})).into_response(),
        Profile::Plain | Profile::Schoology | Profile::OpenEdx => StatusCode::NO_CONTENT.into_response(),
        Profile::Moodle | Profile::Blackboard | Profile::Brightspace | Profile::Sakai => StatusCode::OK.into_response(),
    }
}

//! Publishing a score, and asking what became of it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use doorway_core::error::{Error, Subject};
use doorway_core::launch_id::LaunchId;
use doorway_core::score_view::{ScoreView, StoredScoreView};
use doorway_core::scores::{State as Standing, SubmissionId};
use doorway_core::use_case::submit_score::{ScoreRequest, Submitted};
use doorway_lti::fault::Fault;
use doorway_web::app_api::{Authorized, Id, JsonObject, notes};
use doorway_web::observe::{Failed, Notes, noted};
use http::header::{HeaderMap, LOCATION};
use http::{HeaderValue, StatusCode};

use crate::ScoresApi;

/// 200 when nothing is left to do; 202 with a `Location` when it will be delivered.
pub(crate) async fn submit(
    _: Authorized,
    State(api): State<Arc<ScoresApi>>,
    Id(id): Id<LaunchId>,
    headers: HeaderMap,
    JsonObject(body): JsonObject,
) -> Result<Response, Failed> {
    let prefer = headers.get("prefer").and_then(|value| value.to_str().ok());
    let request = ScoreRequest {
        body,
        idempotency_key: idempotency_key(&headers)?,
        respond_async: prefer.is_some_and(prefers_async),
    };
    let mut came_by = None;
    let submitted = api.submit.submit(&id, request, &mut came_by).await;
    let notes = notes(&id, came_by.as_ref());
    match submitted {
        Ok(submitted) => {
            let notes = Notes { score_state: Some(submitted.state.word()), ..notes };
            Ok(noted(answer(&submitted), notes))
        }
        Err(error) => Err(Failed::new(error, notes)),
    }
}

fn answer(submitted: &Submitted) -> Response {
    let body = Json(ScoreView::new(submitted));
    if submitted.state != Standing::Queued {
        return body.into_response();
    }
    let location = format!("/v1/scores/{}", submitted.id);
    let location = HeaderValue::try_from(location).expect("an id of base64url is a header value");
    (StatusCode::ACCEPTED, [(LOCATION, location)], body).into_response()
}

/// A key that cannot be read must not be passed over: the repeated score would count twice.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    value.to_str().map(|key| Some(key.to_owned())).map_err(|_| {
        let faults = Fault::new("Idempotency-Key", "visible ASCII").into();
        Error::RequestInvalid { subject: Subject::Score, faults }
    })
}

/// `Prefer: respond-async` (RFC 7240), among other preferences.
fn prefers_async(prefer: &str) -> bool {
    prefer.split(',').any(|preference| {
        preference.split([';', '=']).next().is_some_and(|token| token.trim().eq_ignore_ascii_case("respond-async"))
    })
}

/// Where a score stands, and every attempt.
pub(crate) async fn read(
    _: Authorized,
    State(api): State<Arc<ScoresApi>>,
    Id(id): Id<SubmissionId>,
) -> Result<Response, Failed> {
    let stored = api.read.read(&id).await?;
    let notes = Notes {
        score_state: Some(stored.state.word()),
        launch: Some(stored.about.launch.clone()),
        tenant: stored.about.tenant.clone(),
        ..Notes::default()
    };
    Ok(noted(Json(StoredScoreView::new(&id, stored)).into_response(), notes))
}

#[cfg(test)]
mod tests {
    use super::prefers_async;

    #[test]
    fn respond_async_is_found_among_preferences() {
        for prefer in ["respond-async", "wait=10, Respond-Async", "respond-async; foo=bar"] {
            assert!(prefers_async(prefer), "{prefer}");
        }
        for prefer in ["", "return=minimal", "no-respond-async", "wait=respond-async"] {
            assert!(!prefers_async(prefer), "{prefer}");
        }
    }
}

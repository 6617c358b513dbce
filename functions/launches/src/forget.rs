//! Forgetting a launch, or a user.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use doorway_core::Error;
use doorway_core::launch_id::LaunchId;
use doorway_core::use_case::forget::{ForgetCursor, Forgotten};
use doorway_lti::ids::{Issuer, UserId};
use doorway_lti::parameters::Parameters;
use doorway_web::app_api::{Authorized, Id};
use doorway_web::form;
use doorway_web::observe::Failed;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use crate::LaunchesApi;

pub(crate) async fn launch(
    _: Authorized,
    State(api): State<Arc<LaunchesApi>>,
    id: Result<Id<LaunchId>, Failed>,
) -> Result<StatusCode, Failed> {
    // What was never a launch is forgotten already.
    if let Ok(Id(id)) = id {
        api.forget.launch(&id).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// 204 when all is forgotten; 202 with a `cursor` when the time of one request was not enough: the same call
/// with `cursor=` goes on from there.
pub(crate) async fn user(
    _: Authorized,
    State(api): State<Arc<LaunchesApi>>,
    request: Request,
) -> Result<Response, Failed> {
    let query = form::query(&request)?;
    let issuer = id::<Issuer>(&query, "issuer", "the Platform's issuer")?;
    let user_id = id::<UserId>(&query, "sub", "the user's id on that Platform")?;
    let cursor = query.non_empty("cursor").map(LaunchId::try_from).transpose();
    let cursor = cursor.map_err(|_| Error::QueryInvalid { name: "cursor", expected: "the cursor of a 202 answer" })?;
    match api.forget.user(&issuer, &user_id, cursor).await? {
        Forgotten::All => Ok(StatusCode::NO_CONTENT.into_response()),
        Forgotten::UpTo(position) => {
            let body = Json(ForgetCursor::from(position));
            Ok((StatusCode::ACCEPTED, [(RETRY_AFTER, HeaderValue::from_static("0"))], body).into_response())
        }
    }
}

fn id<'a, T: TryFrom<&'a str>>(query: &'a Parameters, name: &'static str, expected: &'static str) -> Result<T, Error> {
    let value = query.non_empty(name).and_then(|value| T::try_from(value).ok());
    value.ok_or(Error::QueryInvalid { name, expected })
}

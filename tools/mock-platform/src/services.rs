//! The service endpoints of LTI Advantage: access tokens, line items, scores, results, memberships.
//!
//! Every request goes through [`serve`]: it is recorded, a fault that was switched on answers in its place, and
//! otherwise the endpoint does. `target` says which endpoint a path is, `error` how a refusal looks at each Platform.
//!
//! To add an endpoint: a variant in `target`, a room with its rules, an arm in [`answer`].

mod access;
mod addresses;
mod assertion;
mod error;
mod line_items;
mod media;
mod member;
mod memberships;
mod query;
mod received;
mod registration;
mod results;
mod scores;
mod target;
mod token;

pub(crate) use access::{Grant, MANAGING_SCOPES, OFFERED_SCOPES};
pub(crate) use assertion::LIFETIME_SECONDS as ASSERTION_SECONDS;
pub(crate) use error::ServiceError;
pub(crate) use received::Received;
pub(crate) use token::LIFETIME_SECONDS as ACCESS_TOKEN_SECONDS;

use std::sync::Arc;

use axum::extract::State;
use axum::http::Method;
use axum::response::Response;

use crate::faults::ServiceFault;
use crate::platform::Platform;
use target::Target;

/// Answers a request at any service endpoint.
pub(crate) async fn serve(State(platform): State<Arc<Platform>>, received: Received) -> Response {
    platform.requests.record(&received, access::bearer(&platform, &received));
    let Some(target) = Target::of(&received.path) else {
        return ServiceError::NotFound.response(platform.profile());
    };
    let fault = platform.faults().draw(target.endpoint());
    if let Some(refusal) = fault.as_ref().and_then(ServiceFault::refusal) {
        return refusal;
    }
    let answer = answer(&platform, &target, &received).await;
    let response = answer.unwrap_or_else(|error| error.response(platform.profile()));
    match fault {
        Some(fault) => platform.faults().spoil(&fault, response).await,
        None => response,
    }
}

async fn answer(platform: &Platform, target: &Target, received: &Received) -> Result<Response, ServiceError> {
    let get = received.method == Method::GET;
    match target {
        Target::Token if received.method == Method::POST => Ok(token::issue(platform, received).await),
        Target::LineItems if get => line_items::list(platform, received),
        Target::LineItems if received.method == Method::POST => line_items::create(platform, received),
        Target::LineItem(id) if get => line_items::read(platform, received, id),
        Target::LineItem(id) if received.method == Method::PUT => line_items::replace(platform, received, id),
        Target::LineItem(id) if received.method == Method::DELETE => line_items::delete(platform, received, id),
        Target::Scores(id) if received.method == Method::POST => scores::receive(platform, received, id),
        Target::Results(id) if get => results::list(platform, received, id),
        Target::Memberships if get => memberships::list(platform, received),
        Target::Registration(client_id) if get => registration::read(platform, received, client_id),
        Target::Registration(client_id) if received.method == Method::PUT => {
            registration::replace(platform, received, client_id)
        }
        _ => Err(ServiceError::MethodNotAllowed),
    }
}

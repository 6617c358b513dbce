//! JSON bodies.

use axum::extract::{FromRequest, Request};
use doorway_lti::json::{Object, parse_object};

use crate::failure::Failure;
use crate::form::read;
use crate::observe::Failed;

/// A body that is one JSON object, with no member twice. Its Content-Type is not asked for: there is nothing else that
/// it could be.
pub struct JsonObject(pub Object);

impl<S: Send + Sync> FromRequest<S> for JsonObject {
    type Rejection = Failed;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failed> {
        let body = read(request.into_body(), MAX_JSON_BYTES).await?;
        Ok(Self(parse_object(&body).map_err(Failure::JsonExpected)?))
    }
}

/// The largest JSON body that is read, in bytes: a deep-linking response may have half a MiB of items.
pub const MAX_JSON_BYTES: usize = 640 * 1024;

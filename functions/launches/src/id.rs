//! The launch id in a path.

use axum::extract::{FromRequestParts, Path};
use doorway_core::Error;
use doorway_core::launch_id::LaunchId;
use doorway_web::observe::Failed;
use http::request::Parts;

/// The launch that a path names. What is no launch id was never a launch.
pub(crate) struct Id(pub(crate) LaunchId);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|Path(text)| LaunchId::try_from(text.as_str()).ok());
        id.map(Self).ok_or_else(|| Error::LaunchUnknown.into())
    }
}

//! Ids in paths.

use axum::extract::{FromRequestParts, Path};
use doorway_core::Error;
use doorway_core::launch_id::LaunchId;
use doorway_core::line_item_id;
use doorway_core::scores::SubmissionId;
use http::request::Parts;
use url::Url;

use crate::observe::Failed;

/// An id that stands alone in a path. What is no id names nothing.
pub struct Id<T>(pub T);

/// What an id in a path can name.
pub trait Named: Sized + Send {
    /// Reads the id.
    ///
    /// # Errors
    /// What the App is told of an id that is none.
    fn read(text: &str) -> Result<Self, Error>;
}

impl Named for LaunchId {
    fn read(text: &str) -> Result<Self, Error> {
        Self::try_from(text).map_err(|_| Error::LaunchUnknown)
    }
}

impl Named for SubmissionId {
    fn read(text: &str) -> Result<Self, Error> {
        Self::try_from(text).map_err(|_| Error::ScoreUnknown)
    }
}

impl<S: Send + Sync, T: Named> FromRequestParts<S> for Id<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let text = path.map(|Path(text)| text).unwrap_or_default();
        Ok(Self(T::read(&text)?))
    }
}

/// A launch and a line item of its context, as a path names them.
pub struct LineItemPath {
    /// The launch.
    pub launch: LaunchId,
    /// The line item.
    pub line_item: Url,
}

impl<S: Send + Sync> FromRequestParts<S> for LineItemPath {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let (launch, line_item) = path.map(|Path(texts)| texts).unwrap_or_default();
        let launch = LaunchId::read(&launch)?;
        let line_item = line_item_id::read(&line_item).ok_or(Error::LineItemUnknown)?;
        Ok(Self { launch, line_item })
    }
}

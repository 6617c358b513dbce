//! Forget: erases launches, one by one or all of a user.

use std::sync::Arc;

use doorway_lti::ids::{Issuer, UserId};
use serde::Serialize;

use crate::clock::Clock;
use crate::error::Error;
use crate::launch_id::LaunchId;
use crate::store::launches::Launches;

/// How long one request looks for a user's launches, in seconds: well below API Gateway's 30.
pub const FORGET_BUDGET_SECONDS: u64 = 20;

/// What forgetting needs.
pub struct ForgetLaunches {
    /// The launches.
    pub launches: Arc<Launches>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// How far forgetting a user came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forgotten {
    /// Everywhere.
    All,
    /// Up to this launch: go on from there.
    UpTo(LaunchId),
}

/// The answer while there is more to forget.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ForgetCursor {
    /// Makes the same call go on from there.
    pub cursor: String,
}

impl From<LaunchId> for ForgetCursor {
    fn from(position: LaunchId) -> Self {
        Self { cursor: position.as_str().to_owned() }
    }
}

impl ForgetLaunches {
    /// Forgets one launch. Forgetting what is not there is success.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn launch(&self, id: &LaunchId) -> Result<(), Error> {
        Ok(self.launches.forget(id, self.clock.now()).await?)
    }

    /// Forgets all launches of a user, as far as one request's time goes. There is no index by user: launches
    /// must not pay for one.
    ///
    /// # Errors
    /// [`Error::Store`]: what was forgotten stays forgotten.
    pub async fn user(&self, issuer: &Issuer, user_id: &UserId, after: Option<LaunchId>) -> Result<Forgotten, Error> {
        let until = self.clock.now().0 + FORGET_BUDGET_SECONDS;
        let mut after = after;
        loop {
            let now = self.clock.now();
            match self.launches.forget_user_page(issuer, user_id, after.as_ref(), now).await? {
                None => return Ok(Forgotten::All),
                Some(position) if now.0 >= until => return Ok(Forgotten::UpTo(position)),
                Some(position) => after = Some(position),
            }
        }
    }
}

//! Read: what is kept of a launch.

use std::sync::Arc;

use crate::clock::Clock;
use crate::error::Error;
use crate::launch_id::LaunchId;
use crate::launch_record::LaunchRecord;
use crate::launch_view::LaunchView;
use crate::store::launches::Launches;
use crate::welcome::{CameBy, Welcome};

/// What reading needs.
pub struct ReadLaunch {
    /// The launches.
    pub launches: Arc<Launches>,
    /// Whether Registration and Deployment are still active.
    pub welcome: Arc<Welcome>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl ReadLaunch {
    /// The launch without its personal claims. `came_by` learns what it came by, also when it is refused.
    ///
    /// # Errors
    /// [`Error::LaunchUnknown`], [`Error::LaunchExpired`], [`Error::Store`], and those of [`Welcome::check`].
    pub async fn read(&self, id: &LaunchId, came_by: &mut Option<CameBy>) -> Result<LaunchView, Error> {
        let now = self.clock.now();
        let stored = self.launches.get(id).await?.ok_or(Error::LaunchUnknown)?;
        // Time to live deletes late: the date counts, not the deletion. A launch that was not redeemed in time
        // never will be.
        let too_late = stored.personal.is_some() && now >= stored.redeem_by;
        if too_late || now >= stored.expires_at {
            return Err(Error::LaunchExpired);
        }
        let record = LaunchRecord::parse(stored.kept, &id.log_text())?;
        self.welcome.check(came_by.insert(record.came_by()), now).await?;
        record.view(id, None, stored.expires_at)
    }
}

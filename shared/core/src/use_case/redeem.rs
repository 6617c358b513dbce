//! Redeem: hands a launch to the App, once, and erases what is personal in it.

use std::sync::Arc;

use crate::clock::{Clock, UnixSeconds};
use crate::error::Error;
use crate::launch_id::LaunchId;
use crate::launch_record::LaunchRecord;
use crate::launch_view::LaunchView;
use crate::store::launches::{Launches, Redeemed};
use crate::welcome::Welcome;

/// What redeeming needs.
pub struct RedeemLaunch {
    /// The launches.
    pub launches: Arc<Launches>,
    /// Whether Registration and Deployment are still active.
    pub welcome: Arc<Welcome>,
    /// How long what services need is kept, in days.
    pub retention_days: u32,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl RedeemLaunch {
    /// Redeems the launch.
    ///
    /// # Errors
    /// [`Error::LaunchUnknown`], [`Error::LaunchRedeemed`], [`Error::LaunchExpired`],
    /// [`Error::Store`], and those of
    /// [`Welcome::check`].
    pub async fn redeem(&self, id: &LaunchId) -> Result<LaunchView, Error> {
        let now = self.clock.now();
        let keep_until = UnixSeconds(now.0 + u64::from(self.retention_days) * 24 * 3600);
        let stored = match self.launches.redeem(id, keep_until, now).await? {
            Redeemed::Now(stored) => stored,
            Redeemed::Before => return Err(Error::LaunchRedeemed),
            Redeemed::Expired => return Err(Error::LaunchExpired),
            Redeemed::Unknown => return Err(Error::LaunchUnknown),
        };
        let record = LaunchRecord::parse(stored.kept, &id.log_text())?;
        // Which Registration it came by is only known now. It is known without a read while it is cached; when it
        // must be read and cannot be, the redeeming is taken back, so that the App can ask again.
        let welcome = self.welcome.check(&record.registration, record.deployment_id(), now).await;
        if let (Err(Error::Store(_)), Some(personal)) = (&welcome, &stored.personal) {
            self.launches.take_back(id, personal, now).await?;
        }
        welcome?;
        record.view(id, stored.personal, stored.expires_at)
    }
}

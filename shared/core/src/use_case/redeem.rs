//! Redeem: hands a launch to the App, once, and erases what is personal in it.

use std::sync::Arc;

use crate::clock::{Clock, UnixSeconds};
use crate::error::Error;
use crate::launch_id::LaunchId;
use crate::launch_record::LaunchRecord;
use crate::launch_view::LaunchView;
use crate::migration::OldAccounts;
use crate::random::{self, Random};
use crate::store::launches::{Launches, Redeemed, StoredLaunch};
use crate::welcome::{CameBy, Welcome};

/// What redeeming needs.
pub struct RedeemLaunch {
    /// The launches.
    pub launches: Arc<Launches>,
    /// Whether Registration and Deployment are still active.
    pub welcome: Arc<Welcome>,
    /// Whether what it says of LTI 1.1 may be believed.
    pub old_accounts: OldAccounts,
    /// How long what services need is kept, in days.
    pub retention_days: u32,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// To know one's own update again.
    pub random: Arc<dyn Random>,
}

impl RedeemLaunch {
    /// Redeems the launch. `came_by` learns what it came by, also when it is refused.
    ///
    /// # Errors
    /// [`Error::LaunchUnknown`], [`Error::LaunchRedeemed`], [`Error::LaunchExpired`], [`Error::RedeemAnswerLost`],
    /// [`Error::Store`], and those of [`Welcome::check`].
    pub async fn redeem(&self, id: &LaunchId, came_by: &mut Option<CameBy>) -> Result<LaunchView, Error> {
        let now = self.clock.now();
        let keep_until = UnixSeconds(now.0 + u64::from(self.retention_days) * 24 * 3600);
        let attempt = random::bytes(&*self.random);
        let (stored, take_back) = match self.launches.redeem(id, attempt, keep_until, now).await? {
            Redeemed::Now(stored, take_back) => (stored, take_back),
            Redeemed::AnswerLost => return Err(Error::RedeemAnswerLost),
            Redeemed::Before => return Err(Error::LaunchRedeemed),
            Redeemed::Unknown => return Err(Error::LaunchUnknown),
            Redeemed::Expired => {
                // Nobody can redeem it any more, so nothing of it need wait for its end.
                self.launches.forget(id, now).await?;
                return Err(Error::LaunchExpired);
            }
        };
        let shown = self.show(id, stored, came_by).await;
        // Which Registration it came by is only known now, without a read while it is cached. When that cannot be
        // read, or the record cannot be shown, the redeeming is taken back, so that the App can ask again.
        if let Err(Error::Store(_)) = &shown {
            self.launches.take_back(id, take_back, now).await?;
        }
        shown
    }

    async fn show(
        &self,
        id: &LaunchId,
        stored: StoredLaunch,
        came_by: &mut Option<CameBy>,
    ) -> Result<LaunchView, Error> {
        let record = LaunchRecord::parse(stored.kept, &id.log_text())?;
        let came_by = came_by.insert(record.came_by());
        self.welcome.check(came_by, self.clock.now()).await?;
        let launch = record.with_personal(id, stored.personal)?;
        let migration = match launch.migration_claim() {
            Some(claim) => Some(self.old_accounts.verify(claim, came_by, self.clock.now()).await),
            None => None,
        };
        Ok(launch.view(id, migration, stored.expires_at))
    }
}

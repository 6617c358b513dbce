//! Open: a launch and what it came by, for a later request about it.

use std::sync::Arc;

use doorway_lti::message::Launch;
use doorway_lti::platform_family::PlatformFamily;

use crate::clock::{Clock, UnixSeconds};
use crate::error::Error;
use crate::launch_id::LaunchId;
use crate::launch_record::LaunchRecord;
use crate::registration::Registration;
use crate::store::launches::Launches;
use crate::welcome::{CameBy, Welcome};

/// What opening needs.
#[derive(Clone)]
pub struct OpenLaunch {
    /// The launches.
    pub launches: Arc<Launches>,
    /// Whether Registration and Deployment are still active.
    pub welcome: Arc<Welcome>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// A launch that is kept, by a Registration that is active.
pub struct OpenedLaunch {
    /// The launch, without its personal claims.
    pub launch: Launch,
    /// The vendor's name for the customer.
    pub tenant: Option<String>,
    /// The Registration.
    pub registration: Arc<Registration>,
}

impl OpenedLaunch {
    /// How the launch's Platform must be treated.
    pub fn family(&self) -> PlatformFamily {
        let code = self.launch.platform.as_ref().and_then(|platform| platform.product_family_code.as_deref());
        PlatformFamily::of(code, &self.launch.issuer, &self.registration.token_endpoint)
    }
}

/// The record of such a launch.
pub(super) struct OpenedRecord {
    pub(super) record: LaunchRecord,
    pub(super) registration: Arc<Registration>,
    pub(super) expires_at: UnixSeconds,
}

impl OpenLaunch {
    /// The launch, if it can still be used. `came_by` learns what it came by, also when it is refused.
    ///
    /// # Errors
    /// [`Error::LaunchUnknown`], [`Error::LaunchExpired`], [`Error::Store`], and those of [`Welcome::check`].
    pub async fn open(&self, id: &LaunchId, came_by: &mut Option<CameBy>) -> Result<OpenedLaunch, Error> {
        let OpenedRecord { record, registration, .. } = self.open_record(id, came_by).await?;
        let tenant = record.tenant().map(str::to_owned);
        Ok(OpenedLaunch { launch: record.launch(id)?, tenant, registration })
    }

    pub(super) async fn open_record(&self, id: &LaunchId, came_by: &mut Option<CameBy>) -> Result<OpenedRecord, Error> {
        let now = self.clock.now();
        let stored = self.launches.get(id).await?.ok_or(Error::LaunchUnknown)?;
        // Time to live deletes late: the date counts, not the deletion. A launch that was not redeemed in time
        // never will be.
        let too_late = stored.personal.is_some() && now >= stored.redeem_by;
        if too_late || now >= stored.expires_at {
            return Err(Error::LaunchExpired);
        }
        let record = LaunchRecord::parse(stored.kept, &id.log_text())?;
        let registration = self.welcome.check(came_by.insert(record.came_by()), now).await?;
        Ok(OpenedRecord { record, registration, expires_at: stored.expires_at })
    }
}

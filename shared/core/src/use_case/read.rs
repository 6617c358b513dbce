//! Read: what is kept of a launch.

use crate::error::Error;
use crate::launch_id::LaunchId;
use crate::launch_view::LaunchView;
use crate::use_case::open::{OpenLaunch, OpenedRecord};
use crate::welcome::CameBy;

/// What reading needs.
pub struct ReadLaunch {
    /// Opens launches.
    pub open: OpenLaunch,
}

impl ReadLaunch {
    /// The launch without its personal claims. `came_by` learns what it came by, also when it is refused.
    ///
    /// # Errors
    /// As for [`OpenLaunch::open`].
    pub async fn read(&self, id: &LaunchId, came_by: &mut Option<CameBy>) -> Result<LaunchView, Error> {
        let OpenedRecord { record, expires_at, .. } = self.open.open_record(id, came_by).await?;
        // What LTI 1.1 called the user is personal, so it was erased with the rest.
        Ok(record.with_personal(id, None)?.view(id, None, expires_at))
    }
}

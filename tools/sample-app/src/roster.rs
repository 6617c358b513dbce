//! The class list: who is in the course, and what each has in the gradebook column of the link.

use std::collections::HashMap;

use crate::app_api::{ApiError, AppApi, Collected, LineItemResult, Member};
use crate::launch::Launch;

/// The class list as far as the Platform gives it.
pub(crate) struct Roster {
    pub(crate) members: Collected<Member>,
    pub(crate) results: Results,
}

/// The results in the link's column.
pub(crate) enum Results {
    /// The link has no column.
    NoColumn,
    /// The App may not read them.
    NotGranted,
    /// They could not be read this time.
    Unread,
    /// By user id.
    Read { by_user: HashMap<String, LineItemResult>, complete: bool },
}

impl Roster {
    /// Reads the class list. Without results it is still one.
    pub(crate) async fn read(api: &AppApi, launch: &Launch) -> Result<Self, ApiError> {
        let members = api.memberships(&launch.id).await?;
        let results = Results::read(api, launch).await;
        Ok(Self { members, results })
    }
}

impl Results {
    async fn read(api: &AppApi, launch: &Launch) -> Self {
        let Some(column) = launch.services.ags.as_ref().and_then(|ags| ags.column()) else { return Self::NoColumn };
        match read_column(api, &launch.id, column).await {
            Ok(results) => results,
            Err(error) => match error.code() {
                Some("line_items_not_granted" | "results_not_granted") => Self::NotGranted,
                _ => Self::Unread,
            },
        }
    }
}

/// The launch has the column's URL. The App API's name of it is in the list of columns.
async fn read_column(api: &AppApi, launch_id: &str, column: &str) -> Result<Results, ApiError> {
    let columns = api.line_items(launch_id).await?;
    let Some(found) = columns.entries.into_iter().find(|item| item.id == column) else {
        return Ok(if columns.complete { Results::NoColumn } else { Results::Unread });
    };
    let Collected { entries, complete } = api.results(launch_id, &found.line_item_id).await?;
    let by_user = entries.into_iter().map(|result| (result.user_id.clone(), result)).collect();
    Ok(Results::Read { by_user, complete })
}

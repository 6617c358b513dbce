//! Results: what the gradebook says.

use std::ops::ControlFlow;

use doorway_lti::ags::result::LineItemResult;
use doorway_lti::ags::{RESULT_CONTAINER_MEDIA_TYPE, address};
use doorway_lti::ids::UserId;
use doorway_lti::platform_family::PlatformFamily;
use doorway_lti::scope::RESULT_READ_ONLY;
use serde::Serialize;
use url::Url;

use super::{LineItems, MAX_PAGES, unknown};
use crate::error::{Error, Service};
use crate::launch_id::LaunchId;
use crate::launch_services::{PageRead, Pages};
use crate::services::Unavailable;
use crate::welcome::CameBy;

const RESULTS: &str = "results";

/// Which results are asked for.
#[derive(Debug, Clone, Default)]
pub struct ResultQuery {
    /// Only this user's.
    pub user_id: Option<UserId>,
    /// Where an earlier answer ended.
    pub cursor: Option<String>,
}

/// Results of one line item.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Results {
    results: Vec<LineItemResult>,
    /// Where to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl LineItems {
    /// The results of a line item, what was changed in the gradebook included.
    ///
    /// # Errors
    /// [`Error::NotGranted`], [`Error::LineItemUnknown`], and those of
    /// [`crate::launch_services::LaunchServices::each_page`].
    pub async fn results(
        &self,
        id: &LaunchId,
        line_item: &Url,
        query: &ResultQuery,
        came_by: &mut Option<CameBy>,
    ) -> Result<Results, Error> {
        let asking = self.services.asking(id, came_by).await?;
        let (_, scopes) = asking.granted(&[RESULT_READ_ONLY]).ok_or(Error::NotGranted(Service::Results))?;
        let line_item = self.services.line_item(&asking, line_item)?;
        let first = match &query.cursor {
            Some(cursor) => self.services.position(&asking, RESULTS, cursor).await?,
            None => {
                // No limit: Moodle answers 404 to one. No user at Blackboard: it leaves the comments out.
                let user = query.user_id.as_ref().filter(|_| asking.family != PlatformFamily::Blackboard);
                let parameters: Vec<(&str, &str)> = user.iter().map(|user| ("user_id", user.as_str())).collect();
                line_item.same_origin(address::with_query(&address::results(line_item.url()), &parameters))?
            }
        };
        let pages = Pages { scopes: &scopes, accept: RESULT_CONTAINER_MEDIA_TYPE, at_most: MAX_PAGES };
        let mut results = Vec::new();
        let take = |page: PageRead| {
            let read = LineItemResult::parse_all(&page.body)
                .map_err(|_| Error::PlatformUnavailable(Unavailable::Unreadable("it is no list of results")))?;
            results.extend(read.into_iter().filter(|r| query.user_id.as_ref().is_none_or(|user| r.user_id() == user)));
            Ok(ControlFlow::Continue(()))
        };
        let next = self.services.each_page(&asking, &pages, first, take).await.map_err(unknown)?;
        let next = match next {
            Some(next) => Some(self.services.cursor(&asking, RESULTS, &next).await?),
            None => None,
        };
        Ok(Results { results, next })
    }
}

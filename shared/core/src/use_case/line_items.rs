//! Line items and results of a launch's context.

mod create;
mod results;

use std::ops::ControlFlow;

use doorway_lti::ags::line_item::{Finder, FoundLineItem, LineItem};
use doorway_lti::ags::{LINE_ITEM_CONTAINER_MEDIA_TYPE, LINE_ITEM_MEDIA_TYPE, address};
use doorway_lti::fault::Faults;
use doorway_lti::json::Object;
use doorway_lti::scope::{LINE_ITEM, LINE_ITEM_READ_ONLY};
use reqwest::Method;
use url::Url;

use crate::error::{Error, Service, Subject};
use crate::launch_id::LaunchId;
use crate::launch_services::{Asking, LaunchServices, PageRead, Pages};
use crate::service_url::ServiceUrl;
use crate::services::Unavailable;
use crate::store::leases::Leases;
use crate::welcome::CameBy;
pub use create::Created;
pub use results::{ResultQuery, Results};

/// The most pages that one answer is made of.
const MAX_PAGES: usize = 50;
const CONTAINER: &str = "line-items";

/// What line items need.
pub struct LineItems {
    /// Calls for launches.
    pub services: LaunchServices,
    /// So that two calls do not create the same line item.
    pub leases: Leases,
}

/// Which line items are asked for.
#[derive(Debug, Clone, Default)]
pub struct LineItemQuery {
    /// What they are found by.
    pub finder: Finder,
    /// So many at a time; all when absent.
    pub limit: Option<u32>,
    /// Where an earlier answer ended.
    pub cursor: Option<String>,
}

/// Line items of a context.
pub struct LineItemPage {
    /// The line items.
    pub items: Vec<FoundLineItem>,
    /// Where to go on.
    pub next: Option<String>,
}

impl LineItems {
    /// The line items of the context, as the launch may see them.
    ///
    /// # Errors
    /// [`Error::NotGranted`], and those of [`LaunchServices::each_page`].
    pub async fn list(
        &self,
        id: &LaunchId,
        query: &LineItemQuery,
        came_by: &mut Option<CameBy>,
    ) -> Result<LineItemPage, Error> {
        let asking = self.services.asking(id, came_by).await?;
        let (container, scopes) = self.container(&asking, &READING)?;
        let first = match &query.cursor {
            Some(cursor) => self.services.position(&asking, CONTAINER, cursor).await?,
            None => {
                let limit = query.limit.map(|limit| limit.to_string());
                let mut parameters = query.finder.query();
                parameters.extend(limit.as_deref().map(|limit| ("limit", limit)));
                container.same_origin(address::with_query(container.url(), &parameters))?
            }
        };
        let at_most = if query.limit.is_some() { 1 } else { MAX_PAGES };
        let (items, next) = self.pages(&asking, &scopes, first, &query.finder, at_most).await?;
        let next = match next {
            Some(next) => Some(self.services.cursor(&asking, CONTAINER, &next).await?),
            None => None,
        };
        Ok(LineItemPage { items, next })
    }

    /// One line item.
    ///
    /// # Errors
    /// [`Error::NotGranted`], [`Error::LineItemUnknown`], and those of [`crate::services::PlatformServices::ask`].
    pub async fn read(&self, id: &LaunchId, url: &Url, came_by: &mut Option<CameBy>) -> Result<FoundLineItem, Error> {
        let asking = self.services.asking(id, came_by).await?;
        let scopes = granted(&asking, &READING)?;
        let url = self.services.line_item(&asking, url)?;
        self.get(&asking, &url, &scopes).await
    }

    /// Changes the members that are given; what the Platform has besides stays. The line item as the Platform applied it.
    ///
    /// # Errors
    /// As for [`LineItems::read`]; [`Error::RequestInvalid`].
    pub async fn change(
        &self,
        id: &LaunchId,
        url: &Url,
        body: Object,
        came_by: &mut Option<CameBy>,
    ) -> Result<FoundLineItem, Error> {
        let asking = self.services.asking(id, came_by).await?;
        let scopes = granted(&asking, &WRITING)?;
        let change = LineItem::parse_change(body).map_err(invalid)?;
        let url = self.services.line_item(&asking, url)?;
        let current = self.get(&asking, &url, &granted(&asking, &READING)?).await?;
        let body = to_bytes(&change.applied_to(current.members));
        let accept = Some(LINE_ITEM_MEDIA_TYPE);
        let answer = self
            .services
            .ask(&asking, Method::PUT, &url, &scopes, accept, Some((LINE_ITEM_MEDIA_TYPE, body.clone())))
            .await
            .map_err(unknown)?;
        // Some answer with nothing: then what was sent is what is there.
        let answered = if answer.body.is_empty() { body } else { answer.body };
        Ok(FoundLineItem::parse(&answered, url.url())
            .unwrap_or(FoundLineItem { id: url.url().clone(), members: object(&answered) }))
    }

    /// Deletes a line item, with everything in it. One that is gone is unknown.
    ///
    /// # Errors
    /// As for [`LineItems::read`].
    pub async fn delete(&self, id: &LaunchId, url: &Url, came_by: &mut Option<CameBy>) -> Result<(), Error> {
        let asking = self.services.asking(id, came_by).await?;
        let scopes = granted(&asking, &WRITING)?;
        let url = self.services.line_item(&asking, url)?;
        self.services.ask(&asking, Method::DELETE, &url, &scopes, None, None).await.map(drop).map_err(unknown)
    }

    async fn pages(
        &self,
        asking: &Asking,
        scopes: &[&str],
        first: ServiceUrl,
        finder: &Finder,
        at_most: usize,
    ) -> Result<(Vec<FoundLineItem>, Option<ServiceUrl>), Error> {
        let pages = Pages { scopes, accept: LINE_ITEM_CONTAINER_MEDIA_TYPE, at_most };
        let mut items = Vec::new();
        let take = |page: PageRead| {
            let found = FoundLineItem::parse_all(&page.body, page.url.url()).map_err(|_| unreadable())?;
            // Platforms ignore filters.
            items.extend(found.into_iter().filter(|item| finder.admits(item)));
            Ok(ControlFlow::Continue(()))
        };
        let next = self.services.each_page(asking, &pages, first, take).await?;
        Ok((items, next))
    }

    async fn get(&self, asking: &Asking, url: &ServiceUrl, scopes: &[&str]) -> Result<FoundLineItem, Error> {
        let answer = self.services.ask(asking, Method::GET, url, scopes, Some(LINE_ITEM_MEDIA_TYPE), None).await;
        FoundLineItem::parse(&answer.map_err(unknown)?.body, url.url()).map_err(|_| unreadable())
    }

    fn container<'a>(&self, asking: &Asking, wanted: &[&'a str]) -> Result<(ServiceUrl, Vec<&'a str>), Error> {
        let not_granted = Error::NotGranted(Service::LineItems);
        let Some((ags, scopes)) = asking.granted(wanted) else { return Err(not_granted) };
        let container = ags.line_items.as_deref().ok_or(not_granted)?;
        Ok((self.services.url(asking, container)?, scopes))
    }
}

/// Either scope reads. Where both are offered both are asked for: Moodle looks for the second.
const READING: [&str; 2] = [LINE_ITEM, LINE_ITEM_READ_ONLY];
const WRITING: [&str; 1] = [LINE_ITEM];

fn granted<'a>(asking: &Asking, wanted: &[&'a str]) -> Result<Vec<&'a str>, Error> {
    asking.granted(wanted).map(|(_, scopes)| scopes).ok_or(Error::NotGranted(Service::LineItems))
}

/// What the Platform does not have, the App asked for.
fn unknown(error: Error) -> Error {
    match error {
        Error::PlatformRefused(words) if matches!(words.status, 404 | 410) => Error::LineItemUnknown,
        other => other,
    }
}

fn unreadable() -> Error {
    Error::PlatformUnavailable(Unavailable::Unreadable("it is no line item"))
}

fn invalid(faults: Faults) -> Error {
    Error::RequestInvalid { subject: Subject::LineItem, faults }
}

fn to_bytes(object: &Object) -> Vec<u8> {
    serde_json::to_vec(object).expect("an object of JSON values serialises")
}

fn object(bytes: &[u8]) -> Object {
    serde_json::from_slice(bytes).unwrap_or_default()
}

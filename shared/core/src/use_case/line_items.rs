//! Line items and results of a launch's context.

mod results;

use doorway_lti::ags::line_item::{Finder, FoundLineItem, LineItem};
use doorway_lti::ags::{LINE_ITEM_CONTAINER_MEDIA_TYPE, LINE_ITEM_MEDIA_TYPE, address};
use doorway_lti::fault::{Fault, Faults};
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
pub use results::{ResultQuery, Results};

/// The most pages that one answer is made of.
const MAX_PAGES: usize = 50;
/// How long one call may take to find or create a line item, in seconds: while it does, no other can create the same.
const CREATING_SECONDS: u64 = 30;
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

/// How a line item came to be.
pub enum Created {
    /// It was created now.
    New(FoundLineItem),
    /// It was there.
    Found(FoundLineItem),
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

    /// Creates a line item; with `or_find`, only if there is none with the same resource link, resource and tag.
    ///
    /// # Errors
    /// [`Error::NotGranted`], [`Error::RequestInvalid`], [`Error::LineItemBusy`], and those of
    /// [`crate::services::PlatformServices::ask`].
    pub async fn create(
        &self,
        id: &LaunchId,
        body: Object,
        or_find: bool,
        came_by: &mut Option<CameBy>,
    ) -> Result<Created, Error> {
        let asking = self.services.asking(id, came_by).await?;
        let (container, scopes) = self.container(&asking, &WRITING)?;
        let line_item = LineItem::parse(body).map_err(invalid)?;
        if !or_find {
            return Ok(Created::New(self.post(&asking, &container, &scopes, &line_item).await?));
        }
        let finder = line_item.finder();
        if finder.is_empty() {
            let fault = Fault::new("resourceId", "given, or tag, or resourceLinkId: a line item is found by them");
            return Err(invalid(fault.into()));
        }
        let name = format!("line-item#{}", hash(container.url(), &finder));
        let random = &*self.services.random;
        let lease = self.leases.take(name, CREATING_SECONDS, random, asking.now).await?.ok_or(Error::LineItemBusy)?;
        let created = self.find_or_post(&asking, &container, &scopes, &line_item, &finder).await;
        if let Err(error) = self.leases.leave(lease).await {
            tracing::warn!(error = %error, "a lease was not left; it ends by itself");
        }
        created
    }

    /// One line item.
    ///
    /// # Errors
    /// [`Error::NotGranted`], [`Error::LineItemUnknown`], and those of [`crate::services::PlatformServices::ask`].
    pub async fn read(&self, id: &LaunchId, url: &Url, came_by: &mut Option<CameBy>) -> Result<FoundLineItem, Error> {
        let asking = self.services.asking(id, came_by).await?;
        let scopes = granted(&asking, &READING)?;
        let url = self.services.url(&asking, url.as_str())?;
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
        let url = self.services.url(&asking, url.as_str())?;
        let current = self.get(&asking, &url, &scopes).await?;
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
        let url = self.services.url(&asking, url.as_str())?;
        self.services.ask(&asking, Method::DELETE, &url, &scopes, None, None).await.map(drop).map_err(unknown)
    }

    async fn find_or_post(
        &self,
        asking: &Asking,
        container: &ServiceUrl,
        scopes: &[&str],
        line_item: &LineItem,
        finder: &Finder,
    ) -> Result<Created, Error> {
        if let Some(found) = self.find(asking, container, scopes, finder).await? {
            return Ok(Created::Found(found));
        }
        match self.post(asking, container, scopes, line_item).await {
            Ok(created) => Ok(Created::New(created)),
            // It may have been created although there was no answer: a second post would make a second one.
            Err(error @ Error::PlatformUnavailable(_)) => match self.find(asking, container, scopes, finder).await {
                Ok(Some(found)) => Ok(Created::New(found)),
                Ok(None) | Err(_) => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// The line item that is found by these; the first, should there be several.
    async fn find(
        &self,
        asking: &Asking,
        container: &ServiceUrl,
        scopes: &[&str],
        finder: &Finder,
    ) -> Result<Option<FoundLineItem>, Error> {
        let first = container.same_origin(address::with_query(container.url(), &finder.query()))?;
        let (items, _) = self.pages(asking, scopes, first, finder, MAX_PAGES).await?;
        if items.len() > 1 {
            tracing::warn!(count = items.len(), "several line items are the same: the first is used");
        }
        Ok(items.into_iter().next())
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
            Ok(())
        };
        let next = self.services.each_page(asking, &pages, first, take).await?;
        Ok((items, next))
    }

    async fn post(
        &self,
        asking: &Asking,
        container: &ServiceUrl,
        scopes: &[&str],
        line_item: &LineItem,
    ) -> Result<FoundLineItem, Error> {
        let body = Some((LINE_ITEM_MEDIA_TYPE, to_bytes(&line_item.to_json())));
        let answer =
            self.services.ask(asking, Method::POST, container, scopes, Some(LINE_ITEM_MEDIA_TYPE), body).await?;
        FoundLineItem::parse(&answer.body, container.url()).map_err(|_| unreadable())
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

fn hash(container: &Url, finder: &Finder) -> String {
    use base64::Engine as _;
    let parts = serde_json::json!([container.as_str(), finder.query()]);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&crate::binding::sha256(parts.to_string().as_bytes())[..18])
}

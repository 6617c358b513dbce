//! Creating line items, and not twice.

use doorway_lti::ags::line_item::{Finder, FoundLineItem, LineItem};
use doorway_lti::ags::{LINE_ITEM_MEDIA_TYPE, address};
use doorway_lti::fault::Fault;
use doorway_lti::json::Object;
use reqwest::Method;
use serde_json::json;

use super::{LineItems, MAX_PAGES, READING, WRITING, granted, invalid, to_bytes, unreadable};
use crate::error::Error;
use crate::fingerprint::fingerprint;
use crate::launch_id::LaunchId;
use crate::launch_services::Asking;
use crate::service_url::ServiceUrl;
use crate::welcome::CameBy;

/// How long one call may take to find or create a line item, in seconds: while it does, no other can create the same.
const CREATING_SECONDS: u64 = 30;

/// How a line item came to be.
pub enum Created {
    /// It was created now.
    New(FoundLineItem),
    /// It was there.
    Found(FoundLineItem),
}

impl LineItems {
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
        let name = format!("line-item#{}", fingerprint(&json!([container.url().as_str(), finder.query()])));
        let random = &*self.services.random;
        let lease = self.leases.take(name, CREATING_SECONDS, random, asking.now).await?.ok_or(Error::LineItemBusy)?;
        let created = self.find_or_post(&asking, &container, &scopes, &line_item, &finder).await;
        if let Err(error) = self.leases.leave(lease).await {
            tracing::warn!(error = %error, "a lease was not left; it ends by itself");
        }
        created
    }

    async fn find_or_post(
        &self,
        asking: &Asking,
        container: &ServiceUrl,
        scopes: &[&str],
        line_item: &LineItem,
        finder: &Finder,
    ) -> Result<Created, Error> {
        if let Some(found) = self.find(asking, container, finder).await? {
            return Ok(Created::Found(found));
        }
        match self.post(asking, container, scopes, line_item).await {
            Ok(created) => Ok(Created::New(created)),
            // It may have been created although there was no answer: a second post would make a second one.
            Err(error @ Error::PlatformUnavailable(_)) => match self.find(asking, container, finder).await {
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
        finder: &Finder,
    ) -> Result<Option<FoundLineItem>, Error> {
        let first = container.same_origin(address::with_query(container.url(), &finder.query()))?;
        let (items, _) = self.pages(asking, &granted(asking, &READING)?, first, finder, MAX_PAGES).await?;
        if items.len() > 1 {
            tracing::warn!(count = items.len(), "several line items are the same: the first is used");
        }
        Ok(items.into_iter().next())
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
}

//! What a launch may ask its Platform: one page, or pages up to a bound.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use doorway_lti::link_header::{self, Links};
use doorway_lti::message::AgsEndpoint;
use doorway_lti::platform_family::PlatformFamily;
use reqwest::Method;
use url::Url;

use crate::access_tokens::Holder;
use crate::clock::UnixSeconds;
use crate::cursor;
use crate::error::Error;
use crate::http::Answer;
use crate::launch_id::LaunchId;
use crate::random::Random;
use crate::registration::PlatformTransport;
use crate::secret::Secret;
use crate::service_url::ServiceUrl;
use crate::services::{PlatformServices, ServiceCall, Unavailable};
use crate::signing_keys::SigningKeySet;
use crate::use_case::open::{OpenLaunch, OpenedLaunch};
use crate::welcome::CameBy;

/// The longest page that is read, in bytes.
const PAGE_BYTES: usize = 10 * 1024 * 1024;
/// The longest answer that can be made of one page, in bytes: Lambda answers with six megabytes at most.
const ANSWER_BYTES: usize = 5 * 1024 * 1024;
/// So much of several pages is enough for one answer, in bytes.
const ENOUGH_BYTES: usize = 3 * 1024 * 1024;
/// For so long pages are read for one answer, in seconds: with the last of them it stays below the function's time.
const READING_SECONDS: u64 = 12;
/// How long one request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// What calls for a launch need.
pub struct LaunchServices {
    /// Opens launches.
    pub open: OpenLaunch,
    /// The Platforms' services.
    pub services: Arc<PlatformServices>,
    /// The keys that seal cursors.
    pub signing_keys: Arc<Secret<SigningKeySet>>,
    /// Whether Platforms may be on http.
    pub transport: PlatformTransport,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

/// A launch that asks its Platform.
pub struct Asking {
    /// The launch.
    pub id: LaunchId,
    /// What is kept of it.
    pub opened: OpenedLaunch,
    /// How its Platform must be treated.
    pub family: PlatformFamily,
    /// The time.
    pub now: UnixSeconds,
}

/// Pages of one kind.
pub struct Pages<'a> {
    /// The scopes to have.
    pub scopes: &'a [&'a str],
    /// The media type of a page.
    pub accept: &'static str,
    /// At most so many pages are read for one answer.
    pub at_most: usize,
}

/// A page that was read.
pub struct PageRead {
    /// Its URL: what relative links in it refer to.
    pub url: ServiceUrl,
    /// Its bytes.
    pub body: Vec<u8>,
    /// Where it leads.
    pub links: Links,
}

impl LaunchServices {
    /// Opens a launch in order to ask its Platform.
    ///
    /// # Errors
    /// As for [`OpenLaunch::open`].
    pub async fn asking(&self, id: &LaunchId, came_by: &mut Option<CameBy>) -> Result<Asking, Error> {
        let opened = self.open.open(id, came_by).await?;
        Ok(Asking { id: id.clone(), family: opened.family(), opened, now: self.open.clock.now() })
    }

    /// A URL from the launch's claims, if a token may go there.
    ///
    /// # Errors
    /// [`Error::ServiceOriginForeign`].
    pub fn url(&self, asking: &Asking, text: &str) -> Result<ServiceUrl, Error> {
        Ok(asking.opened.registration.service_url(text, self.transport)?)
    }

    /// The URL of a line item of the launch's own context.
    ///
    /// # Errors
    /// [`Error::ServiceOriginForeign`]; [`Error::LineItemUnknown`] for one of another context.
    pub fn line_item(&self, asking: &Asking, line_item: &Url) -> Result<ServiceUrl, Error> {
        let url = self.url(asking, line_item.as_str())?;
        let ags = asking.opened.launch.ags.as_ref();
        if ags.is_some_and(|ags| ags.covers(line_item)) { Ok(url) } else { Err(Error::LineItemUnknown) }
    }

    /// A call that must succeed.
    ///
    /// # Errors
    /// As for [`PlatformServices::ask`].
    pub async fn ask(
        &self,
        asking: &Asking,
        method: Method,
        url: &ServiceUrl,
        scopes: &[&str],
        accept: Option<&'static str>,
        body: Option<(&'static str, Vec<u8>)>,
    ) -> Result<Answer, Error> {
        let call = ServiceCall { method, url, scopes, accept, body, limit: PAGE_BYTES, timeout: REQUEST_TIMEOUT };
        self.services.ask(asking.holder(), asking.family, &call, asking.now).await
    }

    /// Reads one page.
    ///
    /// # Errors
    /// As for [`PlatformServices::ask`].
    pub async fn page(&self, asking: &Asking, pages: &Pages<'_>, url: ServiceUrl) -> Result<PageRead, Error> {
        let answer = self.ask(asking, Method::GET, &url, pages.scopes, Some(pages.accept), None).await?;
        let headers = answer.header_texts("link");
        let links = link_header::parse(headers.iter().map(String::as_str), url.url());
        Ok(PageRead { url, body: answer.body, links })
    }

    /// Reads pages from `first` on and gives each to `take`, until `take` has enough, the pages are many or large, or time
    /// runs out. The position behind the last, if there is more: the App goes on from there with a cursor.
    ///
    /// # Errors
    /// As for [`LaunchServices::page`]; [`Error::ServiceOriginForeign`] when a page leads to another origin;
    /// [`Error::PlatformUnavailable`] when it leads back to an earlier one; what `take` says.
    pub async fn each_page(
        &self,
        asking: &Asking,
        pages: &Pages<'_>,
        first: ServiceUrl,
        mut take: impl FnMut(PageRead) -> Result<ControlFlow<()>, Error>,
    ) -> Result<Option<ServiceUrl>, Error> {
        let mut seen = HashSet::new();
        let mut bytes = 0;
        let mut url = first;
        loop {
            seen.insert(url.url().clone());
            let page = self.page(asking, pages, url.clone()).await?;
            bytes += page.body.len();
            if bytes > ANSWER_BYTES {
                let is_first = seen.len() == 1;
                let expected = "given: all at once is too large for one answer";
                return if is_first { Err(Error::QueryInvalid { name: "limit", expected }) } else { Ok(Some(url)) };
            }
            let next = page.links.next.clone();
            let flow = take(page)?;
            let Some(next) = next else { return Ok(None) };
            if seen.contains(&next) {
                return Err(Error::PlatformUnavailable(Unavailable::Unreadable("its pages lead in a circle")));
            }
            url = url.same_origin(next)?;
            let late = self.open.clock.now().0 >= asking.now.0 + READING_SECONDS;
            if flow.is_break() || seen.len() >= pages.at_most || bytes > ENOUGH_BYTES || late {
                return Ok(Some(url));
            }
        }
    }

    /// A cursor for the App.
    ///
    /// # Errors
    /// [`Error::Secret`] when there is no key to seal with.
    pub async fn cursor(&self, asking: &Asking, kind: &str, next: &ServiceUrl) -> Result<String, Error> {
        let keys = self.signing_keys.get(asking.now).await?;
        Ok(cursor::seal(&keys, &asking.id, kind, next.url(), &*self.random))
    }

    /// The URL that a cursor of the App stands for. Its origin is checked as if the Platform had just named it.
    ///
    /// # Errors
    /// [`Error::QueryInvalid`] for what is no cursor of this launch; [`Error::ServiceOriginForeign`].
    pub async fn position(&self, asking: &Asking, kind: &str, text: &str) -> Result<ServiceUrl, Error> {
        let keys = self.signing_keys.get(asking.now).await?;
        let url = cursor::open(&keys, &asking.id, kind, text);
        let url = url.ok_or(Error::QueryInvalid { name: "cursor", expected: "a cursor of an earlier answer" })?;
        self.url(asking, url.as_str())
    }
}

impl Asking {
    /// Whom tokens are asked for.
    pub fn holder(&self) -> Holder<'_> {
        Holder { registration: &self.opened.registration, deployment_id: &self.opened.launch.deployment_id }
    }

    /// The grade services of the launch, with those of `wanted` that it may ask for; `None` without any.
    pub fn granted<'a>(&self, wanted: &[&'a str]) -> Option<(&AgsEndpoint, Vec<&'a str>)> {
        let ags = self.opened.launch.ags.as_ref()?;
        let granted: Vec<&str> = wanted.iter().copied().filter(|scope| ags.scope.iter().any(|s| s == scope)).collect();
        (!granted.is_empty()).then_some((ags, granted))
    }
}

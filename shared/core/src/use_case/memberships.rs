//! Memberships: who is in the launch's context.

use std::ops::ControlFlow;

use doorway_lti::nrps::{self, Member, Page, RoleFilter, Roster, RosterContext};
use doorway_lti::scope;
use serde::Serialize;
use url::Url;

use crate::error::{Error, Service};
use crate::launch_id::LaunchId;
use crate::launch_services::{Asking, LaunchServices, Pages};
use crate::service_url::ServiceUrl;
use crate::services::Unavailable;
use crate::welcome::CameBy;

/// The most pages that one answer is made of; the App goes on with a cursor.
const MAX_PAGES: usize = 100;
/// The most members of one answer. The page in which it is reached is the last.
const MAX_MEMBERS: usize = 5_000;
const ROSTER: &str = "memberships";
const DIFFERENCES: &str = "differences";

/// What reading a roster needs.
pub struct Memberships {
    /// Calls for launches.
    pub services: LaunchServices,
}

/// Which members are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RosterQuery {
    /// Only those with this role.
    pub role: Option<RoleFilter>,
    /// So many at a time; all when absent.
    pub limit: Option<u32>,
    /// Only those who can open the launch's resource link, with what it says to each.
    pub resource_link: bool,
    /// Where an earlier answer ended, or since when changes are asked for.
    pub cursor: Option<String>,
}

/// Members of the context.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "Memberships"))]
#[serde(rename_all = "camelCase")]
pub struct Members {
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<RosterContext>,
    members: Vec<Member>,
    /// Whether nothing is behind this answer: with the answers before it in one walk it is the whole roster. Only then
    /// may a member who was in none of them be taken for gone.
    complete: bool,
    /// Whether these are changes since an earlier answer, and not the roster.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    changes: bool,
    /// Whether the Platform did not filter by the resource link, although that was asked for: it refused to, or tells of
    /// nobody what a launch of the link would say.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    resource_link_ignored: bool,
    /// Where to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// With this as `cursor`, the changes since now.
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<String>,
}

/// Pages as they come in.
#[derive(Default)]
struct Read {
    context: Option<RosterContext>,
    roster: Roster,
    differences: Option<Url>,
}

impl Memberships {
    /// The members. `came_by` learns what the launch came by, also when it is refused.
    ///
    /// # Errors
    /// [`Error::NotGranted`] without the service, or without a resource link to filter by; [`Error::QueryInvalid`];
    /// those of [`LaunchServices::each_page`]. A failure on any page is one of the whole: a part must not look like
    /// the roster.
    pub async fn read(
        &self,
        id: &LaunchId,
        query: &RosterQuery,
        came_by: &mut Option<CameBy>,
    ) -> Result<Members, Error> {
        let asking = self.services.asking(id, came_by).await?;
        let service = asking.opened.launch.nrps.as_ref().ok_or(Error::NotGranted(Service::Memberships))?;
        if let Some(cursor) = &query.cursor {
            return self.go_on(&asking, query, cursor).await;
        }
        let base = self.services.url(&asking, &service.memberships_url)?;
        let link = match (query.resource_link, asking.opened.launch.resource_link()) {
            (false, _) => None,
            (true, Some(link)) => Some(link.id.as_str()),
            (true, None) => {
                return Err(Error::QueryInvalid {
                    name: "resourceLink",
                    expected: "absent: this launch has no resource link",
                });
            }
        };
        let role = query.role.as_ref().map(RoleFilter::as_str);
        let first = |link| base.same_origin(nrps::request_url(base.url(), role, query.limit, link));
        match self.pages(&asking, query, ROSTER, first(link)?).await {
            // Canvas and others refuse links that they do not filter by (nrps digest §5).
            Err(Error::PlatformRefused(words)) if link.is_some() && (400..500).contains(&words.status) => {
                let members = self.pages(&asking, query, ROSTER, first(None)?).await?;
                Ok(Members { resource_link_ignored: true, ..members })
            }
            members => members,
        }
    }

    async fn go_on(&self, asking: &Asking, query: &RosterQuery, cursor: &str) -> Result<Members, Error> {
        match self.services.position(asking, ROSTER, cursor).await {
            Ok(position) => self.pages(asking, query, ROSTER, position).await,
            Err(Error::QueryInvalid { .. }) => {
                let position = self.services.position(asking, DIFFERENCES, cursor).await?;
                self.pages(asking, query, DIFFERENCES, position).await
            }
            Err(error) => Err(error),
        }
    }

    /// Pages of a walk of this kind.
    async fn pages(
        &self,
        asking: &Asking,
        query: &RosterQuery,
        walk: &'static str,
        first: ServiceUrl,
    ) -> Result<Members, Error> {
        let mut read = Read::default();
        let at_most = if query.limit.is_some() { 1 } else { MAX_PAGES };
        let pages = Pages { scopes: &[scope::CONTEXT_MEMBERSHIP], accept: nrps::MEDIA_TYPE, at_most };
        let next = self.services.each_page(asking, &pages, first, |page| read.take(&page.body, page.links.differences));
        let next = next.await?;
        self.members(asking, query, walk, read, next).await
    }

    async fn members(
        &self,
        asking: &Asking,
        query: &RosterQuery,
        walk: &'static str,
        read: Read,
        position: Option<ServiceUrl>,
    ) -> Result<Members, Error> {
        let next = match &position {
            Some(position) => Some(self.services.cursor(asking, walk, position).await?),
            None => None,
        };
        // Changes can only be asked for since a roster that is known to its end.
        let differences = match read.differences.filter(|_| position.is_none()) {
            Some(url) => {
                let url = self.services.url(asking, url.as_str())?;
                Some(self.services.cursor(asking, DIFFERENCES, &url).await?)
            }
            None => None,
        };
        // Platforms forget the filter on later pages (Moodle), or know no filter.
        let is_wanted = |member: &Member| query.role.as_ref().is_none_or(|role| role.admits(member));
        let members = read.roster.into_members();
        // Open edX and Sakai know no such filter, and pass over it without a word.
        let is_of_link = query.resource_link && query.cursor.is_none();
        let resource_link_ignored = is_of_link && !members.is_empty() && !members.iter().any(Member::has_message);
        let members = members.into_iter().filter(is_wanted).collect();
        let complete = next.is_none();
        Ok(Members {
            context: read.context,
            members,
            complete,
            changes: walk == DIFFERENCES,
            resource_link_ignored,
            next,
            differences,
        })
    }
}

impl Read {
    fn take(&mut self, body: &[u8], differences: Option<Url>) -> Result<ControlFlow<()>, Error> {
        let page = Page::parse(body)
            .map_err(|_| Error::PlatformUnavailable(Unavailable::Unreadable("it is no membership container")))?;
        self.context = self.context.take().or_else(|| page.context.clone());
        self.differences = differences.or_else(|| self.differences.take());
        self.roster.extend(page);
        Ok(if self.roster.len() >= MAX_MEMBERS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

impl Members {
    /// How many members there are, for the log.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

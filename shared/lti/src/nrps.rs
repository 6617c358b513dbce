//! Names and Role Provisioning Services: the roster of a context.
//!
//! In the order in which a roster is read:
//!
//! 1. [`request_url`]: the first URL to ask; every later one comes from the Platform, in a
//!    [`link_header`](crate::link_header), and is asked as it is;
//! 2. [`Page::parse`]: one answer;
//! 3. [`Roster::extend`]: all pages as one list, each person once;
//! 4. [`RoleFilter::admits`]: the members that were asked for, since Platforms drop the filter on later pages
//!    (Moodle) or do not know it at all.
//!
//! Spec: [NRPS 2.0](https://www.imsglobal.org/spec/lti-nrps/v2p0).

mod member;
mod page;
mod role_filter;
mod roster;

use url::Url;

pub use member::{MAX_ROLES, Member, MemberStatus};
pub use page::{MAX_PAGE_VALUES, Page, PageError, RosterContext};
pub use role_filter::RoleFilter;
pub use roster::Roster;

/// The media type to accept. Moodle answers any other with the format of NRPS 1.0.
pub const MEDIA_TYPE: &str = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json";

/// The URL to ask. The Platform's own query is kept (Blackboard has `groups=true` there), and a parameter that it
/// has already is not added: it was put there for a reason, and a name twice is read in two ways.
///
/// `role` is what [`RoleFilter::as_str`] says, `limit` a hint of how many members a page should have,
/// `resource_link_id` asks for the members of that link, with the messages that they would launch with.
///
/// Spec: [NRPS 2.0](https://www.imsglobal.org/spec/lti-nrps/v2p0): query parameters, resource link membership.
pub fn request_url(
    memberships_url: &Url,
    role: Option<&str>,
    limit: Option<u32>,
    resource_link_id: Option<&str>,
) -> Url {
    let limit = limit.map(|limit| limit.to_string());
    let mut url = memberships_url.clone();
    for (name, value) in [("role", role), ("limit", limit.as_deref()), ("rlid", resource_link_id)] {
        let is_there = memberships_url.query_pairs().any(|(known, _)| known == name);
        if let Some(value) = value.filter(|_| !is_there) {
            url.query_pairs_mut().append_pair(name, value);
        }
    }
    url
}

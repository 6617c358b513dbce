//! The media types of the services, and how each Platform compares them.

use axum::http::Method;

use super::{Received, ServiceError};
use crate::profile::Profile;

/// A line item. Spec: AGS 2.0.
pub(crate) const LINE_ITEM: &str = "application/vnd.ims.lis.v2.lineitem+json";
/// An array of line items.
pub(crate) const LINE_ITEM_CONTAINER: &str = "application/vnd.ims.lis.v2.lineitemcontainer+json";
/// An array of results.
pub(crate) const RESULT_CONTAINER: &str = "application/vnd.ims.lis.v2.resultcontainer+json";
/// Members of a course.
pub(crate) const MEMBERSHIP_CONTAINER: &str = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json";
/// A score: version 1, unlike the others.
pub(crate) const SCORE: &str = "application/vnd.ims.lis.v1.score+json";

/// The body's media type must be this one, without parameters.
pub(crate) fn require_content(received: &Received, media_type: &str) -> Result<(), ServiceError> {
    match received.content_type() {
        Some(found) if found == media_type => Ok(()),
        _ => Err(ServiceError::MediaType),
    }
}

/// What the Tool accepts must have this type in it. Moodle wants it alone, and looks at GET requests only.
pub(crate) fn require_accept(profile: Profile, received: &Received, media_type: &str) -> Result<(), ServiceError> {
    let accept = received.accept();
    let fits = match profile {
        Profile::Moodle => received.method != Method::GET || accept == Some(media_type),
        _ => accept.is_none_or(|accept| accept.split(',').any(|range| matches(range, media_type))),
    };
    if fits { Ok(()) } else { Err(ServiceError::NotAcceptable) }
}

fn matches(range: &str, media_type: &str) -> bool {
    let range = range.split(';').next().unwrap_or_default().trim();
    [media_type, "*/*", "application/*"].iter().any(|accepted| range.eq_ignore_ascii_case(accepted))
}

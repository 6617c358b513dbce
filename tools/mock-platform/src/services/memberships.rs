//! The membership service. Spec: NRPS 2.0.

use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::access::{self, MEMBERSHIP};
use super::line_items::typed;
use super::member::{self, Detail};
use super::query::{ListQuery, link_header};
use super::{Received, ServiceError, media};
use crate::claims::{COURSE_ID, COURSE_LABEL, COURSE_TITLE};
use crate::platform::Platform;
use crate::profile::Profile;
use crate::roster::{Member, Status};
use crate::user::VOCABULARY;

/// Members on a page when no limit is given.
const USUAL_PAGE: usize = 100;
/// Canvas's page, which no limit makes larger.
const CANVAS_PAGE: usize = 50;
/// What the opaque text of a differences URL begins with.
const DIFFERENCES: &str = "roster-";

/// `GET` of the memberships.
pub(crate) fn list(platform: &Platform, received: &Received) -> Result<Response, ServiceError> {
    let profile = platform.profile();
    access::require(platform, received, &[MEMBERSHIP])?;
    require_accept(profile, received)?;
    let query = ListQuery::parse(profile, received)?;
    let detail = detail(platform, received, &query)?;
    if let Some(differences) = query.get("differences") {
        return changes(platform, differences, &detail);
    }
    let members: Vec<_> =
        platform.roster().members().into_iter().filter(|member| is_wanted(profile, member, &query)).collect();
    let window = match profile {
        Profile::Canvas => query.window(CANVAS_PAGE, CANVAS_PAGE)?,
        Profile::Moodle => query.window(usize::MAX, usize::MAX)?,
        _ => query.window(USUAL_PAGE, usize::MAX)?,
    };
    let dropped: &[&str] = if profile == Profile::Moodle { &["role"] } else { &[] };
    let page = members.iter().skip(window.from).take(window.limit);
    let page = page.map(|member| member::present(profile, member, &detail)).collect();
    let mut links = Vec::new();
    match query.next(&platform.memberships_url(), window, members.len(), dropped) {
        Some(next) => links.push(("next", next)),
        None if profile == Profile::Plain => links.push(("differences", differences_url(platform))),
        None => {}
    }
    Ok(answer(platform, page, &links))
}

/// The media type alone; products that are not known for it take a list, too.
fn require_accept(profile: Profile, received: &Received) -> Result<(), ServiceError> {
    if profile == Profile::Plain && received.accept() != Some(media::MEMBERSHIP_CONTAINER) {
        return Err(ServiceError::NotAcceptable);
    }
    media::require_accept(profile, received, media::MEMBERSHIP_CONTAINER)
}

/// What is told of each member besides: the link's message, Blackboard's groups.
fn detail(platform: &Platform, received: &Received, query: &ListQuery) -> Result<Detail, ServiceError> {
    let link = match query.get("rlid") {
        Some(id) => Some(platform.course().resource_link(id).ok_or(ServiceError::MembershipLinkUnknown)?),
        None => None,
    };
    let with_groups = form_urlencoded::parse(received.query.as_deref().unwrap_or_default().as_bytes())
        .any(|(name, value)| name == "groups" && value == "true");
    Ok(Detail { link, with_groups })
}

/// Whether a member is of the role that is asked for, and shown at all. Moodle and Canvas hide who does not take part;
/// Moodle knows two roles and does not filter by another.
fn is_wanted(profile: Profile, member: &Member, query: &ListQuery) -> bool {
    if member.status == Status::Inactive && matches!(profile, Profile::Moodle | Profile::Canvas) {
        return false;
    }
    let Some(role) = query.get("role") else { return true };
    let role = if role.contains("://") { role.to_owned() } else { format!("{VOCABULARY}membership#{role}") };
    match role.strip_prefix(VOCABULARY) {
        Some("membership#Instructor" | "membership#Learner") => {}
        _ if profile == Profile::Moodle => return true,
        _ => {}
    }
    member::roles(profile, member).contains(&role)
}

/// Spec: NRPS 2.0, on membership differences: who came, changed or left since a full answer.
fn changes(platform: &Platform, differences: &str, detail: &Detail) -> Result<Response, ServiceError> {
    let version = URL_SAFE_NO_PAD.decode(differences).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let version = version.as_deref().and_then(|text| text.strip_prefix(DIFFERENCES)?.parse().ok());
    let changes = version.and_then(|version| platform.roster().changes_since(version));
    let changes = changes.ok_or(ServiceError::Malformed("the differences are those of no answer"))?;
    let members = changes.iter().map(|change| member::changed(platform.profile(), change, detail)).collect();
    Ok(answer(platform, members, &[("differences", differences_url(platform))]))
}

fn differences_url(platform: &Platform) -> String {
    let version = URL_SAFE_NO_PAD.encode(format!("{DIFFERENCES}{}", platform.roster().version()));
    format!("{}?differences={version}", platform.memberships_url())
}

fn answer(platform: &Platform, members: Vec<Value>, links: &[(&str, String)]) -> Response {
    let body = json!({
        "id": platform.memberships_url(),
        "context": {"id": COURSE_ID, "label": COURSE_LABEL, "title": COURSE_TITLE},
        "members": members,
    });
    let response = typed(StatusCode::OK, media::MEMBERSHIP_CONTAINER, body);
    (AppendHeaders(link_header(links)), response).into_response()
}

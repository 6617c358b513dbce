//! The line item service. Spec: AGS 2.0.

use axum::Json;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde_json::Value;

use super::access::{self, LINE_ITEM, LINE_ITEM_READ_ONLY};
use super::query::{ListQuery, link_header, moodle_link_header};
use super::{Received, ServiceError, media};
use crate::gradebook::LineItem;
use crate::platform::Platform;
use crate::profile::Profile;

/// Line items on a page when no limit is given; Moodle then shows all.
const USUAL_PAGE: usize = 50;

/// `GET` of the container.
pub(crate) fn list(platform: &Platform, received: &Received) -> Result<Response, ServiceError> {
    let profile = platform.profile();
    access::require(platform, received, &[LINE_ITEM, LINE_ITEM_READ_ONLY])?;
    require_address(platform, received)?;
    media::require_accept(profile, received, media::LINE_ITEM_CONTAINER)?;
    let query = ListQuery::parse(profile, received)?;
    let usual = if profile == Profile::Moodle { usize::MAX } else { USUAL_PAGE };
    let window = query.window(usual, usize::MAX)?;
    let items: Vec<_> = platform.gradebook().line_items().into_iter().filter(|item| is_wanted(item, &query)).collect();
    let next = query.next(&platform.line_items_url(), window, items.len(), &[]);
    let page = items.iter().skip(window.from).take(window.limit);
    let page: Vec<_> = page.map(|item| item.to_json(&platform.line_item_url(&item.id))).collect();
    let link = match (profile, next) {
        (_, None) => None,
        (Profile::Moodle, Some(next)) => moodle_link_header(&next),
        (_, Some(next)) => link_header(&[("next", next)]),
    };
    Ok((AppendHeaders(link), typed(StatusCode::OK, media::LINE_ITEM_CONTAINER, Value::Array(page))).into_response())
}

/// The filters hold together.
fn is_wanted(item: &LineItem, query: &ListQuery) -> bool {
    let fits =
        |name: &str, value: &Option<String>| query.get(name).is_none_or(|wanted| value.as_deref() == Some(wanted));
    fits("resource_link_id", &item.resource_link_id) && fits("resource_id", &item.resource_id) && fits("tag", &item.tag)
}

/// `POST` to the container.
pub(crate) fn create(platform: &Platform, received: &Received) -> Result<Response, ServiceError> {
    access::require(platform, received, &[LINE_ITEM])?;
    require_address(platform, received)?;
    media::require_content(received, media::LINE_ITEM)?;
    media::require_accept(platform.profile(), received, media::LINE_ITEM)?;
    let item = LineItem::parse(&received.body)?;
    validate_link(platform, &item)?;
    let item =
        platform.gradebook().create(item).ok_or(ServiceError::Malformed("the course has no room for more columns"))?;
    Ok(typed(StatusCode::CREATED, media::LINE_ITEM, item.to_json(&platform.line_item_url(&item.id))))
}

/// At Blackboard only Deep Linking binds a column to a link.
fn validate_link(platform: &Platform, item: &LineItem) -> Result<(), ServiceError> {
    match &item.resource_link_id {
        Some(_) if platform.profile() == Profile::Blackboard => {
            Err(ServiceError::Malformed("resourceLinkId cannot be set"))
        }
        Some(id) if !platform.course().has_resource_link(id) => Err(ServiceError::LinkUnknown),
        Some(_) | None => Ok(()),
    }
}

/// `GET` of a line item.
pub(crate) fn read(platform: &Platform, received: &Received, id: &str) -> Result<Response, ServiceError> {
    access::require(platform, received, &[LINE_ITEM, LINE_ITEM_READ_ONLY])?;
    let item = find(platform, received, id)?;
    media::require_accept(platform.profile(), received, media::LINE_ITEM)?;
    Ok(typed(StatusCode::OK, media::LINE_ITEM, item.to_json(&platform.line_item_url(id))))
}

/// `PUT` of a line item: all of it is replaced, but for what cannot change.
pub(crate) fn replace(platform: &Platform, received: &Received, id: &str) -> Result<Response, ServiceError> {
    access::require(platform, received, &[LINE_ITEM])?;
    let old = find(platform, received, id)?;
    media::require_content(received, media::LINE_ITEM)?;
    let new = LineItem::parse(&received.body)?;
    validate_unchanged(platform, received, &old, &new)?;
    let item = platform.gradebook().replace(id, new).ok_or(ServiceError::NotFound)?;
    Ok(typed(StatusCode::OK, media::LINE_ITEM, item.to_json(&platform.line_item_url(id))))
}

fn validate_unchanged(
    platform: &Platform,
    received: &Received,
    old: &LineItem,
    new: &LineItem,
) -> Result<(), ServiceError> {
    let sent: Value = serde_json::from_slice(&received.body).unwrap_or_default();
    match sent.get("id") {
        Some(_) if platform.profile() == Profile::Blackboard => {
            return Err(ServiceError::Malformed("id is read-only"));
        }
        Some(id) if *id != platform.line_item_url(&old.id) => {
            return Err(ServiceError::Malformed("id is not that of this line item"));
        }
        Some(_) | None => {}
    }
    if new.resource_link_id.is_some() && new.resource_link_id != old.resource_link_id {
        return Err(ServiceError::Malformed("resourceLinkId cannot change"));
    }
    Ok(())
}

/// `DELETE` of a line item.
pub(crate) fn delete(platform: &Platform, received: &Received, id: &str) -> Result<Response, ServiceError> {
    access::require(platform, received, &[LINE_ITEM])?;
    find(platform, received, id)?;
    if platform.gradebook().delete(id) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Err(ServiceError::NotFound)
}

/// The line item at this address.
pub(crate) fn find(platform: &Platform, received: &Received, id: &str) -> Result<LineItem, ServiceError> {
    require_address(platform, received)?;
    platform.gradebook().line_item(id).ok_or(ServiceError::NotFound)
}

/// Where addresses have a query, one without it leads nowhere: a Tool must not lose it.
fn require_address(platform: &Platform, received: &Received) -> Result<(), ServiceError> {
    let Some((name, value)) = platform.profile().line_item_query() else { return Ok(()) };
    let query = received.query.as_deref().unwrap_or_default();
    if form_urlencoded::parse(query.as_bytes()).any(|(found, has)| found == name && has == value) {
        return Ok(());
    }
    Err(ServiceError::NotFound)
}

/// JSON under a media type of its own.
pub(crate) fn typed(status: StatusCode, media_type: &'static str, body: Value) -> Response {
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

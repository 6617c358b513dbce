//! Line items and results.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use doorway_core::Error;
use doorway_core::launch_id::LaunchId;
use doorway_core::line_item_view::{LineItemView, LineItemsView};
use doorway_core::use_case::line_items::{Created, LineItemQuery, ResultQuery};
use doorway_core::welcome::CameBy;
use doorway_lti::ags::line_item::Finder;
use doorway_lti::ids::UserId;
use doorway_web::app_api::{Authorized, Id, JsonObject, LineItemPath, Query, notes};
use doorway_web::observe::{Failed, noted};
use http::StatusCode;

use crate::ScoresApi;

pub(crate) async fn list(
    _: Authorized,
    State(api): State<Arc<ScoresApi>>,
    Id(id): Id<LaunchId>,
    query: Query,
) -> Result<Response, Failed> {
    let text = |name| query.text(name).map(str::to_owned);
    let finder = Finder { resource_link_id: text("resourceLinkId"), resource_id: text("resourceId"), tag: text("tag") };
    let query = LineItemQuery { finder, limit: query.number("limit")?, cursor: text("cursor") };
    let mut came_by = None;
    let page = api.line_items.list(&id, &query, &mut came_by).await;
    answer(&id, came_by, page, |page| Json(LineItemsView::new(page.items, page.next)).into_response())
}

/// 201 for a new one; with `findOrCreate=true` 200 for one that was there.
pub(crate) async fn create(
    _: Authorized,
    State(api): State<Arc<ScoresApi>>,
    Id(id): Id<LaunchId>,
    query: Query,
    JsonObject(body): JsonObject,
) -> Result<Response, Failed> {
    let or_find = query.flag("findOrCreate")?;
    let mut came_by = None;
    let created = api.line_items.create(&id, body, or_find, &mut came_by).await;
    answer(&id, came_by, created, |created| match created {
        Created::New(item) => (StatusCode::CREATED, Json(LineItemView::from(item))).into_response(),
        Created::Found(item) => Json(LineItemView::from(item)).into_response(),
    })
}

pub(crate) async fn read(
    _: Authorized,
    State(api): State<Arc<ScoresApi>>,
    path: LineItemPath,
) -> Result<Response, Failed> {
    let mut came_by = None;
    let item = api.line_items.read(&path.launch, &path.line_item, &mut came_by).await;
    answer(&path.launch, came_by, item, |item| Json(LineItemView::from(item)).into_response())
}

pub(crate) async fn change(
    _: Authorized,
    State(api): State<Arc<ScoresApi>>,
    path: LineItemPath,
    JsonObject(body): JsonObject,
) -> Result<Response, Failed> {
    let mut came_by = None;
    let item = api.line_items.change(&path.launch, &path.line_item, body, &mut came_by).await;
    answer(&path.launch, came_by, item, |item| Json(LineItemView::from(item)).into_response())
}

pub(crate) async fn delete(
    _: Authorized,
    State(api): State<Arc<ScoresApi>>,
    path: LineItemPath,
) -> Result<Response, Failed> {
    let mut came_by = None;
    let deleted = api.line_items.delete(&path.launch, &path.line_item, &mut came_by).await;
    answer(&path.launch, came_by, deleted, |()| StatusCode::NO_CONTENT.into_response())
}

pub(crate) async fn results(
    _: Authorized,
    State(api): State<Arc<ScoresApi>>,
    path: LineItemPath,
    query: Query,
) -> Result<Response, Failed> {
    let user_id = query.parsed("userId", "a user's id on the Platform", |text| UserId::try_from(text).ok())?;
    let query = ResultQuery { user_id, cursor: query.text("cursor").map(str::to_owned) };
    let mut came_by = None;
    let results = api.line_items.results(&path.launch, &path.line_item, &query, &mut came_by).await;
    answer(&path.launch, came_by, results, |results| Json(results).into_response())
}

fn answer<T>(
    id: &LaunchId,
    came_by: Option<CameBy>,
    result: Result<T, Error>,
    show: impl FnOnce(T) -> Response,
) -> Result<Response, Failed> {
    let notes = notes(id, came_by.as_ref());
    match result {
        Ok(value) => Ok(noted(show(value), notes)),
        Err(error) => Err(Failed::new(error, notes)),
    }
}

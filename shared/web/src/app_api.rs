//! What every call of the App API has: a key, a launch, a JSON body, notes for the log.

mod authorization;
mod body;
mod id;
mod query;

pub use authorization::{AppGate, Authorized};
pub use body::{JsonObject, MAX_JSON_BYTES};
pub use id::{Id, LineItemPath, Named};
pub use query::Query;

use doorway_core::launch_id::LaunchId;
use doorway_core::welcome::CameBy;
use http::HeaderMap;
use http::header::ACCEPT;

use crate::observe::Notes;

/// What is noted of a call about a launch.
pub fn notes(id: &LaunchId, came_by: Option<&CameBy>) -> Notes {
    Notes {
        issuer: came_by.map(|came_by| came_by.registration.issuer.to_string()),
        client_id: came_by.map(|came_by| came_by.registration.client_id.to_string()),
        deployment_id: came_by.map(|came_by| came_by.deployment_id.to_string()),
        tenant: came_by.and_then(|came_by| came_by.tenant.clone()),
        launch: Some(id.log_text()),
        ..Notes::default()
    }
}

/// Whether the caller would have a page rather than JSON: it names `text/html` and no JSON.
pub fn prefers_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let names =
        |media_type: &str| accept.split(',').any(|range| range.split(';').next().map(str::trim) == Some(media_type));
    names("text/html") && !names("application/json")
}

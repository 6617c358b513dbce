//! The App API for deep linking: what a teacher chose goes back to the Platform.
//!
//! | call | does |
//! |---|---|
//! | `POST /v1/launches/{id}/deep-link` | checks the content items against the Platform's settings and signs them |

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use doorway_core::app_target::AppTargets;
use doorway_core::aws::Aws;
use doorway_core::clock::SystemClock;
use doorway_core::config::{ConfigError, Environment};
use doorway_core::launch_id::LaunchId;
use doorway_core::random::{Random, SystemRandom};
use doorway_core::settings::Settings;
use doorway_core::signer::Signer;
use doorway_core::store::launches::Launches;
use doorway_core::tool_keys::ToolKeys;
use doorway_core::use_case::deep_link::{DeepLink, SignedResponse};
use doorway_core::use_case::open::OpenLaunch;
use doorway_web::app_api::{AppGate, Authorized, Id, JsonObject, notes, prefers_html};
use doorway_web::language::Language;
use doorway_web::observe::{Failed, Notes, Observer, Surface, noted};
use doorway_web::page::post::{self as post_page, Post};
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

/// What the App API for deep linking needs.
pub struct DeepLinkApi {
    deep_link: DeepLink,
    gate: AppGate,
    random: Arc<dyn Random>,
}

impl DeepLinkApi {
    /// For the App that has these keys.
    pub fn new(deep_link: DeepLink, gate: AppGate, random: Arc<dyn Random>) -> Self {
        Self { deep_link, gate, random }
    }
}

impl AsRef<AppGate> for DeepLinkApi {
    fn as_ref(&self) -> &AppGate {
        &self.gate
    }
}

/// The function's routes.
pub fn router(api: DeepLinkApi) -> Router {
    let observer = Observer::new("deep-link", Surface::Api, api.random.clone());
    let routes = Router::new().route("/v1/launches/{id}/deep-link", post(respond)).with_state(Arc::new(api));
    observer.watch(routes)
}

/// The function's routes, set up from the environment.
///
/// # Errors
/// [`ConfigError`] names every setting that is missing or not usable.
pub fn from_environment(environment: Environment) -> Result<Router, ConfigError> {
    let mut settings = Settings::new(environment, Arc::new(Aws::default()));
    let clock = Arc::new(SystemClock);
    let launches = Arc::new(Launches::new(settings.launches_table()));
    let welcome = Arc::new(settings.welcome());
    let (default, origins) = settings.app_urls();
    let signer = Signer::new(settings.signing_keys(), ToolKeys::new(welcome.registrations.table().clone()));
    let deep_link = DeepLink {
        open: OpenLaunch { launches: launches.clone(), welcome, clock: clock.clone() },
        launches,
        signer,
        app: AppTargets::new(default, &origins, &settings.public_url()),
        transport: settings.platform_transport(),
        clock: clock.clone(),
    };
    let gate = AppGate::new(settings.secret("DOORWAY_APP_KEYS", "the App API keys"), clock);
    settings.finish(router(DeepLinkApi::new(deep_link, gate, Arc::new(SystemRandom))))
}

async fn respond(
    _: Authorized,
    State(api): State<Arc<DeepLinkApi>>,
    Id(id): Id<LaunchId>,
    headers: HeaderMap,
    JsonObject(body): JsonObject,
) -> Result<Response, Failed> {
    let mut came_by = None;
    let response = api.deep_link.respond(&id, body, &mut came_by).await;
    let notes = notes(&id, came_by.as_ref());
    match response {
        Ok(response) => {
            let oddities = if response.notes.is_empty() { Vec::new() } else { vec!["the selection was changed"] };
            Ok(noted(show(&response, &headers), Notes { oddities, ..notes }))
        }
        Err(error) => Err(Failed::new(error, notes)),
    }
}

/// JSON, or the page that posts by itself for an App that hands it to the browser.
fn show(response: &SignedResponse, headers: &HeaderMap) -> Response {
    if prefers_html(headers) {
        let SignedResponse { return_url, jwt, platform_origins, app_origins, .. } = response;
        let language = Language::choose(&[], headers.get(ACCEPT_LANGUAGE));
        return post_page::post(&Post { action: return_url, jwt, platform_origins, app_origins, language });
    }
    Json(response).into_response()
}

//! Launch validation: `POST /lti/launch`, `POST /lti/launch/complete`.
//!
//! Takes a Platform's authentication response, verifies it, burns its nonce, stores the Launch, and sends the
//! browser to the App with a one-time code. A browser without the login's cookie is shown a page that asks the Platform's
//! storage, and posts what that kept.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use doorway_core::Error;
use doorway_core::app_target::AppTargets;
use doorway_core::aws::Aws;
use doorway_core::clock::SystemClock;
use doorway_core::config::{ConfigError, Environment};
use doorway_core::http::PlatformClient;
use doorway_core::platform_keys::PlatformKeys;
use doorway_core::random::SystemRandom;
use doorway_core::reference::Reference;
use doorway_core::settings::{COMPLETE_PATH, LAUNCH_PATH, Settings};
use doorway_core::store::deployments::Deployments;
use doorway_core::store::launches::Launches;
use doorway_core::use_case::launch::{AcceptLaunch, Accepted, Completion, Judged, ProvenBy};
use doorway_lti::authentication::AuthenticationResponse;
use doorway_web::cookie::{self, Cookies};
use doorway_web::language::Language;
use doorway_web::observe::{Failed, Notes, Observer, Surface, noted};
use doorway_web::page::ScriptNonce;
use doorway_web::page::opening::{self, Opening};
use doorway_web::{Failure, form};
use http::header::{ACCEPT, ACCEPT_LANGUAGE, LOCATION, SET_COOKIE};
use http::{HeaderValue, StatusCode};
use serde_json::json;

/// The function's routes.
pub fn router(launch: AcceptLaunch) -> Router {
    let observer = Observer::new("launch", Surface::Page, launch.random.clone());
    let routes = Router::new().route(LAUNCH_PATH, post(accept).get(refusal)).route(COMPLETE_PATH, post(complete));
    observer.watch(routes.with_state(Arc::new(launch)))
}

/// The function's routes, set up from the environment.
///
/// # Errors
/// [`ConfigError`] names every setting that is missing or not usable.
pub fn from_environment(environment: Environment) -> Result<Router, ConfigError> {
    let settings = Settings::new(environment, Arc::new(Aws::default()));
    let client = PlatformClient::new(settings.platform_transport());
    with_client(settings, client)
}

/// The function's routes, set up from these settings; Platforms' keys are asked for by this client.
///
/// # Errors
/// As for [`from_environment`].
pub fn with_client(mut settings: Settings, client: PlatformClient) -> Result<Router, ConfigError> {
    let public_url = settings.public_url();
    let (app_url, app_origins) = settings.app_urls();
    let registrations = settings.registrations();
    let table = registrations.table().clone();
    let launch = AcceptLaunch {
        deployments: Deployments::new(table.clone()),
        platform_keys: PlatformKeys::new(table, Arc::new(client)),
        registrations,
        state_keys: settings.secret("DOORWAY_STATE_KEY", "the state key"),
        launches: Launches::new(settings.launches_table()),
        events: settings.event_bus(),
        app: AppTargets::new(app_url, &app_origins, &public_url),
        leeway_seconds: settings.leeway_seconds(),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    };
    settings.finish(router(launch))
}

async fn accept(State(launch): State<Arc<AcceptLaunch>>, request: Request) -> Result<Response, Failed> {
    let cookies = Cookies::read(request.headers());
    let accepted_language = request.headers().get(ACCEPT_LANGUAGE).cloned();
    let reference: Option<Reference> = request.extensions().get().cloned();
    // The form alone: a token in the query of a post would stand in logs and histories as much as one of a GET.
    let response = AuthenticationResponse::parse(&form::body(request).await?)?;
    let mut judged = Judged::default();
    match launch.accept(&response, &cookies, &mut judged).await {
        Ok(Accepted::Landed(url)) => Ok(noted(landed(url.as_str(), &judged), notes(judged))),
        Ok(Accepted::Awaiting { handle, state, storage }) => {
            let opening = Opening {
                facts: &judged.page,
                language: Language::choose(&judged.page.locales, accepted_language.as_ref()),
                nonce: &ScriptNonce::new(&*launch.random),
                reference: reference.as_ref(),
            };
            let page = opening::launch(&opening, &state, handle.as_str(), &storage);
            Ok(noted(page, Notes { binding: Some("asked"), ..notes(judged) }))
        }
        Err(error) => Err(failed(error, judged)),
    }
}

/// What the page brings that asked the Platform's storage. Its script is told where to go, so that it can leave no trace
/// in the browser's history; whoever posts the form is sent there.
async fn complete(State(launch): State<Arc<AcceptLaunch>>, request: Request) -> Result<Response, Failed> {
    let by_script = request.headers().get(ACCEPT).is_some_and(|accept| accept == "application/json");
    let completion = Completion::parse(&form::body(request).await?)?;
    let mut judged = Judged::default();
    match launch.complete(&completion, &mut judged).await {
        Ok(url) if by_script => Ok(noted(Json(json!({ "location": url.as_str() })).into_response(), notes(judged))),
        Ok(url) => Ok(noted(landed(url.as_str(), &judged), notes(judged))),
        Err(error) => Err(failed(error, judged)),
    }
}

/// Some Platforms send an error by GET. A token never may come so: it would stand in histories and logs.
async fn refusal(State(launch): State<Arc<AcceptLaunch>>, request: Request) -> Failed {
    let response = form::query(&request).map(|query| AuthenticationResponse::parse(&query));
    let Ok(Ok(AuthenticationResponse::Refused { error, state })) = response else {
        return Failure::MethodNotAllowed.into();
    };
    let mut judged = Judged::default();
    let refused = launch.refused_by_platform(error, state.as_deref(), &mut judged).await;
    failed(refused, judged)
}

/// 303: the browser follows with a GET, and Back or reload do not post again. The login's cookie has served.
fn landed(location: &str, judged: &Judged) -> Response {
    let location = HeaderValue::try_from(location).expect("a URL is ASCII");
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
    if let Some(name) = &judged.cookie_name {
        response.headers_mut().append(SET_COOKIE, cookie::remove(name));
    }
    response
}

fn failed(error: Error, mut judged: Judged) -> Failed {
    let facts = std::mem::take(&mut judged.page);
    Failed::on_page(error, notes(judged), facts)
}

fn notes(judged: Judged) -> Notes {
    Notes {
        issuer: judged.registration.as_ref().map(|key| key.issuer.to_string()),
        client_id: judged.registration.map(|key| key.client_id.to_string()),
        deployment_id: judged.deployment_id,
        message_type: judged.message_type.map(|message_type| message_type.name()),
        tenant: judged.tenant,
        launch: judged.launch,
        binding: judged.binding.map(ProvenBy::word),
        understood: judged.understood,
        oddities: judged.oddities,
        ..Notes::default()
    }
}

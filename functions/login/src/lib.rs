//! Login initiation: `GET|POST /lti/login`.
//!
//! Answers a Platform's login initiation with the browser's binding cookie and the way to the Platform's authorization
//! endpoint: a redirect, or a page that first puts the binding into Platform storage. Reads a Registration, writes
//! nothing.

mod visitor;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, on};
use doorway_core::aws::Aws;
use doorway_core::clock::SystemClock;
use doorway_core::config::{ConfigError, Environment};
use doorway_core::random::SystemRandom;
use doorway_core::settings::{LAUNCH_PATH, LOGIN_PATH, Settings};
use doorway_core::store::deployments::Deployments;
use doorway_core::use_case::login::{BegunLogin, Login, LoginAttempt};
use doorway_lti::login::LoginInitiation;
use doorway_web::cookie::{self, Cookies};
use doorway_web::observe::{Failed, Notes, Observer, Surface, noted};
use doorway_web::page::AGAIN;
use doorway_web::{Failure, form};
use http::header::{LOCATION, SET_COOKIE};
use http::{HeaderValue, StatusCode};
use visitor::{Visitor, Way};

/// The function's routes.
pub fn router(login: Login) -> Router {
    let observer = Observer::new("login", Surface::Page, login.random.clone());
    let begins = on(MethodFilter::GET.or(MethodFilter::POST), begin).head(begins_nothing);
    observer.watch(Router::new().route(LOGIN_PATH, begins).with_state(Arc::new(login)))
}

/// The function's routes, set up from the environment.
///
/// # Errors
/// [`ConfigError`] names every setting that is missing or not usable.
pub fn from_environment(environment: Environment) -> Result<Router, ConfigError> {
    let mut settings = Settings::new(environment, Arc::new(Aws::default()));
    let mut redirect_uri = settings.public_url();
    redirect_uri.set_path(LAUNCH_PATH);
    let registrations = settings.registrations();
    let login = Login {
        deployments: Deployments::new(registrations.table().clone()),
        registrations,
        state_keys: settings.secret("DOORWAY_STATE_KEY", "the state key"),
        redirect_uri,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    };
    settings.finish(router(login))
}

async fn begin(State(login): State<Arc<Login>>, request: Request) -> Result<Response, Failed> {
    let visitor = Visitor::of(&request);
    let parameters = form::parameters(request).await?;
    let initiation = LoginInitiation::parse(&parameters)?;
    let attempt = match parameters.non_empty(AGAIN) {
        None => LoginAttempt::First,
        Some(_) => LoginAttempt::InNewWindow,
    };
    let notes = Notes {
        issuer: Some(initiation.issuer.to_string()),
        client_id: initiation.client_id.as_ref().map(ToString::to_string),
        deployment_id: initiation.deployment_id.as_ref().map(ToString::to_string),
        ..Notes::default()
    };
    match login.begin(&initiation, attempt).await {
        Ok(begun) => {
            let notes = Notes {
                client_id: Some(begun.registration.client_id.to_string()),
                tenant: begun.registration.tenant.clone(),
                ..notes
            };
            let response = match visitor.way(&begun) {
                Way::ThroughPage => {
                    visitor.opening(&login, &begun, (attempt == LoginAttempt::First).then_some(initiation))
                }
                Way::Straight => redirect(&begun),
            };
            Ok(noted(with_cookies(response, &begun, &visitor.cookies), notes))
        }
        Err(error) => Err(Failed::new(error, notes)),
    }
}

/// A link checker's HEAD must not begin a login.
async fn begins_nothing() -> Failed {
    Failure::MethodNotAllowed.into()
}

/// 302, as every Platform expects it.
fn redirect(begun: &BegunLogin) -> Response {
    let location = HeaderValue::try_from(begun.authentication_request.as_str()).expect("a URL is ASCII");
    (StatusCode::FOUND, [(LOCATION, location)]).into_response()
}

/// With the binding cookie. Bindings of too many older logins go.
fn with_cookies(mut response: Response, begun: &BegunLogin, cookies: &Cookies) -> Response {
    let binding = cookie::set(&begun.cookie_name, &begun.binding.text(), begun.lifetime_seconds);
    response.headers_mut().insert(SET_COOKIE, binding);
    for name in cookies.surplus_bindings() {
        response.headers_mut().append(SET_COOKIE, cookie::remove(name));
    }
    response
}

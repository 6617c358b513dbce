//! The App API for launches: redeem, read, forget.
//!
//! | call | does |
//! |---|---|
//! | `POST /v1/launches/{id}/redeem` | hands out the Launch once, erases what is personal |
//! | `GET /v1/launches/{id}` | what is kept |
//! | `DELETE /v1/launches/{id}` | forgets one launch |
//! | `DELETE /v1/users?issuer=&sub=` | forgets a user's launches |

mod forget;

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get, post};
use doorway_core::Error;
use doorway_core::app_keys::AppKeySet;
use doorway_core::aws::Aws;
use doorway_core::clock::{Clock, SystemClock};
use doorway_core::config::{ConfigError, Environment};
use doorway_core::launch_id::LaunchId;
use doorway_core::launch_view::LaunchView;
use doorway_core::migration::OldAccounts;
use doorway_core::random::{Random, SystemRandom};
use doorway_core::secret::Secret;
use doorway_core::settings::Settings;
use doorway_core::store::launches::Launches;
use doorway_core::use_case::forget::ForgetLaunches;
use doorway_core::use_case::open::OpenLaunch;
use doorway_core::use_case::read::ReadLaunch;
use doorway_core::use_case::redeem::RedeemLaunch;
use doorway_core::welcome::{CameBy, Welcome};
use doorway_web::app_api::{AppGate, Authorized, Id, notes};
use doorway_web::observe::{Failed, Notes, Observer, Surface, noted};

/// Forgetting a user takes its time: below this function's 29 seconds on Lambda.
const DEADLINE: Duration = Duration::from_secs(27);

/// What the App API for launches needs.
pub struct LaunchesApi {
    redeem: RedeemLaunch,
    read: ReadLaunch,
    forget: ForgetLaunches,
    gate: AppGate,
    random: Arc<dyn Random>,
}

impl LaunchesApi {
    /// Over the launches, what they came by, and the old accounts that they may name; launches are kept for
    /// `retention_days` once redeemed.
    pub fn new(
        launches: Arc<Launches>,
        welcome: Welcome,
        app_keys: Arc<Secret<AppKeySet>>,
        old_accounts: OldAccounts,
        retention_days: u32,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        let welcome = Arc::new(welcome);
        let redeem = RedeemLaunch {
            launches: launches.clone(),
            welcome: welcome.clone(),
            old_accounts,
            retention_days,
            clock: clock.clone(),
            random: random.clone(),
        };
        let read = ReadLaunch { open: OpenLaunch { launches: launches.clone(), welcome, clock: clock.clone() } };
        let forget = ForgetLaunches { launches, clock: clock.clone() };
        Self { redeem, read, forget, gate: AppGate::new(app_keys, clock), random }
    }
}

impl AsRef<AppGate> for LaunchesApi {
    fn as_ref(&self) -> &AppGate {
        &self.gate
    }
}

/// The function's routes.
pub fn router(api: LaunchesApi) -> Router {
    let observer = Observer::new("launches", Surface::Api, api.random.clone()).with_deadline(DEADLINE);
    let routes = Router::new()
        .route("/v1/launches/{id}/redeem", post(redeem))
        .route("/v1/launches/{id}", get(read).delete(forget::launch))
        .route("/v1/users", delete(forget::user))
        .with_state(Arc::new(api));
    observer.watch(routes)
}

/// The function's routes, set up from the environment.
///
/// # Errors
/// [`ConfigError`] names every setting that is missing or not usable.
pub fn from_environment(environment: Environment) -> Result<Router, ConfigError> {
    let mut settings = Settings::new(environment, Arc::new(Aws::default()));
    let api = LaunchesApi::new(
        Arc::new(Launches::new(settings.launches_table())),
        settings.welcome(),
        settings.secret("DOORWAY_APP_KEYS", "the App API keys"),
        OldAccounts::new(settings.lti11_secrets()),
        settings.retention_days(),
        Arc::new(SystemClock),
        Arc::new(SystemRandom),
    );
    settings.finish(router(api))
}

async fn redeem(_: Authorized, State(api): State<Arc<LaunchesApi>>, Id(id): Id<LaunchId>) -> Result<Response, Failed> {
    let mut came_by = None;
    let launch = api.redeem.redeem(&id, &mut came_by).await;
    show(&id, came_by, launch)
}

async fn read(_: Authorized, State(api): State<Arc<LaunchesApi>>, Id(id): Id<LaunchId>) -> Result<Response, Failed> {
    let mut came_by = None;
    let launch = api.read.read(&id, &mut came_by).await;
    show(&id, came_by, launch)
}

fn show(id: &LaunchId, came_by: Option<CameBy>, launch: Result<LaunchView, Error>) -> Result<Response, Failed> {
    let notes = notes(id, came_by.as_ref());
    match launch {
        Ok(launch) => {
            let message_type = Some(launch.message_type());
            Ok(noted(Json(launch).into_response(), Notes { message_type, ..notes }))
        }
        Err(error) => Err(Failed::new(error, notes)),
    }
}

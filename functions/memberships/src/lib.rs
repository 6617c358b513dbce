//! The App API for the roster.
//!
//! | call | does |
//! |---|---|
//! | `GET /v1/launches/{id}/memberships?role=&limit=&resourceLink=&cursor=` | who is in the launch's context |

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use doorway_core::Error;
use doorway_core::aws::Aws;
use doorway_core::clock::SystemClock;
use doorway_core::config::{ConfigError, Environment};
use doorway_core::launch_id::LaunchId;
use doorway_core::random::{Random, SystemRandom};
use doorway_core::settings::Settings;
use doorway_core::use_case::memberships::{Memberships, RosterQuery};
use doorway_lti::nrps::RoleFilter;
use doorway_web::app_api::{AppGate, Authorized, Id, Query, notes};
use doorway_web::observe::{Failed, Notes, Observer, Surface, noted};

/// A large roster takes its time: below this function's 29 seconds on Lambda.
const DEADLINE: Duration = Duration::from_secs(27);

/// What the App API for the roster needs.
pub struct MembershipsApi {
    memberships: Memberships,
    gate: AppGate,
    random: Arc<dyn Random>,
}

impl MembershipsApi {
    /// For the App that has these keys.
    pub fn new(memberships: Memberships, gate: AppGate, random: Arc<dyn Random>) -> Self {
        Self { memberships, gate, random }
    }
}

impl AsRef<AppGate> for MembershipsApi {
    fn as_ref(&self) -> &AppGate {
        &self.gate
    }
}

/// The function's routes.
pub fn router(api: MembershipsApi) -> Router {
    let observer = Observer::new("memberships", Surface::Api, api.random.clone()).with_deadline(DEADLINE);
    let routes = Router::new().route("/v1/launches/{id}/memberships", get(read)).with_state(Arc::new(api));
    observer.watch(routes)
}

/// The function's routes, set up from the environment.
///
/// # Errors
/// [`ConfigError`] names every setting that is missing or not usable.
pub fn from_environment(environment: Environment) -> Result<Router, ConfigError> {
    let mut settings = Settings::new(environment, Arc::new(Aws::default()));
    let memberships = settings.service_kit().memberships();
    let gate = AppGate::new(settings.secret("DOORWAY_APP_KEYS", "the App API keys"), Arc::new(SystemClock));
    settings.finish(router(MembershipsApi::new(memberships, gate, Arc::new(SystemRandom))))
}

async fn read(
    _: Authorized,
    State(api): State<Arc<MembershipsApi>>,
    Id(id): Id<LaunchId>,
    query: Query,
) -> Result<Response, Failed> {
    let query = roster_query(&query)?;
    let mut came_by = None;
    let members = api.memberships.read(&id, &query, &mut came_by).await;
    let notes = notes(&id, came_by.as_ref());
    match members {
        Ok(members) => {
            let count = u64::try_from(members.len()).ok();
            Ok(noted(Json(members).into_response(), Notes { count, ..notes }))
        }
        Err(error) => Err(Failed::new(error, notes)),
    }
}

fn roster_query(query: &Query) -> Result<RosterQuery, Error> {
    Ok(RosterQuery {
        role: query.parsed("role", "a role's URI, or a context role's short name", RoleFilter::parse)?,
        limit: query.number("limit")?,
        resource_link: query.flag("resourceLink")?,
        cursor: query.text("cursor").map(str::to_owned),
    })
}

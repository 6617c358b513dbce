//! The App API for grades: scores, line items, results.
//!
//! | call | does |
//! |---|---|
//! | `POST /v1/launches/{id}/scores` | publishes a score, now or later, but surely |
//! | `GET /v1/scores/{id}` | what became of a score |
//! | `GET`, `POST /v1/launches/{id}/line-items` | the line items of the context; another one |
//! | `GET`, `PUT`, `DELETE /v1/launches/{id}/line-items/{lineItemId}` | one line item |
//! | `GET /v1/launches/{id}/line-items/{lineItemId}/results` | its results |

mod line_items;
mod submit;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use doorway_core::aws::Aws;
use doorway_core::clock::SystemClock;
use doorway_core::config::{ConfigError, Environment};
use doorway_core::random::{Random, SystemRandom};
use doorway_core::settings::Settings;
use doorway_core::use_case::line_items::LineItems;
use doorway_core::use_case::read_score::ReadScore;
use doorway_core::use_case::submit_score::SubmitScore;
use doorway_web::app_api::AppGate;
use doorway_web::observe::{Observer, Surface};

/// A Platform takes its time: below this function's 29 seconds on Lambda.
const DEADLINE: Duration = Duration::from_secs(27);

/// What the App API for grades needs.
pub struct ScoresApi {
    submit: SubmitScore,
    read: ReadScore,
    line_items: LineItems,
    gate: AppGate,
    random: Arc<dyn Random>,
}

impl ScoresApi {
    /// For the App that has these keys.
    pub fn new(
        submit: SubmitScore,
        read: ReadScore,
        line_items: LineItems,
        gate: AppGate,
        random: Arc<dyn Random>,
    ) -> Self {
        Self { submit, read, line_items, gate, random }
    }
}

impl AsRef<AppGate> for ScoresApi {
    fn as_ref(&self) -> &AppGate {
        &self.gate
    }
}

/// The function's routes.
pub fn router(api: ScoresApi) -> Router {
    let observer = Observer::new("scores", Surface::Api, api.random.clone()).with_deadline(DEADLINE);
    let routes = Router::new()
        .route("/v1/launches/{id}/scores", post(submit::submit))
        .route("/v1/scores/{id}", get(submit::read))
        .route("/v1/launches/{id}/line-items", get(line_items::list).post(line_items::create))
        .route(
            "/v1/launches/{id}/line-items/{lineItemId}",
            get(line_items::read).put(line_items::change).delete(line_items::delete),
        )
        .route("/v1/launches/{id}/line-items/{lineItemId}/results", get(line_items::results))
        .with_state(Arc::new(api));
    observer.watch(routes)
}

/// The function's routes, set up from the environment.
///
/// # Errors
/// [`ConfigError`] names every setting that is missing or not usable.
pub fn from_environment(environment: Environment) -> Result<Router, ConfigError> {
    let mut settings = Settings::new(environment, Arc::new(Aws::default()));
    let kit = settings.service_kit();
    let services = kit.services();
    let submit = kit.submit_score(&services, settings.score_queue(), settings.score_retry_days());
    let gate = AppGate::new(settings.secret("DOORWAY_APP_KEYS", "the App API keys"), Arc::new(SystemClock));
    let api = ScoresApi::new(submit, kit.read_score(), kit.line_items(&services), gate, Arc::new(SystemRandom));
    settings.finish(router(api))
}

//! One event per request: what was asked, how it ended, for whom, how long it took.
//!
//! A handler notes what it learns in [`Notes`]; an error is rendered here, so that the reference on the page is
//! the one in the log. The event never holds a path with an id in it, a query, a token, a name or an e-mail.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use doorway_core::random::Random;
use doorway_core::use_case::launch::PageFacts;
use http::header::{ACCEPT_LANGUAGE, ALLOW};
use http::{HeaderValue, Method};

use crate::failure::Failure;
use crate::headers::secure;
use crate::language::Language;
use crate::page::ScriptNonce;
use crate::page::error::ErrorPage;
use crate::problem::Problem;
use crate::words;
use doorway_core::reference::Reference;

/// The target of request events: [`crate::log`] puts metrics into these.
pub const TARGET: &str = "doorway::request";

/// One call site per level, since a level is part of an event's static description.
macro_rules! emit {
    ($level:ident, $event:expr, $status:expr, $outcome:expr) => {
        tracing::event!(
            target: TARGET,
            tracing::Level::$level,
            function = $event.function,
            http.method = %$event.method,
            http.route = $event.route,
            http.status = $status,
            outcome = $outcome.code.unwrap_or("ok"),
            score.state = $outcome.notes.score_state,
            count = $outcome.notes.count,
            rejection.reason = $outcome.reason,
            reference = %$event.reference,
            lti.issuer = $outcome.notes.issuer,
            lti.client_id = $outcome.notes.client_id,
            lti.deployment_id = $outcome.notes.deployment_id,
            lti.message_type = $outcome.notes.message_type,
            launch.id = $outcome.notes.launch,
            binding = $outcome.notes.binding,
            tenant = $outcome.notes.tenant,
            understood = $outcome.notes.understood,
            oddities = $outcome.notes.oddities(),
            cold_start = $event.cold_start,
            duration_ms = $event.duration_ms,
            "request"
        )
    };
}

/// How a function shows errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// To a person, in the LMS's frame.
    Page,
    /// To the App, as problem documents.
    Api,
}

/// Watches the requests of one function.
#[derive(Clone)]
pub struct Observer {
    function: &'static str,
    surface: Surface,
    random: Arc<dyn Random>,
    warm: Arc<AtomicBool>,
    deadline: Duration,
}

/// How long an answer may take unless a function says otherwise: below its ten seconds on Lambda, so that there is
/// still a page, a reference and a log line.
const DEADLINE: Duration = Duration::from_secs(9);

/// What a handler learned about a request, for the log.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    /// The Platform.
    pub issuer: Option<String>,
    /// What the Platform calls the Tool.
    pub client_id: Option<String>,
    /// The Deployment.
    pub deployment_id: Option<String>,
    /// The message type.
    pub message_type: Option<&'static str>,
    /// The vendor's name for the customer.
    pub tenant: Option<String>,
    /// The launch, shortened.
    pub launch: Option<String>,
    /// How a browser was proven to be the one that began, or that this is asked.
    pub binding: Option<&'static str>,
    /// What was understood of an accepted launch.
    pub understood: Option<String>,
    /// Where a score stands now.
    pub score_state: Option<&'static str>,
    /// How many items were handed out or signed.
    pub count: Option<u64>,
    /// What is odd and did not stop the request.
    pub oddities: Vec<&'static str>,
}

impl Notes {
    fn oddities(&self) -> Option<String> {
        (!self.oddities.is_empty()).then(|| self.oddities.join("; "))
    }
}

/// How a request ended, on its way from the handler to the event.
#[derive(Clone, Default)]
struct Outcome {
    notes: Notes,
    code: Option<&'static str>,
    reason: Option<String>,
}

/// An answer with what was learned.
pub fn noted(mut response: Response, notes: Notes) -> Response {
    response.extensions_mut().insert(Outcome { notes, ..Outcome::default() });
    response
}

/// A failure with what was learned before it happened.
#[derive(Debug, Clone)]
pub struct Failed(Arc<Learned>);

#[derive(Debug)]
struct Learned {
    failure: Failure,
    notes: Notes,
    facts: PageFacts,
}

impl Failed {
    /// A failure after something was learned.
    pub fn new(failure: impl Into<Failure>, notes: Notes) -> Self {
        Self::on_page(failure, notes, PageFacts::default())
    }

    /// A failure whose page has something to offer.
    pub fn on_page(failure: impl Into<Failure>, notes: Notes, facts: PageFacts) -> Self {
        Self(Arc::new(Learned { failure: failure.into(), notes, facts }))
    }
}

impl<F: Into<Failure>> From<F> for Failed {
    fn from(failure: F) -> Self {
        Self::new(failure, Notes::default())
    }
}

/// A failure travels to its [`Observer`], which renders it with the request's reference.
impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(self);
        response
    }
}

impl Observer {
    /// Watches `function`.
    pub fn new(function: &'static str, surface: Surface, random: Arc<dyn Random>) -> Self {
        Self { function, surface, random, warm: Arc::default(), deadline: DEADLINE }
    }

    /// With another deadline, for a function that has more time.
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// Watches all routes of `router`, and answers for paths and methods that it does not have.
    pub fn watch(self, router: Router) -> Router {
        router
            .method_not_allowed_fallback(|| async { Failed::from(Failure::MethodNotAllowed) })
            .fallback(|| async { Failed::from(Failure::NotFound) })
            .layer(middleware::from_fn_with_state(self, observe))
    }

    fn render(&self, failed: &Failed, reference: &Reference, accepted: Option<&HeaderValue>) -> Response {
        let Learned { failure, notes, facts } = &*failed.0;
        let code = failure.code();
        let mut response = match self.surface {
            Surface::Page => {
                let language = Language::choose(&facts.locales, accepted);
                let words = &words::in_language(failure, language);
                let nonce = &ScriptNonce::new(&*self.random);
                ErrorPage { words, code, reference, facts, language, nonce }.answer()
            }
            Surface::Api => Problem::of(failure, reference).answer(),
        };
        let reason = Some(failure.to_string());
        response.extensions_mut().insert(Outcome { notes: notes.clone(), code: Some(code), reason });
        response
    }
}

async fn observe(State(observer): State<Observer>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let cold_start = !observer.warm.swap(true, Ordering::Relaxed);
    let reference = Reference::new(&*observer.random);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    // A page that is no failure may show it, too.
    request.extensions_mut().insert(reference.clone());
    let accepted = request.headers().get(ACCEPT_LANGUAGE).cloned();
    let mut response = match tokio::time::timeout(observer.deadline, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failed::from(Failure::DeadlinePassed(observer.deadline.as_secs())).into_response(),
    };
    if let Some(failed) = response.extensions_mut().remove::<Failed>() {
        let allow = response.headers_mut().remove(ALLOW);
        response = observer.render(&failed, &reference, accepted.as_ref());
        if let Some(allow) = allow {
            response.headers_mut().insert(ALLOW, allow);
        }
    }
    let outcome = response.extensions_mut().remove::<Outcome>().unwrap_or_default();
    let duration_ms = began.elapsed().as_secs_f64() * 1000.0;
    let event = Event { function: observer.function, method, route, reference, cold_start, duration_ms };
    event.emit(&response, &outcome);
    secure(response)
}

struct Event {
    function: &'static str,
    method: Method,
    route: String,
    reference: Reference,
    cold_start: bool,
    duration_ms: f64,
}

impl Event {
    /// Our fault is an error, the caller's a warning.
    fn emit(&self, response: &Response, outcome: &Outcome) {
        let status = response.status().as_u16();
        match (outcome.code, status) {
            (None, _) => emit!(INFO, self, status, outcome),
            (Some(_), 500..) => emit!(ERROR, self, status, outcome),
            (Some(_), _) => emit!(WARN, self, status, outcome),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use doorway_core::random::SystemRandom;
    use http::StatusCode;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_never_ends_is_answered_before_the_function_is() {
        let stuck = Router::new().route("/", get(std::future::pending::<StatusCode>));
        let router = Observer::new("test", Surface::Page, Arc::new(SystemRandom)).watch(stuck);
        let answer = router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.headers().contains_key("content-security-policy"), "a page, not a bare status");
    }
}

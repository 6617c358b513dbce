//! Registration: `GET|POST /lti/register`, `GET /lti/config.json`.
//!
//! A Platform opens the link of an invite and says where its configuration is. A person is shown who asks and what will be
//! granted, and the Tool registers when they agree. Without a Platform the link says what it is for. The second route is
//! for Canvas's developer keys, which need no invite: it is public and does nothing.
//!
//! The invite's code is in the query, and so is the Platform's token: no query is ever logged.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, get, on};
use doorway_core::Error;
use doorway_core::aws::Aws;
use doorway_core::clock::{SystemClock, UnixSeconds};
use doorway_core::config::{ConfigError, Environment};
use doorway_core::http::PlatformClient;
use doorway_core::random::SystemRandom;
use doorway_core::settings::{CANVAS_JSON_PATH, REGISTER_PATH, Settings};
use doorway_core::store::invites::Invites;
use doorway_core::use_case::launch::PageFacts;
use doorway_core::use_case::register::{
    Confirmation, FORM_LIFETIME_SECONDS, FormProof, Learned, Register, Registered, RegistrationInitiation,
};
use doorway_lti::dynamic_registration::canvas_json;
use doorway_lti::parameters::Parameters;
use doorway_web::cookie::{self, Cookies};
use doorway_web::language::Language;
use doorway_web::observe::{Failed, Notes, Observer, Surface, noted};
use doorway_web::page::ScriptNonce;
use doorway_web::page::register::{self as pages, FORM, RegisterPage};
use doorway_web::{Failure, form};
use http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

/// Longer than any wait for a Platform, and below the function's time on Lambda.
const DEADLINE: Duration = Duration::from_secs(27);

/// Where a browser says that a request comes from. No script can set it.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// How long Canvas, and what is between, may cache the document.
const CACHE: &str = "public, max-age=300";

/// The function's routes.
pub fn router(register: Register) -> Router {
    let observer = Observer::new("register", Surface::Page, register.random.clone()).with_deadline(DEADLINE);
    let opens = on(MethodFilter::GET.or(MethodFilter::POST), open).head(opens_nothing);
    let routes = Router::new().route(REGISTER_PATH, opens).route(CANVAS_JSON_PATH, get(canvas));
    observer.watch(routes.with_state(Arc::new(register)))
}

/// The function's routes, set up from the environment.
///
/// # Errors
/// [`ConfigError`] names every setting that is missing or not usable.
pub fn from_environment(environment: Environment) -> Result<Router, ConfigError> {
    let mut settings = Settings::new(environment, Arc::new(Aws::default()));
    let registrations = settings.registrations();
    let register = Register {
        invites: Invites::new(registrations.table().clone()),
        registrations,
        events: settings.event_bus(),
        client: Arc::new(PlatformClient::new(settings.platform_transport())),
        state_keys: settings.secret("DOORWAY_STATE_KEY", "the state key"),
        tool: settings.tool_configuration(),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    };
    settings.finish(router(register))
}

/// What is known of the browser.
struct Visitor {
    cookies: Cookies,
    is_same_origin: bool,
    language: Language,
}

impl Visitor {
    fn of(headers: &HeaderMap) -> Self {
        Self {
            cookies: Cookies::read(headers),
            is_same_origin: headers.get(SEC_FETCH_SITE).is_some_and(|site| site == "same-origin"),
            language: Language::choose(&[], headers.get(ACCEPT_LANGUAGE)),
        }
    }
}

/// A person's form; or a Platform, which may open the link by either method; or a person who follows the link.
async fn open(State(register): State<Arc<Register>>, request: Request) -> Result<Response, Failed> {
    let visitor = Visitor::of(request.headers());
    let query = request.uri().query().unwrap_or_default().to_owned();
    let (body, parameters) = {
        // The form alone: what it holds never stands in a URL.
        let body = form::body(request).await?;
        let mut parameters = Parameters::read(query.as_bytes(), b"").map_err(Failure::from)?;
        parameters.extend(&body).map_err(Failure::from)?;
        (body, parameters)
    };
    let mut learned = Learned::default();
    let subject = match body.get(FORM) {
        Some(form) => confirm(&register, &visitor, form, &mut learned).await,
        None if RegistrationInitiation::is_there(&parameters) => begin(&register, &parameters, &mut learned).await,
        None => explain(&register, &parameters, &mut learned).await,
    };
    match subject {
        Ok(subject) => Ok(noted(show(&register, &visitor, &learned, &subject), notes(learned))),
        Err(error) => Err(failed(&register, error, learned)),
    }
}

/// What a page is about.
enum Subject {
    /// What the link is for, and until when it can be used.
    Link(Url, UnixSeconds),
    /// A Platform that asks to be registered.
    Confirmation(Box<Confirmation>),
    /// What was registered, and the cookie that has served.
    Registered(Box<Registered>, String),
}

/// Says what the link is for.
async fn explain(register: &Register, parameters: &Parameters, learned: &mut Learned) -> Result<Subject, Error> {
    let invite = register.invited(parameters, learned).await?;
    Ok(Subject::Link(pages::link(&register.tool, parameters), invite.usable_until))
}

async fn begin(register: &Register, parameters: &Parameters, learned: &mut Learned) -> Result<Subject, Error> {
    let invite = register.invited(parameters, learned).await?;
    let initiation = RegistrationInitiation::parse(parameters, register.transport())?;
    Ok(Subject::Confirmation(Box::new(register.begin(&invite, &initiation, learned).await?)))
}

async fn confirm(register: &Register, visitor: &Visitor, form: &str, learned: &mut Learned) -> Result<Subject, Error> {
    let proof = FormProof { cookies: &visitor.cookies, is_same_origin: visitor.is_same_origin };
    let (registered, cookie_name) = register.confirm(form, &proof, learned).await?;
    Ok(Subject::Registered(Box::new(registered), cookie_name))
}

/// The page, with the cookies that belong to it.
fn show(register: &Register, visitor: &Visitor, learned: &Learned, subject: &Subject) -> Response {
    let page = RegisterPage {
        tool: &register.tool,
        framed_by: learned.framed_by.as_deref(),
        language: visitor.language,
        nonce: ScriptNonce::new(&*register.random),
    };
    let (mut answer, cookies) = match subject {
        Subject::Link(link, usable_until) => (page.explain(link, *usable_until), Vec::new()),
        Subject::Confirmation(asked) => {
            let own = cookie::set(&asked.cookie_name, &asked.binding.text(), FORM_LIFETIME_SECONDS);
            let surplus = visitor.cookies.surplus_bindings().map(cookie::remove);
            (page.confirm(asked), std::iter::once(own).chain(surplus).collect())
        }
        Subject::Registered(registered, cookie_name) => {
            (page.registered(registered), vec![cookie::remove(cookie_name)])
        }
    };
    for cookie in cookies {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

/// A link checker's HEAD must not ask a Platform.
async fn opens_nothing() -> Failed {
    Failure::MethodNotAllowed.into()
}

/// The JSON for Canvas's developer keys.
async fn canvas(State(register): State<Arc<Register>>) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static(CACHE)),
    ];
    (headers, canvas_json::document(&register.tool).to_string()).into_response()
}

fn failed(register: &Register, error: Error, mut learned: Learned) -> Failed {
    let facts = PageFacts {
        framed_by: learned.framed_by.take(),
        platform_words: learned.platform_words.take(),
        transport: register.transport(),
        ..PageFacts::default()
    };
    Failed::on_page(error, notes(learned), facts)
}

fn notes(learned: Learned) -> Notes {
    Notes { issuer: learned.issuer, client_id: learned.client_id, tenant: learned.tenant, ..Notes::default() }
}

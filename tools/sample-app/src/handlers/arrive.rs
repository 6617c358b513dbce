//! Arriving with a code, and coming without one.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::refuse;
use crate::app::SampleApp;
use crate::http::{page, visit_cookie};
use crate::launch::{Launch, RESOURCE_LINK_REQUEST};
use crate::lessons::{self, LESSONS, Lesson};
use crate::pages::{self, Refusal};

/// `GET <any page>?launch=<code>`: the code buys a visit. Links of a course may lead to any page of the App.
pub(crate) async fn redeem_code(State(app): State<Arc<SampleApp>>, request: Request, next: Next) -> Response {
    let code = (request.method() == Method::GET).then(|| launch_code(request.uri().query())).flatten();
    let Some(code) = code else {
        return next.run(request).await;
    };
    match app.api.redeem(&code).await {
        Ok(launch) => open_visit(&app, request.uri().path(), launch),
        Err(error) => refuse(&app, &Refusal::arriving(&error)),
    }
}

fn launch_code(query: Option<&str>) -> Option<String> {
    let mut parameters = form_urlencoded::parse(query?.as_bytes());
    parameters.find(|(name, _)| name == "launch").map(|(_, code)| code.into_owned())
}

/// The redirect takes the code out of the URL and of the history. It brings the cookie, and, for browsers that do not
/// keep it, a key that opens the visit once.
fn open_visit(app: &SampleApp, path: &str, launch: Launch) -> Response {
    let lesson = lesson_at(path, &launch);
    let key = app.visits.open(launch, lesson, app.now());
    let path = app.path(&format!("/visits/{}", key.id));
    let cookie = visit_cookie(&path, &key);
    let location = format!("{path}?key={}", key.arrival_key);
    let headers = [(LOCATION, location), (SET_COOKIE, cookie), (CACHE_CONTROL, "no-store".to_owned())];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// The lesson of the path. A path that names none leaves it to the link's parameter, and then to the first lesson; a
/// path that names one which does not exist leads to no other.
fn lesson_at(path: &str, launch: &Launch) -> Option<&'static Lesson> {
    if launch.message_type != RESOURCE_LINK_REQUEST {
        return None;
    }
    if let Some(name) = path.strip_prefix("/lessons/") {
        return lessons::find(name.trim_end_matches('/'));
    }
    let name = launch.custom.get("lesson").and_then(|name| name.as_str());
    Some(name.and_then(lessons::find).unwrap_or(&LESSONS[0]))
}

/// `GET /` without a code: how to come in.
pub(crate) async fn landing(State(app): State<Arc<SampleApp>>) -> Response {
    page(StatusCode::OK, pages::landing(&app))
}

/// `GET /lessons/{lesson}` without a code: how to come in, if there is such a lesson.
pub(crate) async fn lesson_landing(State(app): State<Arc<SampleApp>>, Path(name): Path<String>) -> Response {
    match lessons::find(&name) {
        Some(_) => page(StatusCode::OK, pages::landing(&app)),
        None => refuse(&app, &Refusal::no_such_page()),
    }
}

/// Any other path.
pub(crate) async fn no_such_page(State(app): State<Arc<SampleApp>>) -> Response {
    refuse(&app, &Refusal::no_such_page())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::lesson_at;

    fn lesson(path: &str, custom: &str, message_type: &str) -> Option<&'static str> {
        let launch = json!({"id": "a", "messageType": message_type, "custom": {"lesson": custom}});
        lesson_at(path, &serde_json::from_value(launch).unwrap()).map(|lesson| lesson.name)
    }

    #[test]
    fn the_path_names_the_lesson_before_the_parameter_does() {
        let link = |path| lesson(path, "mixing-colours", "LtiResourceLinkRequest");
        assert_eq!(link("/lessons/how-the-eye-sees"), Some("how-the-eye-sees"));
        assert_eq!(link("/lessons/how-the-eye-sees/"), Some("how-the-eye-sees"));
        assert_eq!(link("/"), Some("mixing-colours"));
        assert_eq!(link("/elsewhere"), Some("mixing-colours"));
    }

    #[test]
    fn a_lesson_that_does_not_exist_is_not_replaced_by_another() {
        assert_eq!(lesson("/lessons/how-light-breaks", "mixing-colours", "LtiResourceLinkRequest"), None);
        assert_eq!(lesson("/", "$Lesson", "LtiResourceLinkRequest"), Some("how-light-bends"));
    }

    #[test]
    fn only_a_link_leads_to_a_lesson() {
        assert_eq!(lesson("/lessons/how-the-eye-sees", "mixing-colours", "LtiDeepLinkingRequest"), None);
    }
}

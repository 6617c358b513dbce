//! The Platform's paths, relative to its issuer.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::HOST;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use tower::ServiceExt;

use crate::handlers::{account, authorize, choose, develop, files, grades, install, launch, returns, show, sso};
use crate::platform::Platform;
use crate::product::Product;
use crate::services::serve;

/// The largest form that the Platform reads, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// The largest form with chosen content, in bytes: an answer carries any number of items.
const CHOICE_LIMIT: usize = 1024 * 1024;

/// The Platform's pages and endpoints. Mount it at the path of the issuer.
pub fn router(platform: Arc<Platform>) -> Router {
    Router::new()
        .route("/", get(account::show_login))
        .route("/login", get(account::show_login).post(account::sign_in))
        .route("/logout", post(account::sign_out))
        .route("/course", get(show::course))
        .route("/frame/{link}", get(show::frame))
        .route("/frames", get(show::frames))
        .route("/return", get(returns::come_back))
        .route("/gradebook", get(grades::gradebook))
        .route("/install", get(install::install))
        .route("/openid-configuration", get(install::configuration))
        .route("/registration", post(install::register))
        .route("/registration/{client}", any(serve))
        .route("/developer", get(show::developer))
        .route("/developer/profile", post(develop::switch_profile))
        .route("/developer/storage", post(develop::switch_storage))
        .route("/developer/old-ids", post(develop::switch_old_ids))
        .route("/developer/faults", post(develop::switch_fault))
        .route("/developer/faults/clear", post(develop::clear_faults))
        .route("/launch/{link}", get(launch::launch))
        .route("/auth", get(authorize::by_get).post(authorize::by_post))
        .route("/sso/auth", get(sso::by_get).post(sso::by_post))
        .route("/sso/forwarding", get(sso::forwarding))
        .route("/sso/storage", get(sso::storage))
        .route("/deep-linking/{course}", post(choose::choose).layer(DefaultBodyLimit::max(CHOICE_LIMIT)))
        .route("/token", any(serve))
        .route("/line-items/{*path}", any(serve))
        .route("/memberships/{*path}", any(serve))
        .route("/jwks.json", get(files::key_set))
        .route("/style.css", get(files::style))
        .route("/install.js", get(files::install))
        .route("/storage.js", get(files::storage))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(platform)
}

/// The Platform at the addresses of the product that it was set up with, for requests that name their host. All is https
/// there, whoever carries it. At any other address nobody answers: 404.
///
/// # Panics
/// When the Platform was set up with no product.
pub fn router_of(platform: Arc<Platform>) -> Router {
    let product = platform.config.product.expect("the Platform is at a product's addresses");
    let inside = router(platform);
    Router::new().fallback(move |request: Request| answer_at(product, inside.clone(), request))
}

async fn answer_at(product: &'static Product, inside: Router, mut request: Request) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let Some(path) = product.path_at(&format!("https://{host}{}", request.uri().path())) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let Ok(uri) = Uri::try_from(format!("{path}{query}")) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    *request.uri_mut() = uri;
    inside.oneshot(request).await.unwrap_or_else(|never| match never {})
}

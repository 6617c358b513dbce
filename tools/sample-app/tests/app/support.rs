//! A browser at an App that is mounted below `/app`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use doorway_sample_app::{SampleApp, SampleAppConfig, router};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::doorway::{APP_KEY, Answer, Doorway};

pub struct Visitor {
    app: Router,
    now: Arc<AtomicU64>,
}

pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Visitor {
    /// A visitor of an App whose Doorway gives this answer.
    pub async fn when(answer: Answer) -> Self {
        Self::at(&Doorway::that_answers(answer).await.url, APP_KEY)
    }

    pub fn at(app_api_url: &str, app_key: &str) -> Self {
        let now = Arc::new(AtomicU64::new(1_800_000_000));
        let clock = Arc::clone(&now);
        let app = SampleApp::new(SampleAppConfig {
            app_api_url: app_api_url.into(),
            app_key: app_key.into(),
            base_path: "/app".into(),
            clock: Arc::new(move || clock.load(Ordering::SeqCst)),
        });
        Self { app: Router::new().nest("/app", router(Arc::new(app))), now }
    }

    pub fn wait_seconds(&self, seconds: u64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    pub async fn get(&self, uri: &str, cookie: Option<&str>) -> Page {
        let request = Request::get(uri);
        let request = match cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        };
        let response = self.app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Page { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// Arrives with a code; the visit's path and cookie.
    pub async fn arrive(&self) -> (String, String) {
        let page = self.get("/app?launch=code-1", None).await;
        let text = |name| page.headers[name].to_str().unwrap().to_owned();
        let cookie = text(header::SET_COOKIE).split(';').next().unwrap().to_owned();
        (text(header::LOCATION), cookie)
    }

    /// Arrives and looks at the visit.
    pub async fn visit(&self) -> Page {
        let (path, cookie) = self.arrive().await;
        self.get(&path, Some(&cookie)).await
    }
}

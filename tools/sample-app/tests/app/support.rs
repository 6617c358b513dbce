//! A browser at an App that is mounted below `/app`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{HeaderMap, HeaderName, Request, StatusCode, header};
use doorway_sample_app::{SampleApp, SampleAppConfig, router};
use http_body_util::BodyExt;
use serde_json::Value;
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
            public_url: "https://lumen.example/app/".into(),
            clock: Arc::new(move || clock.load(Ordering::SeqCst)),
        });
        Self { app: Router::new().nest("/app", router(Arc::new(app))), now }
    }

    pub fn wait_seconds(&self, seconds: u64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    pub async fn get(&self, uri: &str, cookie: Option<&str>) -> Page {
        self.send(Request::get(uri), cookie, Body::empty()).await
    }

    pub async fn post(&self, uri: &str, cookie: Option<&str>, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(uri).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, cookie, Body::from(body)).await
    }

    async fn send(&self, request: Builder, cookie: Option<&str>, body: Body) -> Page {
        let request = match cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        };
        let response = self.app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Page { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// Arrives with a code; the visit's path and cookie.
    pub async fn arrive(&self) -> (String, String) {
        self.arrive_at("/app").await
    }

    /// Arrives at a page of the App.
    pub async fn arrive_at(&self, path: &str) -> (String, String) {
        let page = self.get(&format!("{path}?launch=code-1"), None).await;
        let cookie = page.header(header::SET_COOKIE).split(';').next().unwrap().to_owned();
        let (path, _) = page.header(header::LOCATION).split_once("?key=").unwrap();
        (path.to_owned(), cookie)
    }

    /// Arrives, and drops the cookie; where the redirect leads, key and all.
    pub async fn arrive_without_cookie(&self) -> String {
        let page = self.get("/app?launch=code-1", None).await;
        page.header(header::LOCATION).to_owned()
    }

    /// Arrives and looks at the visit.
    pub async fn visit(&self) -> Page {
        let (path, cookie) = self.arrive().await;
        self.get(&path, Some(&cookie)).await
    }
}

impl Page {
    pub fn header(&self, name: HeaderName) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// The value of the first hidden field of this name.
    pub fn hidden(&self, name: &str) -> String {
        let (_, rest) = self.body.split_once(&format!("type=\"hidden\" name=\"{name}\" value=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    #[track_caller]
    pub fn assert_says(&self, words: &str) {
        assert!(self.body.contains(words), "`{words}` is not in {}", self.body);
    }

    #[track_caller]
    pub fn assert_does_not_say(&self, words: &str) {
        assert!(!self.body.contains(words), "`{words}` is in {}", self.body);
    }
}

/// A visit that is open, and the Doorway behind it.
pub struct OpenVisit {
    pub doorway: Doorway,
    pub visitor: Visitor,
    pub path: String,
    pub cookie: String,
}

impl OpenVisit {
    pub async fn of(launch: Value) -> Self {
        let doorway = Doorway::that_answers(Answer::Launch(launch)).await;
        let visitor = Visitor::at(&doorway.url, APP_KEY);
        let (path, cookie) = visitor.arrive().await;
        Self { doorway, visitor, path, cookie }
    }

    /// A page of the visit: its own one for the empty path.
    pub async fn get(&self, path: &str) -> Page {
        self.visitor.get(&format!("{}{path}", self.path), Some(&self.cookie)).await
    }

    /// Posts a form of the visit, with its token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.get("").await.hidden("token");
        self.post_with(path, &token, fields).await
    }

    pub async fn post_with(&self, path: &str, token: &str, fields: &[(&str, &str)]) -> Page {
        let fields: Vec<_> = [("token", token)].iter().chain(fields).copied().collect();
        self.visitor.post(&format!("{}{path}", self.path), Some(&self.cookie), &fields).await
    }

    /// Looks where a redirect leads.
    pub async fn follow(&self, page: &Page) -> Page {
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        self.visitor.get(page.header(header::LOCATION), Some(&self.cookie)).await
    }
}

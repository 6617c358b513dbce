//! A small site in a frame of another one: what it can keep.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, SET_COOKIE};
use axum::response::{AppendHeaders, Html, IntoResponse};
use axum::routing::get;
use doorway_tests::{Chromium, Condition};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;
use url::Url;

/// The framed page. It says what it has found, then tries to keep more, and says that it is done.
const FRAMED: &str = r#"<!doctype html><html lang="en"><title>Framed</title><body><pre id="report">...</pre><script>
(async () => {
    const tried = keep => { try { return String(keep()); } catch (error) { return error.name; } };
    const storage = name => tried(() => {
        const found = window[name].getItem("kept") ?? "empty";
        window[name].setItem("kept", "kept");
        return found;
    });
    document.cookie = "script-partitioned=1; Path=/; Secure; SameSite=None; Partitioned";
    document.cookie = "script-plain=1; Path=/; Secure; SameSite=None";
    const database = await new Promise(resolve => {
        try {
            const opening = indexedDB.open("kept");
            opening.onsuccess = () => resolve("opened");
            opening.onerror = () => resolve(opening.error.name);
        } catch (error) { resolve(error.name); }
    });
    const report = {
        sent: await (await fetch("/sent")).json(),
        readable: document.cookie.split("; ").filter(Boolean).map(pair => pair.split("=")[0]),
        local_storage: storage("localStorage"),
        session_storage: storage("sessionStorage"),
        indexed_db: database,
        has_storage_access: await document.hasStorageAccess(),
        cookies_enabled: navigator.cookieEnabled,
    };
    document.getElementById("report").textContent = JSON.stringify(report);
})();
</script></body></html>"#;

/// What the framed page found.
#[derive(Debug, Deserialize)]
pub struct Report {
    /// Names of the cookies that came with a request.
    pub sent: BTreeSet<String>,
    /// Names of the cookies in `document.cookie`.
    pub readable: BTreeSet<String>,
    /// What was in it: `empty`, `kept`, or the error's name.
    pub local_storage: String,
    /// Likewise.
    pub session_storage: String,
    /// `opened`, or the error's name.
    pub indexed_db: String,
    /// `document.hasStorageAccess()`.
    pub has_storage_access: bool,
    /// `navigator.cookieEnabled`.
    pub cookies_enabled: bool,
}

/// The site, running.
pub struct FramedSite {
    /// The site that is framed: `http://127.0.0.1`.
    pub framed: Url,
    /// The site that frames it: `http://localhost`.
    pub top: Url,
}

impl FramedSite {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
        let port = listener.local_addr().expect("a bound listener has an address").port();
        let router = Router::new()
            .route("/top", get(top))
            .route("/framed", get(framed))
            .route("/sent", get(sent))
            .route("/languages", get(languages))
            .route("/strict", get(strict))
            .route("/throwing", get(throwing));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let at = |host| Url::parse(&format!("http://{host}:{port}/")).expect("a host and a port make a URL");
        Self { framed: at("127.0.0.1"), top: at("localhost") }
    }

    /// Opens the site in its frame.
    pub async fn visit_framed(&self, chromium: &Chromium) -> Report {
        chromium.goto(format!("{}top?{}framed", self.top, self.framed)).await;
        chromium.enter("iframe").await;
        report(chromium).await
    }

    /// Opens the site as a page of its own.
    pub async fn visit(&self, chromium: &Chromium) -> Report {
        chromium.goto(format!("{}framed", self.framed)).await;
        report(chromium).await
    }
}

async fn report(chromium: &Chromium) -> Report {
    chromium.wait_for(Condition::Text("cookies_enabled")).await;
    let report = chromium.run("return JSON.parse(document.getElementById('report').textContent)", json!([])).await;
    serde_json::from_value(report).expect("the page's report is complete")
}

async fn top(RawQuery(frame): RawQuery) -> Html<String> {
    let frame = frame.unwrap_or_default();
    Html(format!(
        "<!doctype html><html lang=\"en\"><title>Top</title><body><iframe src=\"{frame}\"></iframe></body></html>"
    ))
}

async fn framed() -> impl IntoResponse {
    let cookies = [
        "__Host-x=1; Path=/; Secure; HttpOnly; SameSite=None; Partitioned",
        "plain=1; Path=/; Secure; SameSite=None",
        "lax=1; Path=/; Secure; SameSite=Lax",
    ];
    (AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie))), [(CACHE_CONTROL, "no-store")], Html(FRAMED))
}

async fn sent(headers: HeaderMap) -> impl IntoResponse {
    let cookies = headers.get(COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let names = cookies.split("; ").filter_map(|pair| pair.split_once('=')).map(|(name, _)| name.to_owned());
    ([(CACHE_CONTROL, "no-store")], axum::Json(names.collect::<Vec<_>>()))
}

/// The languages that the page was asked for in.
async fn languages(headers: HeaderMap) -> Html<String> {
    Html(headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned())
}

/// A page whose script its own policy forbids.
async fn strict() -> impl IntoResponse {
    (
        [(CONTENT_SECURITY_POLICY, "default-src 'none'")],
        Html("<title>Strict</title><script>document.title = ''</script>"),
    )
}

/// A page whose script throws.
async fn throwing() -> Html<&'static str> {
    Html("<title>Throwing</title><script>throw new Error('thrown on purpose')</script>")
}

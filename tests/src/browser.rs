//! A browser without a screen: it keeps cookies, follows redirects, and posts the forms that post themselves.
//!
//! It is as strict as real ones about `__Host-` cookies. A page that posts its form twice does so here too: the
//! first answer goes to [`Browser::hidden_frame`].

use axum::Router;
use axum::body::Body;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use url::{Position, Url};

use crate::tool::Answer;

/// More redirects than that are a loop.
const MAX_REDIRECTS: usize = 10;

/// One browser with its cookies.
pub struct Browser {
    /// What the hidden frame of a page that posts twice shows.
    pub hidden_frame: Option<Page>,
    router: Router,
    base: Url,
    /// Whether it may be led to another origin.
    leaves: bool,
    cookies: Vec<Cookie>,
}

/// What the browser shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// The address bar.
    pub url: Url,
    /// The document.
    pub answer: Answer,
}

#[derive(Debug, Clone)]
struct Cookie {
    name: String,
    value: String,
    host: String,
    path: String,
}

impl Page {
    /// The text of the page's one `h1`.
    pub fn heading(&self) -> String {
        between(&self.answer.body, "<h1>", "</h1>").map(unescaped).unwrap_or_default()
    }

    /// Where the page's form goes, and its hidden fields.
    pub fn form(&self) -> Option<(String, Vec<(String, String)>)> {
        let action = between(&self.answer.body, "method=\"post\" action=\"", "\"")?;
        let inputs = self.answer.body.split("<input type=\"hidden\" name=\"").skip(1);
        let fields = inputs.filter_map(|input| {
            let (name, rest) = input.split_once("\" value=\"")?;
            Some((unescaped(name), unescaped(rest.split_once('"')?.0)))
        });
        Some((unescaped(action), fields.collect()))
    }

    /// Whether the page's script posts its form.
    fn posts_itself(&self) -> bool {
        self.answer.body.contains("<form id=\"launch\"")
    }

    /// Whether it does so into a hidden frame first.
    fn posts_twice(&self) -> bool {
        self.answer.body.contains("<iframe class=\"hidden\" id=\"first\"")
    }
}

impl Browser {
    pub(crate) fn new(router: Router, base: Url) -> Self {
        Self { hidden_frame: None, router, base, leaves: false, cookies: Vec::new() }
    }

    /// A browser that goes wherever it is led. The router answers for all hosts.
    pub fn of_many_hosts(router: Router, base: Url) -> Self {
        Self { leaves: true, ..Self::new(router, base) }
    }

    /// Signs in at the mock Platform.
    pub async fn sign_in(&mut self, user_id: &str) {
        let page = self.post("/platform/login", &[("user".to_owned(), user_id.to_owned())]).await;
        assert_eq!(page.url.path(), "/platform/course", "{}", page.answer.body);
    }

    /// Opens an address and follows redirects; forms stay unposted.
    pub async fn open(&mut self, uri: &str) -> Page {
        let url = self.base.join(uri).expect("the address is a URL");
        let answer = self.send("GET", &url, Body::empty()).await;
        self.follow(url, answer).await
    }

    /// Posts a form and follows redirects.
    pub async fn post(&mut self, uri: &str, fields: &[(String, String)]) -> Page {
        let url = self.base.join(uri).expect("the address is a URL");
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let answer = self.send("POST", &url, Body::from(body)).await;
        self.follow(url, answer).await
    }

    /// Posts the form of a page.
    pub async fn submit(&mut self, page: &Page) -> Page {
        let (action, fields) = page.form().unwrap_or_else(|| panic!("no form: {}", page.answer.body));
        self.post(&action, &fields).await
    }

    /// Opens an address and lets pages post themselves, until one stays.
    pub async fn click(&mut self, uri: &str) -> Page {
        let mut page = self.open(uri).await;
        while page.posts_itself() {
            if page.posts_twice() {
                self.hidden_frame = Some(self.submit(&page).await);
            }
            page = self.submit(&page).await;
        }
        page
    }

    async fn follow(&mut self, mut url: Url, mut answer: Answer) -> Page {
        for _ in 0..MAX_REDIRECTS {
            if !answer.status.is_redirection() {
                return Page { url, answer };
            }
            url = url.join(answer.header(LOCATION)).expect("the location is a URL");
            assert!(self.leaves || url.origin() == self.base.origin(), "the demo leads nowhere else");
            answer = self.send("GET", &url, Body::empty()).await;
        }
        panic!("{MAX_REDIRECTS} redirects and no end: {url}");
    }

    async fn send(&mut self, method: &str, url: &Url, body: Body) -> Answer {
        let host = &url[Position::BeforeHost..Position::AfterPort];
        let mut request = Request::builder().method(method).uri(&url[Position::BeforePath..]).header(HOST, host);
        if method == "POST" {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if let Some(cookies) = self.cookies_for(url.as_str()) {
            request = request.header(COOKIE, cookies);
        }
        let request = request.body(body).expect("the request is built from a URL");
        let response = self.router.clone().oneshot(request).await.expect("routers do not fail");
        let (parts, body) = response.into_parts();
        self.keep_cookies(host, &parts.headers);
        let body = body.collect().await.expect("the body is in memory").to_bytes();
        let body = String::from_utf8(body.to_vec()).expect("answers are text");
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// The `Cookie` header that the browser would send to this address.
    pub fn cookies_for(&self, uri: &str) -> Option<String> {
        let url = self.base.join(uri).expect("the address is a URL");
        let (host, path) = (&url[Position::BeforeHost..Position::AfterPort], url.path());
        let matching = self.cookies.iter().filter(|cookie| cookie.host == host && path_matches(path, &cookie.path));
        let pairs: Vec<String> = matching.map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn keep_cookies(&mut self, host: &str, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE) {
            let text = header.to_str().expect("cookies are ASCII");
            let (pair, attributes) = text.split_once(';').expect("cookies have attributes");
            let (name, value) = pair.split_once('=').expect("cookies have a name");
            let attribute = |wanted: &str| {
                let mut attributes = attributes.split(';').map(|attribute| attribute.trim().split_once('='));
                attributes.find_map(|attribute| attribute.filter(|(name, _)| *name == wanted).map(|(_, value)| value))
            };
            let path = attribute("Path").unwrap_or("/").to_owned();
            let is_secure = attributes.split(';').any(|attribute| attribute.trim() == "Secure");
            let is_host_cookie = is_secure && path == "/" && attribute("Domain").is_none();
            assert!(!name.starts_with("__Host-") || is_host_cookie, "browsers refuse {text}");
            let key = (host, name, path.as_str());
            self.cookies.retain(|cookie| (cookie.host.as_str(), cookie.name.as_str(), cookie.path.as_str()) != key);
            if attribute("Max-Age") != Some("0") {
                let (name, value, host) = (name.to_owned(), value.to_owned(), host.to_owned());
                self.cookies.push(Cookie { name, value, host, path });
            }
        }
    }

    /// The names of the cookies that the browser holds.
    pub fn cookie_names(&self) -> Vec<&str> {
        self.cookies.iter().map(|cookie| cookie.name.as_str()).collect()
    }
}

/// RFC 6265 section 5.1.4.
fn path_matches(path: &str, cookie_path: &str) -> bool {
    path.strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || cookie_path.ends_with('/'))
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

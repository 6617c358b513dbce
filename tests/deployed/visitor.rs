//! A person with a browser: cookies, redirects, and forms that post themselves, over real connections.

use std::collections::BTreeMap;

use doorway_tests::{Answer, Page};
use http::Method;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Response};
use url::Url;

use crate::school::ISSUER;
use crate::stack::APP_URL;

/// More steps than that are a loop.
const MOST_STEPS: usize = 12;

/// A client that follows nothing by itself.
pub(crate) fn client() -> Client {
    let builder = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    builder.build().expect("a client can be made")
}

/// An answer, read.
pub(crate) async fn read(response: Response) -> Answer {
    let (status, headers) = (response.status(), response.headers().clone());
    Answer { status, headers, body: response.text().await.expect("answers are text") }
}

/// One browser.
pub(crate) struct Visitor {
    client: Client,
    /// By host and name.
    cookies: BTreeMap<(String, String), String>,
}

impl Visitor {
    /// A browser in which this person is signed in at the school.
    pub(crate) async fn at_school(user_id: &str) -> Self {
        let mut visitor = Self { client: client(), cookies: BTreeMap::new() };
        let url = Url::parse(&format!("{ISSUER}/login")).expect("a constant");
        let page = visitor.go(Method::POST, url, Some(&[("user".to_owned(), user_id.to_owned())])).await;
        assert_eq!(page.url.path(), "/course", "{}", page.answer.body);
        visitor
    }

    /// Clicks a link of the course. Ends where the App begins: the launch's id.
    pub(crate) async fn click(&mut self, link: &str) -> String {
        let url = Url::parse(&format!("{ISSUER}/launch/{link}")).expect("a link is a path");
        let page = self.go(Method::GET, url, None).await;
        assert!(page.url.as_str().starts_with(APP_URL), "{}: {}", page.url, page.answer.body);
        let launch = page.url.query_pairs().find(|(name, _)| name == "launch");
        launch.expect("the App is told of the launch").1.into_owned()
    }

    /// Goes on until a page stays, or until the App, which is not asked.
    pub(crate) async fn go(&mut self, method: Method, url: Url, form: Option<&[(String, String)]>) -> Page {
        let mut next = (method, url, form.map(<[_]>::to_vec));
        for _ in 0..MOST_STEPS {
            let (method, url, form) = next;
            let answer = self.send(method, &url, form.as_deref()).await;
            let page = Page { url, answer };
            if page.answer.status.is_redirection() {
                let location = page.url.join(page.answer.header(LOCATION)).expect("a location is a URL");
                if location.as_str().starts_with(APP_URL) {
                    return Page { url: location, answer: page.answer };
                }
                next = (Method::GET, location, None);
            } else if page.answer.body.contains("<form id=\"launch\"") {
                let (action, fields) = page.form().expect("the page has a form");
                next = (Method::POST, page.url.join(&action).expect("an action is a URL"), Some(fields));
            } else {
                return page;
            }
        }
        panic!("{MOST_STEPS} steps and no end");
    }

    async fn send(&mut self, method: Method, url: &Url, form: Option<&[(String, String)]>) -> Answer {
        let host = url.host_str().expect("the URL has a host").to_owned();
        let mut request = self.client.request(method, url.clone());
        let mine = self.cookies.iter().filter(|((of, _), _)| *of == host);
        let cookies: Vec<String> = mine.map(|((_, name), value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        if let Some(form) = form {
            let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        }
        let answer = read(request.send().await.unwrap_or_else(|error| panic!("{url}: {error:?}"))).await;
        for cookie in answer.headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("cookies are ASCII");
            let (name, value) =
                cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie has a name");
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(&(host.clone(), name.to_owned()));
            } else {
                self.cookies.insert((host.clone(), name.to_owned()), value.to_owned());
            }
        }
        answer
    }
}

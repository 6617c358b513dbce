//! The App's back end: it calls the App API at the stack's own address.

use doorway_tests::Answer;
use http::Method;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::stack::Stack;
use crate::visitor::{client, read};

/// The App.
pub(crate) struct App {
    client: reqwest::Client,
    base: String,
    key: String,
}

impl App {
    /// With this key.
    pub(crate) fn new(stack: &Stack, key: &str) -> Self {
        Self { client: client(), base: stack.output("ApiUrl").to_owned(), key: key.to_owned() }
    }

    /// A call of the App API.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.key);
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        read(request.send().await.unwrap_or_else(|error| panic!("{path}: {error:?}"))).await
    }

    /// A call that is answered with this status; its JSON.
    pub(crate) async fn expect(&self, status: u16, method: Method, path: &str, body: Option<&Value>) -> Value {
        let answer = self.call(method, path, body).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.body);
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    /// What is there.
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.expect(200, Method::GET, path, None).await
    }

    /// Redeems a launch.
    pub(crate) async fn redeem(&self, launch: &str) -> Value {
        self.expect(200, Method::POST, &format!("/v1/launches/{launch}/redeem"), None).await
    }
}

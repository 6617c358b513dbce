//! One invocation, as the Lambda runtime makes it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorway_core::key_life::KeyKind;
use doorway_rotate_keys::{RotationEvent, Rotator};
use doorway_tests::TestTool;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Context, LambdaEvent, Service as _};
use serde_json::Value;

use super::recording::SIGNING_KEYS;

/// What API Gateway is told to answer.
pub struct Reply {
    pub status: u64,
    pub cookies: Vec<String>,
    pub body: String,
    headers: Value,
}

impl Reply {
    /// A header, or "".
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].as_str().unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }
}

/// Gives the event to the function, at the event's own time.
pub async fn invoke(tool: &TestTool, function: &str, event: &Value) -> Reply {
    match function {
        "deliver-scores" => return deliver(tool, event).await,
        "rotate-keys" => return rotate(tool, event).await,
        _ => {}
    }
    let recorded_at = event["requestContext"]["timeEpoch"].as_u64().expect("an event has a time") / 1000;
    tool.clock.advance(recorded_at.checked_sub(tool.now()).expect("tests begin when the events were recorded"));
    let request: LambdaRequest = serde_json::from_value(event.clone()).expect("the runtime reads the event");
    let mut adapter = Adapter::from(tool.function(function));
    let answered = adapter.call(LambdaEvent::new(request, Context::default())).await;
    let response = answered.unwrap_or_else(|never| match never {});
    reply(serde_json::to_value(response).expect("the runtime writes the response"))
}

/// The consumer of the queue has no HTTP: its answer stands for the body.
async fn deliver(tool: &TestTool, event: &Value) -> Reply {
    let batch = serde_json::from_value(event.clone()).expect("the runtime reads the event");
    let answer = tool.worker().handle(batch).await;
    let body = serde_json::to_string(&answer).expect("the runtime writes the answer");
    Reply { status: 200, cookies: Vec::new(), body, headers: Value::Null }
}

/// Nor has what rotates keys: what it did stands for the body.
async fn rotate(tool: &TestTool, event: &Value) -> Reply {
    let event: RotationEvent = serde_json::from_value(event.clone()).expect("the runtime reads the event");
    let rotator = Rotator::new(vec![(SIGNING_KEYS.to_owned(), tool.parts.key_ring(KeyKind::Signing))]);
    let done = rotator.handle(&event).await;
    let body = done.map_or_else(|error| error.to_string(), |done| done.to_string());
    Reply { status: 200, cookies: Vec::new(), body, headers: Value::Null }
}

fn reply(response: Value) -> Reply {
    assert_eq!(response["isBase64Encoded"], false, "every answer is text: {response}");
    let cookies = response["cookies"].as_array().into_iter().flatten();
    Reply {
        status: response["statusCode"].as_u64().expect("a response has a status"),
        cookies: cookies.filter_map(Value::as_str).map(str::to_owned).collect(),
        body: response["body"].as_str().unwrap_or_default().to_owned(),
        headers: response["headers"].clone(),
    }
}

/// The same event with its body as text.
pub fn unencoded(mut event: Value) -> Value {
    if event["isBase64Encoded"] == true {
        let body = event["body"].as_str().expect("an encoded body is a text");
        let body = STANDARD.decode(body).expect("an encoded body is base64");
        event["body"] = String::from_utf8(body).expect("a form is text").into();
        event["isBase64Encoded"] = false.into();
    }
    event
}

//! What each function calls AWS for: a listener for each function stands between it and the emulator, and takes notes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::front::{Upstream, body, headers};

/// A call, as IAM sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call {
    /// Who calls.
    pub(crate) function: &'static str,
    /// What for: `dynamodb:GetItem`.
    pub(crate) action: String,
    /// The name of the table, queue or event bus, or the ARN of the secret.
    pub(crate) resource: String,
    /// `dynamodb:LeadingKeys`: the partition keys that it names.
    pub(crate) leading_keys: BTreeSet<String>,
}

/// The notes.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<BTreeSet<Call>>>);

impl Recorder {
    /// The addresses at which these functions find AWS.
    pub(crate) async fn listen(
        &self,
        functions: &[&'static str],
        upstream: &Upstream,
    ) -> BTreeMap<&'static str, String> {
        let mut endpoints = BTreeMap::new();
        for &function in functions {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
            let address = listener.local_addr().expect("a bound listener has an address");
            let router = Router::new().fallback(answer).with_state((self.clone(), function, upstream.clone()));
            tokio::spawn(async move { axum::serve(listener, router).await });
            endpoints.insert(function, format!("http://{address}"));
        }
        endpoints
    }

    /// Every kind of call so far.
    pub(crate) fn calls(&self) -> BTreeSet<Call> {
        self.0.lock().expect("nobody panics with the notes").clone()
    }
}

async fn answer(
    State((recorder, function, upstream)): State<(Recorder, &'static str, Upstream)>,
    request: Request,
) -> Response {
    let (parts, content) = request.into_parts();
    let content = body(content).await;
    let target = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let read = calls(function, target, &content);
    recorder.0.lock().expect("nobody panics with the notes").extend(read);
    upstream.forward(&parts, headers(&parts), content).await
}

/// The calls that a request is. What is none of those that are read here is noted under its own name, which no statement allows.
fn calls(function: &'static str, target: &str, body: &[u8]) -> Vec<Call> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| body[name].as_str().unwrap_or("(none)").to_owned();
    let call = |action: String, resource: String, leading_keys| Call { function, action, resource, leading_keys };
    match target.split_once('.') {
        Some(("DynamoDB_20120810", "TransactWriteItems")) => {
            let writes = body["TransactItems"].as_array().into_iter().flatten().filter_map(Value::as_object).flatten();
            writes
                .map(|(kind, write)| {
                    // A transaction needs the permissions of what it is made of.
                    let action =
                        if kind == "ConditionCheck" { "ConditionCheckItem".to_owned() } else { format!("{kind}Item") };
                    let table = write["TableName"].as_str().unwrap_or("(none)").to_owned();
                    call(format!("dynamodb:{action}"), table, leading_keys(write))
                })
                .collect()
        }
        Some(("DynamoDB_20120810", operation @ "BatchGetItem")) => {
            let tables = body["RequestItems"].as_object().into_iter().flatten();
            tables
                .map(|(table, read)| {
                    let keys = read["Keys"].as_array().into_iter().flatten();
                    let leading_keys = keys.flat_map(|key| leading_keys(&json!({ "Key": key }))).collect();
                    call(format!("dynamodb:{operation}"), table.clone(), leading_keys)
                })
                .collect()
        }
        Some(("DynamoDB_20120810", operation)) => {
            vec![call(format!("dynamodb:{operation}"), text("TableName"), leading_keys(&body))]
        }
        Some(("secretsmanager", operation)) => {
            vec![call(format!("secretsmanager:{operation}"), text("SecretId"), BTreeSet::new())]
        }
        Some(("AmazonSQS", operation)) => {
            let url = text("QueueUrl");
            let queue = url.rsplit('/').next().unwrap_or(&url).to_owned();
            vec![call(format!("sqs:{operation}"), queue, BTreeSet::new())]
        }
        Some(("AWSEvents", "PutEvents")) => {
            let entries = body["Entries"].as_array().into_iter().flatten();
            let buses: BTreeSet<&str> =
                entries.map(|entry| entry["EventBusName"].as_str().unwrap_or("(none)")).collect();
            buses.into_iter().map(|bus| call("events:PutEvents".to_owned(), bus.to_owned(), BTreeSet::new())).collect()
        }
        _ => vec![call(format!("(unknown) {target}"), String::new(), BTreeSet::new())],
    }
}

/// The partition keys that a request names: of its key or item, or of its key condition.
fn leading_keys(request: &Value) -> BTreeSet<String> {
    let of_item = ["Key", "Item"].into_iter().flat_map(|part| ["pk", "id"].map(|name| &request[part][name]["S"]));
    let of_condition = || {
        let condition = request["KeyConditionExpression"].as_str()?;
        let (name, value) = condition.split(" AND ").next()?.split_once('=')?;
        let name = request["ExpressionAttributeNames"][name.trim()].as_str().unwrap_or(name.trim());
        assert!(["pk", "id"].contains(&name), "a query names its partition first: {condition}");
        Some(&request["ExpressionAttributeValues"][value.trim()]["S"])
    };
    of_item.chain(of_condition()).filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(target: &str, body: &str) -> Vec<(String, String, Vec<String>)> {
        let calls = calls("f", target, body.as_bytes());
        calls.into_iter().map(|call| (call.action, call.resource, call.leading_keys.into_iter().collect())).collect()
    }

    #[test]
    fn a_call_is_read_as_iam_sees_it() {
        let key = |name: &str| vec![name.to_owned()];
        let is = |action: &str, resource: &str, keys| (action.to_owned(), resource.to_owned(), keys);
        let query = r##"{"TableName":"T","KeyConditionExpression":"#p = :i AND begins_with(sk, :s)",
            "ExpressionAttributeNames":{"#p":"pk"},"ExpressionAttributeValues":{":i":{"S":"issuer#1"},":s":{"S":"x"}}}"##;
        assert_eq!(read("DynamoDB_20120810.Query", query), [is("dynamodb:Query", "T", key("issuer#1"))]);
        let reads = r#"{"RequestItems":{"T":{"Keys":[{"id":{"S":"a"}},{"id":{"S":"b"}}],"ConsistentRead":true}}}"#;
        let both = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(read("DynamoDB_20120810.BatchGetItem", reads), [is("dynamodb:BatchGetItem", "T", both)]);
        let writes = r#"{"TransactItems":[{"Put":{"TableName":"T","Item":{"id":{"S":"a"},"pk2":{"S":"no"}}}},
            {"ConditionCheck":{"TableName":"U","Key":{"pk":{"S":"b"},"sk":{"S":"c"}}}}]}"#;
        assert_eq!(
            read("DynamoDB_20120810.TransactWriteItems", writes),
            [is("dynamodb:PutItem", "T", key("a")), is("dynamodb:ConditionCheckItem", "U", key("b"))]
        );
        let message = r#"{"QueueUrl":"http://localhost:4566/000000000000/deliveries","MessageBody":"x"}"#;
        assert_eq!(read("AmazonSQS.SendMessage", message), [is("sqs:SendMessage", "deliveries", vec![])]);
        let secret = r#"{"SecretId":"arn:aws:secretsmanager:x"}"#;
        assert_eq!(
            read("secretsmanager.GetSecretValue", secret),
            [is("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:x", vec![])]
        );
        let events = r#"{"Entries":[{"EventBusName":"default"},{"EventBusName":"default"}]}"#;
        assert_eq!(read("AWSEvents.PutEvents", events), [is("events:PutEvents", "default", vec![])]);
        assert_eq!(read("", ""), [is("(unknown) ", "", vec![])], "nothing goes unnoticed");
    }
}

//! IAM's statements of each function, held against what it calls: neither lacks anything of the other.
//!
//! The statements are those that were deployed, with the names of the deployed tables, queues and secrets in them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::journey;
use crate::recorder::Call;

/// What a role is asked for by Lambda itself, which never comes through the function.
const BY_LAMBDA: [(&str, &str); 7] = [
    ("logs:CreateLogStream", "Lambda writes the function's log"),
    ("logs:PutLogEvents", "Lambda writes the function's log"),
    ("xray:PutTraceSegments", "Lambda's X-Ray daemon sends the traces"),
    ("xray:PutTelemetryRecords", "Lambda's X-Ray daemon sends the traces"),
    ("sqs:ReceiveMessage", "the event source mapping reads the queue"),
    ("sqs:DeleteMessage", "the event source mapping deletes what was handled"),
    ("sqs:GetQueueAttributes", "the event source mapping looks at the queue"),
];

/// One action on one resource that a statement allows.
#[derive(Debug, Clone)]
pub(crate) struct Right {
    function: String,
    statement: String,
    action: String,
    resource: String,
    /// Which partition keys, as patterns; `None` is any, or none at all.
    leading_keys: Option<Vec<String>>,
}

impl Right {
    fn allows(&self, call: &Call) -> bool {
        let keys_fit = || match &self.leading_keys {
            None => true,
            // `ForAllValues`, and `Null` for a request without keys.
            Some(patterns) => {
                let fits = |key: &String| patterns.iter().any(|pattern| matches(pattern, key));
                !call.leading_keys.is_empty() && call.leading_keys.iter().all(fits)
            }
        };
        self.function == call.function && self.action == call.action && self.resource == call.resource && keys_fit()
    }

    /// The same right for each of its patterns.
    fn by_pattern(&self) -> Vec<Self> {
        let one = |pattern: &String| Self { leading_keys: Some(vec![pattern.clone()]), ..self.clone() };
        self.leading_keys.as_ref().map_or_else(|| vec![self.clone()], |patterns| patterns.iter().map(one).collect())
    }

    fn is_lambdas(&self) -> bool {
        BY_LAMBDA.iter().any(|(action, _)| *action == self.action)
    }
}

/// The rights in the policy documents of functions, by name.
pub(crate) fn read(policies: &Value) -> Vec<Right> {
    let mut rights = Vec::new();
    for (function, documents) in policies.as_object().expect("documents are by function") {
        let documents = documents.as_array().expect("a role has documents");
        for statement in documents.iter().flat_map(|document| list(&document["Statement"])) {
            assert_eq!(statement["Effect"], "Allow", "{function}: {statement}");
            let leading_keys = leading_keys(&statement["Condition"]);
            for action in list(&statement["Action"]) {
                for resource in list(&statement["Resource"]) {
                    rights.push(Right {
                        function: function.clone(),
                        statement: text(&statement["Sid"]),
                        action: text(&action),
                        resource: name(&text(&resource)),
                        leading_keys: leading_keys.clone(),
                    });
                }
            }
        }
    }
    rights
}

/// The patterns of `dynamodb:LeadingKeys`. Any other condition is not read here, and must be before it is deployed.
fn leading_keys(condition: &Value) -> Option<Vec<String>> {
    const KEY: &str = "dynamodb:LeadingKeys";
    let operators = condition.as_object()?;
    let mut patterns = None;
    for (operator, keys) in operators {
        match operator.as_str() {
            "ForAllValues:StringLike" | "ForAllValues:StringEquals" => {
                patterns = Some(list(&keys[KEY]).iter().map(text).collect::<Vec<_>>());
                let is_like = operator.ends_with("Like");
                assert!(is_like || patterns.iter().flatten().all(|pattern| !pattern.contains('*')), "{condition}");
            }
            // Without it `ForAllValues` holds for a request without keys too.
            "Null" => assert_eq!(keys[KEY], "false", "{condition}"),
            _ => panic!("a condition that this test does not know: {condition}"),
        }
    }
    assert!(operators.contains_key("Null") && patterns.is_some(), "{condition}");
    patterns
}

fn matches(pattern: &str, key: &str) -> bool {
    match pattern.split_once('*') {
        Some((before, "")) => key.starts_with(before),
        Some(_) => panic!("a pattern that this test does not know: {pattern}"),
        None => pattern == key,
    }
}

/// The name in an ARN, as a call names its resource; a secret's is the ARN.
fn name(arn: &str) -> String {
    match arn.split(':').collect::<Vec<_>>()[..] {
        ["arn", _, "dynamodb", _, _, table] => table.trim_start_matches("table/").to_owned(),
        ["arn", _, "sqs", _, _, queue] => queue.to_owned(),
        ["arn", _, "events", _, _, bus] => bus.trim_start_matches("event-bus/").to_owned(),
        _ => arn.to_owned(),
    }
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_else(|| vec![value.clone()])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// What a function calls and none of its statements allows.
fn not_allowed(rights: &[Right], calls: &BTreeSet<Call>) -> Vec<String> {
    let refused = calls.iter().filter(|call| !rights.iter().any(|right| right.allows(call)));
    refused.map(|call| format!("{} {} {} {:?}", call.function, call.action, call.resource, call.leading_keys)).collect()
}

/// What a statement allows and its function never calls.
fn not_used(rights: &[Right], calls: &BTreeSet<Call>) -> Vec<String> {
    let own = rights.iter().filter(|right| !right.is_lambdas()).flat_map(Right::by_pattern);
    let unused = own.filter(|right| !calls.iter().any(|call| right.allows(call)));
    let say = |Right { function, statement, action, resource, leading_keys }: Right| {
        format!("{function} {statement}: {action} {resource} {}", leading_keys.unwrap_or_default().concat())
    };
    unused.map(say).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a network of its own: tools/deployed-check runs it"]
async fn every_call_of_a_function_is_one_that_its_statements_allow() {
    let travelled = journey::travelled().await;
    let refused = not_allowed(&travelled.rights, &travelled.calls);
    assert!(refused.is_empty(), "not allowed:\n{}", refused.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a network of its own: tools/deployed-check runs it"]
async fn every_right_of_a_function_is_one_that_it_uses() {
    let travelled = journey::travelled().await;
    let unused = not_used(&travelled.rights, &travelled.calls);
    assert!(unused.is_empty(), "allowed, and never called:\n{}", unused.join("\n"));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn call(action: &str, resource: &str, keys: &[&str]) -> Call {
        let leading_keys = keys.iter().map(|key| (*key).to_owned()).collect();
        Call { function: "f", action: action.to_owned(), resource: resource.to_owned(), leading_keys }
    }

    #[test]
    fn a_call_too_many_is_found_and_a_right_too_many_as_well() {
        let table = "arn:aws:dynamodb:us-east-1:000000000000:table/T";
        let rights = read(&json!({ "f": [{ "Statement": [
            { "Sid": "A", "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": table },
            { "Sid": "B", "Effect": "Allow", "Action": ["dynamodb:PutItem"], "Resource": table, "Condition": {
                "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["token#*", "gate#*"] },
                "Null": { "dynamodb:LeadingKeys": "false" } } },
            { "Sid": "C", "Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*" },
        ] }] }));
        let get = call("dynamodb:GetItem", "T", &["x"]);
        let put = call("dynamodb:PutItem", "T", &["token#1"]);
        let both = call("dynamodb:PutItem", "T", &["gate#1", "token#1"]);
        let all = BTreeSet::from([get.clone(), both.clone()]);
        assert!(not_allowed(&rights, &all).is_empty());
        assert_eq!(not_used(&rights, &BTreeSet::from([get.clone(), put])).len(), 1, "gate# is not used");
        for wrong in [
            call("dynamodb:GetItem", "U", &["x"]),
            call("dynamodb:Scan", "T", &[]),
            call("dynamodb:PutItem", "T", &["token#1", "launch"]),
            call("dynamodb:PutItem", "T", &[]),
            Call { function: "g", ..get },
        ] {
            assert_eq!(not_allowed(&rights, &BTreeSet::from([wrong.clone()])).len(), 1, "{wrong:?}");
        }
    }
}

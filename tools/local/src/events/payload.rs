//! One API Gateway HTTP API event, payload format 2.0; and what other callers send.
//!
//! API Gateway passes a body on as text when it is `text/*`, JSON, XML or JavaScript, and encodes every other one:
//! forms arrive in base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorway_core::clock::UnixSeconds;
use doorway_core::date::rfc3339;
use serde_json::{Map, Value, json};
use url::Url;

/// The media type of forms.
pub const FORM: &str = "application/x-www-form-urlencoded";
/// The media type of JSON.
const JSON: &str = "application/json";

/// A request, to be written as an event.
#[derive(Debug, Clone)]
pub struct Event {
    method: &'static str,
    path: String,
    query: String,
    headers: Vec<(&'static str, String)>,
    cookies: Vec<String>,
    body: String,
}

impl Event {
    /// A request without a body.
    pub fn new(method: &'static str, path: &str) -> Self {
        let headers = vec![("accept", "*/*".to_owned()), ("user-agent", "Doorway events".to_owned())];
        Self { method, path: path.to_owned(), query: String::new(), headers, cookies: Vec::new(), body: String::new() }
    }

    /// A GET.
    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// A form POST.
    pub fn form(path: &str, fields: &[(&str, String)]) -> Self {
        let mut event = Self::new("POST", path).header("content-type", FORM);
        event.body = encoded(fields);
        event
    }

    /// With a JSON body.
    pub fn json(self, body: &Value) -> Self {
        let mut event = self.header("content-type", JSON);
        event.body = body.to_string();
        event
    }

    /// With a query.
    pub fn query(mut self, parameters: &[(&str, String)]) -> Self {
        self.query = encoded(parameters);
        self
    }

    /// With a query that is encoded already.
    pub fn raw_query(mut self, query: &str) -> Self {
        self.query = query.to_owned();
        self
    }

    /// With a header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// With a cookie, `name=value`.
    pub fn cookie(mut self, cookie: &str) -> Self {
        self.cookies.push(cookie.to_owned());
        self
    }

    /// The method.
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// The path, with the query if there is one.
    pub fn uri(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }

    /// The headers.
    pub fn headers(&self) -> &[(&'static str, String)] {
        &self.headers
    }

    /// The body.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The first cookie, `name=value`.
    pub fn first_cookie(&self) -> Option<&str> {
        self.cookies.first().map(String::as_str)
    }

    /// The event's JSON.
    pub fn payload(&self, public_url: &Url, now: UnixSeconds) -> Value {
        let host = public_url.host_str().unwrap_or("localhost");
        let mut headers: Map<String, Value> =
            self.headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        headers.insert("host".to_owned(), host.into());
        headers.insert("x-forwarded-proto".to_owned(), public_url.scheme().into());
        let (route, launch_id) = self.route();
        let route_key = format!("{} {route}", self.method);
        let mut payload = json!({
            "version": "2.0",
            "routeKey": route_key,
            "rawPath": self.path,
            "rawQueryString": self.query,
            "headers": headers,
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "doorway",
                "domainName": host,
                "domainPrefix": host.split('.').next(),
                "http": {
                    "method": self.method,
                    "path": self.path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.1",
                    "userAgent": "Doorway events",
                },
                "requestId": "event",
                "routeKey": route_key,
                "stage": "$default",
                "time": common_log_time(now),
                "timeEpoch": now.0 * 1000,
            },
            "isBase64Encoded": false,
        });
        if !self.cookies.is_empty() {
            payload["cookies"] = json!(self.cookies);
        }
        if !self.query.is_empty() {
            let pairs = form_urlencoded::parse(self.query.as_bytes());
            payload["queryStringParameters"] =
                pairs.map(|(name, value)| (name.into_owned(), json!(value))).collect::<Map<_, _>>().into();
        }
        if let Some(id) = launch_id {
            payload["pathParameters"] = json!({ "id": id });
        }
        if !self.body.is_empty() {
            let is_text = self.headers.iter().any(|(name, value)| *name == "content-type" && value == JSON);
            payload["body"] = if is_text { json!(self.body) } else { json!(STANDARD.encode(&self.body)) };
            payload["isBase64Encoded"] = json!(!is_text);
        }
        payload
    }

    /// The template's route that the path takes, and what its `{id}` stands for.
    fn route(&self) -> (String, Option<&str>) {
        for prefix in ["/v1/launches/", "/v1/scores/"] {
            if let Some(rest) = self.path.strip_prefix(prefix) {
                let (id, action) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                return (format!("{prefix}{{id}}{action}"), Some(id));
            }
        }
        (self.path.clone(), None)
    }
}

/// A batch of the queue of scores with one message, as Lambda's event source hands it over.
pub fn queue_batch(submission_id: &str, now: UnixSeconds) -> Value {
    let sent_at = (now.0 * 1000).to_string();
    json!({ "Records": [{
        "messageId": "11111111-2222-4333-8444-555555555555",
        "receiptHandle": "a-receipt",
        "body": json!({ "submissionId": submission_id }).to_string(),
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": sent_at,
            "SenderId": "AIDAEXAMPLE",
            "ApproximateFirstReceiveTimestamp": sent_at,
        },
        "messageAttributes": {},
        "md5OfBody": "00000000000000000000000000000000",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:score-deliveries",
        "awsRegion": "us-east-1",
    }] })
}

/// A call of Secrets Manager for a rotation.
pub fn rotation(step: &str, secret_id: &str, version: &str) -> Value {
    json!({
        "Step": step,
        "SecretId": secret_id,
        "ClientRequestToken": version,
        "RotationToken": "99999999-8888-4777-8666-555555555555",
    })
}

/// As API Gateway writes the time: `23/Nov/2026:08:00:00 +0000`.
fn common_log_time(now: UnixSeconds) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = rfc3339(now);
    let (year, month, day, time) = (&text[..4], &text[5..7], &text[8..10], &text[11..19]);
    let month = month.parse::<usize>().map_or("Jan", |month| MONTHS[(month - 1) % MONTHS.len()]);
    format!("{day}/{month}/{year}:{time} +0000")
}

fn encoded(pairs: &[(&str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

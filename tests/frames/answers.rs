//! Which answers the asking script believes: those of the Platform's origin, to its own question, that are no errors.

use doorway_tests::{Chromium, CookieRule};
use serde_json::{Value, json};

const SCRIPT: &str = include_str!("../../shared/web/src/page/platform-storage.js");

/// Asks a window that is not there, hears one message, and says what came of it: the value, or `null`.
const ASK: &str = "const [origin, heard] = arguments;
    let id;
    const target = { postMessage: (message) => { id = message.message_id; } };
    const asked = ask([{ target, message: { subject: 'lti.get_data', key: 'k' } }], 'https://lms.example', 50, 300);
    const fill = (value) => JSON.parse(JSON.stringify(value).replaceAll('THE-ID', id));
    const data = typeof heard === 'string' ? heard.replaceAll('THE-ID', id) : fill(heard);
    window.dispatchEvent(new MessageEvent('message', { origin, data }));
    return asked.then((heard) => heard && heard.answer.value);";

async fn believed(chromium: &Chromium, origin: &str, data: &Value) -> Value {
    chromium.run(&format!("{SCRIPT}\n{ASK}"), json!([origin, data])).await
}

#[tokio::test]
async fn an_answer_counts_from_the_platforms_origin_to_its_own_question_alone() {
    let chromium = Chromium::start(CookieRule::Allowed).await;
    chromium.goto("data:text/html,<title>Asking</title>").await;
    let good = json!({ "subject": "lti.get_data.response", "message_id": "THE-ID", "key": "k", "value": "secret" });
    let with = |name: &str, value: Value| {
        let mut answer = good.clone();
        answer[name] = value;
        answer
    };
    let lms = "https://lms.example";
    assert_eq!(believed(&chromium, lms, &good).await, "secret");
    assert_eq!(believed(&chromium, lms, &json!(good.to_string())).await, "secret", "as text, too");
    for origin in ["https://evil.example", "https://lms.example.evil.example", "http://lms.example", "null", ""] {
        assert_eq!(believed(&chromium, origin, &good).await, Value::Null, "{origin}");
    }
    for (what, answer) in [
        ("another question's", with("message_id", json!("another"))),
        ("no question's", with("message_id", Value::Null)),
        ("another subject's", with("subject", json!("lti.put_data.response"))),
        ("the older name's", with("subject", json!("org.imsglobal.lti.get_data.response"))),
        ("the question itself", with("subject", json!("lti.get_data"))),
        ("an error with a code", with("error", json!({ "code": "key_not_found", "message": "none" }))),
        ("an error that is a text", with("error", json!("key not found"))),
        ("no object", json!([good])),
        ("a number", json!(7)),
        ("no JSON", json!("lti.get_data.response THE-ID")),
    ] {
        assert_eq!(believed(&chromium, lms, &answer).await, Value::Null, "{what}");
    }
}

//! A browser that did not begin a launch is never let into it, and nobody but the Platform hears a secret.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use doorway_mock_platform::{StorageManner, users};
use doorway_tests::{Begun, Condition, begun};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::classroom::{Classroom, Keeps, bindings};
use crate::people::LEARNER;

/// The form of a launch that a stranger has begun in another browser, and signed in as himself.
async fn strangers_launch(classroom: &Classroom) -> (Begun, Value) {
    let stack = &classroom.stack;
    let platform_issuer = stack.platform_page("");
    let fields = [
        ("iss", platform_issuer.as_str()),
        ("login_hint", "7"),
        ("target_link_uri", stack.url.as_str()),
        ("lti_storage_target", if classroom.offers_storage() { "_parent" } else { "" }),
    ];
    let begun = begun(&stack.tool.post("/lti/login", &fields, &[]).await);
    let stranger =
        users().into_iter().find(|user| user.is_student() && user.name != LEARNER).expect("a school has many");
    let claims = stack.platform.claims_of("colours", &stranger, &begun.nonce()).expect("the course has the link");
    let token = stack.platform.key().id_token(&claims);
    let form = json!({ "id_token": token, "state": begun.state() });
    (begun, form)
}

/// Posts a form from a page that the victim happens to look at.
async fn post(classroom: &Classroom, form: &Value) {
    let script = "const form = Object.assign(document.createElement('form'), { method: 'post', action: arguments[0] });
        for (const [name, value] of Object.entries(arguments[1]))
            form.append(Object.assign(document.createElement('input'), { name, value }));
        document.documentElement.append(form);
        form.submit();";
    let launch = classroom.stack.url.join("/lti/launch").expect("a path is a reference");
    classroom.chromium.run(script, json!([launch.as_str(), form])).await;
}

/// The victim's browser stays outside, and there is no launch of the stranger's.
async fn assert_stays_outside(classroom: &Classroom, words: &str, launches: usize) {
    classroom.chromium.sees(words).await;
    assert!(!classroom.chromium.url().await.path().starts_with("/app"));
    let stored = classroom.stack.tool.stored_launches().await;
    assert_eq!(stored.iter().filter(|item| item.contains_key("kept")).count(), launches);
}

const NOT_KEPT: &str = "Your browser did not keep this tool's cookie";
const GAVE_UP: &str = "One more click";

#[tokio::test]
async fn a_strangers_launch_in_a_window_is_refused() {
    for (manner, words) in [(StorageManner::NotOffered, NOT_KEPT), (StorageManner::CanvasSelfHosted, GAVE_UP)] {
        let classroom = Classroom::of(manner, Keeps::Everything).await;
        let (_, form) = strangers_launch(&classroom).await;
        classroom.chromium.goto("data:text/html,<title>Prizes</title>").await;
        post(&classroom, &form).await;
        assert_stays_outside(&classroom, words, 0).await;
    }
}

/// In a frame of the Platform, which answers: but it keeps nothing of the stranger's for this browser.
#[tokio::test]
async fn a_strangers_launch_in_the_platforms_frame_is_refused() {
    for keeps in [Keeps::Everything, Keeps::Nothing] {
        let classroom = Classroom::of(StorageManner::CanvasSelfHosted, keeps).await;
        classroom.open_frame().await;
        classroom.assert_lesson_in_frame().await;
        let (_, form) = strangers_launch(&classroom).await;
        post(&classroom, &form).await;
        assert_stays_outside(&classroom, GAVE_UP, 1).await;
        assert_eq!(bindings().last().map(String::as_str), Some("asked"));
    }
}

/// The stranger's cookie is in the stranger's browser alone, and the login of the victim stays the victim's.
#[tokio::test]
async fn a_strangers_launch_does_not_take_over_a_login_under_way() {
    let classroom = Classroom::of(StorageManner::NotOffered, Keeps::Everything).await;
    let (begun, form) = strangers_launch(&classroom).await;
    classroom.open_frame().await;
    classroom.assert_lesson_in_frame().await;
    post(&classroom, &form).await;
    assert_stays_outside(&classroom, NOT_KEPT, 1).await;
    // It was good, and is still, where it was begun.
    let token = form["id_token"].as_str().expect("a token is a text");
    classroom.stack.tool.post_token(&begun, token).await.launch_id();
}

/// A site that frames the Tool, says that it has storage, and writes down what it hears.
async fn eavesdropper(login: &str) -> String {
    let page = format!(
        "<!doctype html><title>Prizes</title><iframe id=tool name=_parent src=\"{login}\"></iframe><script>
        const heard = [];
        addEventListener('message', (event) => {{
            heard.push(JSON.stringify(event.data));
            const {{ subject, message_id }} = event.data;
            const supported_messages = ['lti.put_data', 'lti.get_data'].map((subject) => ({{ subject, frame: '_parent' }}));
            event.source.postMessage({{ subject: subject + '.response', message_id, supported_messages }}, '*');
        }});
        </script>"
    );
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback can be listened on");
    let port = listener.local_addr().expect("a bound listener has an address").port();
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", get(|| async { Html(page) }))).await });
    format!("http://prizes.localhost:{port}/")
}

fn login_url(classroom: &Classroom) -> String {
    let mut url = classroom.stack.url.join("/lti/login").expect("a path is a reference");
    let issuer = classroom.stack.platform_page("");
    url.query_pairs_mut()
        .append_pair("iss", issuer.as_str())
        .append_pair("login_hint", "7")
        .append_pair("target_link_uri", "https://app.example/")
        .append_pair("lti_storage_target", "_parent");
    url.to_string()
}

async fn heard(classroom: &Classroom) -> Vec<String> {
    serde_json::from_value(classroom.chromium.run("return heard", json!([])).await).expect("messages are texts")
}

#[tokio::test]
async fn another_site_cannot_frame_the_tool() {
    let classroom = Classroom::of(StorageManner::CanvasSelfHosted, Keeps::Everything).await;
    let login = login_url(&classroom).replace('&', "&amp;");
    classroom.chromium.goto(eavesdropper(&login).await).await;
    let errors = classroom.chromium.console_errors().await;
    assert!(errors.iter().any(|error| error.contains("frame-ancestors")), "{errors:?}");
    assert_eq!(heard(&classroom).await, [""; 0]);
}

/// Were it allowed to, it would hear that somebody asks, and never the secret, which is for the Platform's origin.
#[tokio::test]
async fn another_site_never_hears_a_secret() {
    let classroom = Classroom::of(StorageManner::CanvasSelfHosted, Keeps::Nothing).await;
    let login = login_url(&classroom).replace('&', "&amp;");
    let site = eavesdropper(&login).await;
    let mut registration = doorway_local::demo::registration(&classroom.stack.platform_url, &classroom.stack.platform);
    registration.frame_origins = vec![site.parse().expect("the site has an address")];
    classroom.stack.tool.parts.registrations().put(&registration).await.expect("the table takes items");
    classroom.stack.tool.clock.advance(doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS);
    classroom.chromium.goto(&site).await;
    classroom.chromium.wait_for(Condition::Holds("return heard.length > 0")).await;
    // It goes on to the Platform, or shows its button, once nobody has answered.
    classroom.chromium.enter("#tool").await;
    let done = "return location.pathname !== '/lti/login' || !document.getElementById('again').hidden";
    classroom.chromium.wait_for(Condition::Holds(done)).await;
    classroom.chromium.top().await;
    let heard = heard(&classroom).await;
    assert!(
        heard.iter().all(|message| message.contains("capabilities") || message.contains("frameResize")),
        "{heard:?}"
    );
}

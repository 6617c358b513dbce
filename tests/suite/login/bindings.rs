//! Bindings of logins that never came back do not pile up until API Gateway refuses the browser.

use doorway_tests::{FakePlatform, TestTool, begun};
use http::header::SET_COOKIE;

/// Begins logins in one browser, none of which comes back; the cookies that it then holds.
async fn abandoned(tool: &TestTool, platform: &FakePlatform, logins: usize) -> Vec<String> {
    let fields =
        [("iss", platform.issuer.as_str()), ("login_hint", "1"), ("target_link_uri", "https://app.example/lesson/7")];
    let mut jar: Vec<String> = Vec::new();
    for _ in 0..logins {
        let held: Vec<&str> = jar.iter().map(String::as_str).collect();
        let answer = tool.post("/lti/login", &fields, &held).await;
        for cookie in answer.headers.get_all(SET_COOKIE) {
            let text = cookie.to_str().expect("cookies are ASCII");
            let pair = text.split(';').next().unwrap_or_default();
            let name = pair.split('=').next().unwrap_or_default();
            jar.retain(|known| !known.starts_with(name));
            if !text.contains("Max-Age=0") {
                jar.push(pair.to_owned());
            }
        }
        assert_eq!(begun(&answer).cookie, *jar.last().expect("this login's binding is kept"));
    }
    jar
}

#[tokio::test]
async fn the_oldest_bindings_go_when_there_are_too_many() {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    let jar = abandoned(&tool, &platform, 60).await;
    assert_eq!(jar.len(), 25, "the newest stay: two dozen and the one that was just made");
    let bytes: usize = jar.iter().map(|cookie| cookie.len() + 2).sum();
    assert!(bytes < 2048, "{bytes} bytes of ten KiB");
}

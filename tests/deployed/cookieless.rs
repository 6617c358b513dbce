//! A browser that keeps no cookie, and the request that a login answers: what [`crate::visitor`] does not show.

use doorway_mock_platform::find_user;
use doorway_tests::{Answer, Begun, begun};
use http::header::{CONTENT_TYPE, COOKIE};

use crate::app::App;
use crate::school::{ADA, ISSUER, School};
use crate::stack::{APP_URL, Stack};
use crate::visitor::{client, read};

/// Begins a login; its issuer has one Registration, so it names no client.
pub(crate) async fn begin(stack: &Stack, more: &[(&str, &str)]) -> Begun {
    let target = format!("{APP_URL}/lesson/7");
    let usual = [("iss", ISSUER), ("login_hint", "hint-1"), ("target_link_uri", target.as_str())];
    begun(&post(stack, "/lti/login", &[&usual, more].concat(), None).await)
}

/// Posts the right token for a login.
pub(crate) async fn post_from(
    stack: &Stack,
    school: &School,
    begun: &Begun,
    user: &str,
    cookie: Option<&str>,
) -> Answer {
    let user = find_user(user).expect("the school knows the person");
    let claims = school.platform.claims_of("video", &user, &begun.nonce()).expect("the course has the link");
    let token = school.platform.key().id_token(&claims);
    post(stack, "/lti/launch", &[("id_token", &token), ("state", &begun.state())], cookie).await
}

/// The launch of such a browser waits until Platform storage has told the secret; posted again, it says that it was used.
pub(crate) async fn launched(stack: &Stack, school: &School, app: &App) {
    let begun = begin(stack, &[("lti_storage_target", "_parent")]).await;
    let waiting = post_from(stack, school, &begun, ADA, None).await;
    assert_eq!(waiting.status.as_u16(), 200, "{}", waiting.body);
    let fields = waiting.hidden_fields();
    let handle = fields.iter().find(|(name, _)| name == "handle").map(|(_, value)| value.as_str());
    let secret = &begun.storage.as_ref().expect("storage was offered").value;
    let state = begun.state();
    let form = [("state", state.as_str()), ("handle", handle.expect("the page has a handle")), ("binding", secret)];
    let launch = post(stack, "/lti/launch/complete", &form, None).await.launch_id();
    app.redeem(&launch).await;
}

async fn post(stack: &Stack, path: &str, fields: &[(&str, &str)], cookie: Option<&str>) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = client().post(format!("{}{path}", stack.output("ApiUrl"))).body(body);
    let mut request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(cookie) = cookie {
        request = request.header(COOKIE, cookie);
    }
    read(request.send().await.expect("the API answers")).await
}

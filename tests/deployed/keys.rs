//! Keys: the first ones at the deployment, and a rotation that nobody notices.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::app::App;
use crate::grades;
use crate::operator::done;
use crate::school::{BEN, School};
use crate::stack::Stack;
use crate::visitor::{Visitor, client, read};

/// What Secrets Manager does when the schedules are deployed: both secrets are rotated at once. Before that there is no key.
pub(crate) async fn first(stack: &Stack) {
    let before = read(client().get(stack.output("JwksUrl")).send().await.expect("the API answers")).await;
    assert_eq!((before.status.as_u16(), before.code().as_str()), (503, "tool_keys_missing"), "{}", before.body);
    let rotations = stack.rotations();
    assert_eq!(rotations.len(), 2, "{rotations:?}");
    for rotation in rotations {
        assert!(rotation.immediately, "{rotation:?} waits");
        stack.rotate(&rotation).await;
    }
    assert_eq!(published(stack).await, of_kind(stack, "signing").await, "and Platforms find the first keys");
}

/// Both secrets are rotated between the login and the launch of somebody, a day later.
pub(crate) async fn rotated(stack: &Stack, school: &School, app: &App) {
    let signing = of_kind(stack, "signing").await;
    let state = of_kind(stack, "state").await;
    let begun = crate::cookieless::begin(stack, &[]).await;

    for rotation in stack.rotations() {
        stack.rotate(&rotation).await;
    }
    assert_eq!(of_kind(stack, "signing").await, signing, "a rotation that comes too soon changes nothing");
    stack.let_a_day_pass().await;
    for rotation in stack.rotations() {
        stack.rotate(&rotation).await;
    }

    let (signing_now, state_now) = (of_kind(stack, "signing").await, of_kind(stack, "state").await);
    for (before, now) in [(&signing, &signing_now), (&state, &state_now)] {
        assert_eq!((&now["current"], &now["previous"]), (&before["next"], &before["current"]));
    }
    assert_eq!(published(stack).await, signing_now, "all three are published");

    for function in ["launch", "scores"] {
        stack.start_anew(function).await;
    }
    let launch = crate::cookieless::post_from(stack, school, &begun, BEN, Some(&begun.cookie)).await.launch_id();
    app.redeem(&launch).await;
    let launch = Visitor::at_school(BEN).await.click("video").await;
    app.redeem(&launch).await;
    school.platform.revoke_access_tokens();
    grades::delivered(app, school, &launch, 3.0).await;
    assert_eq!(last_signer(school), signing_now["current"], "the new key signs");
}

/// The ids of the published keys, by how they are used: as the operator's list has them.
async fn published(stack: &Stack) -> Value {
    let answer = read(client().get(stack.output("JwksUrl")).send().await.expect("the API answers")).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    let set = answer.json();
    let published: Vec<&Value> =
        set["keys"].as_array().expect("a set has keys").iter().map(|key| &key["kid"]).collect();
    let known = of_kind(stack, "signing").await;
    let known = known.as_object().expect("a list by use");
    assert_eq!(published.len(), known.len(), "{set} {known:?}");
    known.iter().filter(|(_, id)| published.contains(id)).map(|(place, id)| (place.clone(), id.clone())).collect()
}

/// The operator's list: ids by `current`, `next` and `previous`.
async fn of_kind(stack: &Stack, kind: &str) -> Value {
    let listed = done(stack, &["keys", "list"]).await;
    let keys = listed["keys"].as_array().expect("keys are listed").iter().filter(|key| key["kind"] == kind);
    let text = |value: &Value| value.as_str().expect("a place is a text").to_owned();
    keys.map(|key| (text(&key["place"]), key["id"].clone())).collect::<serde_json::Map<_, _>>().into()
}

/// The id of the key that signed the last client assertion.
fn last_signer(school: &School) -> Value {
    let requests = school.platform.requests();
    let request = requests.iter().rfind(|request| request.path == "/token").expect("a token was asked for");
    let mut form = form_urlencoded::parse(request.body.as_bytes());
    let (_, assertion) = form.find(|(name, _)| name == "client_assertion").expect("with an assertion");
    let header = assertion.split('.').next().expect("a token has a header");
    let header = URL_SAFE_NO_PAD.decode(header).expect("in base64url");
    let header: Value = serde_json::from_slice(&header).expect("a header is JSON");
    json!(header["kid"])
}

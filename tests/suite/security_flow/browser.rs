//! F1, F3, F5 to F10: one post, one browser, one login.

use doorway_mock_platform::{PlatformKey, users};
use doorway_tests::{Answer, refused};
use form_urlencoded::Serializer;
use http::{Request, StatusCode};
use serde_json::json;

use super::*;

async fn post_from(tool: &TestTool, begun: &Begun, id_token: &str, cookies: &[&str]) -> Answer {
    tool.post("/lti/launch", &[("id_token", id_token), ("state", &begun.state())], cookies).await
}

#[tokio::test]
async fn f1_the_same_post_again_is_told_that_it_was_used() {
    let (platform, tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    let token = token(&tool, &platform, &begun);
    tool.post_token(&begun, &token).await.launch_id();
    for (case, cookies) in [("the cookie is still there", vec![&*begun.cookie]), ("the cookie is gone", vec![])] {
        refused(case, &post_from(&tool, &begun, &token, &cookies).await, 409, "launch_already_used");
    }
    assert_eq!(tool.stored_launches().await.len(), 1);
}

#[tokio::test]
async fn f1_another_token_for_a_used_login_is_refused_too() {
    let (platform, tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    let id = tool.post_token(&begun, &token(&tool, &platform, &begun)).await.launch_id();
    let mut claims = tool.good_claims(&platform, &begun);
    claims["sub"] = "someone-else".into();
    claims["iat"] = (tool.now() + 1).into();
    let again = tool.post_token(&begun, &platform.key.id_token(&claims)).await;
    refused("a fresh signature over the same nonce", &again, 409, "launch_already_used");
    assert_eq!(tool.redeem(&id).await.json()["user"]["id"], "41");
}

#[tokio::test]
async fn f1_a_login_stays_used_when_its_launch_is_redeemed_forgotten_or_expired() {
    let (platform, tool) = set_up().await;
    for fate in ["redeemed", "forgotten", "redeemed and forgotten", "expired"] {
        let begun = tool.begin(&platform).await;
        let token = token(&tool, &platform, &begun);
        let id = tool.post_token(&begun, &token).await.launch_id();
        if fate.contains("redeemed") {
            assert_eq!(tool.redeem(&id).await.status, StatusCode::OK);
        }
        if fate.contains("forgotten") {
            assert_eq!(tool.api("DELETE", &format!("/v1/launches/{id}")).await.status, StatusCode::NO_CONTENT);
        }
        if fate == "expired" {
            tool.clock.advance(doorway_core::store::launches::REDEEM_SECONDS);
        }
        refused(fate, &tool.post_token(&begun, &token).await, 409, "launch_already_used");
    }
}

#[tokio::test]
async fn f1_the_record_of_a_used_login_outlives_every_state_that_could_replay_it() {
    use doorway_core::state::LOGIN_LIFETIME_SECONDS;
    use doorway_core::store::launches::TOMBSTONE_SECONDS;
    const { assert!(TOMBSTONE_SECONDS > LOGIN_LIFETIME_SECONDS + doorway_core::config::MAX_LEEWAY_SECONDS as u64) };
    let (platform, tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    let mut claims = tool.good_claims(&platform, &begun);
    claims["exp"] = (tool.now() + 3600).into();
    let token = platform.key.id_token(&claims);
    tool.clock.advance(LOGIN_LIFETIME_SECONDS - 1);
    tool.post_token(&begun, &token).await.launch_id();
    tool.clock.advance(1);
    refused("after ten minutes", &tool.post_token(&begun, &token).await, 400, "state_expired");
}

#[tokio::test]
async fn f3_no_bad_token_burns_the_login_it_comes_with() {
    let (platform, tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    let good = tool.good_claims(&platform, &begun);
    let stranger = PlatformKey::generate();
    let with = |name: &str, value: serde_json::Value| {
        let mut claims = good.clone();
        claims[name] = value;
        platform.key.id_token(&claims)
    };
    for (case, token) in [
        ("garbage", "garbage".to_owned()),
        ("a stranger's", stranger.token(&platform.key.header().to_string(), &good.to_string())),
        ("another nonce", with("nonce", json!("another"))),
        ("expired", with("exp", json!(22_222))),
        ("another audience", with("aud", json!("client-2"))),
        ("no user", with("sub", json!(""))),
        ("an unknown deployment", with(doorway_lti::claim::DEPLOYMENT_ID, json!("dep-2"))),
        ("an unknown message", with(doorway_lti::claim::MESSAGE_TYPE, json!("LtiEulaRequest"))),
    ] {
        assert!(tool.post_token(&begun, &token).await.status.is_client_error(), "{case}");
    }
    let token = platform.key.id_token(&good);
    refused("no cookie", &post_from(&tool, &begun, &token, &[]).await, 403, "binding_missing");
    // Who posts can say that the Platform refused.
    let refusal = [("error", "login_required"), ("state", &begun.state())];
    assert_eq!(tool.post("/lti/launch", &refusal, &[&begun.cookie]).await.code(), "authentication_refused");
    assert_eq!(tool.stored_launches().await.len(), 0);
    tool.post_token(&begun, &token).await.launch_id();
}

#[tokio::test]
async fn f5_a_post_from_a_browser_that_did_not_begin_is_refused() {
    let (platform, tool) = set_up().await;
    let attackers = tool.begin(&platform).await;
    let victims = tool.begin(&platform).await;
    let token = token(&tool, &platform, &attackers);
    let (name, secret) = attackers.cookie.split_once('=').unwrap();
    let (_, victims_secret) = victims.cookie.split_once('=').unwrap();
    for (case, code, cookies) in [
        ("no cookie", "binding_missing", vec![]),
        ("the cookie of another login", "binding_missing", vec![victims.cookie.clone()]),
        ("another login's secret", "binding_mismatch", vec![format!("{name}={victims_secret}")]),
        ("an empty secret", "binding_mismatch", vec![format!("{name}=")]),
        ("half a secret", "binding_mismatch", vec![format!("{name}={}", &secret[..21])]),
        ("a longer secret", "binding_mismatch", vec![format!("{name}={secret}A")]),
        ("the state as secret", "binding_mismatch", vec![format!("{name}={}", attackers.state())]),
        ("the nonce as secret", "binding_mismatch", vec![format!("{name}={}", attackers.nonce())]),
        ("another name", "binding_missing", vec![format!("{}={secret}", name.trim_start_matches("__Host-"))]),
        ("a name in capitals", "binding_missing", vec![format!("{}={secret}", name.to_uppercase())]),
    ] {
        let cookies: Vec<&str> = cookies.iter().map(String::as_str).collect();
        refused(case, &post_from(&tool, &attackers, &token, &cookies).await, 403, code);
    }
    assert_eq!(tool.stored_launches().await.len(), 0);
    // None of it spoiled the login for the browser that began it.
    tool.post_token(&attackers, &token).await.launch_id();
}

#[tokio::test]
async fn f6_a_state_of_ours_is_not_enough_and_a_state_of_others_is_nothing() {
    let (platform, tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    let token = token(&tool, &platform, &begun);
    let state = begun.state();
    let mut flipped = state.clone().into_bytes();
    flipped[40] = if flipped[40] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    for (case, state) in [
        ("made up", "made-up"),
        ("changed", &flipped),
        ("cut", &state[..state.len() - 2]),
        ("longer", &format!("{state}AA")),
        ("twice", &format!("{state}{state}")),
        ("padded", &format!("{state}=")),
        ("the nonce", &begun.nonce()),
        ("huge", &"A".repeat(5000)),
    ] {
        let answer = tool.post("/lti/launch", &[("id_token", &token), ("state", state)], &[&begun.cookie]).await;
        refused(case, &answer, 400, "state_invalid");
    }
    for (case, fields, code) in [
        ("no state", vec![("id_token", &*token)], "state_missing"),
        ("an empty state", vec![("id_token", &*token), ("state", "")], "state_missing"),
        ("no token", vec![("state", &*state)], "id_token_missing"),
        ("an empty token", vec![("id_token", ""), ("state", &*state)], "id_token_missing"),
        ("two tokens", vec![("id_token", &*token), ("id_token", "x"), ("state", &*state)], "parameter_repeated"),
        ("two states", vec![("id_token", &*token), ("state", &*state), ("state", &*state)], "parameter_repeated"),
        ("nothing", vec![], "state_missing"),
    ] {
        refused(case, &tool.post("/lti/launch", &fields, &[&begun.cookie]).await, 400, code);
    }
    tool.post_token(&begun, &token).await.launch_id();
}

#[tokio::test]
async fn f7_logins_in_one_browser_complete_in_any_order() {
    let (platform, tool) = set_up().await;
    let orders: [&[usize]; 9] = [
        &[0, 1],
        &[1, 0],
        &[0, 1, 2, 3, 4],
        &[4, 3, 2, 1, 0],
        &[1, 2, 3, 4, 0],
        &[4, 0, 1, 2, 3],
        &[2, 0, 4, 1, 3],
        &[3, 1, 4, 0, 2],
        &[0, 2, 4, 1, 3],
    ];
    for order in orders {
        let mut logins = Vec::new();
        for _ in order {
            logins.push(tool.begin(&platform).await);
        }
        // The browser sends all its cookies with every post; a served one is removed.
        let mut jar: Vec<String> = logins.iter().map(|begun| begun.cookie.clone()).collect();
        for &index in order {
            let cookies: Vec<&str> = jar.iter().map(String::as_str).collect();
            let begun = &logins[index];
            let answer = post_from(&tool, begun, &token(&tool, &platform, begun), &cookies).await;
            answer.launch_id();
            let (name, _) = begun.cookie.split_once('=').unwrap();
            assert!(answer.header("set-cookie").starts_with(&format!("{name}=; Path=/; Max-Age=0;")), "{order:?}");
            assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1, "no other login's cookie is touched");
            jar.retain(|cookie| *cookie != begun.cookie);
        }
        assert!(jar.is_empty());
    }
}

#[tokio::test]
async fn f7_cookies_of_the_app_on_the_same_host_do_not_hide_the_binding() {
    let (platform, tool) = set_up().await;
    let others: [&[u8]; 5] = [b"name=Zo\xc3\xab", b"raw=\xff\xfe", b"=", b";;;", b"flag"];
    for other in others {
        let begun = tool.begin(&platform).await;
        let cookies = [other, b"; ", begun.cookie.as_bytes(), b"; last=1"].concat();
        let pairs = [("id_token", &*token(&tool, &platform, &begun)), ("state", &*begun.state())];
        let body = Serializer::new(String::new()).extend_pairs(pairs).finish();
        let request = Request::post("/lti/launch")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", http::HeaderValue::from_bytes(&cookies).unwrap());
        tool.send(request.body(body.into()).unwrap()).await.launch_id();
    }
}

#[tokio::test]
async fn f8_what_a_browser_brings_along_is_never_taken_over() {
    let (platform, tool) = set_up().await;
    let mut ids = std::collections::HashSet::new();
    for preset in ["launch=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "session=fixed", "__Host-lti_=fixed", "id=1"] {
        let begun = tool.begin(&platform).await;
        let fields = [("id_token", &*token(&tool, &platform, &begun)), ("state", &begun.state()), ("launch", "fixed")];
        let answer = tool.post("/lti/launch?launch=fixed", &fields, &[preset, &begun.cookie]).await;
        let id = answer.launch_id();
        assert!(id != "fixed" && !preset.contains(&id) && ids.insert(id), "{preset}");
    }
    // Nor does a login keep a cookie that is there before it.
    let planted = tool.begin(&platform).await;
    let fields = [("iss", ISSUER), ("login_hint", "7"), ("target_link_uri", "x"), ("client_id", "client-1")];
    let begun = doorway_tests::begun(&tool.post("/lti/login", &fields, &[&planted.cookie]).await);
    assert_ne!(begun.cookie, planted.cookie);
}

#[tokio::test]
async fn f9_two_people_in_one_browser_stay_two_people() {
    let (platform, tool) = set_up().await;
    let people = users();
    let mut launches = Vec::new();
    for user in [&people[1], &people[2]] {
        let begun = tool.begin(&platform).await;
        let claims = platform.claims(&begun.nonce(), tool.now(), user).resource_link();
        launches.push((user, tool.post_token(&begun, &platform.key.id_token(&claims)).await.launch_id()));
    }
    // The later launch changed nothing about the earlier one.
    for (user, id) in &launches {
        let launch = tool.redeem(id).await.json();
        assert_eq!((&launch["id"], &launch["user"]["id"]), (&json!(id), &json!(user.id)));
        assert_eq!(launch["user"]["name"], json!(user.name));
    }
    for (user, id) in &launches {
        assert_eq!(tool.api("GET", &format!("/v1/launches/{id}")).await.json()["user"]["id"], json!(user.id));
    }
}

#[tokio::test]
async fn f10_a_token_in_a_url_is_never_a_launch() {
    let (platform, tool) = set_up().await;
    let begun = tool.begin(&platform).await;
    let token = token(&tool, &platform, &begun);
    let query =
        Serializer::new(String::new()).extend_pairs([("id_token", &*token), ("state", &*begun.state())]).finish();
    for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH"] {
        let request =
            Request::builder().method(method).uri(format!("/lti/launch?{query}")).header("cookie", &begun.cookie);
        let answer = tool.send(request.body(String::new().into()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    let uri = format!("/lti/launch?{query}");
    let answer = tool.post(&uri, &[], &[&begun.cookie]).await;
    refused("posted, but in the query", &answer, 400, "state_missing");
    let answer = tool.post(&uri, &[("state", &begun.state())], &[&begun.cookie]).await;
    refused("half of it in the query", &answer, 400, "id_token_missing");
    assert_eq!(tool.stored_launches().await.len(), 0);
    // celtic's library repeats the storage target in the query of the launch URL.
    let uri = "/lti/launch?lti_storage_target=_parent";
    tool.post(uri, &[("id_token", &token), ("state", &begun.state())], &[&begun.cookie]).await.launch_id();
}

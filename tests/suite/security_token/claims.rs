//! V13, V16 to V19: claims of a wrong type, tokens for other purposes, times, look-alikes.

use doorway_lti::claim;

use super::*;

#[tokio::test]
async fn v13_security_claims_have_exactly_their_type() {
    let attack = Attack::prepare().await;
    for (name, values) in [
        ("iss", vec![json!(1), json!(["https://lms.example"]), json!({}), json!(true)]),
        ("aud", vec![json!(1), json!([]), json!([1]), json!(["client-1", 1]), json!({"client-1": true})]),
        ("azp", vec![json!(1), json!(["client-1"])]),
        ("exp", vec![json!("1795421100"), json!(-1), json!([]), json!(true), json!(1e300), json!("NaN"), json!({})]),
        ("iat", vec![json!("1795420800"), json!(-1.5), json!([1]), json!(false), json!(u64::MAX)]),
        ("nbf", vec![json!("0"), Value::Null, json!({})]),
        ("nonce", vec![json!(7), json!([]), json!({})]),
        ("sub", vec![json!(41), json!(["41"]), json!("a\u{0}"), json!("s".repeat(256))]),
        (claim::DEPLOYMENT_ID, vec![json!(1), json!(""), json!(["dep-1"])]),
        (claim::VERSION, vec![json!(1.3), json!(["1.3.0"])]),
        (claim::MESSAGE_TYPE, vec![json!(1), json!(["LtiResourceLinkRequest"])]),
    ] {
        for value in values {
            let case = format!("{name}: {value}");
            attack.refuses_claims(&case, 400, "claim_invalid", |claims| claims[name] = value.clone()).await;
        }
    }
    for number in ["1e400", "-1e400", "NaN", "Infinity", "1795421100s", "0x6B0377CC", "01"] {
        let forgery = |attack: &Attack, claims: Value| {
            let text = claims.to_string().replace(&format!("\"exp\":{}", claims["exp"]), &format!("\"exp\":{number}"));
            assert!(text.contains(number));
            attack.key().token(&attack.key().header().to_string(), &text)
        };
        attack.refuses(number, 400, "token_malformed", &forgery).await;
    }
    attack.fetched_nothing_more();
}

#[tokio::test]
async fn v13_an_absent_or_null_security_claim_is_missing_and_never_passed_over() {
    let attack = Attack::prepare().await;
    for name in ["iss", "aud", "exp", "iat", "nonce", claim::DEPLOYMENT_ID, claim::VERSION, claim::MESSAGE_TYPE] {
        attack.refuses_claims(name, 400, "claim_missing", |claims| claims[name] = Value::Null).await;
        let line = attack
            .refuses_claims(name, 400, "claim_missing", |claims| drop(claims.as_object_mut().map(|c| c.remove(name))))
            .await;
        assert!(line["rejection.reason"].as_str().unwrap().contains(name));
    }
    attack.fetched_nothing_more();
}

#[tokio::test]
async fn v16_a_token_for_another_purpose_is_no_launch() {
    let attack = Attack::prepare().await;
    let now = attack.tool.now();
    let lay_over = |claims: &mut Value, over: Value| {
        for (name, value) in over.as_object().into_iter().flatten() {
            claims[name] = value.clone();
        }
    };
    for (case, status, code, over) in [
        (
            "a deep linking response",
            401,
            "issuer_mismatch",
            json!({"iss": "client-1", "aud": "https://lms.example", claim::MESSAGE_TYPE: "LtiDeepLinkingResponse"}),
        ),
        (
            "a deep linking response in the Platform's name",
            400,
            "message_type_unknown",
            json!({ claim::MESSAGE_TYPE: "LtiDeepLinkingResponse" }),
        ),
        (
            "a client assertion",
            401,
            "issuer_mismatch",
            json!({"iss": "client-1", "sub": "client-1", "aud": "https://lms.example/token", "jti": "1"}),
        ),
        ("an access token", 401, "audience_mismatch", json!({"aud": "https://lms.example/api", "scope": "x"})),
        ("a notice", 400, "message_type_unknown", json!({ claim::MESSAGE_TYPE: "LtiHelloWorldNotice" })),
        ("another client's", 401, "audience_mismatch", json!({"aud": "client-2", "azp": "client-2"})),
        ("another client's too", 401, "audience_mismatch", json!({"aud": ["client-1", "client-2"], "azp": "client-1"})),
        ("by another client", 401, "audience_mismatch", json!({"azp": "client-2"})),
        ("the client in capitals", 401, "audience_mismatch", json!({"aud": "CLIENT-1", "azp": "CLIENT-1"})),
        ("another login's", 401, "nonce_mismatch", json!({"nonce": "another"})),
        ("no login's", 401, "nonce_mismatch", json!({"nonce": ""})),
    ] {
        attack.refuses_claims(case, status, code, |claims| lay_over(claims, over.clone())).await;
    }
    for (case, claims) in [
        ("a bare assertion", json!({"iss": "client-1", "sub": "client-1", "aud": "x", "iat": now, "exp": now + 60})),
        (
            "a bare sign-in",
            json!({"iss": "https://lms.example", "aud": "client-1", "sub": "1", "iat": now, "exp": now + 60}),
        ),
    ] {
        attack.refuses(case, 400, "claim_missing", &|attack, _| attack.key().id_token(&claims)).await;
    }
    attack
        .accepts("our client alone, as a list", &|attack, mut claims| {
            claims["aud"] = json!(["client-1"]);
            attack.key().id_token(&claims)
        })
        .await;
    attack.fetched_nothing_more();
}

#[tokio::test]
async fn v17_times_hold_to_the_second_with_a_minute_of_leeway() {
    let attack = Attack::prepare().await;
    let now = attack.tool.now();
    let set = |times: Value| {
        move |attack: &Attack, mut claims: Value| {
            for (name, value) in times.as_object().into_iter().flatten() {
                claims[name] = value.clone();
            }
            attack.key().id_token(&claims)
        }
    };
    for (case, code, times) in [
        ("expired by the leeway", "token_expired", json!({"exp": now - 60, "iat": now - 100})),
        ("expired for long", "token_expired", json!({"iat": 11_111, "exp": 22_222})),
        ("expired before the epoch", "token_expired", json!({"iat": 0, "exp": 0})),
        ("issued too far ahead", "token_not_yet_valid", json!({"iat": now + 61, "exp": now + 300})),
        ("valid too far ahead", "token_not_yet_valid", json!({"nbf": now + 61})),
        ("ahead by a fraction", "token_not_yet_valid", json!({"iat": now as f64 + 60.5, "exp": now + 300})),
    ] {
        let line = attack.refuses(case, 401, code, &set(times)).await;
        assert!(line["rejection.reason"].as_str().unwrap().contains("leeway 60 s"), "{case}: {line}");
    }
    attack.refuses("ends before it begins", 400, "claim_invalid", &set(json!({"exp": now - 10, "iat": now}))).await;
    for (case, times) in [
        ("expired within the leeway", json!({"exp": now - 59, "iat": now - 100})),
        ("by a fraction within", json!({"exp": now as f64 - 59.5, "iat": now - 100})),
        ("issued ahead within the leeway", json!({"iat": now + 60, "exp": now + 300})),
        ("valid ahead within the leeway", json!({"nbf": now + 60})),
        ("issued long before the login, as by Canvas", json!({"iat": now - 3000, "exp": now + 600})),
    ] {
        attack.accepts(case, &set(times)).await;
    }
    attack.fetched_nothing_more();
}

#[tokio::test]
async fn v17_a_token_expires_while_the_user_waits() {
    let attack = Attack::prepare().await;
    let begun = attack.tool.begin(&attack.platform).await;
    let token = attack.key().id_token(&attack.tool.good_claims(&attack.platform, &begun));
    attack.tool.clock.advance(300 + 60);
    refused("after five minutes and the leeway", &attack.tool.post_token(&begun, &token).await, 401, "token_expired");
}

#[tokio::test]
async fn v19_an_issuer_that_only_looks_alike_is_another() {
    let attack = Attack::prepare().await;
    for issuer in [
        "https://lms.example/",
        "HTTPS://lms.example",
        "https://LMS.example",
        "http://lms.example",
        "https://lms.example:443",
        "https://lms.example#",
        " https://lms.example",
        "https://lms.example ",
        "https://lms.example.",
        "https://lms\u{2024}example",
        "https://l\u{217f}s.example",
        "https://xn--lms-0ra.example",
        "lms.example",
        "",
    ] {
        attack.refuses_claims(issuer, 401, "issuer_mismatch", |claims| claims["iss"] = issuer.into()).await;
    }
    attack.fetched_nothing_more();
}

//! V1 to V4, V14: algorithms and headers that choose how, or with what, they are verified.

use doorway_tests::forge::{base64url, hs256, pem, public_der};

use super::*;

#[tokio::test]
async fn v1_no_spelling_of_no_algorithm_is_accepted() {
    let attack = Attack::prepare().await;
    for alg in ["none", "None", "NONE", "nOnE", "", "rs256", "RS256 ", "RS256\u{0}", "RSA", "HS256", "PS256", "ES512"] {
        let header = attack.header_with("alg", alg);
        attack.refuses_header(alg, 401, "token_algorithm_refused", &header.to_string()).await;
        let unsigned = |_: &Attack, claims: Value| {
            let input = format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()));
            format!("{input}.")
        };
        attack.refuses(alg, 400, "token_malformed", &unsigned).await;
        let without_dot = |attack: &Attack, claims: Value| unsigned(attack, claims).trim_end_matches('.').to_owned();
        attack.refuses(alg, 400, "token_malformed", &without_dot).await;
        let empty_word = |attack: &Attack, claims: Value| format!("{}{}", unsigned(attack, claims), base64url("none"));
        attack.refuses(alg, 401, "token_algorithm_refused", &empty_word).await;
    }
    for alg in [Value::Null, json!(["RS256"]), json!(256), json!({"RS256": true}), json!(true)] {
        let header = attack.header_with("alg", alg.clone()).to_string();
        attack.refuses_header(&alg.to_string(), 400, "token_malformed", &header).await;
    }
    let mut missing = attack.key().header();
    missing.as_object_mut().unwrap().remove("alg").unwrap();
    attack.refuses_header("absent", 400, "token_malformed", &missing.to_string()).await;
    attack.fetched_nothing_more();
}

#[tokio::test]
async fn v2_a_public_key_is_no_hmac_secret() {
    let attack = Attack::prepare().await;
    let (spki, pkcs1) = public_der(attack.key());
    let jwk = attack.key().public_jwk();
    let spki_pem = attack.key().public_pem();
    let pkcs1_pem = pem("RSA PUBLIC KEY", &pkcs1);
    let secrets: [(&str, Vec<u8>); 10] = [
        ("SPKI as PEM", spki_pem.clone().into()),
        ("SPKI as PEM without newline", spki_pem.trim_end().into()),
        ("PKCS #1 as PEM", pkcs1_pem.clone().into()),
        ("PKCS #1 as PEM with newline", format!("{pkcs1_pem}\n").into()),
        ("SPKI as DER", spki),
        ("PKCS #1 as DER", pkcs1),
        ("JWK", jwk.to_string().into()),
        ("modulus as text", jwk["n"].as_str().unwrap().into()),
        ("modulus", doorway_tests::forge::unbase64url(jwk["n"].as_str().unwrap())),
        ("nothing", Vec::new()),
    ];
    for (case, secret) in secrets {
        for alg in ["HS256", "RS256"] {
            let header = attack.header_with("alg", alg);
            let forgery = |_: &Attack, claims: Value| hs256(&header, &claims, &secret);
            let code = if alg == "HS256" { "token_algorithm_refused" } else { "signature_invalid" };
            attack.refuses(case, 401, code, &forgery).await;
        }
    }
    attack.fetched_nothing_more();
}

#[tokio::test]
async fn v3_the_platforms_key_set_cannot_allow_another_algorithm() {
    let secret = [7; 32];
    for (case, key) in [
        ("a symmetric key", json!({ "kty": "oct", "alg": "HS256", "kid": "weak", "k": base64url(secret) })),
        ("one that says RS256", json!({ "kty": "oct", "alg": "RS256", "kid": "weak", "k": base64url(secret) })),
    ] {
        let attack = Attack::prepare().await;
        attack.platform.publish_jwks(vec![attack.key().public_jwk(), key]);
        let forgery = |alg: &'static str| {
            move |_: &Attack, claims: Value| hs256(&json!({"alg": alg, "kid": "weak"}), &claims, &secret)
        };
        attack.refuses(case, 401, "token_algorithm_refused", &forgery("HS256")).await;
        attack.fetched_nothing_more();
        attack.refuses(case, 401, "key_id_unknown", &forgery("RS256")).await;
    }
    for alg in ["PS256", "RS384", "HS256", "none", ""] {
        let platform = FakePlatform::start("https://lms.example", "client-1").await;
        let tool = TestTool::start(&[platform.registration()]).await;
        let mut key = platform.key.public_jwk();
        key["alg"] = alg.into();
        platform.publish_jwks(vec![key, PlatformKey::generate().public_jwk()]);
        refused(alg, &tool.launch_with(&platform, |_| {}).await, 401, "key_refused");
    }
}

#[tokio::test]
async fn v4_a_key_that_the_token_brings_along_is_neither_used_nor_fetched() {
    let attack = Attack::prepare().await;
    let host = FakePlatform::start("https://evil.example", "x").await;
    let (uri, certificate) = (host.registration().jwks_uri, base64url("certificate"));
    let jwk = attack.attacker.public_jwk();
    for (name, value) in [
        ("jwk", jwk),
        ("jku", uri.as_str().into()),
        ("x5u", uri.as_str().into()),
        ("x5c", json!([certificate])),
        ("jku", Value::Null),
    ] {
        let header = attack.header_with(name, value).to_string();
        attack.refuses_header(name, 401, "token_header_refused", &header).await;
        let forgery = |attack: &Attack, claims: Value| attack.attacker.token(&header, &claims.to_string());
        attack.refuses(name, 401, "token_header_refused", &forgery).await;
    }
    // A thumbprint names a key and brings none: it is ignored.
    for name in ["x5t", "x5t#S256"] {
        let header = attack.header_with(name, "q-_9").to_string();
        let forgery = |attack: &Attack, claims: Value| attack.attacker.token(&header, &claims.to_string());
        attack.refuses(name, 401, "signature_invalid", &forgery).await;
        attack.accepts(name, &|attack, claims| attack.key().token(&header, &claims.to_string())).await;
    }
    attack.fetched_nothing_more();
    assert_eq!(host.fetches(), 0);
}

#[tokio::test]
async fn v14_headers_that_change_the_reading_are_refused() {
    let attack = Attack::prepare().await;
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
        ("zip", Value::Null),
    ] {
        let header = attack.header_with(name, value).to_string();
        attack.refuses_header(name, 401, "token_header_refused", &header).await;
    }
    for typ in [json!("JWT"), json!("jwt"), json!("application/jwt"), Value::Null] {
        let header = attack.header_with("typ", typ).to_string();
        attack.accepts("typ", &|attack, claims| attack.key().token(&header, &claims.to_string())).await;
    }
    attack.fetched_nothing_more();
}

//! V5 to V9: which key verifies, and what it must be.

use doorway_tests::forge::{base64url, unbase64url};

use super::*;

#[tokio::test]
async fn v5_a_key_id_is_only_compared_and_leads_nowhere() {
    let attack = Attack::prepare().await;
    for kid in ["../../dev/null", "' OR 1=1 --", "%2e%2e%2f", "https://evil.example/jwks", "${jndi:ldap://x}"] {
        let header = attack.header_with("kid", kid).to_string();
        let line = attack.refuses_header(kid, 401, "key_id_unknown", &header).await;
        assert!(!line.to_string().contains(kid), "{line}");
    }
    let own = attack.key().key_id();
    for kid in [own.to_uppercase(), format!("{own} "), own[..19].to_owned(), format!("{own}0")] {
        attack.refuses_header(&kid, 401, "key_id_unknown", &attack.header_with("kid", kid.as_str()).to_string()).await;
    }
    for kid in [json!(7), json!([own]), json!({}), json!(true), json!("\u{0}"), json!("a\nb"), json!("k".repeat(256))] {
        let header = attack.header_with("kid", kid.clone()).to_string();
        attack.refuses_header(&kid.to_string(), 400, "token_malformed", &header).await;
    }
    let huge = attack.header_with("kid", "k".repeat(1024 * 1024)).to_string();
    let begun = attack.tool.begin(&attack.platform).await;
    let answer = attack.tool.post_token(&begun, &attack.key().token(&huge, "{}")).await;
    refused("a key id of a megabyte", &answer, 413, "body_too_large");
    assert_eq!(attack.good(&begun).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn v5_a_key_of_another_platform_is_unknown_here_and_is_not_fetched_for_it() {
    let other = FakePlatform::start("https://other.example", "client-1").await;
    let attack = Attack::prepare().await;
    attack.tool.parts.registrations().put(&other.registration()).await.unwrap();
    let forgery = |_: &Attack, claims: Value| other.key.id_token(&claims);
    attack.refuses("before its keys are known", 401, "key_id_unknown", &forgery).await;
    assert_eq!(other.fetches(), 0);
    attack.tool.launch(&other).await;
    attack.refuses("while its keys are cached", 401, "key_id_unknown", &forgery).await;
}

#[tokio::test]
async fn v6_a_token_without_key_id_is_refused_even_if_there_is_only_one_key() {
    let attack = Attack::prepare().await;
    for kid in [None, Some(Value::Null), Some(json!(""))] {
        let mut header = attack.key().header();
        match kid.clone() {
            Some(kid) => header["kid"] = kid,
            None => drop(header.as_object_mut().unwrap().remove("kid")),
        }
        attack.refuses_header(&format!("{kid:?}"), 401, "key_id_missing", &header.to_string()).await;
    }
    attack.fetched_nothing_more();
}

/// A launch at a Platform that publishes its key so, beside another that is in order: without any usable key the
/// set as a whole would be refused.
async fn launch_with_keys(publish: impl FnOnce(&PlatformKey) -> Vec<Value>) -> Answer {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    let mut keys = publish(&platform.key);
    keys.push(PlatformKey::generate().public_jwk());
    platform.publish_jwks(keys);
    tool.launch_with(&platform, |_| {}).await
}

fn key_with(key: &PlatformKey, name: &str, value: impl Into<Value>) -> Value {
    let mut jwk = key.public_jwk();
    jwk[name] = value.into();
    jwk
}

#[tokio::test]
async fn v7_a_key_id_that_two_keys_share_and_a_key_for_something_else_are_refused() {
    let twice = launch_with_keys(|key| {
        let other = PlatformKey::generate().with_key_id(key.key_id());
        vec![key.public_jwk(), other.public_jwk()]
    });
    refused("two keys", &twice.await, 401, "key_refused");
    refused("one key twice", &launch_with_keys(|key| vec![key.public_jwk(); 2]).await, 401, "key_refused");
    for (name, value) in [
        ("use", json!("enc")),
        ("use", json!("")),
        ("use", json!(["sig"])),
        ("key_ops", json!(["sign"])),
        ("key_ops", json!([])),
        ("key_ops", json!("verify")),
        ("kty", json!("EC")),
        ("alg", json!("ES256")),
        ("alg", json!(256)),
    ] {
        let case = format!("{name}: {value}");
        refused(&case, &launch_with_keys(|key| vec![key_with(key, name, value)]).await, 401, "key_refused");
    }
    for (name, value) in [("key_ops", json!(["verify"])), ("use", Value::Null), ("alg", Value::Null)] {
        let answer = launch_with_keys(|key| vec![key_with(key, name, value)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}: {}", answer.body);
    }
}

#[tokio::test]
async fn v8_a_weak_key_verifies_nothing() {
    let modulus = |key: &PlatformKey| unbase64url(key.public_jwk()["n"].as_str().unwrap_or_default());
    for (case, exponent) in [("e = 1", "AQ"), ("e even", "Ag"), ("e = 0", ""), ("e of 33 bits", "AQAAAAE")] {
        refused(case, &launch_with_keys(|key| vec![key_with(key, "e", exponent)]).await, 401, "key_refused");
    }
    for length in [0, 64, 128, 255] {
        let short = |key: &PlatformKey| vec![key_with(key, "n", base64url(&modulus(key)[..length]))];
        refused(&format!("{length} bytes"), &launch_with_keys(short).await, 401, "key_refused");
    }
    let long = |key: &PlatformKey| vec![key_with(key, "n", base64url(modulus(key).repeat(5)))];
    refused("10240 bits", &launch_with_keys(long).await, 401, "key_refused");
    let padded = |key: &PlatformKey| {
        let modulus = format!("{}=", key.public_jwk()["n"].as_str().unwrap_or_default());
        vec![key_with(key, "n", modulus)]
    };
    let tolerated = launch_with_keys(padded).await;
    assert_eq!(tolerated.status, StatusCode::SEE_OTHER, "stray padding as in the specification's own example");
}

#[tokio::test]
async fn v9_a_signature_that_is_nearly_right_is_wrong() {
    let attack = Attack::prepare().await;
    type Change = fn(&mut Vec<u8>);
    let change = |change: Change| {
        move |attack: &Attack, claims: Value| {
            let token = attack.key().id_token(&claims);
            let (input, signature) = token.rsplit_once('.').unwrap_or_default();
            let mut signature = unbase64url(signature);
            change(&mut signature);
            format!("{input}.{}", base64url(signature))
        }
    };
    let changes: [(&str, Change); 8] = [
        ("first bit", |signature| signature[0] ^= 0x80),
        ("last bit", |signature| signature[255] ^= 1),
        ("one byte short", |signature| signature.truncate(255)),
        ("one byte long", |signature| signature.push(0)),
        ("a zero before", |signature| signature.insert(0, 0)),
        ("all zero", |signature| signature.fill(0)),
        ("all ones", |signature| signature.fill(0xff)),
        ("one byte", |signature| signature.truncate(1)),
    ];
    for (case, how) in changes {
        attack.refuses(case, 401, "signature_invalid", &change(how)).await;
    }
    let stranger =
        |attack: &Attack, claims: Value| attack.attacker.token(&attack.key().header().to_string(), &claims.to_string());
    attack.refuses("a stranger's", 401, "signature_invalid", &stranger).await;
    attack.fetched_nothing_more();
}

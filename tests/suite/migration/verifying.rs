//! What is believed: the published vector, and nothing that differs from it in one bit.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use doorway_core::migration::{ConsumerSecrets, Doubt, Migration};
use doorway_core::secret::SecretFormat as _;
use serde_json::{Value, json};

use super::support::{SECRET, Signed, consumer, secrets, vector};

fn doubt(signed: &Signed, consumers: &Value) -> Option<Doubt> {
    signed.verify(consumers).unwrap().doubt()
}

#[test]
fn the_published_vector_is_verified() {
    assert_eq!(vector().signed_with(SECRET).signature, vector().signature, "the tests sign as the guide does");
    let migration = vector().verify(&json!([consumer()])).unwrap();
    assert_eq!(
        serde_json::to_value(&migration).unwrap(),
        json!({
            "consumerKey": "179248902", "userId": "u-11", "contextId": "c-13", "resourceLinkId": "r-13",
            "toolConsumerInstanceGuid": "g-13", "verified": true,
        })
    );
    let Migration::Verified(verified) = migration else { panic!("verified") };
    assert_eq!((verified.consumer_key(), verified.ids().user_id.as_deref()), (Some("179248902"), Some("u-11")));
}

#[test]
fn each_signed_value_that_is_another_is_not_verified() {
    type Change = fn(&mut Signed);
    let changes: [(&str, Change); 6] = [
        ("oauth_consumer_key", |signed| signed.consumer_key = "179248903".to_owned()),
        ("deployment_id", |signed| signed.deployment_id = "689303".to_owned()),
        ("iss", |signed| signed.issuer = "https://lmsvendor.com/".to_owned()),
        ("client_id", |signed| signed.client_id = "pm48OJSfGDTAzAo".to_owned()),
        ("exp", |signed| signed.expires_at = json!(1_551_290_857)),
        ("nonce", |signed| signed.nonce = "172we8671fd8".to_owned()),
    ];
    // Under both keys, so that a changed key is not just an unknown one.
    let consumers = json!([consumer(), {"id": "2", "key": "179248903", "secret": SECRET, "anyPlatform": true}]);
    for (name, change) in changes {
        let mut signed = vector();
        change(&mut signed);
        assert_eq!(doubt(&signed, &consumers), Some(Doubt::SignatureWrong), "{name}");
        assert_eq!(doubt(&signed.signed_with(SECRET), &consumers), None, "{name}: it is the signature that lacks");
    }
}

/// Every bit of every signed value and of the signature: none may be another.
#[test]
fn no_flipped_bit_is_verified() {
    let flipped = |text: &str| {
        let bytes = text.as_bytes().to_vec();
        let flip = |position: usize| {
            let mut bytes = bytes.clone();
            bytes[position / 8] ^= 1 << (position % 8);
            String::from_utf8(bytes).ok()
        };
        (0..bytes.len() * 8).filter_map(flip).collect::<Vec<_>>()
    };
    let good = vector();
    let mut tried = Vec::new();
    let with = |value: String, set: fn(&mut Signed, String)| {
        let mut signed = good.clone();
        set(&mut signed, value);
        signed
    };
    tried.extend(flipped(&good.deployment_id).into_iter().map(|id| with(id, |signed, id| signed.deployment_id = id)));
    tried.extend(flipped(&good.issuer).into_iter().map(|id| with(id, |signed, id| signed.issuer = id)));
    tried.extend(flipped(&good.client_id).into_iter().map(|id| with(id, |signed, id| signed.client_id = id)));
    tried.extend(flipped(&good.nonce).into_iter().map(|nonce| with(nonce, |signed, nonce| signed.nonce = nonce)));
    tried.extend(flipped(&good.signature).into_iter().map(|text| with(text, |signed, text| signed.signature = text)));
    tried.extend((0..64).map(|bit| Signed { expires_at: json!(1_551_290_856_u64 ^ (1 << bit)), ..good.clone() }));
    let judged: Vec<_> = tried.iter().filter_map(|signed| signed.verify(&json!([consumer()]))).collect();
    assert!(judged.len() > 700, "{}", judged.len());
    for migration in &judged {
        assert_eq!(migration.doubt(), Some(Doubt::SignatureWrong));
    }
    // The key decides which secret is asked for, so each flipped one is given the same secret.
    for key in flipped(&good.consumer_key) {
        let signed = Signed { consumer_key: key.clone(), ..good.clone() };
        let text = json!({"consumers": [{"id": "1", "key": key, "secret": SECRET, "anyPlatform": true}]}).to_string();
        if ConsumerSecrets::parse(&text).is_some() {
            let consumers = json!([{"id": "1", "key": key, "secret": SECRET, "anyPlatform": true}]);
            assert_eq!(doubt(&signed, &consumers), Some(Doubt::SignatureWrong));
        }
    }
}

#[test]
fn a_signature_is_the_one_text_that_the_guide_writes() {
    let raw = STANDARD.decode(vector().signature).unwrap();
    let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
    for signature in [
        STANDARD_NO_PAD.encode(&raw),
        URL_SAFE.encode(&raw),
        format!("{}\n", vector().signature),
        format!(" {}", vector().signature),
        hex,
        STANDARD.encode(&raw[..31]),
        STANDARD.encode([&raw[..], b"0"].concat()),
        "=".to_owned(),
    ] {
        let signed = Signed { signature: signature.clone(), ..vector() };
        assert_eq!(doubt(&signed, &json!([consumer()])), Some(Doubt::SignatureWrong), "{signature}");
    }
    let unsigned = Signed { signature: String::new(), ..vector() };
    assert_eq!(doubt(&unsigned, &json!([consumer()])), Some(Doubt::NotSigned));
}

#[test]
fn an_expiry_that_is_no_whole_number_has_no_signature() {
    for expires_at in [json!(1_551_290_856.0), json!("1551290856"), json!(-1), json!(null)] {
        let signed = Signed { expires_at: expires_at.clone(), ..vector() };
        assert_eq!(doubt(&signed, &json!([consumer()])), Some(Doubt::SignatureWrong), "{expires_at}");
        assert_eq!(doubt(&signed.signed_with(SECRET), &json!([consumer()])), Some(Doubt::SignatureWrong));
    }
}

#[test]
fn values_that_move_between_fields_are_not_verified() {
    // What was signed for consumer `a` in Deployment `b&c` reads like consumer `a&b` in Deployment `c`.
    let signed =
        Signed { consumer_key: "a".to_owned(), deployment_id: "b&c".to_owned(), ..vector() }.signed_with(SECRET);
    let consumers = json!([{"id": "1", "key": "a", "secret": SECRET, "anyPlatform": true}]);
    assert_eq!(doubt(&signed, &consumers), Some(Doubt::SignatureWrong));
    let moved = Signed { consumer_key: "a&b".to_owned(), deployment_id: "c".to_owned(), ..signed };
    assert_eq!(doubt(&moved, &consumers), Some(Doubt::KeyUnknown));
    let text = json!({"consumers": [{"id": "1", "key": "a&b", "secret": SECRET, "anyPlatform": true}]}).to_string();
    assert!(ConsumerSecrets::parse(&text).is_none());
}

#[test]
fn without_the_consumers_secret_nothing_is_verified() {
    let other_key = json!({"id": "1", "key": "17924890", "secret": SECRET, "anyPlatform": true});
    assert_eq!(doubt(&vector(), &json!([])), Some(Doubt::KeyUnknown));
    assert_eq!(doubt(&vector(), &json!([other_key])), Some(Doubt::KeyUnknown));
    for secret in ["my-lti11-secre", "my-lti11-secret ", "My-lti11-secret", "179248902"] {
        let consumers = json!([{"id": "1", "key": "179248902", "secret": secret, "anyPlatform": true}]);
        assert_eq!(doubt(&vector(), &consumers), Some(Doubt::SignatureWrong), "{secret}");
    }
    assert!(secrets(&json!([])).is_empty());
}

#[test]
fn one_of_several_secrets_of_a_consumer_is_enough() {
    let with = |id: &str, secret: &str| json!({"id": id, "key": "179248902", "secret": secret, "anyPlatform": true});
    for consumers in [
        json!([with("1", SECRET), with("2", "its next one")]),
        json!([with("1", "the one before"), with("2", SECRET)]),
        json!([with("1", "a"), with("2", "b"), with("3", SECRET)]),
    ] {
        assert_eq!(doubt(&vector(), &consumers), None);
        assert_eq!(secrets(&consumers).len(), consumers.as_array().unwrap().len());
    }
}

#[test]
fn a_consumer_is_accepted_from_its_own_platform_alone() {
    let from = |place: Value| {
        let mut consumer = json!({"id": "1", "key": "179248902", "secret": SECRET});
        consumer.as_object_mut().unwrap().extend(place.as_object().unwrap().clone());
        consumer
    };
    let (issuer, client, deployment) = ("https://lmsvendor.com", "PM48OJSfGDTAzAo", "689302");
    let own = [
        json!({"issuer": issuer}),
        json!({"issuer": issuer, "clientId": client}),
        json!({"issuer": issuer, "clientId": client, "deploymentId": deployment}),
    ];
    let others = [
        json!({"issuer": "https://lmsvendor.com/"}),
        json!({"issuer": "https://LMSVENDOR.com"}),
        json!({"issuer": "https://other.example", "clientId": client, "deploymentId": deployment}),
        json!({"issuer": issuer, "clientId": "other"}),
        json!({"issuer": issuer, "clientId": client, "deploymentId": "689303"}),
    ];
    for place in own {
        assert_eq!(doubt(&vector(), &json!([from(place.clone())])), None, "{place}");
    }
    for place in others {
        // The signature is right: who knows the secret has a Registration of his own.
        assert_eq!(doubt(&vector(), &json!([from(place.clone())])), Some(Doubt::OtherPlatform), "{place}");
    }
    // A secret of one customer serves no other customer with the same key.
    let shared_key = json!([
        {"id": "1", "key": "179248902", "secret": SECRET, "issuer": "https://other.example"},
        {"id": "2", "key": "179248902", "secret": "another", "issuer": issuer},
    ]);
    assert_eq!(doubt(&vector(), &shared_key), Some(Doubt::SignatureWrong));
}

#[test]
fn a_secret_that_says_too_little_or_two_things_is_refused_as_a_whole() {
    let good = consumer();
    let parses = |consumers: Value| ConsumerSecrets::parse(&json!({"consumers": consumers}).to_string()).is_some();
    assert!(parses(json!([good])) && parses(json!([])));
    for change in [
        json!({"anyPlatform": false}),
        json!({"issuer": "https://lms.example"}),
        json!({"anyPlatform": false, "clientId": "1"}),
        json!({"anyPlatform": false, "issuer": "https://lms.example", "deploymentId": "1"}),
        json!({"anyPlatform": false, "issuer": ""}),
        json!({"anyPlatform": false, "isuer": "https://lms.example"}),
        json!({"anyPlatform": "true"}),
        json!({"secret": ""}),
        json!({"secret": null}),
        json!({"key": ""}),
        json!({"key": 1}),
        json!({"id": ""}),
    ] {
        let mut bad = good.clone();
        bad["id"] = json!("2");
        bad.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert!(!parses(json!([good, bad])), "{change}");
    }
    assert!(!parses(json!([good, good])), "two of one id could not be told apart");
    for text in ["", "{}", "[]", r#"{"consumers":{}}"#, r#"{"keys":[]}"#] {
        assert!(ConsumerSecrets::parse(text).is_none(), "{text}");
    }
}

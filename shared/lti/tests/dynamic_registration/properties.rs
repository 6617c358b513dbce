//! Nothing that a Platform sends makes a parser panic, or gets past the rule of origins.

use doorway_lti::dynamic_registration::{PlatformConfiguration, RegistrationRequest, RegistrationResponse, Schemes};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{document, tool, url};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!("https://school.example/x")),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map("[a-z_ ]{1,20}", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = PlatformConfiguration::parse(&bytes, &url("https://school.example/"), Schemes::Https);
        let _ = RegistrationResponse::parse(&bytes);
    }

    #[test]
    fn any_member_may_be_anything(which in 0_usize..20, value in any_json()) {
        let (mut document, source) = document("canvas");
        let names: Vec<String> = document.as_object().unwrap().keys().cloned().collect();
        document[&names[which % names.len()]] = value.clone();
        if let Ok(platform) = PlatformConfiguration::parse(document.to_string().as_bytes(), &source, Schemes::Https) {
            prop_assert_eq!(platform.registration_endpoint.origin(), source.origin());
            prop_assert_eq!(url(platform.issuer.as_str()).origin(), source.origin());
            let _ = RegistrationRequest::new(&tool(), &platform);
        }
        let _ = RegistrationResponse::parse(value.to_string().as_bytes());
    }
}

//! What is read of the claim: leniently, and by the guide's rule on what is left out.

use doorway_lti::claim;
use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use doorway_lti::json::Object;
use doorway_lti::message::Launch;
use doorway_lti::migration::{MigrationClaim, base_string};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::support::vector;

fn claims() -> Object {
    vector().launch().unwrap().1.as_object().unwrap().clone()
}

fn launch(claims: &Object) -> Launch {
    let issuer = Issuer::try_from("https://lmsvendor.com").unwrap();
    let ids = (ClientId::try_from("PM48OJSfGDTAzAo").unwrap(), DeploymentId::try_from("689302").unwrap());
    Launch::from_stored_claims(issuer, ids.0, ids.1, claims).unwrap()
}

/// What is read of a launch with this claim; the consumer key, and the ids as the App sees them.
fn read(migration: &Value, legacy_user_id: Option<&Value>) -> Option<(Option<String>, Value)> {
    let mut claims = claims();
    claims.insert(claim::LTI_1P1.to_owned(), migration.clone());
    if let Some(legacy) = legacy_user_id {
        claims.insert(claim::LTI11_LEGACY_USER_ID.to_owned(), legacy.clone());
    }
    let claim = MigrationClaim::read(&launch(&claims), &claims)?;
    let ids = serde_json::to_value(claim.unverified_ids()).unwrap();
    Some((claim.unverified_consumer_key().map(str::to_owned), ids))
}

#[test]
fn what_differs_is_sent_and_what_is_left_out_is_the_value_of_lti_1_3() {
    let all = json!({
        "user_id": "u-11", "context_id": "c-11", "resource_link_id": "r-11", "tool_consumer_instance_guid": "g-11",
        "oauth_consumer_key": "k",
    });
    let old =
        json!({"userId": "u-11", "contextId": "c-11", "resourceLinkId": "r-11", "toolConsumerInstanceGuid": "g-11"});
    assert_eq!(read(&all, None), Some((Some("k".to_owned()), old.clone())));
    let current =
        json!({"userId": "u-13", "contextId": "c-13", "resourceLinkId": "r-13", "toolConsumerInstanceGuid": "g-13"});
    assert_eq!(read(&json!({}), None), Some((None, current.clone())));
    for (sent, shown) in [
        ("user_id", "userId"),
        ("context_id", "contextId"),
        ("resource_link_id", "resourceLinkId"),
        ("tool_consumer_instance_guid", "toolConsumerInstanceGuid"),
    ] {
        let mut expected = current.clone();
        expected[shown] = old[shown].clone();
        assert_eq!(read(&json!({ sent: all[sent] }), None), Some((None, expected)), "{sent}");
    }
}

#[test]
fn a_member_that_is_no_id_is_neither_the_old_value_nor_the_new_one() {
    for odd in [json!(null), json!(""), json!(1.5), json!(true), json!([]), json!({"id": "x"})] {
        let migration = json!({
            "user_id": odd, "context_id": odd, "resource_link_id": odd, "tool_consumer_instance_guid": odd,
            "oauth_consumer_key": odd, "oauth_consumer_key_sign": odd,
        });
        assert_eq!(read(&migration, None), Some((None, json!({}))), "{odd}");
    }
    assert_eq!(read(&json!({"user_id": 41}), None).unwrap().1["userId"], "41", "ids of databases may be numbers");
}

#[test]
fn the_user_that_canvas_tells_beside_the_claim_counts_where_the_claim_names_none() {
    let legacy = json!("535fa085");
    let user = |migration: Value, legacy: &Value| read(&migration, Some(legacy)).map(|(_, ids)| ids["userId"].clone());
    assert_eq!(user(json!({"user_id": "u-11"}), &legacy), Some(json!("u-11")));
    assert_eq!(user(json!({}), &legacy), Some(legacy.clone()));
    assert_eq!(user(json!({"user_id": "", "validation_context": null}), &legacy), Some(legacy.clone()));
    assert_eq!(user(json!({}), &json!("")), Some(json!("u-13")));
    assert_eq!(user(json!({"user_id": "", "validation_context": null}), &json!("")), Some(Value::Null));
    for absent in [json!(null), json!([]), json!("x"), json!(7)] {
        assert_eq!(read(&absent, Some(&legacy)), Some((None, json!({"userId": legacy}))), "nothing else is known");
        assert_eq!(read(&absent, Some(&json!(""))), None);
        assert_eq!(read(&absent, None), None, "{absent}");
    }
}

#[test]
fn a_launch_without_a_user_a_course_and_a_link_has_none_of_lti_1_1_either() {
    let claims = json!({
        claim::MESSAGE_TYPE: "LtiDataPrivacyLaunchRequest", claim::LTI_1P1: {"oauth_consumer_key": "k"},
    });
    let claims = claims.as_object().unwrap();
    let claim = MigrationClaim::read(&launch(claims), claims).unwrap();
    assert_eq!(serde_json::to_value(claim.unverified_ids()).unwrap(), json!({}));
    assert_eq!(claim.proof(), None);
}

#[test]
fn a_value_that_could_pass_for_two_has_no_base_string() {
    let values = ["key", "1", "https://lms.example", "client", "1", "nonce"];
    assert_eq!(base_string(values).as_deref(), Some("key&1&https://lms.example&client&1&nonce"));
    for position in 0..values.len() {
        let mut values = values;
        values[position] = "a&b";
        assert_eq!(base_string(values), None, "{position}");
    }
}

#[test]
fn nothing_of_a_claim_is_printed() {
    let claims = claims();
    let claim = MigrationClaim::read(&launch(&claims), &claims).unwrap();
    let printed = format!("{claim:?}");
    for secret in ["u-11", "lWd54k", "172we8671fd8z"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let name = prop_oneof![
            Just("user_id".to_owned()),
            Just("oauth_consumer_key".to_owned()),
            Just("oauth_consumer_key_sign".to_owned()),
            ".{0,12}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..6).prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
}

proptest! {
    /// Whatever it is: it is read, it is shown, and it is not believed.
    #[test]
    fn no_claim_breaks_anything(migration in anything(), legacy in anything(), exp in anything()) {
        let mut claims = claims();
        claims.insert(claim::LTI_1P1.to_owned(), migration);
        claims.insert(claim::LTI11_LEGACY_USER_ID.to_owned(), legacy);
        claims.insert("exp".to_owned(), exp);
        if let Some(claim) = MigrationClaim::read(&launch(&claims), &claims) {
            let secrets = super::support::secrets(&json!([super::support::consumer()]));
            let migration = secrets.verify(claim, &vector().came_by().unwrap());
            prop_assert!(migration.doubt().is_some());
            prop_assert_eq!(&serde_json::to_value(&migration).unwrap()["verified"], false);
        }
    }
}

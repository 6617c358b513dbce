//! What launches say of LTI 1.1, and the switch for it.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use doorway_mock_platform::claims::names::{DEPLOYMENT_ID, LTI_1P1};
use doorway_mock_platform::{OLD_CONSUMER_KEY, OLD_CONSUMER_SECRET, OldIds};
use serde_json::Value;

use crate::support::{Browser, claims_of, config, field, platform};

/// Whether the consumer's secret signed these claims.
fn is_proven(claims: &Value) -> bool {
    let text = |name: &str| claims[name].as_str().unwrap();
    let base = format!(
        "{OLD_CONSUMER_KEY}&{}&{}&{}&{}&{}",
        text(DEPLOYMENT_ID),
        text("iss"),
        text("aud"),
        claims["exp"],
        text("nonce")
    );
    let signature = STANDARD.decode(claims[LTI_1P1]["oauth_consumer_key_sign"].as_str().unwrap()).unwrap();
    let secret = hmac::Key::new(hmac::HMAC_SHA256, OLD_CONSUMER_SECRET.as_bytes());
    hmac::verify(&secret, base.as_bytes(), &signature).is_ok()
}

#[tokio::test]
async fn launches_say_as_much_of_lti_1_1_as_the_switch_says() {
    let platform = platform(config());
    let mut browser = Browser::visiting(platform.clone());
    browser.sign_in("52").await;
    assert_eq!(platform.old_ids(), OldIds::NotSent);
    for manner in OldIds::ALL {
        assert_eq!(OldIds::named(manner.name()), Some(manner));
        let switch = [("old-ids".to_owned(), manner.name().to_owned())];
        browser.post("/platform/developer/old-ids", &switch).await;
        assert_eq!(platform.old_ids(), manner);
        let claims = claims_of(field(&browser.launch("video").await, "id_token"));
        let old = &claims[LTI_1P1];
        if manner == OldIds::NotSent {
            assert!(old.is_null());
            continue;
        }
        assert_eq!((&old["user_id"], &old["resource_link_id"]), (&"maple-user-52".into(), &"maple-link-1201".into()));
        assert_eq!(old["oauth_consumer_key"], OLD_CONSUMER_KEY);
        match manner {
            OldIds::Unsigned => assert!(old.get("oauth_consumer_key_sign").is_none()),
            _ => assert_eq!(is_proven(&claims), manner == OldIds::Signed, "{manner:?}"),
        }
    }
    browser.post("/platform/developer/old-ids", &[("old-ids".to_owned(), "Everything".to_owned())]).await;
    assert_eq!(platform.old_ids(), OldIds::WronglySigned, "an unknown word changes nothing");
}

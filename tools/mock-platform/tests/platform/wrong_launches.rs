//! Every wrong launch is wrong in what it says, and in nothing else.

use std::collections::BTreeSet;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_mock_platform::claims::names::{MESSAGE_TYPE, RESOURCE_LINK, ROLES, VERSION};
use doorway_mock_platform::claims::{LaunchClaims, ResourceLink};
use doorway_mock_platform::users;
use doorway_mock_platform::wrong::{
    ClaimsFault, Fault, FormFault, GoodLaunch, HeaderFault, PayloadFault, SignatureFault, WrongLaunch, apply,
    apply_to_login, catalogue, find,
};
use serde_json::{Value, json};

use crate::support::{Fields, ISSUER, KEY, NOW, STRANGER, claims_of, field, header_of, is_signed_by};

const STATE: &str = "st-4Te_of-the-login";

/// The claims that would have been right.
fn good_claims(wrong: &WrongLaunch) -> Value {
    let user = users().remove(1);
    let launch = LaunchClaims {
        issuer: ISSUER,
        client_id: "maple-tool",
        deployment_id: "7",
        nonce: "n0nce",
        issued_at: NOW,
        target_link_uri: "https://tool.example/app",
        user: &user,
    };
    wrong.message.claims(&launch, &ResourceLink::video_lesson())
}

/// The good form and the wrong one.
fn forms(wrong: &WrongLaunch) -> (Fields, Fields) {
    let claims = good_claims(wrong);
    let good = GoodLaunch { key: &KEY, stranger: &STRANGER, claims: &claims, state: STATE };
    (good.form(), apply(&wrong.fault, &good))
}

fn wrong_token(name: &str) -> String {
    field(&forms(find(name).unwrap()).1, "id_token").to_owned()
}

fn differing<'a>(left: &'a Value, right: &'a Value) -> BTreeSet<&'a str> {
    let names = |value: &'a Value| value.as_object().unwrap().keys().map(String::as_str);
    names(left).chain(names(right)).filter(|name| left.get(name) != right.get(name)).collect()
}

#[test]
fn names_and_titles_are_unique_and_names_are_kebab_case() {
    let names: BTreeSet<_> = catalogue().iter().map(|wrong| wrong.name).collect();
    let titles: BTreeSet<_> = catalogue().iter().map(|wrong| wrong.title).collect();
    assert_eq!(names.len(), catalogue().len());
    assert_eq!(titles.len(), catalogue().len());
    let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    assert!(names.iter().all(|name| name.bytes().all(kebab)));
}

#[test]
fn every_entry_says_in_a_sentence_what_is_wrong() {
    for wrong in catalogue() {
        assert!(wrong.what.ends_with('.'), "{}", wrong.name);
        assert_eq!(wrong.what.matches('`').count() % 2, 0, "{}", wrong.name);
        assert!(!wrong.expected_code.is_empty());
        assert!([400, 401, 403, 409].contains(&wrong.expected_status), "{}", wrong.name);
    }
}

#[test]
fn the_twelve_certification_cases_are_there() {
    for number in 1..=12 {
        let prefix = format!("b{number}-");
        assert!(catalogue().iter().any(|wrong| wrong.name.starts_with(&prefix)), "{prefix}");
    }
}

#[test]
fn an_entry_is_found_by_its_name() {
    assert_eq!(find("b3-wrong-version").unwrap().expected_code, "version_unsupported");
    assert!(find("nothing").is_none());
}

#[test]
fn every_form_differs_but_those_of_wrong_logins_and_of_the_replay() {
    for wrong in catalogue() {
        let (good, bad) = forms(wrong);
        let same = matches!(wrong.fault, Fault::Login(_) | Fault::Form(FormFault::PostedTwice));
        assert_eq!(good == bad, same, "{}", wrong.name);
    }
}

#[test]
fn wrong_claims_are_rightly_signed_and_differ_in_those_claims_alone() {
    for wrong in catalogue() {
        let Fault::Claims(fault) = wrong.fault else { continue };
        let token = field(&forms(wrong).1, "id_token").to_owned();
        let changed: BTreeSet<&str> = match fault {
            ClaimsFault::Set { claim, .. } | ClaimsFault::Append { claim, .. } | ClaimsFault::AsText(claim) => {
                [claim].into()
            }
            ClaimsFault::Remove(names) => names.iter().copied().collect(),
            ClaimsFault::AudienceAdded(_) => ["aud"].into(),
            ClaimsFault::Times { .. } | ClaimsFault::TimesShifted(_) => ["exp", "iat"].into(),
            ClaimsFault::NotBefore(_) => ["nbf"].into(),
        };
        assert!(is_signed_by(&token, &KEY.public_jwk()), "{}", wrong.name);
        assert_eq!(header_of(&token), KEY.header(), "{}", wrong.name);
        assert_eq!(differing(&good_claims(wrong), &claims_of(&token)), changed, "{}", wrong.name);
    }
}

#[test]
fn wrong_headers_carry_the_good_claims() {
    for wrong in catalogue() {
        let Fault::Header(fault) = wrong.fault else { continue };
        let token = field(&forms(wrong).1, "id_token").to_owned();
        let signer = if fault == HeaderFault::EmbeddedKey { &STRANGER } else { &KEY };
        assert!(is_signed_by(&token, &signer.public_jwk()), "{}", wrong.name);
        assert_eq!(claims_of(&token), good_claims(wrong), "{}", wrong.name);
        match fault {
            HeaderFault::Text(text) => assert_eq!(header_of(&token), serde_json::from_str::<Value>(text).unwrap()),
            HeaderFault::Set { member, json } => {
                assert_eq!(differing(&header_of(&token), &KEY.header()), [member].into());
                assert_eq!(header_of(&token)[member], serde_json::from_str::<Value>(json).unwrap());
            }
            HeaderFault::Remove(member) => {
                assert_eq!(differing(&header_of(&token), &KEY.header()), [member].into());
                assert!(header_of(&token).get(member).is_none());
            }
            HeaderFault::EmbeddedKey => assert_eq!(header_of(&token)["jwk"], STRANGER.public_jwk()),
        }
    }
}

#[test]
fn wrong_signatures_do_not_verify_unless_parts_were_added() {
    for wrong in catalogue() {
        let Fault::Signature(fault) = wrong.fault else { continue };
        let token = field(&forms(wrong).1, "id_token").to_owned();
        match fault {
            SignatureFault::PartsAdded(parts) => {
                assert!(is_signed_by(token.strip_suffix(parts).unwrap(), &KEY.public_jwk()));
            }
            _ => assert!(!is_signed_by(&token, &KEY.public_jwk()), "{}", wrong.name),
        }
    }
}

#[test]
fn json_in_the_catalogue_is_json() {
    for wrong in catalogue() {
        let json = match wrong.fault {
            Fault::Claims(ClaimsFault::Set { json, .. })
            | Fault::Header(HeaderFault::Set { json, .. } | HeaderFault::Text(json))
            | Fault::Signature(SignatureFault::PayloadChangedAfterwards { json, .. })
            | Fault::Payload(PayloadFault::Duplicate { json, .. }) => json,
            _ => continue,
        };
        assert!(serde_json::from_str::<Value>(json).is_ok(), "{}", wrong.name);
    }
}

#[test]
fn the_certification_mutations_are_those_of_the_suite() {
    assert_eq!(header_of(&wrong_token("b1-no-key-id")), json!({"badtestonly": "12345", "alg": "RS256"}));
    assert_eq!(header_of(&wrong_token("b2-unknown-key-id"))["kid"], "imstester_66067");
    assert_eq!(claims_of(&wrong_token("b3-wrong-version"))[VERSION], "11.3");
    assert_eq!(header_of(&wrong_token("b5-no-lti-message")), json!({}));
    assert_eq!(claims_of(&wrong_token("b5-no-lti-message")), json!({"name": "badltilaunch"}));
    assert!(!wrong_token("b5-no-token").contains('.'));
    for claim in [MESSAGE_TYPE, VERSION, ROLES] {
        assert!(claims_of(&wrong_token("b6-missing-claims")).get(claim).is_none());
    }
    assert_eq!(claims_of(&wrong_token("b7-wrong-times"))["iat"], 11111);
    assert_eq!(claims_of(&wrong_token("b7-wrong-times"))["exp"], 22222);
    assert!(claims_of(&wrong_token("b11-no-resource-link")).get(RESOURCE_LINK).is_none());
    assert_eq!(claims_of(&wrong_token("b12-empty-user"))["sub"], "");
    assert!(claims_of(&wrong_token("b12-no-user")).get("sub").is_none());
}

#[test]
fn hs256_is_signed_with_the_pem_text_of_the_public_key() {
    let token = wrong_token("algorithm-hs256");
    let (input, tag) = token.rsplit_once('.').unwrap();
    let secret = hmac::Key::new(hmac::HMAC_SHA256, KEY.public_pem().as_bytes());
    hmac::verify(&secret, input.as_bytes(), &URL_SAFE_NO_PAD.decode(tag).unwrap()).unwrap();
    assert_eq!(header_of(&token)["alg"], "HS256");
}

#[test]
fn a_strangers_signature_stands_under_the_platforms_key_id() {
    let token = wrong_token("wrong-key");
    assert!(is_signed_by(&token, &STRANGER.public_jwk()));
    assert_eq!(header_of(&token)["kid"], KEY.key_id());
}

#[test]
fn a_flipped_bit_is_one_bit() {
    let signature = |token: &str| URL_SAFE_NO_PAD.decode(token.rsplit_once('.').unwrap().1).unwrap();
    let (good, bad) = forms(find("signature-bit-flipped").unwrap());
    let (good, bad) = (signature(field(&good, "id_token")), signature(field(&bad, "id_token")));
    let flipped: u32 = good.iter().zip(&bad).map(|(left, right)| (left ^ right).count_ones()).sum();
    assert_eq!(flipped, 1);
}

#[test]
fn a_duplicate_issuer_is_rightly_signed_and_the_last_one_is_right() {
    let token = wrong_token("duplicate-issuer");
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let payload = String::from_utf8(payload).unwrap();
    assert!(payload.starts_with(r#"{"iss":"https://stranger.example","#));
    assert_eq!(payload.matches(r#""iss":"#).count(), 2);
    assert_eq!(claims_of(&token)["iss"], ISSUER);
    assert!(is_signed_by(&token, &KEY.public_jwk()));
}

#[test]
fn claims_are_wrong_in_the_way_that_is_said() {
    let claims = |name: &str| claims_of(&wrong_token(name));
    assert_eq!(claims("issuer-slash")["iss"], format!("{ISSUER}/"));
    assert_eq!(claims("extra-audience")["aud"], json!(["maple-tool", "another-tool"]));
    assert_eq!(claims("expiry-as-text")["exp"], (NOW + 300).to_string());
    assert_eq!(claims("expired")["exp"], NOW + 300 - 3600);
    assert_eq!(claims("issued-in-the-future")["iat"], NOW + 600);
    assert!(claims("issued-in-the-future")["exp"].as_u64() > Some(NOW + 600));
    assert_eq!(claims("not-before-in-the-future")["nbf"], NOW + 600);
}

#[test]
fn forms_are_wrong_in_the_way_that_is_said() {
    let names = |name: &str| {
        let form = forms(find(name).unwrap()).1;
        form.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(names("no-state"), ["id_token"]);
    assert_eq!(names("no-id-token"), ["state"]);
    assert_eq!(names("id-token-twice"), ["id_token", "state", "id_token"]);
    assert_eq!(names("platform-error"), ["error", "error_description", "state"]);
    assert_eq!(names("posted-twice"), ["id_token", "state"]);
}

#[test]
fn a_tampered_state_differs_in_one_character_that_counts() {
    let form = forms(find("state-tampered").unwrap()).1;
    let tampered = field(&form, "state");
    assert_eq!(tampered.len(), STATE.len());
    let differing: Vec<_> = tampered.bytes().zip(STATE.bytes()).enumerate().filter(|(_, (a, b))| a != b).collect();
    assert_eq!(differing.len(), 1);
    assert!(differing[0].0 < STATE.len() - 2);
}

#[test]
fn logins_are_wrong_in_the_way_that_is_said() {
    let right = ["iss", "target_link_uri", "login_hint", "client_id"];
    let right = right.map(|name| (name.to_owned(), format!("right {name}"))).to_vec();
    let wrong = |name: &str| apply_to_login(&find(name).unwrap().fault, right.clone());
    let values = |fields: &[(String, String)], name: &str| {
        fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(values(&wrong("login-unknown-issuer"), "iss"), ["https://stranger.example"]);
    assert_eq!(values(&wrong("login-other-client"), "client_id"), ["another-tool"]);
    assert_eq!(values(&wrong("login-parameter-twice"), "login_hint"), ["right login_hint", "54"]);
    for (name, absent) in
        [("login-no-issuer", "iss"), ("login-no-hint", "login_hint"), ("login-no-target", "target_link_uri")]
    {
        assert_eq!(values(&wrong(name), absent), [""; 0], "{name}");
        assert_eq!(wrong(name).len(), right.len() - 1, "{name}");
    }
    assert_eq!(wrong("b3-wrong-version"), right);
}

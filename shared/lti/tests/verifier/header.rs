//! V4 and V14: header parameters that offer a key, or change how the signature is to be read.

use doorway_lti::Rejection;
use serde_json::{Value, json};

use crate::support::*;

#[test]
fn a_header_that_offers_a_key_is_refused_whoever_signed() {
    let offers: [(&'static str, Value); 6] = [
        ("jwk", ATTACKER.jwk(KEY_ID)),
        ("jwk", PLATFORM.jwk(KEY_ID)),
        ("jwk", Value::Null),
        ("jku", json!("https://evil.example/jwks.json")),
        ("x5u", json!("https://evil.example/chain.pem")),
        ("x5c", json!(["MIIDQjCCAiqgAwIBAgIGATz/FuLiMA0GCSqGSIb3DQEBBQUAMGIxCzAJBgNV"])),
    ];
    for (name, value) in offers {
        let header = header_with(name, value);
        refuses(name, &ATTACKER.token(&header, &good()), Rejection::HeaderRefused(name));
        refuses(name, &token_headed(&header), Rejection::HeaderRefused(name));
    }
}

#[test]
fn the_name_of_a_certificate_is_no_key() {
    for name in ["x5t", "x5t#S256"] {
        let header = header_with(name, base64url([7; 20]));
        refuses(name, &ATTACKER.token(&header, &good()), Rejection::SignatureInvalid);
        accepts(name, &token_headed(&header));
    }
}

#[test]
fn an_attacker_without_tricks_has_the_wrong_key() {
    refuses("attacker", &ATTACKER.token(&header(), &good()), Rejection::SignatureInvalid);
}

#[test]
fn a_header_that_changes_the_reading_is_refused() {
    let changes: [(&'static str, Value); 9] = [
        ("crit", json!(["exp"])),
        ("crit", json!(["b64"])),
        ("crit", json!([])),
        ("crit", Value::Null),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("b64", Value::Null),
        ("zip", json!("DEF")),
        ("zip", json!("")),
    ];
    for (name, value) in changes {
        let what = format!("{name}: {value}");
        refuses(&what, &token_headed(&header_with(name, value)), Rejection::HeaderRefused(name));
    }
}

#[test]
fn an_unencoded_payload_is_refused() {
    let mut header = header_with("b64", false);
    header["crit"] = json!(["b64"]);
    let token = PLATFORM.token_of_parts(&base64url(header.to_string()), &good().to_string().replace('.', ""));
    refuses("RFC 7797", &token, not_base64url("payload"));
    refuses("RFC 7797, encoded", &token_headed(&header), Rejection::HeaderRefused("crit"));
}

#[test]
fn the_type_of_the_token_and_unknown_parameters_are_ignored() {
    accepts("no typ, as Blackboard and the certification suite", &token_headed(&header_without("typ")));
    for typ in [json!("JWT"), json!("jwt"), json!("JOSE"), json!(null), json!(1)] {
        accepts(&typ.to_string(), &token_headed(&header_with("typ", typ.clone())));
    }
    accepts("cty", &token_headed(&header_with("cty", "JWT")));
    accepts("unknown", &token_headed(&header_with("badtestonly", "12345")));
}

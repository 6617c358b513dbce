//! V10 and V11: three parts of canonical base64url, and nothing that another reader could read differently.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use doorway_lti::Rejection;
use doorway_lti::rejection::Malformed;
use serde_json::{Value, json};

use crate::support::*;

/// A careless decoder, as many libraries have: unused bits may be anything.
const CARELESS: GeneralPurpose =
    GeneralPurpose::new(&URL_SAFE, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The same bytes for a careless decoder, written differently: an unused bit of the last character is set.
fn not_canonical(part: &str) -> String {
    let alphabet = URL_SAFE.as_str();
    let last = alphabet.find(&part[part.len() - 1..]).unwrap();
    let text = format!("{}{}", &part[..part.len() - 1], &alphabet[last | 1..=last | 1]);
    assert_ne!(text, part);
    let padding = "=".repeat((4 - text.len() % 4) % 4);
    assert_eq!(CARELESS.decode(format!("{text}{padding}")), CARELESS.decode(format!("{part}{padding}")));
    text
}

/// Good claims and header, with text added until base64url leaves bits unused.
fn with_unused_bits(mut object: Value) -> String {
    while object.to_string().len().is_multiple_of(3) {
        object["pad"] = format!("{}x", object["pad"].as_str().unwrap_or_default()).into();
    }
    base64url(object.to_string())
}

#[test]
fn each_part_has_one_spelling() {
    let (header, payload) = (with_unused_bits(header()), with_unused_bits(good()));
    let token = PLATFORM.token_of_parts(&header, &payload);
    accepts("canonical", &token);
    let (_, _, signature) = parts(&token);
    let respelt = format!("{header}.{payload}.{}", not_canonical(signature));
    refuses("signature", &respelt, not_base64url("signature"));
    // Signed as respelt, so that the signature itself is right.
    let respelt = PLATFORM.token_of_parts(&not_canonical(&header), &payload);
    refuses("header", &respelt, not_base64url("header"));
    let respelt = PLATFORM.token_of_parts(&header, &not_canonical(&payload));
    refuses("payload", &respelt, not_base64url("payload"));
}

#[test]
fn the_signature_is_over_the_received_bytes() {
    let claims = good();
    let token = token(&claims);
    let (header, _, signature) = parts(&token);
    let spaced = serde_json::to_string_pretty(&claims).unwrap();
    let respelt = format!("{header}.{}.{signature}", base64url(&spaced));
    refuses("the same claims, spaced", &respelt, Rejection::SignatureInvalid);
    accepts("signed with its spaces", &PLATFORM.token_raw(self::header().to_string(), spaced));
}

#[test]
fn a_part_taken_from_another_token_does_not_verify() {
    let other = token(&with("sub", "somebody else"));
    let ((header, payload, signature), (_, other_payload, other_signature)) = (parts(good_token()), parts(&other));
    refuses("payload", &format!("{header}.{other_payload}.{signature}"), Rejection::SignatureInvalid);
    refuses("signature", &format!("{header}.{payload}.{other_signature}"), Rejection::SignatureInvalid);
    let other_header = base64url(header_with("typ", "jwt").to_string());
    refuses("header", &format!("{other_header}.{payload}.{signature}"), Rejection::SignatureInvalid);
}

#[test]
fn a_token_has_exactly_three_parts() {
    let (header, payload, signature) = parts(good_token());
    for text in [
        String::new(),
        "bad".to_owned(),
        ".".to_owned(),
        "...".to_owned(),
        header.to_owned(),
        format!("{header}.{payload}"),
        format!("{payload}.{signature}"),
        format!("{header}.{payload}.{signature}."),
        format!(".{header}.{payload}.{signature}"),
        format!("{header}.{payload}.{signature}.{signature}"),
        format!("{header}..{payload}.{signature}"),
        format!("{header}.{payload}.{signature}.{payload}.{signature}"),
        format!("{header}....{signature}"),
    ] {
        refuses(&text, &text, Malformed::NotThreeParts);
    }
}

#[test]
fn an_empty_part_is_refused() {
    let (header, payload, signature) = parts(good_token());
    refuses("all", "..", not_base64url("header"));
    refuses("header", &format!(".{payload}.{signature}"), not_base64url("header"));
    refuses("signature", &format!("{header}.{payload}."), not_base64url("signature"));
    let nothing = PLATFORM.token_of_parts(header, "");
    let rejection = Tool::default().launch(&nothing).err();
    assert!(matches!(rejection, Some(Rejection::Malformed(Malformed::NotJson("payload", _)))), "{rejection:?}");
}

#[test]
fn white_space_is_refused_everywhere() {
    let (header, payload, signature) = parts(good_token());
    for space in [" ", "\n", "\r\n", "\t", "\u{b}", "\u{a0}", "\u{200b}", "\u{feff}", "\0", "%20", "%0A"] {
        let what = format!("{space:?}");
        let spaced = [
            (format!("{space}{header}.{payload}.{signature}"), "header"),
            (format!("{header}{space}.{payload}.{signature}"), "header"),
            (format!("{header}.{space}{payload}.{signature}"), "payload"),
            (format!("{header}.{}{space}{}.{signature}", &payload[..76], &payload[76..]), "payload"),
            (format!("{header}.{payload}.{space}{signature}"), "signature"),
            (format!("{header}.{payload}.{signature}{space}"), "signature"),
        ];
        for (token, part) in spaced {
            refuses(&what, &token, not_base64url(part));
        }
    }
}

#[test]
fn padding_is_refused_also_where_it_would_be_right() {
    for padding in ["=", "==", "==="] {
        let (header, payload) = (with_unused_bits(header()), with_unused_bits(good()));
        let padded = PLATFORM.token_of_parts(&format!("{header}{padding}"), &payload);
        refuses("header", &padded, not_base64url("header"));
        let padded = PLATFORM.token_of_parts(&header, &format!("{payload}{padding}"));
        refuses("payload", &padded, not_base64url("payload"));
        refuses("signature", &format!("{}{padding}", good_token()), not_base64url("signature"));
    }
}

#[test]
fn the_other_base64_alphabet_is_refused() {
    // Any three of these bytes in a row become `Pj4-` and `Pz8_`.
    let header = base64url(header_with("x", ">>>>>?????").to_string());
    let payload = base64url(with("x", ">>>>>?????").to_string());
    assert!(header.contains('-') && header.contains('_') && payload.contains('-') && payload.contains('_'));
    accepts("base64url", &PLATFORM.token_of_parts(&header, &payload));
    for (ours, other) in [("-", "+"), ("_", "/")] {
        let token = PLATFORM.token_of_parts(&header.replace(ours, other), &payload);
        refuses(other, &token, not_base64url("header"));
        let token = PLATFORM.token_of_parts(&header, &payload.replace(ours, other));
        refuses(other, &token, not_base64url("payload"));
    }
    for stranger in ["+", "/", "?", "#", "$", ",", "~", "\u{e9}", "\u{ff21}"] {
        let token = good_token();
        let token = format!("{}{stranger}", &token[..token.len() - 1]);
        refuses(stranger, &token, not_base64url("signature"));
    }
}

#[test]
fn json_serialisations_are_no_compact_jws() {
    let (protected, payload, signature) = parts(good_token());
    let flattened = json!({ "payload": payload, "protected": protected, "signature": signature });
    let signatures = [json!({ "protected": protected, "signature": signature })];
    let general = json!({ "payload": payload, "signatures": signatures });
    for document in [flattened, general] {
        refuses("JSON", &document.to_string(), Malformed::NotThreeParts);
    }
    refuses("quoted", &format!("\"{}\"", good_token()), not_base64url("header"));
}

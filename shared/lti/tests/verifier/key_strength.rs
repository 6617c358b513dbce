//! V8: RSA keys that are too weak to prove anything.

use doorway_lti::Rejection;
use doorway_lti::ids::KeyId;
use doorway_lti::key_set::Algorithm;
use doorway_lti::rejection::KeyFault;
use serde_json::json;

use crate::support::*;

/// What the key choice says of a made-up RSA key.
fn fault(modulus: &[u8], exponent: &[u8]) -> Option<KeyFault> {
    let jwk = json!({ "kty": "RSA", "kid": KEY_ID, "n": base64url(modulus), "e": base64url(exponent) });
    let key_id = KeyId::try_from(KEY_ID).unwrap();
    match key_set(&json!({ "keys": [jwk] })).choose(&key_id, Algorithm::RS256) {
        Ok(_) => None,
        Err(Rejection::KeyRefused(fault)) => Some(fault),
        Err(other) => panic!("the key is there: {other}"),
    }
}

/// An odd number of exactly this many bits.
fn modulus(bits: usize) -> Vec<u8> {
    let mut bytes = vec![0xa5; bits.div_ceil(8)];
    let unused = bytes.len() * 8 - bits;
    bytes[0] = 0xff >> unused;
    bytes
}

const E: [u8; 3] = [1, 0, 1];

#[test]
fn the_modulus_has_2048_to_8192_bits() {
    for bits in [8, 512, 1024, 2040, 2047, 8193, 8200, 16_384] {
        assert_eq!(fault(&modulus(bits), &E), Some(KeyFault::ModulusSize), "{bits}");
    }
    for bits in [2048, 2049, 3072, 4096, 8191, 8192] {
        assert_eq!(fault(&modulus(bits), &E), None, "{bits}");
    }
    assert_eq!(fault(&[], &E), Some(KeyFault::ModulusSize));
}

#[test]
fn leading_zeros_do_not_lengthen_a_modulus() {
    for (zeros, bits) in [(128, 1024), (1, 2047), (2, 2047)] {
        let padded = [vec![0; zeros], modulus(bits)].concat();
        assert_eq!(fault(&padded, &E), Some(KeyFault::ModulusSize), "{zeros} zeros, {bits} bits");
    }
    assert_eq!(fault(&[vec![0], modulus(2048)].concat(), &E), None);
}

#[test]
fn the_exponent_is_odd_and_between_3_and_2_to_the_32() {
    let refused: [&[u8]; 8] = [&[], &[0], &[1], &[2], &[1, 0, 0], &[0, 0, 1], &[1, 0, 0, 0, 0], &[1, 0, 0, 0, 1]];
    for exponent in refused {
        assert_eq!(fault(&modulus(2048), exponent), Some(KeyFault::Exponent), "{exponent:?}");
    }
    assert_eq!(fault(&modulus(2048), &[0xff; 256]), Some(KeyFault::Exponent));
    // Whose low bytes alone would do.
    assert_eq!(fault(&modulus(2048), &[1, 0, 0, 0, 0, 0, 0, 0, 3]), Some(KeyFault::Exponent));
    let accepted: [&[u8]; 5] = [&[3], &[17], &E, &[0, 1, 0, 1], &[0xff; 4]];
    for exponent in accepted {
        assert_eq!(fault(&modulus(2048), exponent), None, "{exponent:?}");
    }
}

#[test]
fn an_exponent_of_one_lets_nobody_forge() {
    // With e = 1 the signature is its own padding: anybody can write it. The refusal comes before any arithmetic.
    let tool = Tool::with_keys(&[PLATFORM.jwk_with(KEY_ID, "e", "AQ")]);
    tool.refuses("e = 1", good_token(), Rejection::KeyRefused(KeyFault::Exponent));
    assert_eq!(tool.keys.usable_keys(), 0);
}

#[test]
fn an_even_modulus_verifies_nothing() {
    let mut even = PLATFORM.modulus();
    even[255] &= 0xfe;
    let tool = Tool::with_keys(&[PLATFORM.jwk_with(KEY_ID, "n", base64url(even))]);
    tool.refuses("even", good_token(), Rejection::SignatureInvalid);
}

#[test]
fn a_key_of_the_roca_generator_is_refused() {
    // 65537^128 is a power of 65537 modulo every prime, as the moduli of that generator are; real ones are in
    // the Wycheproof vectors.
    let power = (0..128).fold(vec![1_u8], |number, _| times_65537(&number));
    assert_eq!(power.len() * 8 - 7, 2049);
    assert_eq!(fault(&power, &E), Some(KeyFault::Roca));
    let next = [&power[..power.len() - 1], &[power[power.len() - 1] + 2]].concat();
    assert_eq!(fault(&next, &E), None);
}

/// `number + (number << 16)`, big-endian.
fn times_65537(number: &[u8]) -> Vec<u8> {
    let (shifted, same) = ([number, &[0, 0]].concat(), [&[0, 0], number].concat());
    let mut carry = 0_u16;
    let mut sum: Vec<u8> = shifted
        .iter()
        .zip(&same)
        .rev()
        .map(|(a, b)| {
            carry += u16::from(*a) + u16::from(*b);
            let [high, low] = carry.to_be_bytes();
            carry = u16::from(high);
            low
        })
        .collect();
    sum.extend((carry > 0).then_some(1));
    sum.reverse();
    sum
}

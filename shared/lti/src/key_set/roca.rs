//! The fingerprint of RSA keys whose primes can be computed (ROCA, CVE-2017-15361).
//!
//! A broken smartcard generator chose both primes as `k * M + 65537^a mod M`, where `M` is the product of the
//! first small primes. So the modulus is a power of 65537 modulo each of these primes, which chance makes true
//! once in 2^27 other keys.
//!
//! Spec: CVE-2017-15361; Nemec et al., "The Return of Coppersmith's Attack", CCS 2017, §3.

/// The odd primes in `M` for the shortest keys; for longer keys `M` holds these and more.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

const GENERATOR: u32 = 65_537;

/// Whether `modulus` (big-endian) is a power of 65537 modulo every one of the primes.
pub(super) fn has_fingerprint(modulus: &[u8]) -> bool {
    PRIMES.into_iter().all(|prime| is_power_of_generator(remainder(modulus, prime), prime))
}

fn remainder(number: &[u8], prime: u32) -> u32 {
    number.iter().fold(0, |remainder, byte| (remainder << 8 | u32::from(*byte)) % prime)
}

/// Walks through the subgroup that 65537 generates modulo `prime`; it has at most `prime - 1` members.
fn is_power_of_generator(number: u32, prime: u32) -> bool {
    (1..prime)
        .scan(1, |power, _| {
            *power = *power * (GENERATOR % prime) % prime;
            Some(*power)
        })
        .any(|power| power == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_the_generator_have_the_fingerprint() {
        assert!(has_fingerprint(&[1]));
        assert!(has_fingerprint(&[1, 0, 1]));
        assert!(has_fingerprint(&[1, 0, 2, 0, 1]));
    }

    #[test]
    fn other_numbers_do_not() {
        assert!(!has_fingerprint(&[]));
        assert!(!has_fingerprint(&[2]));
        assert!(!has_fingerprint(&[1, 0, 2]));
        assert!(!has_fingerprint(&[0xff; 256]));
    }

    #[test]
    fn remainders_are_those_of_long_division() {
        assert_eq!(remainder(&[], 167), 0);
        assert_eq!(remainder(&[1, 2, 3, 4], 167), 16_909_060 % 167);
        assert_eq!(remainder(&[0xff; 8], 97), u32::try_from(u64::MAX % 97).unwrap());
    }
}

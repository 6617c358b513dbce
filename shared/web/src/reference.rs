//! The reference on an error page, by which its log line is found.

use std::fmt;

use doorway_core::random::{self, Random};

/// Letters and digits that are not mistaken for each other when read out.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Ten letters and digits, for example `7KQ2M-9XW4D`: 50 random bits, and nothing about the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference(String);

impl Reference {
    /// A new reference.
    pub fn new(random: &dyn Random) -> Self {
        let letters = random::bytes::<10>(random).map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
        let (left, right) = letters.split_at(5);
        Self(format!("{}-{}", left.iter().collect::<String>(), right.iter().collect::<String>()))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use doorway_core::random::SystemRandom;

    use super::*;

    #[test]
    fn references_are_readable_and_differ() {
        let [one, two] = [(); 2].map(|()| Reference::new(&SystemRandom));
        assert_ne!(one, two);
        assert_eq!(one.to_string().len(), 11);
        assert!(!one.to_string().contains(['I', 'L', 'O', 'U']));
    }
}

//! The reference on an error page, by which its log line is found.

use std::fmt;

use crate::random::{self, Random};

/// Letters and digits that are not mistaken for each other when read out.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many of them a reference has.
const LETTERS: usize = 10;

/// Ten letters and digits, for example `7KQ2M-9XW4D`: 50 random bits, and nothing about the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference(String);

impl Reference {
    /// A new reference.
    pub fn new(random: &dyn Random) -> Self {
        let letter = |byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]);
        Self::of(&random::bytes::<LETTERS>(random).map(letter).iter().collect::<String>())
    }

    /// Reads what somebody typed or read out: in lower case, without the dash, with spaces. Letters that are not in use
    /// are those that they are mistaken for.
    pub fn read(text: &str) -> Option<Self> {
        let meant = |c: char| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let letters: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).map(meant).collect();
        (letters.len() == LETTERS && letters.bytes().all(|letter| ALPHABET.contains(&letter)))
            .then(|| Self::of(&letters))
    }

    fn of(letters: &str) -> Self {
        let (left, right) = letters.split_at(LETTERS / 2);
        Self(format!("{left}-{right}"))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn references_are_readable_and_differ() {
        let [one, two] = [(); 2].map(|()| Reference::new(&SystemRandom));
        assert_ne!(one, two);
        assert_eq!(one.to_string().len(), 11);
        assert!(!one.to_string().contains(['I', 'L', 'O', 'U']));
    }

    #[test]
    fn a_reference_is_read_as_people_write_it() {
        for text in ["419PC-J4SF1", "419pcj4sf1", "419 PC J4SF1", "4l9pc-j4sfi"] {
            assert_eq!(Reference::read(text).unwrap().to_string(), "419PC-J4SF1", "{text}");
        }
        for text in ["", "419PC-J4SF", "419PC-J4SF1X", "419PC_J4SF1", "419PCJ4SFU", "key_id_unknown"] {
            assert_eq!(Reference::read(text), None, "{text}");
        }
    }
}

//! The reference on an error page.

use std::fmt;

/// How many letters and digits it has.
const LETTERS: usize = 10;

/// A reference, as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference(String);

impl Reference {
    /// Reads what somebody typed or read out: in lower case, without the dash, with spaces. Letters that are not in use
    /// are those that they are mistaken for.
    pub(super) fn read(text: &str) -> Option<Self> {
        let plain = |c: char| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let letters: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).map(plain).collect();
        let fits = letters.len() == LETTERS && letters.bytes().all(|byte| byte.is_ascii_alphanumeric() && byte != b'U');
        fits.then(|| Self(format!("{}-{}", &letters[..LETTERS / 2], &letters[LETTERS / 2..])))
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

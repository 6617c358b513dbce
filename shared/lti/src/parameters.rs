//! Request parameters, from a query string and a form body together.
//!
//! A name that comes twice with two values is parameter pollution: two readers could take two different
//! values, so the request is refused (launch digest §1 rule 2).

use std::collections::BTreeMap;
use std::fmt;

/// The parameters of one request, each name once.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parameters(BTreeMap<String, String>);

/// The names alone: values are tokens and hints.
impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Parameters").field(&self.0.keys()).finish()
    }
}

/// A parameter came more than once. The name is the sender's text: bounded and printable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("parameter `{name}` came more than once")]
pub struct RepeatedParameter {
    /// The parameter's name, cut to 64 characters, control characters replaced.
    pub name: String,
}

impl Parameters {
    /// Reads `application/x-www-form-urlencoded` bytes of the query and of the body.
    ///
    /// The same name in both with the same value is accepted (some Platforms repeat the query in the form);
    /// a name twice within one of them is not.
    ///
    /// # Errors
    /// [`RepeatedParameter`] for the first name that is repeated.
    pub fn read(query: &[u8], body: &[u8]) -> Result<Self, RepeatedParameter> {
        let mut parameters = Self::read_one(query)?;
        parameters.extend(&Self::read_one(body)?)?;
        Ok(parameters)
    }

    /// Adds those of another part of the request, which may repeat what is here but not differ.
    ///
    /// # Errors
    /// [`RepeatedParameter`] for the first name that has two values.
    pub fn extend(&mut self, others: &Self) -> Result<(), RepeatedParameter> {
        for (name, value) in &others.0 {
            match self.0.get(name) {
                Some(known) if known != value => return Err(repeated(name)),
                _ => self.0.insert(name.clone(), value.clone()),
            };
        }
        Ok(())
    }

    fn read_one(encoded: &[u8]) -> Result<Self, RepeatedParameter> {
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(encoded) {
            if parameters.contains_key(name.as_ref()) {
                return Err(repeated(&name));
            }
            parameters.insert(name.into_owned(), value.into_owned());
        }
        Ok(Self(parameters))
    }

    /// The value of `name`, also when it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value of `name` when there is one and it says something.
    pub fn non_empty(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }
}

fn repeated(name: &str) -> RepeatedParameter {
    let printable = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    RepeatedParameter { name: name.chars().take(64).map(printable).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_exactly_once() {
        let parameters = Parameters::read(b"login_hint=a%252Bb%2B%3D%2F+c&empty=", b"").unwrap();
        assert_eq!(parameters.get("login_hint"), Some("a%2Bb+=/ c"));
        assert_eq!(parameters.get("empty"), Some(""));
        assert_eq!(parameters.non_empty("empty"), None);
    }

    #[test]
    fn a_name_twice_is_refused_even_with_one_value() {
        let error = Parameters::read(b"iss=a&iss=a", b"").unwrap_err();
        assert_eq!(error.name, "iss");
        assert!(Parameters::read(b"", b"iss=a&iss=b").is_err());
    }

    #[test]
    fn query_and_body_may_agree_but_not_differ() {
        assert!(Parameters::read(b"iss=a", b"iss=a&x=1").is_ok());
        assert!(Parameters::read(b"iss=a", b"iss=b").is_err());
    }

    #[test]
    fn the_name_in_the_error_is_bounded_and_printable() {
        let query = format!("{0}=1&{0}=2", "n%0A".repeat(100));
        let error = Parameters::read(query.as_bytes(), b"").unwrap_err();
        assert_eq!(error.name.chars().count(), 64);
        assert!(!error.name.chars().any(char::is_control));
    }
}

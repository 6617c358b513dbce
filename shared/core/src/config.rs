//! Configuration: read once at start, typed, and every fault named at once with what to set.

use std::collections::BTreeMap;
use std::fmt;

use url::Url;

use crate::registration::PlatformTransport;

/// Days that a redeemed launch is kept unless set otherwise: a semester.
pub const DEFAULT_RETENTION_DAYS: u32 = 120;
/// Seconds that a Platform's clock may differ unless set otherwise.
pub const DEFAULT_LEEWAY_SECONDS: u32 = 60;
/// Days that a score is tried for unless set otherwise: longer than any maintenance over a weekend.
pub const DEFAULT_SCORE_RETRY_DAYS: u32 = 7;
/// The most days that can be set: SQS keeps a message for fourteen.
pub const MAX_SCORE_RETRY_DAYS: u32 = 13;
/// The most leeway that can be set, in seconds ("no more than a few minutes").
pub const MAX_LEEWAY_SECONDS: u32 = 300;

/// Environment variables by name.
pub struct Environment {
    variables: BTreeMap<String, String>,
    faults: Vec<String>,
}

/// Everything that is wrong with the configuration.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigError(Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} setting(s) to mend:", self.0.len())?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

/// A function's `main` ends with it, and Rust prints that as `Debug`: the same lines.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ConfigError {}

impl Environment {
    /// The process's environment.
    pub fn of_process() -> Self {
        Self::new(std::env::vars())
    }

    /// A given environment.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let variables = variables.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        Self { variables, faults: Vec::new() }
    }

    /// The value, or a fault that says what to set.
    pub fn required(&mut self, name: &str, meaning: &str) -> String {
        match self.variables.get(name) {
            Some(value) => value.clone(),
            None => {
                self.faults.push(format!("{name} is not set: set it to {meaning}"));
                String::new()
            }
        }
    }

    /// The value, if it is set.
    pub fn optional(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    /// A required web address. In a deployed function it must be https.
    pub fn url(&mut self, name: &str, meaning: &str, transport: PlatformTransport) -> Url {
        let placeholder = || Url::parse("https://unset.invalid/").expect("a constant URL parses");
        let text = self.required(name, meaning);
        if text.is_empty() {
            return placeholder();
        }
        match web_url(&text, transport) {
            Ok(url) => url,
            Err(expected) => {
                self.faults.push(format!("{name} is not usable: set it to {meaning}; it must be {expected}"));
                placeholder()
            }
        }
    }

    /// A web address, if it is set.
    pub fn optional_url(&mut self, name: &str, meaning: &str, transport: PlatformTransport) -> Option<Url> {
        self.optional(name).map(|_| self.url(name, meaning, transport))
    }

    /// A required web address without path and query: an origin.
    pub fn origin(&mut self, name: &str, meaning: &str, transport: PlatformTransport) -> Url {
        let url = self.url(name, meaning, transport);
        if !is_origin(&url) {
            self.faults.push(format!("{name} is not usable: set it to {meaning}; it must have neither path nor query"));
        }
        url
    }

    /// Origins separated by commas; none when it is not set.
    pub fn origins(&mut self, name: &str, meaning: &str, transport: PlatformTransport) -> Vec<Url> {
        let text = self.optional(name).unwrap_or_default();
        let mut urls = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match web_url(part, transport) {
                Ok(url) if is_origin(&url) => urls.push(url),
                Ok(_) | Err(_) => self.faults.push(format!(
                    "{name} is not usable: set it to {meaning}, separated by commas; each must be an https URL without a path"
                )),
            }
        }
        urls
    }

    /// A whole number within a range, or the default when it is not set.
    pub fn number(&mut self, name: &str, default: u32, range: std::ops::RangeInclusive<u32>) -> u32 {
        let Some(text) = self.optional(name) else { return default };
        match text.parse() {
            Ok(number) if range.contains(&number) => number,
            _ => {
                let (least, most) = (range.start(), range.end());
                self.faults.push(format!("{name} is not usable: set it to a whole number from {least} to {most}"));
                default
            }
        }
    }

    /// Whether Platforms may be on http. Only a debug build asks: in a release build the switch does not exist.
    pub fn platform_transport(&self) -> PlatformTransport {
        let asked = self.optional("DOORWAY_ALLOW_HTTP_PLATFORMS").as_deref() == Some("true");
        if cfg!(debug_assertions) && asked { PlatformTransport::HttpAllowed } else { PlatformTransport::HttpsOnly }
    }

    /// `value` if nothing was wrong.
    ///
    /// # Errors
    /// [`ConfigError`] with every fault.
    pub fn finish<T>(self, value: T) -> Result<T, ConfigError> {
        if self.faults.is_empty() { Ok(value) } else { Err(ConfigError(self.faults)) }
    }
}

/// A path or a query would be ignored where only origins are compared: better said than ignored.
pub fn is_origin(url: &Url) -> bool {
    url.path() == "/" && url.query().is_none()
}

fn web_url(text: &str, transport: PlatformTransport) -> Result<Url, &'static str> {
    let expected = match transport {
        PlatformTransport::HttpsOnly => "an https URL without user name, password or fragment",
        PlatformTransport::HttpAllowed => "an http or https URL without user name, password or fragment",
    };
    let url = Url::parse(text).map_err(|_| expected)?;
    let scheme_fits = match transport {
        PlatformTransport::HttpsOnly => url.scheme() == "https",
        PlatformTransport::HttpAllowed => matches!(url.scheme(), "https" | "http"),
    };
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if scheme_fits && plain && url.host_str().is_some() { Ok(url) } else { Err(expected) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        Environment::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn every_fault_is_named_at_once_with_what_to_set() {
        let mut environment = environment(&[("B", "ftp://x"), ("C", "0"), ("D", "")]);
        environment.required("A", "the name of the launches table");
        environment.url("B", "the Tool's own address", PlatformTransport::HttpsOnly);
        environment.number("C", 120, 1..=400);
        environment.required("D", "something");
        let error = environment.finish(()).unwrap_err().to_string();
        let expected = "4 setting(s) to mend:\n  \
            A is not set: set it to the name of the launches table\n  \
            B is not usable: set it to the Tool's own address; it must be an https URL without user name, password or fragment\n  \
            C is not usable: set it to a whole number from 1 to 400\n  \
            D is not set: set it to something";
        assert_eq!(error, expected);
    }

    #[test]
    fn plain_http_is_for_the_local_stack_only() {
        let address = || environment(&[("U", "http://127.0.0.1:8400")]);
        let mut deployed = address();
        deployed.url("U", "x", PlatformTransport::HttpsOnly);
        assert!(deployed.finish(()).is_err());
        let mut local = address();
        local.url("U", "x", PlatformTransport::HttpAllowed);
        assert!(local.finish(()).is_ok());
    }

    #[test]
    fn an_origin_has_neither_path_nor_query() {
        for (text, is_fine) in
            [("https://a.example", true), ("https://a.example/b", false), ("https://a.example?c", false)]
        {
            let mut environment = environment(&[("U", text)]);
            environment.origin("U", "x", PlatformTransport::HttpsOnly);
            assert_eq!(environment.finish(()).is_ok(), is_fine, "{text}");
        }
    }

    #[test]
    fn lists_and_defaults() {
        let mut environment = environment(&[("O", "https://a.example, https://b.example,")]);
        assert_eq!(environment.origins("O", "origins", PlatformTransport::HttpsOnly).len(), 2);
        assert_eq!(environment.origins("P", "origins", PlatformTransport::HttpsOnly).len(), 0);
        assert_eq!(environment.number("N", 120, 1..=400), 120);
        assert!(environment.finish(()).is_ok());
    }
}

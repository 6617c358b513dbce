//! Query parameters.

use axum::extract::FromRequestParts;
use doorway_core::Error;
use doorway_lti::parameters::Parameters;
use http::request::Parts;

use crate::failure::Failure;
use crate::observe::Failed;

/// The parameters of a query, each at most once. Unknown ones are let pass: later versions have more.
pub struct Query(Parameters);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(Parameters::read(query.as_bytes(), b"").map_err(Failure::from)?))
    }
}

impl Query {
    /// A text that says something.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.non_empty(name)
    }

    /// A number from 1 on.
    ///
    /// # Errors
    /// [`Error::QueryInvalid`].
    pub fn number(&self, name: &'static str) -> Result<Option<u32>, Error> {
        let number = |text: &str| text.parse().ok().filter(|number| *number > 0);
        self.parsed(name, "a whole number from 1 on", number)
    }

    /// A flag: `true` or `false`; absent is `false`.
    ///
    /// # Errors
    /// [`Error::QueryInvalid`].
    pub fn flag(&self, name: &'static str) -> Result<bool, Error> {
        let flag = |text: &str| match text {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        Ok(self.parsed(name, "`true` or `false`", flag)?.unwrap_or(false))
    }

    /// What a parameter stands for, if it is given.
    ///
    /// # Errors
    /// [`Error::QueryInvalid`] when it stands for nothing.
    pub fn parsed<T>(
        &self,
        name: &'static str,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let Some(text) = self.text(name) else { return Ok(None) };
        parse(text).map(Some).ok_or(Error::QueryInvalid { name, expected })
    }
}

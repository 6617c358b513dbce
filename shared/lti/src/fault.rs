//! What is wrong with a request of the App: every fault at once, each with the member it is in.

use std::fmt;

/// One member that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Fault {
    /// The member, as a path from the root of the request: `contentItems[0].lineItem.scoreMaximum`.
    pub field: String,
    /// What it must be: "a number above 0". Never quotes what was sent.
    pub expected: String,
}

impl Fault {
    /// A fault in this member.
    pub fn new(field: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { field: field.into(), expected: expected.into() }
    }
}

/// All faults of a request; never empty when it is an error.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds a fault.
    pub fn add(&mut self, field: impl Into<String>, expected: impl Into<String>) {
        self.0.push(Fault::new(field, expected));
    }

    /// The faults, in the order of the request.
    pub fn iter(&self) -> std::slice::Iter<'_, Fault> {
        self.0.iter()
    }

    /// Adds the faults of another part of the request.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// `value` when there is no fault.
    ///
    /// # Errors
    /// All faults.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults = self.0.iter().map(|fault| format!("`{}` must be {}", fault.field, fault.expected));
        f.write_str(&faults.collect::<Vec<_>>().join("; "))
    }
}

impl std::error::Error for Faults {}

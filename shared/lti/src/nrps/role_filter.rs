//! Members by role.

use crate::role::{Principal, Role};

use super::Member;

/// A role that a roster is filtered by.
///
/// The Platform is asked for it, and its answer is filtered again: Moodle drops the filter on later pages and
/// ignores one that it does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleFilter {
    role: Role,
    uri: String,
}

impl RoleFilter {
    /// Reads a short name of a context role (`Learner`), or the URI of any role, also of one outside the vocabulary.
    /// `None` for other texts: a Platform would answer them with nobody (Canvas) or with everybody (Moodle).
    pub fn parse(text: &str) -> Option<Self> {
        let role = Role::parse(text);
        if matches!(role, Role::Unrecognised(_)) && url::Url::parse(text).is_err() {
            return None;
        }
        Some(Self { uri: role.uri(), role })
    }

    /// What [`RoleFilter::parse`] reads, as JSON Schema.
    #[cfg(feature = "openapi")]
    pub fn schema() -> serde_json::Value {
        let names: Vec<String> = Principal::ALL.iter().map(|principal| format!("{principal:?}")).collect();
        serde_json::json!({
            "type": "string",
            "anyOf": [{ "enum": names }, { "pattern": crate::schema::FULL_URL }, { "pattern": "^urn:[a-z0-9][a-z0-9-]*:[!-~]+$" }],
        })
    }

    /// What is sent: the URI in the current vocabulary, which every Platform reads.
    pub fn as_str(&self) -> &str {
        &self.uri
    }

    /// Whether the member has the role. A principal role is had by its sub-roles too; a sub-role is had exactly.
    pub fn admits(&self, member: &Member) -> bool {
        match self.principal() {
            Some(principal) => member.roles().has(principal),
            None => member.roles().iter().any(|role| *role == self.role),
        }
    }

    fn principal(&self) -> Option<Principal> {
        match self.role {
            Role::Context { principal, sub_role: None } => Some(principal),
            _ => None,
        }
    }
}

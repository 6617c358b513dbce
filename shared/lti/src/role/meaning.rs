//! What roles mean, for an App that does not want to know URIs.

use serde::Serialize;

use super::{Role, Roles};

/// Roles as URIs, and what they mean, as members of a user in the App API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RolesAndMeaning {
    roles: Vec<String>,
    is_instructor: bool,
    is_learner: bool,
    is_administrator: bool,
    is_mentor: bool,
    is_content_developer: bool,
    is_teaching_assistant: bool,
    is_platform_administrator: bool,
    is_test_user: bool,
}

impl From<&Roles> for RolesAndMeaning {
    fn from(roles: &Roles) -> Self {
        Self {
            roles: roles.iter().map(Role::uri).collect(),
            is_instructor: roles.is_instructor(),
            is_learner: roles.is_learner(),
            is_administrator: roles.is_administrator(),
            is_mentor: roles.is_mentor(),
            is_content_developer: roles.is_content_developer(),
            is_teaching_assistant: roles.is_teaching_assistant(),
            is_platform_administrator: roles.is_platform_administrator(),
            is_test_user: roles.is_test_user(),
        }
    }
}

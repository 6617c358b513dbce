//! One member of a context.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::ids::UserId;
use crate::json::Object;
use crate::role::{Roles, RolesAndMeaning};
use crate::tolerant::{id, text};

/// How many roles of one member are read. The vocabulary has 81 words; a list without bound would be compared with
/// itself.
pub const MAX_ROLES: usize = 100;

/// Whether somebody takes part.
///
/// Spec: [NRPS 2.0](https://www.imsglobal.org/spec/lti-nrps/v2p0): membership status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum MemberStatus {
    /// Takes part; also when nothing is said.
    Active,
    /// Does not take part now; also when something else is said, since only `Active` opens doors.
    Inactive,
    /// Has left: only told among differences.
    Deleted,
}

impl MemberStatus {
    /// Whatever its case: Coursera writes capital letters.
    fn read(member: &Object) -> Self {
        match text(member, "status") {
            None => Self::Active,
            Some(status) if status.eq_ignore_ascii_case("Active") => Self::Active,
            Some(status) if status.eq_ignore_ascii_case("Deleted") => Self::Deleted,
            Some(_) => Self::Inactive,
        }
    }
}

/// One member of a context. Only the user id identifies; names and e-mail come with the Platform's consent alone,
/// and may be absent, empty or old.
///
/// Spec: [NRPS 2.0](https://www.imsglobal.org/spec/lti-nrps/v2p0): the members of the container.
#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Member {
    user_id: UserId,
    #[serde(flatten, serialize_with = "with_roles")]
    #[cfg_attr(feature = "openapi", schemars(with = "RolesAndMeaning"))]
    roles: Roles,
    status: MemberStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    middle_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
    /// The id of the student information system; for matching records, never the user of a score.
    #[serde(skip_serializing_if = "Option::is_none")]
    lis_person_sourced_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lti11_legacy_user_id: Option<String>,
    /// Blackboard, when the URL asks for `groups=true`; as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    group_enrollments: Option<Value>,
    /// What this member would launch the asked resource link with; as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Value>,
}

impl Member {
    /// `None` without a user id: such an entry can neither be graded nor found again.
    pub(super) fn read(entry: &Value) -> Option<Self> {
        let member = entry.as_object()?;
        let value = |name: &str| member.get(name).filter(|value| value.is_array() || value.is_object()).cloned();
        Some(Self {
            user_id: UserId::try_from(id(member, "user_id")?).ok()?,
            roles: Roles::read_at_most(member.get("roles"), MAX_ROLES),
            status: MemberStatus::read(member),
            name: text(member, "name"),
            given_name: text(member, "given_name"),
            family_name: text(member, "family_name"),
            middle_name: text(member, "middle_name"),
            email: text(member, "email"),
            picture: text(member, "picture"),
            lis_person_sourced_id: id(member, "lis_person_sourcedid"),
            lti11_legacy_user_id: id(member, "lti11_legacy_user_id"),
            group_enrollments: value("group_enrollments"),
            message: value("message"),
        })
    }

    /// The user: the `sub` of this user's launches.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }

    /// Whether the user takes part.
    pub fn status(&self) -> MemberStatus {
        self.status
    }

    /// The user's roles; short names are those of the context.
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// Whether it is told what this member would launch the asked resource link with.
    pub fn has_message(&self) -> bool {
        self.message.is_some()
    }

    /// Takes what a later page says of the same user, and keeps the roles that an earlier one told.
    pub(super) fn succeed(&mut self, later: Self) {
        let mut roles = std::mem::take(&mut self.roles);
        roles.merge(&later.roles, MAX_ROLES);
        *self = Self { roles, ..later };
    }
}

/// No name, no e-mail and no id: rosters must not be in logs.
impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Member([redacted])")
    }
}

fn with_roles<S: Serializer>(roles: &Roles, serializer: S) -> Result<S::Ok, S::Error> {
    RolesAndMeaning::from(roles).serialize(serializer)
}

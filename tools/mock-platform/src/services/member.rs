//! A member, as the membership service writes it. Spec: NRPS 2.0, on the membership container.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::claims::names::{CUSTOM, MESSAGE_TYPE};
use crate::course::CourseLink;
use crate::profile::Profile;
use crate::roster::{Change, Member, Status};
use crate::user::VOCABULARY;

/// What is told of each member besides.
pub(crate) struct Detail {
    /// The link that the members are asked for by `rlid`.
    pub(crate) link: Option<Arc<CourseLink>>,
    /// Whether Blackboard is asked for groups.
    pub(crate) with_groups: bool,
}

/// Roles as full URIs. Moodle has no teaching assistants in its roster: they are learners there.
pub(crate) fn roles(profile: Profile, member: &Member) -> Vec<String> {
    let assists = member.user.roles.iter().any(|role| role.ends_with("#TeachingAssistant"));
    if profile == Profile::Moodle && assists {
        return vec![format!("{VOCABULARY}membership#Learner")];
    }
    member.user.roles.clone()
}

/// A member of now.
pub(crate) fn present(profile: Profile, member: &Member, detail: &Detail) -> Value {
    let status = match member.status {
        Status::Active => "Active",
        Status::Inactive => "Inactive",
    };
    let mut written = written(profile, member, status);
    if let Some(link) = &detail.link {
        written["message"] = json!([{MESSAGE_TYPE: "LtiResourceLinkRequest", CUSTOM: link.link.custom}]);
    }
    if profile == Profile::Blackboard {
        written["middle_name"] = json!("");
        if detail.with_groups {
            written["group_enrollments"] = json!([]);
        }
    }
    written
}

/// A member who changed, or left.
pub(crate) fn changed(profile: Profile, change: &Change, detail: &Detail) -> Value {
    match change {
        Change::Present(member) => present(profile, member, detail),
        Change::Left(member) => written(profile, member, "Deleted"),
    }
}

fn written(profile: Profile, member: &Member, status: &str) -> Value {
    let user = &member.user;
    let mut written = json!({"user_id": user.id, "status": status, "roles": names(profile, member)});
    let personal = [
        ("name", &user.name),
        ("given_name", &user.given_name),
        ("family_name", &user.family_name),
        ("email", &user.email),
    ];
    for (name, value) in personal {
        if !value.is_empty() {
            written[name] = json!(value);
        }
    }
    written
}

/// Moodle shortens the roles of a course and leaves all others out.
fn names(profile: Profile, member: &Member) -> Vec<String> {
    let roles = roles(profile, member);
    if profile != Profile::Moodle {
        return roles;
    }
    let short = |role: &String| role.strip_prefix(VOCABULARY)?.strip_prefix("membership#").map(ToOwned::to_owned);
    roles.iter().filter_map(short).collect()
}

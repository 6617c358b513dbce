//! `GET /v1/launches/{id}/memberships`: who is in the course.

use serde::Deserialize;

use super::paging::{Collected, Page};
use super::{ApiError, AppApi};

/// A person in the course. Names and e-mail addresses are there only where the Platform releases them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Member {
    /// Stable within the issuer.
    pub user_id: String,
    /// Role URIs.
    pub roles: Vec<String>,
    /// `Active`, `Inactive` or `Deleted`.
    pub status: String,
    /// Full name.
    pub name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Never the way to recognise somebody.
    pub email: Option<String>,
    /// Whether the person learns here.
    pub is_learner: bool,
}

impl Member {
    /// What to call the person, where the school says it.
    #[must_use]
    pub fn call_name(&self) -> Option<String> {
        let present = |name: &Option<String>| name.as_deref().map(str::trim).unwrap_or_default().to_owned();
        let parts = format!("{} {}", present(&self.given_name), present(&self.family_name));
        [present(&self.name), parts.trim().to_owned()].into_iter().find(|name| !name.is_empty())
    }
}

#[derive(Deserialize)]
struct MembersPage {
    members: Vec<Member>,
    #[serde(default = "yes")]
    complete: bool,
    next: Option<String>,
}

fn yes() -> bool {
    true
}

impl Page for MembersPage {
    type Entry = Member;

    fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    fn complete(&self) -> bool {
        self.complete
    }

    fn into_entries(self) -> Vec<Member> {
        self.members
    }
}

impl AppApi {
    /// The people of the launch's course.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with `memberships_not_granted` and its like; [`ApiError::NoAnswer`],
    /// [`ApiError::NoBaseUrl`].
    pub async fn memberships(&self, launch_id: &str) -> Result<Collected<Member>, ApiError> {
        self.collect::<MembersPage>(&["launches", launch_id, "memberships"]).await
    }
}

#[cfg(test)]
mod tests {
    use super::Member;

    fn called(name: Option<&str>, given: Option<&str>, family: Option<&str>) -> Option<String> {
        let text = |name: Option<&str>| name.map(ToOwned::to_owned);
        let member =
            Member { name: text(name), given_name: text(given), family_name: text(family), ..Member::default() };
        member.call_name()
    }

    #[test]
    fn a_member_is_called_by_the_full_name_or_by_its_parts() {
        assert_eq!(called(Some("Ben Ito"), Some("B"), None).as_deref(), Some("Ben Ito"));
        assert_eq!(called(Some(" "), Some("Ben"), Some("Ito")).as_deref(), Some("Ben Ito"));
        assert_eq!(called(None, None, Some("Ito")).as_deref(), Some("Ito"));
        assert_eq!(called(Some(""), Some(""), None), None);
    }
}

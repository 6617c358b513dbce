//! The Launch as the App API gives it. Everything but the id and the message type may be missing, and a good App works
//! without it: an LMS need not release names, and may offer no service.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::services::Services;

/// Somebody opened a link of the course.
pub(crate) const RESOURCE_LINK_REQUEST: &str = "LtiResourceLinkRequest";
/// Somebody chooses content for the course.
pub(crate) const DEEP_LINKING_REQUEST: &str = "LtiDeepLinkingRequest";

/// A verified launch.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Launch {
    /// Doorway's id of it, for later calls.
    pub id: String,
    /// `LtiResourceLinkRequest` and its like.
    pub message_type: String,
    /// Where it came from.
    #[serde(default)]
    pub platform: Platform,
    /// The vendor's name for the customer.
    #[serde(default)]
    pub tenant: Option<String>,
    /// Who launched.
    #[serde(default)]
    pub user: User,
    /// The course.
    #[serde(default)]
    pub context: Option<Context>,
    /// The link that was clicked.
    #[serde(default)]
    pub resource_link: Option<ResourceLink>,
    /// The parameters that the link is configured with.
    #[serde(default)]
    pub custom: Map<String, Value>,
    /// Who the person was before the school moved from LTI 1.1.
    #[serde(default)]
    pub migration: Option<Migration>,
    /// What the App may do with this launch.
    #[serde(default)]
    pub services: Services,
    /// All claims as the Platform sent them.
    #[serde(default)]
    pub claims: Map<String, Value>,
}

/// The learning platform.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Platform {
    /// Its issuer.
    #[serde(default)]
    pub issuer: Option<String>,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
}

/// A person. Without an id it is somebody unknown, whom the App must not remember.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct User {
    /// Stable within the issuer.
    pub id: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Whether the person teaches here.
    pub is_instructor: bool,
    /// Whether the person learns here.
    pub is_learner: bool,
    /// Whether the person administers the course.
    pub is_administrator: bool,
    /// Whether this is a teacher's preview as a student: results should not count.
    pub is_test_user: bool,
}

/// A course.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Context {
    /// Unique within the deployment.
    pub id: Option<String>,
    /// Its short name.
    pub label: Option<String>,
    /// Its title.
    pub title: Option<String>,
}

/// A link in a course.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ResourceLink {
    /// Unique within the deployment.
    pub id: Option<String>,
    /// Its text.
    pub title: Option<String>,
    /// What it leads to.
    pub description: Option<String>,
}

/// Who the person was in LTI 1.1, if that may be believed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Migration {
    /// The account of the school: its consumer key.
    pub consumer_key: Option<String>,
    /// The person's id within it.
    pub user_id: Option<String>,
    /// Whether Doorway has checked that the school is that consumer. Without it nothing here may be acted on: anybody who
    /// runs an LMS can write it.
    pub verified: bool,
    /// Why it is not.
    pub reason: Option<String>,
}

impl Migration {
    /// The account that the person had: consumer key and user id. Only the two together name somebody.
    #[must_use]
    pub fn old_account(&self) -> Option<(&str, &str)> {
        if !self.verified {
            return None;
        }
        self.consumer_key.as_deref().zip(self.user_id.as_deref())
    }
}

impl User {
    /// What to call the person, where the school says it.
    #[must_use]
    pub fn call_name(&self) -> Option<&str> {
        [&self.given_name, &self.name]
            .into_iter()
            .filter_map(|name| name.as_deref().map(str::trim))
            .find(|name| !name.is_empty())
    }

    /// What the person is here, in words.
    #[must_use]
    pub fn part(&self) -> &'static str {
        match self {
            Self { is_instructor: true, .. } => "a teacher",
            Self { is_learner: true, .. } => "a student",
            Self { is_administrator: true, .. } => "an administrator",
            _ => "a guest",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Launch, Migration, User};

    #[test]
    fn an_id_and_a_message_type_make_a_launch() {
        let json = r#"{"id":"a","messageType":"LtiResourceLinkRequest"}"#;
        let launch: Launch = serde_json::from_str(json).unwrap();
        assert_eq!(launch.user, User::default());
        assert_eq!(launch.context, None);
    }

    #[test]
    fn unknown_and_null_members_are_no_error() {
        let json = r#"{"id":"a","messageType":"x","tenant":null,"new":1,
            "user":{"id":null,"roles":[],"isLearner":true,"age":9},"services":{"ags":null}}"#;
        let launch: Launch = serde_json::from_str(json).unwrap();
        assert!(launch.user.is_learner);
        assert_eq!(launch.services.ags, None);
    }

    #[test]
    fn a_launch_without_an_id_is_an_error() {
        assert!(serde_json::from_str::<Launch>(r#"{"messageType":"x"}"#).is_err());
    }

    #[test]
    fn an_old_account_is_one_that_is_verified_and_whole() {
        let migration = |json: &str| serde_json::from_str::<Migration>(json).unwrap();
        let whole = migration(r#"{"consumerKey":"k","userId":"u","verified":true}"#);
        assert_eq!(whole.old_account(), Some(("k", "u")));
        for json in [
            r#"{"consumerKey":"k","userId":"u","verified":false,"reason":"signature_wrong"}"#,
            r#"{"consumerKey":"k","userId":"u"}"#,
            r#"{"consumerKey":"k","verified":true}"#,
            r#"{"userId":"u","verified":true}"#,
        ] {
            assert_eq!(migration(json).old_account(), None, "{json}");
        }
    }

    #[test]
    fn a_teacher_who_administers_is_a_teacher() {
        let user = User { is_instructor: true, is_administrator: true, ..User::default() };
        assert_eq!(user.part(), "a teacher");
        assert_eq!(User::default().part(), "a guest");
    }

    #[test]
    fn a_person_is_called_by_the_given_name_before_the_full_one() {
        let called = |given: Option<&str>, full: Option<&str>| {
            let names = (given.map(ToOwned::to_owned), full.map(ToOwned::to_owned));
            let user = User { given_name: names.0, name: names.1, ..User::default() };
            user.call_name().map(ToOwned::to_owned)
        };
        assert_eq!(called(Some("Ada"), Some("Ada Morgan")).as_deref(), Some("Ada"));
        assert_eq!(called(Some(" "), Some("Ada Morgan")).as_deref(), Some("Ada Morgan"));
        assert_eq!(called(None, Some("")), None);
    }
}

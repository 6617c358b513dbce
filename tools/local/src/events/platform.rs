//! The Platform's part in an event: the answer to an authentication request.

use doorway_core::clock::UnixSeconds;
use doorway_mock_platform::claims::LaunchClaims;
use doorway_mock_platform::{PlatformKey, User, users};
use url::Url;

use crate::demo;

/// What the Platform answers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Launching {
    ResourceLink,
    DeepLinking,
    SubmissionReview,
    DataPrivacy,
    LoginRequired,
}

/// Who launches in events.
pub(super) fn user() -> User {
    users().into_iter().next().expect("the mock Platform has users")
}

impl Launching {
    /// The launch that an event of this case is about.
    pub(super) fn of_case(case: &str) -> Self {
        if case.starts_with("deep-link.") { Self::DeepLinking } else { Self::ResourceLink }
    }

    /// The form fields for the Tool's launch URL.
    pub(super) fn answer(
        self,
        key: &PlatformKey,
        request: &Url,
        issuer: &str,
        target_link_uri: &str,
        now: UnixSeconds,
    ) -> Vec<(&'static str, String)> {
        let parameter = |name: &str| {
            request
                .query_pairs()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        let (nonce, user) = (parameter("nonce"), user());
        let claims = LaunchClaims {
            issuer,
            client_id: demo::CLIENT_ID,
            deployment_id: demo::DEPLOYMENT_ID,
            nonce: &nonce,
            issued_at: now.0,
            target_link_uri,
            user: &user,
        };
        let claims = match self {
            Self::ResourceLink => claims.resource_link(),
            Self::DeepLinking => claims.deep_linking(),
            Self::SubmissionReview => claims.submission_review(),
            Self::DataPrivacy => claims.data_privacy(),
            Self::LoginRequired => {
                return vec![("error", "login_required".to_owned()), ("state", parameter("state"))];
            }
        };
        vec![("id_token", key.id_token(&claims)), ("state", parameter("state"))]
    }
}

//! What is known of a launch while it is judged: for the log, and for the page when it is refused.

use std::sync::Arc;

use doorway_lti::login::LoginInitiation;
use doorway_lti::message::{Launch, MessageType};
use doorway_lti::role::Role;
use url::Url;

use super::super::login::short_hash;
use crate::registration::{PlatformTransport, Registration, RegistrationKey};
use crate::state::LoginState;

/// What is known of a launch while it is judged, whatever the end.
#[derive(Debug, Default, Clone)]
pub struct Judged {
    /// The Registration, once the state has opened.
    pub registration: Option<RegistrationKey>,
    /// The Deployment, once the token is verified.
    pub deployment_id: Option<String>,
    /// The message type, once the token is verified.
    pub message_type: Option<MessageType>,
    /// The tenant: the Registration's, and that of the Deployment once it is known.
    pub tenant: Option<String>,
    /// What was understood of an accepted launch: context roles and services, nothing personal.
    pub understood: Option<String>,
    /// What is odd and was let pass.
    pub oddities: Vec<&'static str>,
    /// The cookie of this login, to be removed once it has served.
    pub cookie_name: Option<String>,
    /// The launch's id, shortened.
    pub launch: Option<String>,
    /// How its browser was proven.
    pub binding: Option<ProvenBy>,
    /// What a page can offer.
    pub page: PageFacts,
}

/// How the browser showed that it is the one that began the login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProvenBy {
    /// By the cookie of the login.
    Cookie,
    /// By what it had put into Platform storage.
    PlatformStorage,
}

impl ProvenBy {
    /// One word for the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::PlatformStorage => "platform-storage",
        }
    }
}

/// What a page can offer a person, beyond words.
#[derive(Debug, Default, Clone)]
pub struct PageFacts {
    /// Whose pages frame ours, once the Registration is known and active.
    pub registration: Option<Arc<Registration>>,
    /// The person's languages, as the verified launch names them: that of the Platform's page, then the person's own.
    pub locales: Vec<String>,
    /// Where the Platform wants people back, as the verified launch names it.
    pub return_url: Option<Url>,
    /// The login, where beginning it again in a new window can help.
    pub again: Option<LoginInitiation>,
    /// Whether Platforms and App may be on http.
    pub transport: PlatformTransport,
    /// Whose pages frame ours, where that is known without a Registration: while one is being made.
    pub framed_by: Option<Vec<String>>,
    /// What the Platform said when it refused, made presentable.
    pub platform_words: Option<String>,
}

impl Judged {
    /// Learns what the message says, once its token is verified.
    pub(super) fn learn(&mut self, launch: &Launch, transport: PlatformTransport) {
        self.deployment_id = Some(launch.deployment_id.to_string());
        self.message_type = Some(launch.message_type());
        let presentation = launch.presentation.as_ref();
        let around = presentation.and_then(|presentation| presentation.locale.as_ref());
        self.page.locales = around.into_iter().chain(&launch.names.locale).cloned().collect();
        let return_url = presentation.and_then(|presentation| presentation.return_url.as_deref());
        self.page.return_url = return_url.and_then(|url| safe_return_url(url, transport));
    }

    /// Learns how an accepted launch was understood, as certification asks the log to show.
    pub(super) fn understand(&mut self, launch: &Launch) {
        let roles = launch.roles.iter().map(|role| match role {
            Role::Context { principal, sub_role } => sub_role.unwrap_or(principal.name()),
            Role::Institution(_) => "(institution)",
            Role::System(_) => "(system)",
            Role::TestUser => "TestUser",
            Role::Unrecognised(_) => "(unrecognised)",
        });
        let granted = [
            launch.context.as_ref().map(|_| "context"),
            launch.user_id.as_ref().map(|_| "user"),
            launch.ags.as_ref().map(|_| "AGS"),
            launch.nrps.as_ref().map(|_| "NRPS"),
        ];
        let roles: Vec<&str> = roles.collect();
        let granted: Vec<&str> = granted.into_iter().flatten().collect();
        self.understood = Some(format!("roles: {}; with: {}", roles.join(", "), granted.join(", ")));
    }

    /// Notes what does not fit the login and is let pass: the signed claims count, the login was only a hint.
    pub(super) fn compare(&mut self, login: &LoginState, launch: &Launch) {
        self.oddities.extend(&launch.ignored_claims);
        let target = launch.target_link_uri.as_deref();
        if target.is_some_and(|uri| short_hash(uri) != login.target_link_uri_hash) {
            self.oddities.push("target_link_uri differs from the login's");
        }
        if login.deployment_id_hash.is_some_and(|hash| short_hash(launch.deployment_id.as_str()) != hash) {
            self.oddities.push("deployment_id differs from the login's");
        }
    }
}

/// A web address and nothing that runs: a person is to click it.
fn safe_return_url(text: &str, transport: PlatformTransport) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_web = match transport {
        PlatformTransport::HttpsOnly => url.scheme() == "https",
        PlatformTransport::HttpAllowed => matches!(url.scheme(), "https" | "http"),
    };
    let has_user = !url.username().is_empty() || url.password().is_some();
    (is_web && !has_user).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_url_is_a_web_address() {
        let safe = |url, transport| safe_return_url(url, transport).is_some();
        for transport in [PlatformTransport::HttpsOnly, PlatformTransport::HttpAllowed] {
            assert!(safe("https://lms.example/back?a=b", transport));
            for url in [
                "javascript:alert(1)",
                "data:text/html,x",
                "/back",
                "https://a@lms.example/",
                "https://:b@lms.example/",
                "https://a:b@lms.example/",
                "",
            ] {
                assert!(!safe(url, transport), "{url}");
            }
        }
        assert!(safe("http://lms.example/back", PlatformTransport::HttpAllowed));
        assert!(!safe("http://lms.example/back", PlatformTransport::HttpsOnly));
    }
}

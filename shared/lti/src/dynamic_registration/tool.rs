//! What the Tool is and would like: the same for every Platform.

use std::collections::BTreeMap;

use url::Url;

use crate::scope;

/// The Tool, as data. What a Platform gets of it is in [`super::RegistrationRequest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolConfiguration {
    /// Its name, as people know it.
    pub name: String,
    /// A sentence about it.
    pub description: Option<String>,
    /// A picture of it.
    pub logo: Option<Url>,
    /// Where Platforms begin logins.
    pub initiate_login_uri: Url,
    /// Where Platforms post launches.
    pub redirect_uri: Url,
    /// Where the Tool's keys are.
    pub jwks_uri: Url,
    /// Where launches lead that name no other place.
    pub target_link_uri: Url,
    /// Claims about people that it uses.
    pub claims: Vec<String>,
    /// Scopes that it uses.
    pub scopes: Vec<String>,
    /// Custom parameters of every launch: a name, and a value that may be a `$Variable`.
    pub custom_parameters: BTreeMap<String, String>,
}

/// Who a user is. Without a name and an address an App still works, as with every launch that lacks them.
const CLAIMS: [&str; 8] = ["iss", "sub", "name", "given_name", "family_name", "email", "picture", "locale"];

/// Everything that the App API can do.
const SCOPES: [&str; 5] =
    [scope::LINE_ITEM, scope::LINE_ITEM_READ_ONLY, scope::RESULT_READ_ONLY, scope::SCORE, scope::CONTEXT_MEMBERSHIP];

/// When work is due, and what a course and a link were copied from: nothing personal.
const CUSTOM: [(&str, &str); 6] = [
    ("available_from", "$ResourceLink.available.startDateTime"),
    ("available_until", "$ResourceLink.available.endDateTime"),
    ("submit_from", "$ResourceLink.submission.startDateTime"),
    ("submit_until", "$ResourceLink.submission.endDateTime"),
    ("context_history", "$Context.id.history"),
    ("resource_link_history", "$ResourceLink.id.history"),
];

impl ToolConfiguration {
    /// The claims, scopes and custom parameters of a Tool that uses all of Doorway.
    pub fn wishes() -> (Vec<String>, Vec<String>, BTreeMap<String, String>) {
        let custom = CUSTOM.map(|(name, value)| (name.to_owned(), value.to_owned()));
        (CLAIMS.map(str::to_owned).into(), SCOPES.map(str::to_owned).into(), custom.into())
    }

    /// The host, and the port if it is not the usual one, of where launches lead: Moodle compares it with the host of
    /// the target link, and finds the Tool of a link by it.
    pub fn domain(&self) -> String {
        host_of(&self.target_link_uri)
    }

    /// Further hosts of the Tool.
    pub(super) fn secondary_domains(&self) -> Vec<String> {
        let own = host_of(&self.redirect_uri);
        if own == self.domain() { Vec::new() } else { vec![own] }
    }

    /// How much of a user Canvas is asked for: its own levels stand for the claims about name and address.
    pub(super) fn privacy_level(&self) -> &'static str {
        let has = |names: &[&str]| self.claims.iter().any(|claim| names.contains(&claim.as_str()));
        match (has(&["name", "given_name", "family_name"]), has(&["email"])) {
            (true, true) => "public",
            (true, false) => "name_only",
            (false, true) => "email_only",
            (false, false) => "anonymous",
        }
    }
}

fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

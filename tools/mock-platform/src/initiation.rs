//! The login initiation: the Platform asks the Tool to ask for a login.
//!
//! Spec: Security Framework 1.0, section 5.1.1.1.

use serde_json::json;
use url::Url;

use crate::client::Client;
use crate::course::CourseLink;
use crate::platform::{PendingLaunch, Platform, target_link_uri};
use crate::wrong::apply_to_login;

impl Platform {
    /// The parameters of a login initiation, in Moodle's order. The launch is remembered under its message hint.
    pub(crate) fn initiate_login(&self, client: &Client, launch: PendingLaunch) -> Vec<(String, String)> {
        let launch_id = self.remember(launch.clone());
        let PendingLaunch { user_id, link, wrong, .. } = launch;
        let parameters = [
            ("iss", self.config.issuer.clone()),
            ("target_link_uri", target_link_uri(client, &link).to_owned()),
            ("login_hint", user_id),
            ("lti_message_hint", message_hint(&link, &launch_id)),
            ("client_id", client.client_id.clone()),
            ("lti_deployment_id", client.deployment_id.clone()),
        ];
        let target = self.storage().login_target().map(|target| ("lti_storage_target", target.to_owned()));
        let parameters = parameters.into_iter().chain(target);
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value)).collect();
        match wrong {
            Some(wrong) => apply_to_login(&wrong.fault, parameters),
            None => parameters,
        }
    }
}

/// A JSON text like Moodle's: Tools must return it unaltered, and often fail to encode it.
fn message_hint(link: &CourseLink, launch_id: &str) -> String {
    json!({"cmid": link.link.id, "launchid": launch_id}).to_string()
}

/// The launch that a message hint names.
pub(crate) fn launch_id_of(message_hint: &str) -> Option<String> {
    let hint: serde_json::Value = serde_json::from_str(message_hint).ok()?;
    Some(hint.get("launchid")?.as_str()?.to_owned())
}

/// A URL with parameters added to its query; `None` when it is no URL.
pub(crate) fn with_query(url: &str, parameters: &[(String, String)]) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    url.query_pairs_mut().extend_pairs(parameters);
    Some(url.into())
}

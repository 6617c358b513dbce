//! What the running Platform adds to the claims of a launch: its profile, the services it offers there, and old ids.

use serde_json::{Map, Value, json};

use crate::claims::names::{AGS_ENDPOINT, DEEP_LINKING_SETTINGS, NAMES_ROLES, TOOL_PLATFORM};
use crate::course::{CourseLink, Services};
use crate::deep_linking::REQUEST_PARAMETER;
use crate::platform::Platform;
use crate::profile::Profile;

/// Completes the claims of a launch of this link.
pub(crate) fn complete(platform: &Platform, link: &CourseLink, claims: &mut Value) {
    platform.old_ids().add(claims);
    if let (Some((family, version)), Some(product)) = (platform.profile().product(), claims.get_mut(TOOL_PLATFORM)) {
        product["product_family_code"] = json!(family);
        product["version"] = json!(version);
    }
    if link.services == Services::Withheld
        && let Value::Object(claims) = claims
    {
        claims.remove(AGS_ENDPOINT);
        claims.remove(NAMES_ROLES);
    }
    if let Some(Value::Object(endpoint)) = claims.get_mut(AGS_ENDPOINT) {
        endpoint.insert("lineitems".into(), json!(platform.line_items_url()));
        match line_item(platform, &link.link.id) {
            Some(url) => endpoint.insert("lineitem".into(), json!(url)),
            None => endpoint.remove("lineitem"),
        };
    }
    if let Some(Value::Object(settings)) = claims.get_mut(DEEP_LINKING_SETTINGS) {
        ask_for_choice(platform, settings);
    }
    if let Some(service) = claims.get_mut(NAMES_ROLES) {
        service["context_memberships_url"] = json!(platform.memberships_url());
        if platform.profile() == Profile::Blackboard {
            service["scope"] = json!(["https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"]);
        }
    }
}

/// Remembers the request. Its answer is known by `data`, or by the return URL where no `data` is sent.
fn ask_for_choice(platform: &Platform, claim: &mut Map<String, Value>) {
    let settings = platform.deep_linking_settings();
    let request_id = platform.remember_choice(settings.clone());
    settings.write(claim, &request_id);
    if !settings.sends_data {
        let return_url = claim.get("deep_link_return_url").and_then(Value::as_str).unwrap_or_default();
        let return_url = format!("{return_url}?{REQUEST_PARAMETER}={request_id}");
        claim.insert("deep_link_return_url".into(), json!(return_url));
    }
}

/// The link's column, if it has exactly one. Spec: AGS 2.0, the `endpoint` claim.
fn line_item(platform: &Platform, link_id: &str) -> Option<String> {
    let items = platform.gradebook().line_items();
    let mut of_link = items.iter().filter(|item| item.resource_link_id.as_deref() == Some(link_id));
    match (of_link.next(), of_link.next()) {
        (Some(item), None) => Some(platform.line_item_url(&item.id)),
        _ => None,
    }
}

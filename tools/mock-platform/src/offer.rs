//! What the running Platform adds to the claims of a launch: its profile, the services it offers there, and old ids.

use serde_json::{Map, Value, json};

use crate::claims::names::{
    AGS_ENDPOINT, DEEP_LINKING_SETTINGS, LAUNCH_PRESENTATION, NAMES_ROLES, ROLES, TOOL_PLATFORM,
};
use crate::course::{CourseLink, Services};
use crate::deep_linking::REQUEST_PARAMETER;
use crate::platform::Platform;
use crate::profile::Profile;
use crate::user::VOCABULARY;

/// Completes the claims of a launch of this link.
pub(crate) fn complete(platform: &Platform, link: &CourseLink, claims: &mut Value) {
    platform.old_ids().add(claims);
    if let (Some((family, version)), Some(product)) = (platform.profile().product(), claims.get_mut(TOOL_PLATFORM)) {
        product["product_family_code"] = json!(family);
        product["version"] = json!(version);
    }
    if let Value::Object(claims) = claims {
        lead_back(platform, claims);
        spell(platform.profile(), claims);
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

/// The Platform's pages are at the institution's address, which need not be the issuer.
fn lead_back(platform: &Platform, claims: &mut Map<String, Value>) {
    for (claim, member) in [(LAUNCH_PRESENTATION, "return_url"), (DEEP_LINKING_SETTINGS, "deep_link_return_url")] {
        let Some(url) = claims.get_mut(claim).and_then(|claim| claim.get_mut(member)) else { continue };
        if let Some(path) = url.as_str().and_then(|url| url.strip_prefix(&platform.config.issuer)) {
            *url = json!(format!("{}{path}", platform.base()));
        }
    }
}

/// What of a launch's claims is as at the product (digest "platforms", §7 and §8).
fn spell(profile: Profile, claims: &mut Map<String, Value>) {
    let issued_at = claims.get("iat").and_then(Value::as_u64).unwrap_or_default();
    match profile {
        // One audience in an array, ten minutes, and roles of the course alone.
        Profile::Schoology => {
            let audience = claims.remove("aud");
            claims.insert("aud".into(), json!([audience]));
            claims.remove("azp");
            claims.insert("exp".into(), json!(issued_at + 600));
            if let Some(Value::Array(roles)) = claims.get_mut(ROLES) {
                roles.retain(|role| role.as_str().is_some_and(|role| role.contains("/membership")));
            }
        }
        // Roles that say nothing beside those that do, an hour, and nowhere to return to.
        Profile::OpenEdx => {
            claims.insert("exp".into(), json!(issued_at + 3600));
            if let Some(Value::Array(roles)) = claims.get_mut(ROLES) {
                let nothing = ["system/person#None", "institution/person#None"];
                roles.splice(0..0, nothing.map(|role| json!(format!("{VOCABULARY}{role}"))));
            }
            if let Some(Value::Object(presentation)) = claims.get_mut(LAUNCH_PRESENTATION) {
                presentation.remove("return_url");
            }
        }
        _ => {}
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

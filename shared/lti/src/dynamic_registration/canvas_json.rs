//! The JSON that an administrator of Canvas pastes, or names by its URL, to make a developer key for the Tool: the way to
//! register where Dynamic Registration is not wanted.
//!
//! Spec: Canvas LMS API documentation, "Configuring LTI Advantage Tools".

use serde_json::{Value, json};

use super::ToolConfiguration;

/// The document.
pub fn document(tool: &ToolConfiguration) -> Value {
    let mut document = json!({
        "title": tool.name,
        "description": tool.description.as_deref().unwrap_or(&tool.name),
        "target_link_uri": tool.target_link_uri,
        "oidc_initiation_url": tool.initiate_login_uri,
        "public_jwk_url": tool.jwks_uri,
        "scopes": tool.scopes,
        // Canvas substitutes every one of these variables.
        "custom_fields": tool.custom_parameters,
        "extensions": [{
            "platform": "canvas.instructure.com",
            "domain": tool.domain(),
            "tool_id": tool.domain(),
            "privacy_level": tool.privacy_level(),
            "settings": { "text": tool.name, "placements": placements(tool) },
        }],
    });
    if let Some(logo) = &tool.logo {
        document["extensions"][0]["settings"]["icon_url"] = json!(logo);
    }
    document
}

/// In the course's navigation, hidden until a teacher shows it; and wherever a teacher chooses content. A button in the
/// editor needs a picture.
fn placements(tool: &ToolConfiguration) -> Vec<Value> {
    let placement = |name: &str, message: &str| json!({ "placement": name, "message_type": message, "target_link_uri": tool.target_link_uri, "text": tool.name });
    let mut navigation = placement("course_navigation", "LtiResourceLinkRequest");
    navigation["default"] = json!("disabled");
    let mut placements = vec![
        navigation,
        placement("link_selection", "LtiDeepLinkingRequest"),
        placement("assignment_selection", "LtiDeepLinkingRequest"),
    ];
    if let Some(logo) = &tool.logo {
        let mut button = placement("editor_button", "LtiDeepLinkingRequest");
        button["icon_url"] = json!(logo);
        placements.push(button);
    }
    placements
}

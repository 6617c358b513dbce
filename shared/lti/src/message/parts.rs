//! The parts of a launch that describe people and places.

use std::fmt;

use serde::Serialize;

use crate::claim;
use crate::json::Object;
use crate::tolerant::{id, object, pixels, text, texts};

/// What the Platform tells about the user's name. Any of it may be missing; none of it identifies anybody.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserNames {
    /// `name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `given_name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// `middle_name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// `family_name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// `email`: for display only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// `picture`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// `locale`, as the Platform writes it (`en`, `en_US`, `pt-BR`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

impl fmt::Debug for UserNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserNames([redacted])")
    }
}

impl UserNames {
    pub(super) fn read(claims: &Object) -> Self {
        Self {
            name: text(claims, "name"),
            given_name: text(claims, "given_name"),
            middle_name: text(claims, "middle_name"),
            family_name: text(claims, "family_name"),
            email: text(claims, "email"),
            picture: text(claims, "picture"),
            locale: text(claims, "locale"),
        }
    }
}

/// The course, group or other place of a launch (LTI Core 1.3 §5.4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Context {
    /// Unique within the Deployment.
    pub id: String,
    /// Context types as full URIs where they are known; others as sent.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// A short name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// A full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Context {
    pub(super) fn read(claims: &Object) -> Option<Self> {
        let context = object(claims, claim::CONTEXT)?;
        Some(Self {
            id: id(context, "id")?,
            types: texts(context, "type").into_iter().map(context_type).collect(),
            label: text(context, "label"),
            title: text(context, "title"),
        })
    }
}

/// Moodle sends short names, older Platforms URNs; the rest is kept as sent.
fn context_type(sent: String) -> String {
    let name = sent.strip_prefix("urn:lti:context-type:ims/lis/").unwrap_or(&sent);
    match name {
        "CourseTemplate" | "CourseOffering" | "CourseSection" | "Group" => {
            format!("http://purl.imsglobal.org/vocab/lis/v2/course#{name}")
        }
        _ => sent,
    }
}

/// The link that was opened (LTI Core 1.3 §5.3.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ResourceLink {
    /// Unique within the Deployment; changes when the link is copied.
    pub id: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl ResourceLink {
    pub(super) fn read(claims: &Object) -> Option<Self> {
        let link = object(claims, claim::RESOURCE_LINK)?;
        Some(Self { id: id(link, "id")?, title: text(link, "title"), description: text(link, "description") })
    }
}

/// The Platform's description of itself (LTI Core 1.3 §5.4.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolPlatform {
    /// Tells instances of a shared Platform apart.
    pub guid: Option<String>,
    /// A name for people.
    pub name: Option<String>,
    /// For example `canvas`, `moodle`.
    pub product_family_code: Option<String>,
    /// The product's version.
    pub version: Option<String>,
}

impl ToolPlatform {
    pub(super) fn read(claims: &Object) -> Option<Self> {
        let platform = object(claims, claim::TOOL_PLATFORM)?;
        Some(Self {
            guid: id(platform, "guid"),
            name: text(platform, "name"),
            product_family_code: text(platform, "product_family_code"),
            version: text(platform, "version"),
        })
    }
}

/// How the Tool is shown, and where to send the user afterwards (LTI Core 1.3 §5.4.3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LaunchPresentation {
    /// `frame`, `iframe` or `window`; others as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_target: Option<String>,
    /// In pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// In pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Where the user may be sent when finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// The language of the Platform's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

impl LaunchPresentation {
    pub(super) fn read(claims: &Object) -> Option<Self> {
        let presentation = object(claims, claim::LAUNCH_PRESENTATION)?;
        Some(Self {
            document_target: text(presentation, "document_target"),
            height: pixels(presentation, "height"),
            width: pixels(presentation, "width"),
            return_url: text(presentation, "return_url"),
            locale: text(presentation, "locale"),
        })
    }
}

/// The person whom a launch is about, when that is not the viewer (Submission Review 1.0).
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ForUser {
    /// The user's `sub`.
    pub user_id: String,
    /// A name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl fmt::Debug for ForUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForUser([redacted])")
    }
}

impl ForUser {
    pub(super) fn read(claims: &Object) -> Option<Self> {
        let user = object(claims, claim::FOR_USER)?;
        Some(Self { user_id: id(user, "user_id")?, name: text(user, "name") })
    }
}

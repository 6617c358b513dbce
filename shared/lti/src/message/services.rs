//! What a launch may do afterwards: the service claims.

use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::claim;
use crate::json::Object;
use crate::rejection::Rejection;
use crate::tolerant::{flag, object, text, texts};

/// Assignment and Grade Services as granted to this launch (AGS 2.0 §3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AgsEndpoint {
    /// The scopes that may be asked for.
    pub scope: Vec<String>,
    /// The container of line items, when it may be used.
    #[serde(rename = "lineitems", skip_serializing_if = "Option::is_none")]
    pub line_items: Option<String>,
    /// The one line item of this link; "" on the wire is absent here.
    #[serde(rename = "lineitem", skip_serializing_if = "Option::is_none")]
    pub line_item: Option<String>,
}

impl AgsEndpoint {
    pub(super) fn read(claims: &Object) -> Option<Self> {
        let endpoint = object(claims, claim::AGS_ENDPOINT)?;
        Some(Self {
            scope: texts(endpoint, "scope"),
            line_items: text(endpoint, "lineitems"),
            line_item: text(endpoint, "lineitem"),
        })
    }

    /// Whether a line item is one that this launch was granted: its own, or one below the container of its context. One
    /// token opens all contexts of a Registration, so an id must not lead into another.
    pub fn covers(&self, line_item: &Url) -> bool {
        let is = |text: &str| Url::parse(text).is_ok_and(|own| own == *line_item);
        let holds = |container: &str| {
            Url::parse(container).is_ok_and(|container| {
                let below = line_item.path().strip_prefix(container.path().trim_end_matches('/'));
                container.origin() == line_item.origin() && below.is_some_and(is_plain_below)
            })
        };
        self.line_item.as_deref().is_some_and(is) || self.line_items.as_deref().is_some_and(holds)
    }
}

/// A path below another, which stays there: a proxy may take an encoded slash for one before it looks at dots.
fn is_plain_below(rest: &str) -> bool {
    let rest = rest.to_ascii_lowercase();
    rest.starts_with('/') && rest != "/" && !rest.contains("%2f") && !rest.contains("%5c")
}

/// The roster service as granted to this launch (NRPS 2.0 §3.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct NrpsService {
    /// The URL of the roster.
    #[serde(rename = "context_memberships_url")]
    pub memberships_url: String,
    /// For example `2.0`.
    pub service_versions: Vec<String>,
}

impl NrpsService {
    pub(super) fn read(claims: &Object) -> Option<Self> {
        let service = object(claims, claim::NRPS_SERVICE)?;
        Some(Self {
            memberships_url: text(service, "context_memberships_url")?,
            service_versions: texts(service, "service_versions"),
        })
    }
}

/// What a deep-linking response may contain (Deep Linking 2.0 §4.4.1).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct DeepLinkingSettings {
    /// Where the response is posted, byte for byte.
    pub deep_link_return_url: String,
    /// Content item types that may be returned.
    pub accept_types: Vec<String>,
    /// Presentations that the Platform offers.
    pub accept_presentation_document_targets: Vec<String>,
    /// Media ranges for `file` items; empty when there is no rule.
    pub accept_media_types: Vec<String>,
    /// Whether more than one item may be returned; absent is no.
    pub accept_multiple: bool,
    /// Whether line items in content items are honoured; `None` is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept_lineitem: Option<bool>,
    /// Whether items are saved without asking the user; absent is no.
    pub auto_create: bool,
    /// A suggested title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A suggested text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Must be returned exactly as it came, also when it is "".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
}

impl DeepLinkingSettings {
    /// # Errors
    /// [`Rejection::ClaimsMissing`] without a return URL: there would be no way to answer.
    pub(super) fn read(claims: &Object) -> Result<Self, Rejection> {
        let missing = || Rejection::ClaimsMissing(vec!["deep_linking_settings.deep_link_return_url"]);
        let settings = object(claims, claim::DEEP_LINKING_SETTINGS).ok_or_else(missing)?;
        Ok(Self {
            deep_link_return_url: text(settings, "deep_link_return_url").ok_or_else(missing)?,
            accept_types: texts(settings, "accept_types"),
            accept_presentation_document_targets: texts(settings, "accept_presentation_document_targets"),
            accept_media_types: media_types(settings),
            accept_multiple: flag(settings, "accept_multiple").unwrap_or(false),
            accept_lineitem: flag(settings, "accept_lineitem"),
            auto_create: flag(settings, "auto_create").unwrap_or(false),
            title: text(settings, "title"),
            text: text(settings, "text"),
            data: settings.get("data").cloned(),
        })
    }
}

/// One comma-separated string by the specification, an array from Moodle.
fn media_types(settings: &Object) -> Vec<String> {
    texts(settings, "accept_media_types")
        .iter()
        .flat_map(|list| list.split(','))
        .map(|range| range.trim().to_owned())
        .filter(|range| !range.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(line_items: Option<&str>, line_item: Option<&str>, url: &str) -> bool {
        let [line_items, line_item] = [line_items, line_item].map(|url| url.map(str::to_owned));
        AgsEndpoint { scope: Vec::new(), line_items, line_item }.covers(&Url::parse(url).unwrap())
    }

    #[test]
    fn a_launch_covers_its_own_line_item_alone() {
        let own = Some("https://lms.example/7/lineitem?type_id=3");
        assert!(covers(None, own, "https://lms.example/7/lineitem?type_id=3"));
        for other in
            ["https://lms.example/7/lineitem", "https://lms.example/7/lineitem?type_id=4", "https://lms.example/"]
        {
            assert!(!covers(None, own, other), "{other}");
        }
        assert!(!covers(None, Some("no URL"), "https://lms.example/7/lineitem"));
        assert!(!covers(None, None, "https://lms.example/7/lineitem"));
    }

    #[test]
    fn a_launch_covers_what_is_below_its_container_alone() {
        for container in ["https://lms.example/7/lineitems", "https://lms.example/7/lineitems/?a=b"] {
            assert!(covers(Some(container), None, "https://lms.example/7/lineitems/1"), "{container}");
            assert!(covers(Some(container), None, "https://lms.example/7/lineitems/1/lineitem?x=y"), "{container}");
            for other in [
                "https://lms.example/7/lineitems",
                "https://lms.example/7/lineitems/",
                "https://lms.example/7/lineitems1",
                "https://lms.example/7/lineitems1/1",
                "https://lms.example/8/lineitems/1",
                "https://lms.example/7/lineitems/../../8/lineitems/1",
                "https://lms.example/7/lineitems/..%2f..%2f8/lineitems/1",
                "https://lms.example/7/lineitems/..%5C..%5C8/lineitems/1",
                "https://other.example/7/lineitems/1",
                "http://lms.example/7/lineitems/1",
                "https://lms.example:8443/7/lineitems/1",
            ] {
                assert!(!covers(Some(container), None, other), "{container}: {other}");
            }
        }
        assert!(!covers(Some("no URL"), None, "https://lms.example/7/lineitems/1"));
    }
}

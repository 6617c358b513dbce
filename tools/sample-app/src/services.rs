//! What a launch may do. A service that is missing is not granted, and the App works without it.

use serde::Deserialize;
use serde_json::Value;

const SCORE_SCOPE: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/score";
/// The only kind of content that Lumen has: links that launch it.
pub(crate) const RESOURCE_LINK_ITEM: &str = "ltiResourceLink";

/// What a launch may do.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Services {
    /// Return chosen content.
    pub deep_linking: Option<DeepLinking>,
    /// Line items, scores and results.
    pub ags: Option<Ags>,
    /// The roster.
    pub nrps: Option<Value>,
}

/// What content the course takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct DeepLinking {
    /// The types of content.
    pub accept_types: Vec<String>,
    /// Whether more than one item may be returned.
    pub accept_multiple: bool,
    /// Whether a link's gradebook column is made. Nothing is promised when the Platform does not say.
    pub accept_lineitem: Option<bool>,
}

/// What the App may do with grades.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Ags {
    /// The calls that are granted.
    pub scope: Vec<String>,
    /// The launched link's own gradebook column.
    pub lineitem: Option<String>,
}

impl DeepLinking {
    pub(crate) fn takes_lessons(&self) -> bool {
        self.accept_types.iter().any(|accepted| accepted == RESOURCE_LINK_ITEM)
    }

    pub(crate) fn takes_columns(&self) -> bool {
        self.accept_lineitem != Some(false)
    }
}

impl Ags {
    pub(crate) fn takes_scores(&self) -> bool {
        self.scope.iter().any(|scope| scope == SCORE_SCOPE)
    }

    /// The URL of the link's own column. An empty one is none.
    pub(crate) fn column(&self) -> Option<&str> {
        self.lineitem.as_deref().filter(|url| !url.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::{Ags, DeepLinking, Services};

    #[test]
    fn what_is_missing_is_not_granted() {
        let services: Services = serde_json::from_str(r#"{"ags":null}"#).unwrap();
        assert_eq!(services, Services::default());
        let services: Services = serde_json::from_str(r#"{"ags":{},"deepLinking":{}}"#).unwrap();
        assert!(!services.ags.unwrap().takes_scores());
        assert!(!services.deep_linking.unwrap().takes_lessons());
    }

    #[test]
    fn reading_results_is_no_right_to_send_scores() {
        let scope = |last: &str| vec![format!("https://purl.imsglobal.org/spec/lti-ags/scope/{last}")];
        assert!(Ags { scope: scope("score"), lineitem: None }.takes_scores());
        assert!(!Ags { scope: scope("result.readonly"), lineitem: None }.takes_scores());
    }

    #[test]
    fn an_empty_line_item_is_none() {
        let column = |url: Option<&str>| {
            let ags = Ags { scope: Vec::new(), lineitem: url.map(ToOwned::to_owned) };
            ags.column().map(ToOwned::to_owned)
        };
        assert_eq!(column(Some("https://lms.example/1")).as_deref(), Some("https://lms.example/1"));
        assert_eq!((column(Some("")), column(None)), (None, None));
    }

    #[test]
    fn a_platform_that_says_nothing_of_columns_may_make_them() {
        let settings = |accept_lineitem| DeepLinking { accept_lineitem, ..DeepLinking::default() };
        assert!(settings(None).takes_columns());
        assert!(settings(Some(true)).takes_columns());
        assert!(!settings(Some(false)).takes_columns());
    }
}

//! Line items as the App API shows them: a fixed contract (`docs/app-api.md`).

use doorway_lti::ags::line_item::FoundLineItem;
use doorway_lti::json::Object;
use serde::Serialize;

use crate::line_item_id;

/// A line item with its id for paths. The other members are as the Platform sent them.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "LineItem"))]
#[serde(rename_all = "camelCase")]
pub struct LineItemView {
    /// Its URL at the Platform.
    id: String,
    /// Its id in paths: the same URL in base64url.
    #[cfg_attr(feature = "openapi", schemars(extend("pattern" = "^[A-Za-z0-9_-]+$")))]
    line_item_id: String,
    #[serde(flatten)]
    members: Object,
}

/// Line items of a context.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "LineItems"))]
#[serde(rename_all = "camelCase")]
pub struct LineItemsView {
    /// The line items.
    line_items: Vec<LineItemView>,
    /// Where to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl From<FoundLineItem> for LineItemView {
    fn from(item: FoundLineItem) -> Self {
        let FoundLineItem { id, mut members } = item;
        // These names are ours here, whatever the Platform calls so.
        members.retain(|name, _| name != "id" && name != "lineItemId");
        Self { line_item_id: line_item_id::of(&id), id: id.into(), members }
    }
}

impl LineItemsView {
    /// Shows these line items, and where to go on.
    pub fn new(items: Vec<FoundLineItem>, next: Option<String>) -> Self {
        Self { line_items: items.into_iter().map(LineItemView::from).collect(), next }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use url::Url;

    use super::*;

    #[test]
    fn a_member_of_the_platform_that_has_our_name_gives_way() {
        let sent = br#"{ "id": "https://lms.example/li/1", "lineItemId": "theirs", "label": "Quiz" }"#;
        let item = FoundLineItem::parse(sent, &Url::parse("https://lms.example/").unwrap()).unwrap();
        let shown = serde_json::to_string(&LineItemView::from(item)).unwrap();
        assert_eq!(shown.matches("lineItemId").count(), 1, "{shown}");
        let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
        let expected = json!({ "id": "https://lms.example/li/1", "lineItemId": "aHR0cHM6Ly9sbXMuZXhhbXBsZS9saS8x", "label": "Quiz" });
        assert_eq!(shown, expected);
    }
}

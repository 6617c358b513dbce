//! `GET /v1/launches/{id}/line-items` and `.../results`: the gradebook's columns, and what is in them.

use serde::Deserialize;

use super::paging::{Collected, Page};
use super::{ApiError, AppApi};

/// A gradebook column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineItem {
    /// Its URL at the Platform.
    pub id: String,
    /// Its name in the App API's paths.
    pub line_item_id: String,
}

/// What the gradebook has for one person.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineItemResult {
    /// Whose.
    pub user_id: String,
    /// Points; nothing when there is no grade.
    #[serde(default)]
    pub result_score: Option<f64>,
    /// Of how many: one, when the Platform does not say.
    #[serde(default = "one")]
    pub result_maximum: f64,
    /// What is written beside the points.
    #[serde(default)]
    pub comment: Option<String>,
}

fn one() -> f64 {
    1.0
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LineItemsPage {
    line_items: Vec<LineItem>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct ResultsPage {
    results: Vec<LineItemResult>,
    next: Option<String>,
}

impl Page for LineItemsPage {
    type Entry = LineItem;

    fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    fn into_entries(self) -> Vec<LineItem> {
        self.line_items
    }
}

impl Page for ResultsPage {
    type Entry = LineItemResult;

    fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    fn into_entries(self) -> Vec<LineItemResult> {
        self.results
    }
}

impl AppApi {
    /// The columns of the launch's course that this App may see.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with `line_items_not_granted` and its like; [`ApiError::NoAnswer`],
    /// [`ApiError::NoBaseUrl`].
    pub async fn line_items(&self, launch_id: &str) -> Result<Collected<LineItem>, ApiError> {
        self.collect::<LineItemsPage>(&["launches", launch_id, "line-items"]).await
    }

    /// What is in a column.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with `results_not_granted` and its like; [`ApiError::NoAnswer`], [`ApiError::NoBaseUrl`].
    pub async fn results(&self, launch_id: &str, line_item_id: &str) -> Result<Collected<LineItemResult>, ApiError> {
        self.collect::<ResultsPage>(&["launches", launch_id, "line-items", line_item_id, "results"]).await
    }
}

#[cfg(test)]
mod tests {
    use super::LineItemResult;

    #[test]
    fn a_result_without_a_maximum_is_of_one() {
        let result: LineItemResult = serde_json::from_str(r#"{"userId":"52","resultScore":null}"#).unwrap();
        assert_eq!((result.result_score, result.result_maximum), (None, 1.0));
    }
}

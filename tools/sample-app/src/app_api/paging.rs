//! Lists that come in pages.

use reqwest::Method;
use serde::de::DeserializeOwned;

use super::{ApiError, AppApi, send_for_json};

/// Entries that one page is asked to have.
const PAGE_LIMIT: &str = "100";
/// Pages that are followed while a person waits. A list that is longer is shown as incomplete.
const PAGES_MAX: usize = 10;

/// A list, as far as it could be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collected<T> {
    /// The entries, in the order of the pages.
    pub entries: Vec<T>,
    /// Whether these are all. When not, a missing entry says nothing.
    pub complete: bool,
}

/// One page of a list.
pub(super) trait Page: DeserializeOwned {
    type Entry;
    /// The cursor of the next page.
    fn next(&self) -> Option<&str>;
    /// What the page says of the list: `false` when Doorway itself could not read all of it.
    fn complete(&self) -> bool {
        true
    }
    fn into_entries(self) -> Vec<Self::Entry>;
}

impl AppApi {
    /// Follows `next` from page to page. A failure after the first page leaves an incomplete list.
    pub(super) async fn collect<P: Page>(&self, segments: &[&str]) -> Result<Collected<P::Entry>, ApiError> {
        let mut collected = Collected { entries: Vec::new(), complete: false };
        let mut cursor: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let page: P = match self.page(segments, cursor.as_deref()).await {
                Ok(page) => page,
                Err(error) if cursor.is_none() => return Err(error),
                Err(_) => return Ok(collected),
            };
            let (next, complete) = (page.next().map(ToOwned::to_owned), page.complete());
            collected.entries.extend(page.into_entries());
            if next.is_none() {
                collected.complete = complete;
                return Ok(collected);
            }
            if next == cursor {
                return Ok(collected);
            }
            cursor = next;
        }
        Ok(collected)
    }

    async fn page<P: Page>(&self, segments: &[&str], cursor: Option<&str>) -> Result<P, ApiError> {
        let limit = ("limit", PAGE_LIMIT);
        let call = match cursor {
            None => self.call_with_query(Method::GET, segments, &[limit]),
            Some(cursor) => self.call_with_query(Method::GET, segments, &[limit, ("cursor", cursor)]),
        };
        send_for_json(call?).await
    }
}

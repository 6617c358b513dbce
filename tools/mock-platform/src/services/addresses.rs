//! The addresses of the services, as launches and answers name them.

use crate::claims::COURSE_ID;
use crate::platform::Platform;

impl Platform {
    /// The container of the course's line items.
    pub(crate) fn line_items_url(&self) -> String {
        self.service_url(&format!("/line-items/{COURSE_ID}"), self.profile().line_item_query())
    }

    /// A line item.
    pub(crate) fn line_item_url(&self, id: &str) -> String {
        self.service_url(&format!("/line-items/{COURSE_ID}/{id}"), self.profile().line_item_query())
    }

    /// A line item's results.
    pub(crate) fn results_url(&self, id: &str) -> String {
        self.service_url(&format!("/line-items/{COURSE_ID}/{id}/results"), self.profile().line_item_query())
    }

    /// One user's result: the name of a result, which cannot be asked for by itself.
    pub(crate) fn result_url(&self, id: &str, user_id: &str) -> String {
        self.service_url(&format!("/line-items/{COURSE_ID}/{id}/results/{user_id}"), self.profile().line_item_query())
    }

    /// The course's memberships.
    pub(crate) fn memberships_url(&self) -> String {
        self.service_url(&format!("/memberships/{COURSE_ID}"), self.profile().memberships_query())
    }

    fn service_url(&self, path: &str, query: Option<(&str, &str)>) -> String {
        let base = self.config.services.service_base.as_deref().unwrap_or_else(|| self.base());
        match query {
            Some((name, value)) => format!("{base}{path}?{name}={value}"),
            None => format!("{base}{path}"),
        }
    }
}

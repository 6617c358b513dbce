//! One page of a roster.

use serde::Serialize;
use serde_json::Value;

use crate::json::{self, JsonError};
use crate::tolerant::{id, object, text};

use super::Member;

/// How many values a page may hold. A Platform that does not page sends a whole course, and one member has a
/// dozen values, or three dozen with messages. Ten megabytes of real members hold fewer than this.
pub const MAX_PAGE_VALUES: usize = 500_000;

/// Why an answer is no page of a roster. It must not be taken for an empty one: then everybody would have left.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Not a JSON object, or one that is told in two ways.
    #[error("the roster {0}")]
    Json(#[source] JsonError),
    /// More than [`MAX_PAGE_VALUES`] values.
    #[error("the roster holds more than {MAX_PAGE_VALUES} values on one page")]
    TooMany,
    /// No list of members: perhaps the format of NRPS 1.0, or an error that was sent as a success.
    #[error("the roster has no list `members`")]
    MembersMissing,
}

/// The context whose roster this is. Do not compare its id with that of a launch: Coursera's differs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RosterContext {
    /// The Platform's id of the context.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// A short name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// A full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// One page of a roster.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Whose roster it is, where the page says so.
    pub context: Option<RosterContext>,
    /// The members, in the Platform's order.
    pub members: Vec<Member>,
    /// How many entries were no member, because they have no user id that could be one.
    pub dropped: usize,
}

impl Page {
    /// Reads an answer: leniently within each member, strictly about there being a list of them.
    ///
    /// # Errors
    /// [`PageError`] when this is not a JSON object with a list `members`.
    pub fn parse(body: &[u8]) -> Result<Self, PageError> {
        let body = json::without_byte_order_mark(body);
        let page = json::parse_object_within(body, MAX_PAGE_VALUES).map_err(|error| match error {
            JsonError::TooMany => PageError::TooMany,
            error => PageError::Json(error),
        })?;
        let Some(Value::Array(entries)) = page.get("members") else { return Err(PageError::MembersMissing) };
        let members: Vec<Member> = entries.iter().filter_map(Member::read).collect();
        let context = object(&page, "context").map(|context| RosterContext {
            id: id(context, "id"),
            label: text(context, "label"),
            title: text(context, "title"),
        });
        let context = context.filter(|context| *context != RosterContext::default());
        Ok(Self { context, dropped: entries.len() - members.len(), members })
    }
}

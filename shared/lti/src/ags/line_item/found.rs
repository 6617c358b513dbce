//! Line items as a Platform answers them, and what they are found by.

use url::Url;

use crate::ags::body::{self, BodyError};
use crate::json::Object;
use crate::tolerant;

/// A line item as a Platform answered it.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundLineItem {
    /// `id`: the URL that it is read, changed and scored by.
    pub id: Url,
    /// Everything else, as it was sent.
    pub members: Object,
}

impl FoundLineItem {
    /// Reads one line item from the answer of `base`, against which a relative `id` is resolved.
    ///
    /// # Errors
    /// [`BodyError`] when it is no object or has no `id`.
    pub fn parse(body: &[u8], base: &Url) -> Result<Self, BodyError> {
        Self::read(body::object(body)?, base).ok_or(BodyError::IdMissing)
    }

    /// Reads a page of a container. An element without an `id` cannot be used and is left out.
    ///
    /// # Errors
    /// [`BodyError::NotAnArray`].
    pub fn parse_all(body: &[u8], base: &Url) -> Result<Vec<Self>, BodyError> {
        body::array(body, |members| Self::read(members, base))
    }

    fn read(mut members: Object, base: &Url) -> Option<Self> {
        let id = members.remove("id")?;
        // "" would resolve to the container itself.
        let id = base.join(id.as_str().filter(|id| !id.trim().is_empty())?).ok()?;
        matches!(id.scheme(), "http" | "https").then_some(Self { id, members })
    }
}

/// What line items are found by. Re-checked here, since Platforms ignore filters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Finder {
    /// The Platform's id of the link that it belongs to.
    pub resource_link_id: Option<String>,
    /// The Tool's id of the content; several line items may share it.
    pub resource_id: Option<String>,
    /// The Tool's qualifier.
    pub tag: Option<String>,
}

impl Finder {
    /// The parameters of the query that asks a container for them.
    pub fn query(&self) -> Vec<(&'static str, &str)> {
        self.filters().map(|(parameter, _, wanted)| (parameter, wanted)).collect()
    }

    /// Whether a line item has all that is looked for. What it lacks counts as "".
    pub fn admits(&self, item: &FoundLineItem) -> bool {
        self.filters().all(|(_, member, wanted)| tolerant::id(&item.members, member).unwrap_or_default() == wanted)
    }

    /// Whether it asks for nothing and so admits every line item.
    pub fn is_empty(&self) -> bool {
        self.filters().next().is_none()
    }

    /// Parameter, member and value of what is looked for.
    fn filters(&self) -> impl Iterator<Item = (&'static str, &'static str, &str)> {
        [
            ("resource_link_id", "resourceLinkId", &self.resource_link_id),
            ("resource_id", "resourceId", &self.resource_id),
            ("tag", "tag", &self.tag),
        ]
        .into_iter()
        .filter_map(|(parameter, member, wanted)| Some((parameter, member, wanted.as_deref()?)))
    }
}

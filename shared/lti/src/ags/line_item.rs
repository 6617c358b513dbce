//! Line items: the columns of a gradebook.
//!
//! Spec: [AGS 2.0, line item service](https://www.imsglobal.org/spec/lti-ags/v2p0/#line-item-service).

mod found;
mod read;

pub use found::{Finder, FoundLineItem};
pub use read::{MAX_LABEL_CHARS, MAX_QUALIFIER_CHARS};

use serde_json::Value;

use crate::fault::Faults;
use crate::json::Object;

/// A line item of the App: checked.
#[derive(Debug, Clone, PartialEq)]
pub struct LineItem {
    /// As they go to the Platform.
    members: Object,
}

impl LineItem {
    /// Reads a line item to create: `label` and `scoreMaximum` are required.
    ///
    /// Extensions (members named by a URL) are kept. `id` and `lineItemId` are ignored, so that what was read
    /// can be sent back. `null` counts as absent.
    ///
    /// # Errors
    /// Every fault, each with its member.
    pub fn parse(body: Object) -> Result<Self, Faults> {
        let (mut members, mut faults) = read::members(body);
        // There is nothing to unset yet.
        members.retain(|_, value| !value.is_null());
        for (name, expected) in [("label", read::A_LABEL), ("scoreMaximum", read::A_MAXIMUM)] {
            let is_told = faults.iter().any(|fault| fault.field == name);
            if !members.contains_key(name) && !is_told {
                faults.add(name, expected);
            }
        }
        faults.or(Self { members })
    }

    /// Reads the changes to a line item: any of its members. `null` counts as absent, except for the two dates,
    /// which it unsets.
    ///
    /// # Errors
    /// Every fault, each with its member.
    pub fn parse_change(body: Object) -> Result<Self, Faults> {
        let (members, faults) = read::members(body);
        faults.or(Self { members })
    }

    /// The body to create it with. Never has an `id`: the Platform gives it.
    pub fn to_json(&self) -> Object {
        self.members.clone()
    }

    /// The body to change the Platform's `current` line item with: a replacement is whole, so what the Platform
    /// sent stays, unknown members included, except where these members replace it, and `id`, which is read-only
    /// (Blackboard refuses it). What is `null` there is not set and stays away: Open edX sends it and does not take it
    /// back.
    pub fn applied_to(&self, mut current: Object) -> Object {
        current.remove("id");
        current.retain(|_, value| !value.is_null());
        current.extend(self.members.clone());
        current
    }

    /// What it can be found by again.
    pub fn finder(&self) -> Finder {
        let text = |name: &str| self.members.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        Finder {
            resource_link_id: text("resourceLinkId").map(str::to_owned),
            resource_id: text("resourceId").map(str::to_owned),
            tag: text("tag").map(str::to_owned),
        }
    }
}

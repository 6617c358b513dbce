//! A column of the gradebook. Spec: AGS 2.0, on line items.

use serde_json::{Map, Value, json};

use super::extension::is_extension;
use super::number;
use crate::services::ServiceError;
use crate::timestamp;

/// The longest `resourceId` and `tag`, in characters. Source: the OpenAPI document of AGS.
const LONGEST_TEXT: usize = 256;

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct LineItem {
    /// Its id within the course: the last segment of its URL.
    pub id: String,
    /// What the column is called.
    pub label: String,
    /// The points that results are out of; more than zero.
    pub score_maximum: f64,
    /// The link that it belongs to.
    pub resource_link_id: Option<String>,
    /// The Tool's own id of the content.
    pub resource_id: Option<String>,
    /// What the Tool tells columns of the same content apart by.
    pub tag: Option<String>,
    /// All other members, kept as they came: dates, `gradesReleased`, `submissionReview`, extensions.
    pub more: Map<String, Value>,
}

/// Members of the standard that are kept as they are.
const KEPT: [&str; 4] = ["startDateTime", "endDateTime", "gradesReleased", "submissionReview"];

impl LineItem {
    /// The column of a link, under the link's id.
    pub(crate) fn of_link(link_id: &str, label: &str, score_maximum: f64) -> Self {
        Self {
            id: link_id.to_owned(),
            label: label.to_owned(),
            score_maximum,
            resource_link_id: Some(link_id.to_owned()),
            resource_id: None,
            tag: None,
            more: Map::new(),
        }
    }

    /// Reads the body of a POST or PUT, `id` aside.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, ServiceError> {
        let members: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| ServiceError::Malformed("the line item must be a JSON object"))?;
        let label = members.get("label").and_then(Value::as_str).filter(|label| !label.trim().is_empty());
        let maximum = members.get("scoreMaximum").and_then(Value::as_f64).filter(|maximum| *maximum > 0.0);
        Ok(Self {
            id: String::new(),
            label: label.ok_or(ServiceError::Malformed("label must be a text that is not blank"))?.to_owned(),
            score_maximum: maximum
                .ok_or(ServiceError::Malformed("scoreMaximum must be a number that is more than zero"))?,
            resource_link_id: text(&members, "resourceLinkId")?,
            resource_id: text(&members, "resourceId")?,
            tag: text(&members, "tag")?,
            more: more(members)?,
        })
    }

    /// The line item as JSON, with its URL as its id.
    pub(crate) fn to_json(&self, url: &str) -> Value {
        let mut members = self.more.clone();
        members.insert("id".into(), json!(url));
        members.insert("label".into(), json!(self.label));
        members.insert("scoreMaximum".into(), number(self.score_maximum));
        let optional =
            [("resourceLinkId", &self.resource_link_id), ("resourceId", &self.resource_id), ("tag", &self.tag)];
        for (name, value) in optional {
            if let Some(value) = value {
                members.insert(name.into(), json!(value));
            }
        }
        Value::Object(members)
    }
}

fn text(members: &Map<String, Value>, name: &str) -> Result<Option<String>, ServiceError> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= LONGEST_TEXT => Ok(Some(text.clone())),
        Some(_) => Err(ServiceError::Malformed("resourceLinkId, resourceId and tag are texts of up to 256 characters")),
    }
}

/// What is kept: a few members of the standard, and extensions, whose names are full URLs.
fn more(members: Map<String, Value>) -> Result<Map<String, Value>, ServiceError> {
    const READ: [&str; 6] = ["id", "label", "scoreMaximum", "resourceLinkId", "resourceId", "tag"];
    let mut kept = Map::new();
    for (name, value) in members {
        if READ.contains(&name.as_str()) {
            continue;
        }
        if !KEPT.contains(&name.as_str()) && !is_extension(&name) {
            return Err(ServiceError::Malformed("a member is neither of the standard nor named by a full URL"));
        }
        let right = match name.as_str() {
            "startDateTime" | "endDateTime" => timestamp::is_unset(&value) || timestamp::of_json(&value).is_some(),
            "gradesReleased" => value.is_boolean(),
            "submissionReview" => value.is_object(),
            _ => true,
        };
        if !right {
            return Err(ServiceError::Malformed("a member of the line item is not of its type"));
        }
        kept.insert(name, value);
    }
    Ok(kept)
}

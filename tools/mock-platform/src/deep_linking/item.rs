//! A content item. Spec: Deep Linking 2.0, on content item types.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use thiserror::Error;
use url::Url;

use super::DeepLinkingSettings;
use crate::course::Place;
use crate::timestamp;

/// A right item.
#[derive(Debug)]
pub(crate) struct ContentItem {
    pub(crate) title: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) content: Content,
}

/// What an item is, by its type.
#[derive(Debug)]
pub(crate) enum Content {
    ResourceLink(ChosenLink),
    Link {
        url: String,
    },
    File {
        url: String,
    },
    Html {
        html: String,
    },
    Image {
        url: String,
    },
    /// A type that is named by a full URL.
    Other {
        kind: String,
    },
}

/// A link to the Tool.
#[derive(Debug)]
pub(crate) struct ChosenLink {
    pub(crate) url: Option<String>,
    pub(crate) custom: BTreeMap<String, String>,
    pub(crate) line_item: Option<ChosenLineItem>,
    pub(crate) place: Place,
}

/// The column that a link brings.
#[derive(Debug)]
pub(crate) struct ChosenLineItem {
    pub(crate) score_maximum: f64,
    pub(crate) label: Option<String>,
    pub(crate) resource_id: Option<String>,
    pub(crate) tag: Option<String>,
    pub(crate) grades_released: Option<bool>,
}

/// Why an item is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum ItemError {
    #[error("it is not a JSON object with a `type`")]
    Type,
    #[error("its type is not one of those that may be chosen")]
    TypeNotAccepted,
    #[error("its media type is not one of those that may be chosen")]
    MediaTypeNotAccepted,
    #[error("`{0}` is missing or not of its type")]
    Member(&'static str),
}

impl ContentItem {
    /// Reads an item, if the settings allow it.
    pub(crate) fn parse(item: &Value, settings: &DeepLinkingSettings) -> Result<Self, ItemError> {
        let item = item.as_object().ok_or(ItemError::Type)?;
        let kind = item.get("type").and_then(Value::as_str).ok_or(ItemError::Type)?;
        if !settings.accept_types.iter().any(|accepted| accepted == kind) {
            return Err(ItemError::TypeNotAccepted);
        }
        for picture in ["icon", "thumbnail"] {
            validate_picture(item, picture)?;
        }
        let content = match kind {
            "ltiResourceLink" => Content::ResourceLink(resource_link(item)?),
            "link" => Content::Link { url: link_url(item)? },
            "file" => Content::File { url: file_url(item, settings)? },
            "html" => Content::Html { html: text(item, "html")?.ok_or(ItemError::Member("html"))? },
            "image" => Content::Image { url: image_url(item)? },
            kind => Content::Other { kind: kind.to_owned() },
        };
        Ok(Self { title: text(item, "title")?, text: text(item, "text")?, content })
    }
}

fn resource_link(item: &Map<String, Value>) -> Result<ChosenLink, ItemError> {
    for span in ["available", "submission"] {
        validate_span(item, span)?;
    }
    for size in ["iframe", "window"] {
        validate_size(item, size)?;
    }
    let place = match (item.contains_key("iframe"), item.contains_key("window")) {
        (true, _) => Place::Frame,
        (false, true) => Place::NewWindow,
        (false, false) => Place::SameWindow,
    };
    Ok(ChosenLink { url: url(item, "url")?, custom: custom(item)?, line_item: line_item(item)?, place })
}

/// Parameters are texts; null, numbers and arrays are not.
fn custom(item: &Map<String, Value>) -> Result<BTreeMap<String, String>, ItemError> {
    let Some(custom) = item.get("custom") else { return Ok(BTreeMap::new()) };
    let custom = custom.as_object().ok_or(ItemError::Member("custom"))?;
    let parameter = |(name, value): (&String, &Value)| match value.as_str() {
        Some(value) if !name.is_empty() => Ok((name.clone(), value.to_owned())),
        _ => Err(ItemError::Member("custom")),
    };
    custom.iter().map(parameter).collect()
}

fn line_item(item: &Map<String, Value>) -> Result<Option<ChosenLineItem>, ItemError> {
    let Some(line_item) = item.get("lineItem") else { return Ok(None) };
    let line_item = line_item.as_object().ok_or(ItemError::Member("lineItem"))?;
    let maximum = line_item.get("scoreMaximum").and_then(Value::as_f64).filter(|maximum| *maximum > 0.0);
    let released = match line_item.get("gradesReleased") {
        None => None,
        Some(released) => Some(released.as_bool().ok_or(ItemError::Member("lineItem.gradesReleased"))?),
    };
    Ok(Some(ChosenLineItem {
        score_maximum: maximum.ok_or(ItemError::Member("lineItem.scoreMaximum"))?,
        label: text(line_item, "label")?,
        resource_id: text(line_item, "resourceId")?,
        tag: text(line_item, "tag")?,
        grades_released: released,
    }))
}

/// A link needs its address whatever other renderings it has.
fn link_url(item: &Map<String, Value>) -> Result<String, ItemError> {
    for (rendering, member, name) in [("embed", "html", "embed.html"), ("iframe", "src", "iframe.src")] {
        let is_there = |rendering: &Value| rendering.get(member).and_then(Value::as_str).is_some();
        if item.get(rendering).is_some_and(|rendering| !is_there(rendering)) {
            return Err(ItemError::Member(name));
        }
    }
    for size in ["iframe", "window"] {
        validate_size(item, size)?;
    }
    url(item, "url")?.ok_or(ItemError::Member("url"))
}

fn file_url(item: &Map<String, Value>, settings: &DeepLinkingSettings) -> Result<String, ItemError> {
    if item.get("expiresAt").is_some_and(|at| timestamp::of_json(at).is_none()) {
        return Err(ItemError::Member("expiresAt"));
    }
    if let (Some(media_type), Some(accepted)) = (text(item, "mediaType")?, &settings.accept_media_types)
        && !accepted.allow(&media_type)
    {
        return Err(ItemError::MediaTypeNotAccepted);
    }
    url(item, "url")?.ok_or(ItemError::Member("url"))
}

fn image_url(item: &Map<String, Value>) -> Result<String, ItemError> {
    if ["width", "height"].iter().any(|name| item.get(*name).is_some_and(|size| !size.is_u64())) {
        return Err(ItemError::Member("width or height"));
    }
    url(item, "url")?.ok_or(ItemError::Member("url"))
}

fn validate_picture(item: &Map<String, Value>, name: &'static str) -> Result<(), ItemError> {
    let Some(picture) = item.get(name) else { return Ok(()) };
    let picture = picture.as_object().ok_or(ItemError::Member(name))?;
    url(picture, "url").ok().flatten().map(|_| ()).ok_or(ItemError::Member(name))?;
    validate_size(item, name)
}

/// Width and height are whole numbers.
fn validate_size(item: &Map<String, Value>, name: &'static str) -> Result<(), ItemError> {
    let Some(sized) = item.get(name) else { return Ok(()) };
    let is_right = |size: &str| sized.get(size).is_none_or(Value::is_u64);
    if sized.is_object() && is_right("width") && is_right("height") { Ok(()) } else { Err(ItemError::Member(name)) }
}

/// Instants with a zone, of which the end is not before the start.
fn validate_span(item: &Map<String, Value>, name: &'static str) -> Result<(), ItemError> {
    let Some(span) = item.get(name) else { return Ok(()) };
    let instant = |end: &str| match span.get(end) {
        None => Ok(None),
        Some(at) => timestamp::of_json(at).map(Some).ok_or(ItemError::Member(name)),
    };
    let (start, end) = (instant("startDateTime")?, instant("endDateTime")?);
    let is_reversed = matches!((start, end), (Some(start), Some(end)) if end < start);
    if is_reversed || !span.is_object() { Err(ItemError::Member(name)) } else { Ok(()) }
}

fn text(members: &Map<String, Value>, name: &'static str) -> Result<Option<String>, ItemError> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(ItemError::Member(name)),
    }
}

/// An absolute address that a browser may follow.
fn url(members: &Map<String, Value>, name: &'static str) -> Result<Option<String>, ItemError> {
    let Some(address) = text(members, name)? else { return Ok(None) };
    match Url::parse(&address) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => Ok(Some(address)),
        _ => Err(ItemError::Member(name)),
    }
}

//! One content item, by the rules of its type.

use serde_json::Value;

use crate::json::Object;

use super::findings::Findings;
use super::media_type::MediaRange;
use super::members::{Members, Presence};
use super::{MAX_TEXT_CHARS, MAX_TITLE_CHARS, content_url, parts};

/// The kinds of content items.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A web page.
    Link,
    /// A link that is launched: the only one that grades belong to.
    LtiResourceLink,
    /// A file that the Platform fetches.
    File,
    /// A fragment of a page.
    Html,
    /// A picture.
    Image,
    /// A processor of submissions.
    LtiAssetProcessor,
    /// A type of somebody's own, named by a full URL. Its members are known to them alone.
    Extension,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        match name {
            "link" => Some(Self::Link),
            "ltiResourceLink" => Some(Self::LtiResourceLink),
            "file" => Some(Self::File),
            "html" => Some(Self::Html),
            "image" => Some(Self::Image),
            "ltiAssetProcessor" => Some(Self::LtiAssetProcessor),
            _ => content_url::parse(name).map(|_| Self::Extension),
        }
    }
}

/// A content item that is right by itself; whether the Platform accepts it is another question.
pub(super) struct Item {
    /// Where it is in the request: `contentItems[0]`.
    pub(super) path: String,
    pub(super) kind: Kind,
    /// Its type on the wire.
    pub(super) type_name: String,
    /// What is sent, with the type.
    pub(super) members: Object,
}

impl Item {
    /// Reads an item; `None` when nothing can be said of its members.
    pub(super) fn read(path: String, sent: Value, findings: &mut Findings) -> Option<Self> {
        let Value::Object(sent) = sent else {
            findings.fault(path, "an object");
            return None;
        };
        let type_name = sent.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let Some(kind) = Kind::of(&type_name) else {
            let known = "link, ltiResourceLink, file, html, image, ltiAssetProcessor or a full URL";
            findings.fault(format!("{path}.type"), known);
            return None;
        };
        let members =
            if kind == Kind::Extension { sent } else { read_members(kind, Members::new(path.clone(), sent, findings)) };
        Some(Self { path, kind, type_name, members })
    }
}

fn read_members(kind: Kind, mut item: Members<'_>) -> Object {
    item.keep_as_sent("type");
    item.text("title", MAX_TITLE_CHARS);
    item.text("text", MAX_TEXT_CHARS);
    if kind != Kind::Html {
        item.object("icon", parts::image);
        item.object("thumbnail", parts::image);
    }
    match kind {
        Kind::Link => link(&mut item),
        Kind::LtiResourceLink => resource_link(&mut item),
        Kind::File => file(&mut item),
        Kind::Html => item.markup("html"),
        Kind::Image => image(&mut item),
        Kind::LtiAssetProcessor => asset_processor(&mut item),
        Kind::Extension => {}
    }
    item.finish()
}

/// Deep Linking 2.0, content item type `link`.
fn link(item: &mut Members<'_>) {
    item.url("url", Presence::Required);
    item.object("embed", parts::embed);
    item.object("window", parts::window);
    item.object("iframe", parts::frame_of_link);
}

/// Deep Linking 2.0, content item type `ltiResourceLink`.
fn resource_link(item: &mut Members<'_>) {
    item.launch_url("url");
    item.object("window", parts::window);
    item.object("iframe", parts::frame_of_launch);
    item.custom("custom");
    item.object("lineItem", parts::line_item);
    item.object("available", parts::period);
    item.object("submission", parts::period);
}

/// Deep Linking 2.0, content item type `file`; its `mediaType` is in the examples alone.
fn file(item: &mut Members<'_>) {
    item.url("url", Presence::Required);
    item.date_time("expiresAt");
    match item.take("mediaType") {
        None => {}
        Some(value) if value.as_str().and_then(MediaRange::parse).is_some_and(|range| range.is_exact()) => {
            item.keep("mediaType", value);
        }
        Some(_) => item.fault("mediaType", "a media type such as `application/pdf`"),
    }
}

/// Deep Linking 2.0, content item type `image`.
fn image(item: &mut Members<'_>) {
    item.url("url", Presence::Required);
    parts::sizes(item);
}

/// A processor of submissions, as Canvas and Brightspace accept it.
fn asset_processor(item: &mut Members<'_>) {
    item.launch_url("url");
    item.object("window", parts::window);
    item.object("iframe", parts::frame_of_launch);
    item.custom("custom");
    item.object("report", parts::report);
}

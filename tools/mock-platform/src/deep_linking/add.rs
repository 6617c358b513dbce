//! A chosen item comes into the course.

use std::sync::Arc;

use serde_json::{Map, json};

use super::item::{ChosenLineItem, ChosenLink, Content, ContentItem};
use crate::claims::ResourceLink;
use crate::course::{CourseLink, Place};
use crate::gradebook::LineItem;
use crate::platform::Platform;

/// What became of an item.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It is a link of the course now.
    Added(Arc<CourseLink>),
    /// It is shown once; the course keeps links to the Tool only.
    Shown,
    /// The course has no room.
    NoRoom,
}

/// Adds an item to the course, if it is a link to the Tool.
pub(crate) fn add(platform: &Platform, item: &ContentItem, with_columns: bool) -> Outcome {
    let Content::ResourceLink(chosen) = &item.content else { return Outcome::Shown };
    let Some(link) = platform.course().add(|id| course_link(platform, id, item, chosen)) else {
        return Outcome::NoRoom;
    };
    if let Some(line_item) = chosen.line_item.as_ref().filter(|_| with_columns) {
        platform.gradebook().add_with_link(column(&link.link, line_item));
    }
    Outcome::Added(link)
}

fn course_link(platform: &Platform, id: String, item: &ContentItem, chosen: &ChosenLink) -> CourseLink {
    let title = item.title.clone().filter(|title| !title.trim().is_empty());
    let link = ResourceLink {
        id,
        title: title.unwrap_or_else(|| platform.config.tool_name.clone()),
        description: item.text.clone().unwrap_or_default(),
        custom: chosen.custom.clone(),
        document_target: if chosen.place == Place::Frame { "iframe" } else { "window" }.to_owned(),
    };
    CourseLink::chosen(link, chosen.place, chosen.url.clone())
}

fn column(link: &ResourceLink, chosen: &ChosenLineItem) -> LineItem {
    let label = chosen.label.as_deref().filter(|label| !label.trim().is_empty()).unwrap_or(&link.title);
    let released = chosen.grades_released.map(|released| ("gradesReleased".to_owned(), json!(released)));
    LineItem {
        resource_id: chosen.resource_id.clone(),
        tag: chosen.tag.clone(),
        more: released.into_iter().collect::<Map<_, _>>(),
        ..LineItem::of_link(&link.id, label, chosen.score_maximum)
    }
}

//! The document for Canvas's developer keys.

use doorway_lti::dynamic_registration::canvas_json;
use serde_json::Value;

use crate::requests::golden;
use crate::support::tool;

fn placements(document: &Value) -> Vec<&str> {
    let placements = document["extensions"][0]["settings"]["placements"].as_array().expect("there are placements");
    placements.iter().map(|placement| placement["placement"].as_str().expect("each has a name")).collect()
}

#[test]
fn the_document_for_a_developer_key() {
    golden("canvas-developer-key", &canvas_json::document(&tool()));
}

#[test]
fn a_tool_without_a_picture_has_no_button_in_the_editor() {
    let mut tool = tool();
    (tool.logo, tool.description) = (None, None);
    let document = canvas_json::document(&tool);
    assert_eq!(placements(&document), ["course_navigation", "link_selection", "assignment_selection"]);
    assert_eq!(document["description"], "Lumen", "Canvas requires one");
}

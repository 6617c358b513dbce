//! How much one response may hold.

use doorway_lti::deep_linking::{
    MAX_CONTENT_BYTES, MAX_FINDINGS, MAX_ITEMS, MAX_MARKUP_BYTES, MAX_TEXT_CHARS, MAX_TITLE_CHARS,
};
use serde_json::{Value, json};

use crate::support::*;

#[test]
fn the_number_of_items_is_bounded() {
    assert_eq!(sent(&respond(&vec![html(); MAX_ITEMS], &settings()).unwrap()).len(), MAX_ITEMS);
    assert_eq!(fields(respond(&vec![html(); MAX_ITEMS + 1], &settings())), ["contentItems"]);
}

#[test]
fn the_whole_is_bounded() {
    let third = with(html(), "/html", "x".repeat(MAX_CONTENT_BYTES / 3));
    assert!(respond(&vec![third.clone(); 2], &settings()).is_ok());
    assert_eq!(fields(respond(&vec![third; 3], &settings())), ["contentItems"]);
    // Escaped JSON is what is sent: six bytes for one of these characters.
    let escaped = with(html(), "/html", "\u{1}".repeat(MAX_CONTENT_BYTES / 6));
    assert_eq!(fields(respond(&[escaped], &settings())), ["contentItems"]);
    let unknown = with(link(), "/blob", "x".repeat(MAX_CONTENT_BYTES));
    assert_eq!(fields(respond(&[unknown], &settings())), ["contentItems"]);
}

#[test]
fn every_text_is_bounded_in_characters() {
    for (pointer, field, most) in [
        ("/title", "title", MAX_TITLE_CHARS),
        ("/text", "text", MAX_TEXT_CHARS),
        ("/lineItem/label", "lineItem.label", MAX_TITLE_CHARS),
        ("/window/windowFeatures", "window.windowFeatures", MAX_TITLE_CHARS),
        ("/custom/quiz_id", "custom.quiz_id", MAX_TEXT_CHARS),
    ] {
        assert!(respond(&[with(resource_link(), pointer, "ä".repeat(most))], &settings()).is_ok(), "{field}");
        refuses(with(resource_link(), pointer, "ä".repeat(most + 1)), field);
    }
    assert!(parse(json!({ "errorlog": "a".repeat(MAX_TEXT_CHARS) })).is_ok());
    assert_eq!(fields(parse(json!({ "errorlog": "a".repeat(MAX_TEXT_CHARS + 1) }))), ["errorlog"]);
}

#[test]
fn html_is_bounded() {
    assert!(respond(&[with(html(), "/html", "x".repeat(MAX_MARKUP_BYTES))], &settings()).is_ok());
    refuses(with(html(), "/html", "x".repeat(MAX_MARKUP_BYTES + 1)), "html");
    refuses(with(link(), "/embed/html", "x".repeat(MAX_MARKUP_BYTES + 1)), "embed.html");
}

#[test]
fn faults_and_notes_are_bounded() {
    let many = |value: Value| -> Value {
        (0..MAX_FINDINGS + 1).map(|n| (format!("p{n}"), value.clone())).collect::<serde_json::Map<_, _>>().into()
    };
    let wrong = with(resource_link(), "/custom", many(json!(1)));
    assert_eq!(fields(respond(&[wrong], &settings())).len(), MAX_FINDINGS);
    let unknown = with(resource_link(), "/window", many(json!(1)));
    assert_eq!(respond(&[unknown], &settings()).unwrap().notes().len(), MAX_FINDINGS);
    let name = "n".repeat(10_000);
    assert!(fields(parse(json!({ name: 1 })))[0].len() <= 64);
}

//! The Platform's settings, as they come: flags as texts, media types as lists, hints that are not offered (digest,
//! sections 1.1 and 4).

use super::*;
use crate::support::texts;

/// Answers a request with these settings.
async fn at(tool: &TestTool, school: &School, change: impl FnOnce(&mut Value), body: &Value) -> Answer {
    let launch = choose(tool, school, change).await;
    respond(tool, &launch, body).await
}

/// The one item that is signed, and the fields of the notes.
fn item_and_notes(tool: &TestTool, answer: &Answer) -> (Value, Vec<String>) {
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    let answer = answer.json();
    let claims = crate::support::jwt::verified(tool, jwt(&answer)).claims;
    let notes = texts(&answer["notes"], "field").into_iter().map(str::to_owned).collect();
    (claims[ITEMS][0].clone(), notes)
}

fn set(settings: &mut Value, name: &str, value: &Value) {
    let settings = settings.as_object_mut().expect("settings are an object");
    settings.remove(name);
    if !value.is_null() {
        settings.insert(name.to_owned(), value.clone());
    }
}

#[tokio::test]
async fn several_items_are_taken_where_the_platform_says_so_alone() {
    let (tool, school) = at_school(Profile::Plain).await;
    let two = json!({ "contentItems": [lesson(1), lesson(2)] });
    for (accept_multiple, status) in [
        (json!(true), 200),
        (json!("true"), 200),
        (json!(false), 422),
        (json!("false"), 422),
        (json!(null), 422),
        (json!(1), 422),
        (json!("yes"), 422),
    ] {
        let answer = at(&tool, &school, |settings| set(settings, "accept_multiple", &accept_multiple), &two).await;
        assert_eq!(answer.status.as_u16(), status, "{accept_multiple}: {}", answer.body);
        if status == 422 {
            assert_eq!(answer.json()["field"], "contentItems", "{accept_multiple}");
        }
    }
}

#[tokio::test]
async fn one_item_is_taken_whatever_the_platform_says_of_several() {
    let (tool, school) = at_school(Profile::Plain).await;
    for accept_multiple in [json!(false), json!("false"), json!(null)] {
        let answer =
            at(&tool, &school, |settings| set(settings, "accept_multiple", &accept_multiple), &one(&lesson(1))).await;
        assert_eq!(answer.status.as_u16(), 200, "{accept_multiple}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_line_item_is_left_out_where_the_platform_takes_none_and_the_app_is_told() {
    let (tool, school) = at_school(Profile::Plain).await;
    let mut item = lesson(1);
    item["lineItem"] = json!({ "scoreMaximum": 10, "resourceId": "lesson-1" });
    for (accept_lineitem, is_sent) in [
        (json!(true), true),
        (json!("true"), true),
        (json!(null), true),
        (json!(false), false),
        (json!("false"), false),
    ] {
        let answer =
            at(&tool, &school, |settings| set(settings, "accept_lineitem", &accept_lineitem), &one(&item)).await;
        let (sent, notes) = item_and_notes(&tool, &answer);
        let expected_notes: &[&str] = if is_sent { &[] } else { &["contentItems[0].lineItem"] };
        assert_eq!(notes, expected_notes, "{accept_lineitem}");
        assert_eq!(sent.get("lineItem").is_some(), is_sent, "{accept_lineitem}");
    }
}

#[tokio::test]
async fn a_wrong_line_item_is_a_fault_also_where_none_is_taken() {
    let (tool, school) = at_school(Profile::Plain).await;
    let mut item = lesson(1);
    item["lineItem"] = json!({ "scoreMaximum": "10" });
    let answer = at(&tool, &school, |settings| settings["accept_lineitem"] = false.into(), &one(&item)).await;
    assert_eq!(answer.json()["field"], "contentItems[0].lineItem.scoreMaximum", "{}", answer.body);
}

#[tokio::test]
async fn presentations_that_are_not_offered_are_left_out_and_told() {
    let (tool, school) = at_school(Profile::Plain).await;
    let link = json!({
        "type": "link", "url": "https://a.example/", "window": { "width": 1 }, "embed": { "html": "<p>" },
        "iframe": { "src": "https://a.example/", "width": 1 },
    });
    for (offered, kept) in [
        (json!(["iframe", "window", "embed"]), vec!["embed", "iframe", "window"]),
        (json!(["window"]), vec!["window"]),
        (json!(["iframe", "embed"]), vec!["embed", "iframe"]),
        (json!([]), vec!["embed", "iframe", "window"]),
    ] {
        let change = |settings: &mut Value| settings["accept_presentation_document_targets"] = offered.clone();
        let answer = at(&tool, &school, change, &one(&link)).await;
        let (sent, notes) = item_and_notes(&tool, &answer);
        let is_kept = |name: &&str| sent.get(*name).is_some();
        let all = ["embed", "iframe", "window"];
        assert_eq!(all.into_iter().filter(is_kept).collect::<Vec<_>>(), kept, "{offered}");
        assert_eq!(notes.len(), 3 - kept.len(), "{offered}: {notes:?}");
    }
}

#[tokio::test]
async fn media_types_are_read_as_one_text_and_as_moodles_list() {
    let ranges = [json!("image/*, text/html;q=0.5"), json!(["image/*", "text/html"]), json!(["image/*,text/html"])];
    for accepted in ranges {
        let (tool, _school, launch) = choosing(|settings| {
            settings["accept_types"] = json!(["file"]);
            settings["accept_media_types"] = accepted.clone();
            settings["accept_multiple"] = true.into();
        })
        .await;
        let file = |media_type: &str| json!({ "type": "file", "url": "https://a.example/f", "mediaType": media_type });
        let wrong = ["text/plain", "video/mp4"].map(file);
        let fields = faults(&tool, &launch, &json!({ "contentItems": wrong })).await;
        assert_eq!(fields, ["contentItems[0].mediaType", "contentItems[1].mediaType"], "{accepted}");
        let right = ["image/png", "IMAGE/SVG+xml", "text/html; charset=utf-8"].map(file);
        assert_eq!(signed(&tool, &launch, &json!({ "contentItems": right })).await[ITEMS], json!(right), "{accepted}");
    }
}

#[tokio::test]
async fn every_media_type_is_taken_without_a_rule_and_with_the_widest() {
    let (tool, school) = at_school(Profile::Plain).await;
    let file = json!({ "type": "file", "url": "https://a.example/f", "mediaType": "application/pdf" });
    for accepted in [json!(null), json!(""), json!("*/*"), json!(["*/*"]), json!([])] {
        let change = |settings: &mut Value| {
            settings["accept_types"] = json!(["file"]);
            set(settings, "accept_media_types", &accepted);
        };
        let answer = at(&tool, &school, change, &one(&file)).await;
        assert_eq!(item_and_notes(&tool, &answer), (file.clone(), Vec::new()), "{accepted}");
    }
}

#[tokio::test]
async fn a_file_that_does_not_say_what_it_is_goes_out_with_a_note() {
    let (tool, school) = at_school(Profile::Plain).await;
    let file = json!({ "type": "file", "url": "https://a.example/f" });
    let change = |settings: &mut Value| {
        settings["accept_types"] = json!(["file"]);
        settings["accept_media_types"] = "image/*".into();
    };
    let answer = at(&tool, &school, change, &one(&file)).await;
    assert_eq!(item_and_notes(&tool, &answer), (file, vec!["contentItems[0].mediaType".to_owned()]));
}

#[tokio::test]
async fn where_nothing_is_taken_nothing_can_be_chosen_and_still_be_cancelled() {
    let (tool, _school, launch) = choosing(|settings| settings["accept_types"] = json!([])).await;
    assert_eq!(faults(&tool, &launch, &one(&lesson(1))).await, ["contentItems[0].type"]);
    assert_eq!(signed(&tool, &launch, &json!({ "contentItems": [] })).await[ITEMS], json!([]));
}

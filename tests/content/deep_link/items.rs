//! Every type of content item with every property: what is right goes out as it came in (digest, section 3).

use super::*;

/// Settings that take everything.
fn take_everything(settings: &mut Value) {
    settings["accept_types"] = json!([
        "link",
        "ltiResourceLink",
        "file",
        "html",
        "image",
        "ltiAssetProcessor",
        "https://app.example/types/quiz"
    ]);
    settings["accept_presentation_document_targets"] = json!(["iframe", "window", "embed"]);
}

/// Sends the item where everything is taken; what is signed, and the notes.
async fn sent(item: &Value) -> (Value, Value) {
    let (tool, _school, launch) = choosing(take_everything).await;
    let answer = respond(&tool, &launch, &one(item)).await;
    assert_eq!(answer.status.as_u16(), 200, "{item}: {}", answer.body);
    let claims = crate::support::jwt::verified(&tool, jwt(&answer.json())).claims;
    (claims[ITEMS][0].clone(), answer.json()["notes"].clone())
}

async fn assert_goes_out_as_it_came(item: Value) {
    assert_eq!(sent(&item).await, (item, json!([])));
}

#[tokio::test]
async fn a_link_with_every_property() {
    assert_goes_out_as_it_came(json!({
        "type": "link",
        "url": "https://elsewhere.example/film?id=1&t=20#start",
        "title": "A film", "text": "Of six minutes.\nIn two lines",
        "icon": { "url": "https://elsewhere.example/icon.png", "width": 100, "height": 100 },
        "thumbnail": { "url": "https://elsewhere.example/thumb.png", "width": 90, "height": 0 },
        "embed": { "html": "<iframe src=\"https://elsewhere.example/embed\"></iframe>" },
        "window": { "targetName": "film", "width": 560, "height": 315, "windowFeatures": "width=560,menubar=no" },
        "iframe": { "src": "https://elsewhere.example/embed", "width": 560, "height": 315 },
    }))
    .await;
}

#[tokio::test]
async fn a_resource_link_with_every_property() {
    assert_goes_out_as_it_came(json!({
        "type": "ltiResourceLink",
        "url": "https://app.example/lessons/9?part=2",
        "title": "Refraction", "text": "A lesson",
        "icon": { "url": "https://app.example/icon.png", "width": 100, "height": 100 },
        "thumbnail": { "url": "https://app.example/thumb.png", "width": 90, "height": 90 },
        "window": { "targetName": "lesson", "width": 800, "height": 600, "windowFeatures": "menubar=no" },
        "iframe": { "width": 890, "height": 600 },
        "custom": { "lesson": "refraction", "empty": "", "due": "$ResourceLink.submission.endDateTime", "Grüße": "Ü" },
        "lineItem": { "scoreMaximum": 87.5, "label": "Chapter 12", "resourceId": "xyzpdq1234", "tag": "originality",
                      "gradesReleased": true },
        "available": { "startDateTime": "2018-02-06T20:05:02Z", "endDateTime": "2018-03-07T20:05:02Z" },
        "submission": { "startDateTime": "2018-02-06T22:05:02+02:00", "endDateTime": "2018-03-06T20:05:02.5Z" },
    }))
    .await;
}

#[tokio::test]
async fn a_file_with_every_property() {
    assert_goes_out_as_it_came(json!({
        "type": "file",
        "url": "https://files.example/a%20paper.docx?signature=a+b%2Fc==",
        "title": "A paper", "text": "About light",
        "icon": { "url": "https://files.example/icon.png", "width": 1, "height": 1 },
        "thumbnail": { "url": "https://files.example/thumb.png" },
        "expiresAt": "2018-03-06T20:05:02Z",
        "mediaType": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }))
    .await;
}

#[tokio::test]
async fn html_with_every_property() {
    let html = "<h1>A custom title</h1>\n<p onclick=\"alert('&amp;')\">The Platform cleans it.</p>";
    assert_goes_out_as_it_came(json!({ "type": "html", "html": html, "title": "T", "text": "X" })).await;
}

#[tokio::test]
async fn an_image_with_every_property() {
    assert_goes_out_as_it_came(json!({
        "type": "image",
        "url": "http://pictures.example/prism.png",
        "title": "A prism", "text": "Light in colours",
        "icon": { "url": "https://pictures.example/icon.png", "width": 16, "height": 16 },
        "thumbnail": { "url": "https://pictures.example/thumb.png", "width": 90, "height": 90 },
        "width": 1920, "height": 1080,
    }))
    .await;
}

#[tokio::test]
async fn a_type_that_is_a_full_url_goes_out_untouched() {
    assert_goes_out_as_it_came(json!({
        "type": "https://app.example/types/quiz",
        "title": " untouched ", "url": "not a URL", "scoreMaximum": "ten", "none": null,
    }))
    .await;
}

#[tokio::test]
async fn an_asset_processor_goes_out_with_its_report() {
    assert_goes_out_as_it_came(json!({
        "type": "ltiAssetProcessor", "url": "https://app.example/processor", "title": "Originality",
        "report": { "url": "https://app.example/report", "custom": { "kind": "short" }, "supportedTypes": ["x"] },
        "custom": { "level": "2" },
    }))
    .await;
}

#[tokio::test]
async fn members_that_nobody_knows_are_kept_and_short_names_are_told() {
    let item = json!({
        "type": "ltiResourceLink", "url": "https://app.example/lessons/1",
        "https://school.example/extension": { "nested": [1, { "a": null }], "b": false },
        "lineitem": { "scoreMaximum": 10 },
        "lineItem": { "scoreMaximum": 10, "https://school.example/weight": 2 },
    });
    let (sent, notes) = sent(&item).await;
    assert_eq!(sent, item);
    assert_eq!(crate::support::texts(&notes, "field"), ["contentItems[0].lineitem"], "a slip of the pen is told");
}

#[tokio::test]
async fn texts_are_trimmed_and_what_is_null_or_empty_is_absent() {
    let item = json!({
        "type": "ltiResourceLink", "url": "https://app.example/lessons/1",
        "title": "  Light \n", "text": " ", "icon": null, "iframe": { "width": 100, "height": null }, "lineItem": null,
    });
    let (sent, notes) = sent(&item).await;
    let expected = json!({
        "type": "ltiResourceLink", "url": "https://app.example/lessons/1", "title": "Light", "iframe": { "width": 100 },
    });
    assert_eq!((sent, notes), (expected, json!([])));
}

#[tokio::test]
async fn several_items_keep_their_order() {
    let (tool, _school, launch) = choosing(take_everything).await;
    let items = [lesson(3), json!({ "type": "html", "html": "<p>" }), lesson(1), lesson(2)];
    let claims = signed(&tool, &launch, &json!({ "contentItems": items })).await;
    assert_eq!(claims[ITEMS], json!(items));
}

#[tokio::test]
async fn a_resource_link_without_url_leads_to_the_apps_default() {
    let (sent, notes) = sent(&json!({ "type": "ltiResourceLink", "title": "Start" })).await;
    assert_eq!(sent["url"], "https://app.example/start");
    assert_eq!(notes, json!([]));
}

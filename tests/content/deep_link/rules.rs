//! What is refused before anything is signed, with the member that is wrong (digest, section 4). The protocol crate
//! tries every rule to its edges; here each comes through the App API.

use super::*;

/// Items of which one member is wrong, and which. One launch serves all: what is refused uses nothing up.
async fn assert_refused(cases: &[(Value, &str)]) {
    let (tool, _school, launch) = choosing(|settings| {
        settings["accept_types"] = json!(["link", "ltiResourceLink", "file", "html", "image"]);
        settings["accept_media_types"] = "image/*,text/html".into();
    })
    .await;
    for (item, field) in cases {
        assert_eq!(faults(&tool, &launch, &one(item)).await, [format!("contentItems[0]{field}")], "{item}");
    }
    assert_eq!(respond(&tool, &launch, &one(&lesson(1))).await.status.as_u16(), 200, "the launch is still good");
}

/// A resource link with these members besides.
fn with(members: &Value) -> Value {
    let mut item = lesson(1);
    let (item_members, members) = (item.as_object_mut().expect("an item"), members.as_object().expect("members"));
    item_members.extend(members.clone());
    item
}

/// Rule 4.
#[tokio::test]
async fn a_type_that_is_missing_or_nobody_knows_is_a_fault() {
    assert_refused(&[
        (json!({ "url": "https://app.example/" }), ".type"),
        (json!({ "type": "LtiResourceLink" }), ".type"),
        (json!({ "type": 7 }), ".type"),
        (json!({ "type": "https://app.example/types/not-accepted" }), ".type"),
        (json!({ "type": "ltiAssetProcessor" }), ".type"),
        (json!("ltiResourceLink"), ""),
        (json!(null), ""),
    ])
    .await;
}

/// Rule 5.
#[tokio::test]
async fn what_an_item_cannot_be_without_must_be_there() {
    assert_refused(&[
        (json!({ "type": "link" }), ".url"),
        (json!({ "type": "file", "mediaType": "image/png" }), ".url"),
        (json!({ "type": "image", "url": null }), ".url"),
        (json!({ "type": "html" }), ".html"),
        (json!({ "type": "html", "html": " " }), ".html"),
        (json!({ "type": "link", "url": "https://a.example/", "embed": {} }), ".embed.html"),
        (json!({ "type": "link", "url": "https://a.example/", "iframe": { "width": 1 } }), ".iframe.src"),
        (json!({ "type": "link", "url": "https://a.example/", "icon": { "width": 1 } }), ".icon.url"),
    ])
    .await;
}

/// Rule 5: what runs in the Platform's page, or is read in two ways.
#[tokio::test]
async fn urls_are_absolute_web_addresses() {
    let link = |url: &str| (json!({ "type": "link", "url": url }), ".url");
    assert_refused(&[
        link("javascript:alert(1)"),
        link("data:text/html,<script>"),
        link("/lessons/1"),
        link("//evil.example/"),
        link("ftp://files.example/"),
        link("https://app.example@evil.example/"),
        link("https://app.example\\@evil.example/"),
        link("https://app.example/a b"),
        link(""),
        (json!({ "type": "image", "url": 7 }), ".url"),
        (with(&json!({ "thumbnail": { "url": "javascript:alert(1)" } })), ".thumbnail.url"),
    ])
    .await;
}

/// Rule 5.
#[tokio::test]
async fn sizes_are_whole_numbers_from_zero_on() {
    assert_refused(&[
        (json!({ "type": "image", "url": "https://a.example/", "width": -1 }), ".width"),
        (json!({ "type": "image", "url": "https://a.example/", "height": 1.5 }), ".height"),
        (with(&json!({ "iframe": { "width": "800" } })), ".iframe.width"),
        (with(&json!({ "window": { "height": true } })), ".window.height"),
        (with(&json!({ "icon": { "url": "https://a.example/", "width": [] } })), ".icon.width"),
    ])
    .await;
}

/// Section 3.2: no `src` here.
#[tokio::test]
async fn the_frame_of_a_resource_link_has_no_source_of_its_own() {
    assert_refused(&[(with(&json!({ "iframe": { "src": "https://app.example/" } })), ".iframe.src")]).await;
}

/// Rule 6.
#[tokio::test]
async fn a_file_has_a_media_type_that_the_platform_takes() {
    let file = |media_type: &str| json!({ "type": "file", "url": "https://a.example/f", "mediaType": media_type });
    assert_refused(&[
        (file("application/pdf"), ".mediaType"),
        (file("text/plain"), ".mediaType"),
        (file("image"), ".mediaType"),
        (file("image/*"), ".mediaType"),
    ])
    .await;
}

/// Rule 7.
#[tokio::test]
async fn a_line_item_has_a_maximum_and_short_ids() {
    let line_item = |line_item: Value| with(&json!({ "lineItem": line_item }));
    assert_refused(&[
        (line_item(json!({ "label": "x" })), ".lineItem.scoreMaximum"),
        (line_item(json!({ "scoreMaximum": 0 })), ".lineItem.scoreMaximum"),
        (line_item(json!({ "scoreMaximum": -1 })), ".lineItem.scoreMaximum"),
        (line_item(json!({ "scoreMaximum": "10" })), ".lineItem.scoreMaximum"),
        (line_item(json!({ "scoreMaximum": 1, "resourceId": "é".repeat(257) })), ".lineItem.resourceId"),
        (line_item(json!({ "scoreMaximum": 1, "tag": "t".repeat(257) })), ".lineItem.tag"),
        (line_item(json!({ "scoreMaximum": 1, "gradesReleased": "true" })), ".lineItem.gradesReleased"),
        (line_item(json!(10)), ".lineItem"),
    ])
    .await;
}

/// Rule 7: 256 characters fit, whatever their bytes.
#[tokio::test]
async fn an_id_of_256_characters_fits() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    let id = "é".repeat(256);
    let item = with(&json!({ "lineItem": { "scoreMaximum": 0.01, "resourceId": id, "tag": id } }));
    assert_eq!(signed(&tool, &launch, &one(&item)).await[ITEMS][0], item);
}

/// Rule 8.
#[tokio::test]
async fn custom_parameters_are_texts_with_names() {
    assert_refused(&[
        (with(&json!({ "custom": { "a": null } })), ".custom.a"),
        (with(&json!({ "custom": { "a": 7 } })), ".custom.a"),
        (with(&json!({ "custom": { "a": ["x"] } })), ".custom.a"),
        (with(&json!({ "custom": { "a": { "b": "c" } } })), ".custom.a"),
        (with(&json!({ "custom": { "": "x" } })), ".custom."),
        (with(&json!({ "custom": [{ "name": "a", "value": "b" }] })), ".custom"),
    ])
    .await;
}

/// Rule 9.
#[tokio::test]
async fn dates_have_a_zone_and_end_after_they_start() {
    let period =
        |name: &str, start: &str, end: &str| with(&json!({ name: { "startDateTime": start, "endDateTime": end } }));
    assert_refused(&[
        (period("available", "2026-03-01T09:00:00", "2026-03-02T09:00:00Z"), ".available.startDateTime"),
        (period("submission", "2026-03-01", "2026-03-02T09:00:00Z"), ".submission.startDateTime"),
        (period("submission", "2026-03-02T09:00:00Z", "2026-03-02T10:00:00+02:00"), ".submission.endDateTime"),
        (period("available", "2026-03-02T09:00:00Z", "2026-02-30T09:00:00Z"), ".available.endDateTime"),
        (json!({ "type": "file", "url": "https://a.example/", "mediaType": "text/html", "expiresAt": 1_772_355_600 }),
            ".expiresAt"),
    ])
    .await;
}

/// Rule 11: a launch leads there, with the learner's one-time code.
#[tokio::test]
async fn a_link_leads_to_the_app_and_to_nobody_else() {
    let link = |url: &str| (json!({ "type": "ltiResourceLink", "url": url }), ".url");
    assert_refused(&[
        link("https://evil.example/lessons/1"),
        link("https://app.example.evil.example/"),
        link("https://sub.app.example/"),
        link("https://app.example:8443/"),
        link("http://app.example/lessons/1"),
        link("https://tool.example/v1/launches"),
        link("lessons/1"),
    ])
    .await;
}

/// Rule 12.
#[tokio::test]
async fn a_selection_that_is_too_large_is_refused() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    let text = |chars: usize| with(&json!({ "text": "x".repeat(chars) }));
    assert_eq!(faults(&tool, &launch, &one(&text(20_001))).await, ["contentItems[0].text"]);
    let items = |count: usize, chars: usize| json!({ "contentItems": vec![text(chars); count] });
    assert_eq!(faults(&tool, &launch, &items(101, 1)).await, ["contentItems"], "too many");
    assert_eq!(faults(&tool, &launch, &items(30, 19_000)).await, ["contentItems"], "too long");
    let answer = respond(&tool, &launch, &items(40, 19_000)).await;
    crate::support::assert_problem(&answer, 413, "body_too_large");
    assert_eq!(respond(&tool, &launch, &items(100, 1)).await.status.as_u16(), 200);
}

#[tokio::test]
async fn every_fault_is_told_at_once() {
    let (tool, _school, launch) = choosing(|settings| settings["accept_multiple"] = true.into()).await;
    let body = json!({
        "contentItems": [
            { "type": "link", "url": "javascript:alert(1)", "icon": { "url": "x", "width": -1 } },
            lesson(1),
            { "type": "ltiResourceLink", "custom": { "a": null }, "lineItem": {} },
        ],
        "msg": 7, "errorMsg": "misspelt",
    });
    let mut fields = faults(&tool, &launch, &body).await;
    fields.sort();
    let expected = [
        "contentItems[0].icon.url",
        "contentItems[0].icon.width",
        "contentItems[0].url",
        "contentItems[2].custom.a",
        "contentItems[2].lineItem.scoreMaximum",
        "errorMsg",
        "msg",
    ];
    assert_eq!(fields, expected);
}

#[tokio::test]
async fn a_body_that_is_no_object_of_its_own_is_refused() {
    let (tool, _school, launch) = choosing(|_| {}).await;
    for body in [json!([]), json!("x"), json!(null)] {
        crate::support::assert_problem(&respond(&tool, &launch, &body).await, 400, "json_expected");
    }
    for body in [json!({ "contentItems": {} }), json!({ "contentItems": "none" }), json!({ "contentItems": 0 })] {
        assert_eq!(faults(&tool, &launch, &body).await, ["contentItems"], "{body}");
    }
}

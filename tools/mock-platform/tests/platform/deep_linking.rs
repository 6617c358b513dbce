//! Deep Linking: what is asked for, what may come back, and what the course keeps of it.

use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use doorway_mock_platform::claims::names::{
    AGS_ENDPOINT, CUSTOM, DEEP_LINKING_SETTINGS, LAUNCH_PRESENTATION, RESOURCE_LINK, TARGET_LINK_URI,
};
use doorway_mock_platform::{DeepLinkingSettings, MediaTypes, Profile};
use serde_json::{Value, json};

use crate::support::{Browser, ISSUER, NOW, Page, STRANGER, claims_of, field};
use crate::tool::{CONTAINER_TYPE, LINE_ITEM, TOOL_KEY, Tool, with, without};

const DL: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/";
const LTI: &str = "https://purl.imsglobal.org/spec/lti/claim/";
const CONFIGURATION: &str = "https://purl.imsglobal.org/spec/lti-tool-configuration";

/// A teacher who has opened the Tool to choose content.
struct Chooser {
    tool: Tool,
    browser: Browser,
    settings: Value,
}

impl Chooser {
    async fn new() -> Self {
        Self::of(Tool::new()).await
    }

    async fn with_settings(settings: DeepLinkingSettings) -> Self {
        let tool = Tool::new();
        tool.platform.set_deep_linking_settings(settings);
        Self::of(tool).await
    }

    async fn of(tool: Tool) -> Self {
        let mut browser = Browser::visiting(tool.platform.clone());
        browser.sign_in("41").await;
        let settings = request(&browser).await;
        Self { tool, browser, settings }
    }

    /// The claims of a right answer with these items.
    fn answer(&self, items: &Value) -> Value {
        let mut claims = json!({
            "iss": "maple-tool", "aud": ISSUER, "iat": NOW, "exp": NOW + 300,
            "nonce": format!("answer-{items}"),
            format!("{LTI}deployment_id"): "7",
            format!("{LTI}message_type"): "LtiDeepLinkingResponse",
            format!("{LTI}version"): "1.3.0",
            format!("{DL}content_items"): items,
        });
        if let Some(data) = self.settings.get("data") {
            claims[format!("{DL}data")] = data.clone();
        }
        claims
    }

    async fn post(&self, claims: &Value) -> Page {
        self.post_form(&[("JWT".into(), TOOL_KEY.id_token(claims))]).await
    }

    async fn post_form(&self, form: &[(String, String)]) -> Page {
        let url = self.settings["deep_link_return_url"].as_str().unwrap();
        self.browser.post(url.strip_prefix("http://127.0.0.1:8400").unwrap(), form).await
    }

    async fn choose(&self, items: &Value) -> Page {
        self.post(&self.answer(items)).await
    }

    async fn launch(&self, link: &str) -> Value {
        claims_of(field(&self.browser.launch(link).await, "id_token"))
    }
}

/// The settings of a fresh Deep Linking request.
async fn request(browser: &Browser) -> Value {
    claims_of(field(&browser.launch("choose-content").await, "id_token"))[DEEP_LINKING_SETTINGS].clone()
}

fn lesson() -> Value {
    json!({
        "type": "ltiResourceLink", "title": "Lenses", "text": "On glasses and eyes.",
        "url": "https://tool.example/app/lessons/lenses?level=2",
        "custom": {"lesson": "lenses", "due_at": "$ResourceLink.submission.endDateTime", "empty": ""},
        "lineItem": {"scoreMaximum": 40, "label": "Lenses (40)", "resourceId": "lenses", "tag": "grade"},
    })
}

fn assert_refused(page: &Page, words: &str) {
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{words}: {}", page.body);
    assert!(page.body.contains(words), "{words}: {}", page.body);
}

#[tokio::test]
async fn every_request_brings_data_of_its_own() {
    let chooser = Chooser::new().await;
    let again = request(&chooser.browser).await;
    assert_ne!(chooser.settings["data"], again["data"]);
    assert!(again["data"].as_str().unwrap().len() >= 22);
    assert_eq!(without(&again, "data"), without(&chooser.settings, "data"));
    assert_eq!(again["deep_link_return_url"], format!("{ISSUER}/deep-linking/course-7"));
    assert_eq!(again["accept_types"], json!(["ltiResourceLink", "link", "html"]));
}

#[tokio::test]
async fn a_chosen_link_launches_as_it_was_chosen() {
    let chooser = Chooser::new().await;
    let page = chooser.choose(&json!([lesson()])).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("One link was added to the course."));
    assert!(page.body.contains("aria-label=\"Open: Lenses\">Open</a>"));
    let link = chooser.tool.platform.chosen_links().remove(0);
    let initiation = chooser.browser.click(&link.id).await;
    assert_eq!(field(&initiation, "target_link_uri"), "https://tool.example/app/lessons/lenses?level=2");
    let claims = chooser.launch(&link.id).await;
    assert_eq!(claims[TARGET_LINK_URI], "https://tool.example/app/lessons/lenses?level=2");
    let expected = json!({"id": link.id, "title": "Lenses", "description": "On glasses and eyes."});
    assert_eq!(claims[RESOURCE_LINK], expected);
    assert_eq!(claims[CUSTOM], lesson()["custom"]);
    assert!(chooser.browser.get("/platform/course").await.body.contains("Lenses"));
}

#[tokio::test]
async fn its_column_is_in_the_container_and_in_the_launch() {
    let chooser = Chooser::new().await;
    chooser.choose(&json!([lesson()])).await;
    let link = chooser.tool.platform.chosen_links().remove(0);
    let url = format!("{ISSUER}/line-items/course-7?resource_link_id={}", link.id);
    let items = chooser.tool.get(LINE_ITEM, &url, CONTAINER_TYPE).await.json();
    let id = format!("{ISSUER}/line-items/course-7/{}", link.id);
    assert_eq!(
        items,
        json!([{
            "id": id, "label": "Lenses (40)", "scoreMaximum": 40, "resourceLinkId": link.id,
            "resourceId": "lenses", "tag": "grade",
        }])
    );
    assert_eq!(chooser.launch(&link.id).await[AGS_ENDPOINT]["lineitem"], id);
}

#[tokio::test]
async fn a_link_without_a_column_has_none_in_its_launch() {
    let chooser = Chooser::new().await;
    chooser.choose(&json!([without(&without(&lesson(), "lineItem"), "url")])).await;
    let link = chooser.tool.platform.chosen_links().remove(0);
    let claims = chooser.launch(&link.id).await;
    assert_eq!(claims[AGS_ENDPOINT].get("lineitem"), None);
    assert_eq!(claims[AGS_ENDPOINT]["lineitems"], format!("{ISSUER}/line-items/course-7"));
    assert_eq!(claims[TARGET_LINK_URI], "https://tool.example/app", "the Tool's usual address");
}

#[tokio::test]
async fn columns_are_made_unless_they_are_declined() {
    for (accept, columns) in [(Some(true), 5), (None, 5), (Some(false), 4)] {
        let settings = DeepLinkingSettings { accept_lineitem: accept, ..DeepLinkingSettings::default() };
        let chooser = Chooser::with_settings(settings).await;
        assert_eq!(chooser.settings.get("accept_lineitem").and_then(Value::as_bool), accept);
        chooser.choose(&json!([lesson()])).await;
        assert_eq!(chooser.tool.platform.gradebook().line_items().len(), columns);
    }
}

#[tokio::test]
async fn a_link_opens_where_the_tool_wants_it() {
    let chooser = Chooser::new().await;
    let framed = with(&lesson(), "iframe", json!({"width": 800, "height": 600}));
    let windowed = with(&lesson(), "window", json!({"targetName": "_blank"}));
    chooser.choose(&json!([framed, windowed])).await;
    let links = chooser.tool.platform.chosen_links();
    let course = chooser.browser.get("/platform/course").await.body;
    assert!(course.contains(&format!("href=\"/platform/frame/{}\"", links[0].id)));
    assert!(course.contains(&format!("href=\"/platform/launch/{}\" target=\"_blank\"", links[1].id)));
    assert_eq!(chooser.launch(&links[0].id).await[LAUNCH_PRESENTATION]["document_target"], "iframe");
}

#[tokio::test]
async fn other_items_are_shown_and_their_markup_is_text() {
    let chooser = Chooser::new().await;
    let page = chooser
        .choose(&json!([
            {"type": "html", "html": "<script>alert(1)</script>", "title": "<b>Bold</b>"},
            {"type": "link", "url": "https://example.org/a?b=c&d=e", "title": "Elsewhere"},
        ]))
        .await;
    assert!(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.body.contains("&lt;b&gt;Bold&lt;/b&gt;"));
    assert!(page.body.contains("https://example.org/a?b=c&amp;d=e"));
    assert!(page.body.contains("Nothing was added to the course."));
    assert!(!page.body.contains("<script>"));
    assert_eq!(chooser.tool.platform.chosen_links(), []);
}

#[tokio::test]
async fn words_of_the_tool_are_shown_escaped_and_those_for_the_log_are_not() {
    let chooser = Chooser::new().await;
    let mut claims = chooser.answer(&json!([]));
    for (name, words) in [("msg", "Done & <dusted>"), ("errormsg", "Half <failed>"), ("log", "a1"), ("errorlog", "b2")]
    {
        claims[format!("{DL}{name}")] = json!(words);
    }
    let page = chooser.post(&claims).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Done &amp; &lt;dusted&gt;"));
    assert!(page.body.contains("role=\"alert\">Half &lt;failed&gt;"));
    assert!(!page.body.contains("a1<") && !page.body.contains("b2<"));
}

#[tokio::test]
async fn an_answer_without_items_chooses_nothing() {
    let chooser = Chooser::new().await;
    let claims = without(&chooser.answer(&json!([])), &format!("{DL}content_items"));
    let page = chooser.post(&claims).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Nothing was added to the course."));
}

#[tokio::test]
async fn a_wrong_claim_is_refused_and_the_right_answer_still_works() {
    let chooser = Chooser::new().await;
    let right = chooser.answer(&json!([lesson()]));
    let (version, data, items) = (format!("{LTI}version"), format!("{DL}data"), format!("{DL}content_items"));
    let (kind, deployment) = (format!("{LTI}message_type"), format!("{LTI}deployment_id"));
    let message = format!("{DL}msg");
    let cases = [
        ("iss", json!("https://tool.example"), "`iss`"),
        ("aud", json!(format!("{ISSUER}/deep-linking/course-7")), "`aud`"),
        ("aud", json!([ISSUER, "https://another.example"]), "`aud`"),
        ("iat", json!(NOW + 1), "`iat` lies in the future"),
        ("iat", json!(NOW - 301), "`iat` lies in the future or too far back"),
        ("iat", json!(NOW.to_string()), "`iat` is absent or not of its type"),
        ("exp", json!(NOW), "`exp` has passed"),
        ("exp", json!(NOW + 3601), "more than an hour"),
        ("exp", json!((NOW + 300).to_string()), "`exp` is absent or not of its type"),
        ("nonce", json!(""), "`nonce` is absent"),
        (&deployment, json!("8"), "deployment_id"),
        (&kind, json!("LtiDeepLinkingRequest"), "message_type"),
        (&version, json!("1.3"), "version"),
        (&data, json!("another"), "`data` is not what was sent"),
        (&data, json!(7), "`data` is not what was sent"),
        (&data, Value::Null, "`data` is not what was sent"),
        (&items, json!({}), "must be an array"),
        (&message, json!({}), "must be a text"),
    ];
    for (name, value, words) in cases {
        assert_refused(&chooser.post(&with(&right, name, value)).await, words);
    }
    for name in ["iss", "aud", "iat", "exp", "nonce", &deployment, &kind, &version, &data] {
        assert_eq!(chooser.post(&without(&right, name)).await.status, StatusCode::BAD_REQUEST, "{name}");
    }
    assert_eq!(chooser.tool.platform.chosen_links(), []);
    assert_eq!(chooser.post(&with(&right, "aud", json!([ISSUER]))).await.status, StatusCode::OK);
}

#[tokio::test]
async fn only_the_tools_signature_in_the_right_field_counts() {
    let chooser = Chooser::new().await;
    let claims = chooser.answer(&json!([lesson()]));
    let form = |name: &str, token: String| vec![(name.to_owned(), token)];
    let without_key_id = TOOL_KEY.token(r#"{"alg":"RS256","typ":"JWT"}"#, &claims.to_string());
    for (form, words) in [
        (form("jwt", TOOL_KEY.id_token(&claims)), "field JWT"),
        (form("id_token", TOOL_KEY.id_token(&claims)), "field JWT"),
        ([form("JWT", TOOL_KEY.id_token(&claims)), form("JWT", TOOL_KEY.id_token(&claims))].concat(), "field JWT"),
        (form("JWT", STRANGER.id_token(&claims)), "key set"),
        (form("JWT", without_key_id), "`kid`"),
    ] {
        assert_refused(&chooser.post_form(&form).await, words);
    }
    let elsewhere = chooser.browser.post("/platform/deep-linking/course-8", &[]).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_request_is_answered_once_and_a_nonce_is_used_once() {
    let chooser = Chooser::new().await;
    let claims = chooser.answer(&json!([lesson()]));
    assert_eq!(chooser.post(&claims).await.status, StatusCode::OK);
    assert_refused(&chooser.post(&claims).await, "answered before");
    assert_refused(&chooser.post(&with(&claims, "nonce", json!("fresh"))).await, "answered before");
    let next = request(&chooser.browser).await;
    let replayed = with(&claims, &format!("{DL}data"), next["data"].clone());
    assert_refused(&chooser.post(&replayed).await, "`nonce` was seen before");
    assert_eq!(chooser.post(&with(&replayed, "nonce", json!("fresh"))).await.status, StatusCode::OK);
    assert_eq!(chooser.tool.platform.chosen_links().len(), 2);
}

#[tokio::test]
async fn two_requests_at_a_time_do_not_meet() {
    let settings = DeepLinkingSettings { accept_multiple: Some(false), ..DeepLinkingSettings::default() };
    let chooser = Chooser::with_settings(settings).await;
    chooser.tool.platform.set_deep_linking_settings(DeepLinkingSettings::default());
    let second = request(&chooser.browser).await;
    let two = chooser.answer(&json!([lesson(), lesson()]));
    assert_refused(&chooser.post(&two).await, "one item may be chosen");
    assert_eq!(chooser.post(&with(&two, &format!("{DL}data"), second["data"].clone())).await.status, StatusCode::OK);
}

#[tokio::test]
async fn only_what_was_asked_for_may_be_chosen() {
    for multiple in [Some(false), None] {
        let settings = DeepLinkingSettings { accept_multiple: multiple, ..DeepLinkingSettings::default() };
        let chooser = Chooser::with_settings(settings).await;
        assert_eq!(chooser.settings.get("accept_multiple").and_then(Value::as_bool), multiple);
        assert_refused(&chooser.choose(&json!([lesson(), lesson()])).await, "one item may be chosen");
    }
    let chooser = Chooser::new().await;
    let image = json!({"type": "image", "url": "https://tool.example/a.png"});
    assert_refused(&chooser.choose(&json!([lesson(), image])).await, "item 2: its type");
    assert_eq!(chooser.tool.platform.chosen_links(), [], "all or nothing");
}

#[tokio::test]
async fn a_wrong_item_is_refused() {
    let types = ["ltiResourceLink", "link", "html", "image", "file"].map(ToOwned::to_owned).into();
    let accept_media_types = Some(MediaTypes::Text("image/*,text/html".into()));
    let settings = DeepLinkingSettings { accept_types: types, accept_media_types, ..DeepLinkingSettings::default() };
    let chooser = Chooser::with_settings(settings).await;
    assert_eq!(chooser.settings["accept_media_types"], "image/*,text/html");
    let file = json!({"type": "file", "url": "https://tool.example/a", "mediaType": "video/mp4"});
    let reversed = json!({"startDateTime": "2026-11-02T00:00:00Z", "endDateTime": "2026-11-01T00:00:00Z"});
    let cases = [
        (json!("ltiResourceLink"), "JSON object"),
        (json!({"title": "Lenses"}), "JSON object"),
        (with(&lesson(), "url", json!("/lessons/lenses")), "`url`"),
        (with(&lesson(), "url", json!("javascript:alert(1)")), "`url`"),
        (with(&lesson(), "title", json!(7)), "`title`"),
        (with(&lesson(), "custom", json!({"a": null})), "`custom`"),
        (with(&lesson(), "custom", json!({"a": 1})), "`custom`"),
        (with(&lesson(), "custom", json!([{"a": "b"}])), "`custom`"),
        (with(&lesson(), "lineItem", json!({"label": "Lenses"})), "`lineItem.scoreMaximum`"),
        (with(&lesson(), "lineItem", json!({"scoreMaximum": "40"})), "`lineItem.scoreMaximum`"),
        (with(&lesson(), "lineItem", json!({"scoreMaximum": 0})), "`lineItem.scoreMaximum`"),
        (with(&lesson(), "lineItem", json!({"scoreMaximum": 1, "gradesReleased": "no"})), "`lineItem.gradesReleased`"),
        (with(&lesson(), "iframe", json!({"width": "800"})), "`iframe`"),
        (with(&lesson(), "available", json!({"startDateTime": "2026-11-01"})), "`available`"),
        (with(&lesson(), "submission", reversed), "`submission`"),
        (with(&lesson(), "icon", json!({"width": 16})), "`icon`"),
        (json!({"type": "link"}), "`url`"),
        (json!({"type": "link", "url": "https://a.example", "embed": {}}), "`embed.html`"),
        (json!({"type": "link", "url": "https://a.example", "iframe": {"width": 1}}), "`iframe.src`"),
        (json!({"type": "html"}), "`html`"),
        (json!({"type": "image", "url": "https://a.example", "width": 1.5}), "`width or height`"),
        (json!({"type": "file", "url": "https://a.example", "expiresAt": "soon"}), "`expiresAt`"),
        (file, "media type"),
    ];
    for (item, words) in cases {
        assert_refused(&chooser.choose(&json!([item])).await, words);
    }
    let right = json!([
        {"type": "file", "url": "https://tool.example/a", "mediaType": "image/png"},
        {"type": "image", "url": "https://tool.example/a.png", "width": 16, "height": 16},
    ]);
    assert_eq!(chooser.choose(&right).await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_data_the_return_url_names_the_request() {
    let chooser = Chooser::of(Tool::at(Profile::Moodle)).await;
    assert_eq!(chooser.settings.get("data"), None);
    assert_eq!(chooser.settings["accept_media_types"], json!(["*/*"]));
    assert_eq!(chooser.settings["accept_types"], json!(["ltiResourceLink"]));
    let claims = chooser.answer(&json!([lesson()]));
    let invented = with(&claims, &format!("{DL}data"), json!("invented"));
    assert_refused(&chooser.post(&invented).await, "`data`");
    let form = [("JWT".to_owned(), TOOL_KEY.id_token(&claims))];
    let page = chooser.browser.post("/platform/deep-linking/course-7", &form).await;
    assert_refused(&page, "`data`");
    assert_eq!(chooser.post(&claims).await.status, StatusCode::OK);
}

#[tokio::test]
async fn no_data_may_come_back_as_null_where_none_was_sent_alone() {
    let chooser = Chooser::of(Tool::at(Profile::Moodle)).await;
    let claims = with(&chooser.answer(&json!([lesson()])), &format!("{DL}data"), Value::Null);
    assert_eq!(chooser.post(&claims).await.status, StatusCode::OK);
    let chooser = Chooser::new().await;
    let claims = with(&chooser.answer(&json!([lesson()])), &format!("{DL}data"), Value::Null);
    assert_refused(&chooser.post(&claims).await, "`data`");
}

#[tokio::test]
async fn deep_linking_may_lead_to_an_address_of_its_own() {
    let tool = Tool::new();
    let mut browser = Browser::visiting(tool.platform.clone());
    browser.sign_in("41").await;
    tool.platform.set_deep_linking_uri("https://tool.example/choose?from=maple");
    let initiation = browser.click("choose-content").await;
    assert_eq!(field(&initiation, "target_link_uri"), "https://tool.example/choose?from=maple");
    let launch = browser.launch("choose-content").await;
    assert_eq!(claims_of(field(&launch, "id_token"))[TARGET_LINK_URI], "https://tool.example/choose?from=maple");
    let launch = browser.launch("video").await;
    assert_eq!(claims_of(field(&launch, "id_token"))[TARGET_LINK_URI], "https://tool.example/app");
    let messages = tool.platform.clients()[0].registration[CONFIGURATION]["messages"].clone();
    let targets = ["https://tool.example/app", "https://tool.example/choose?from=maple"];
    assert_eq!(targets.map(|target| json!(target)), [0, 1].map(|at| messages[at]["target_link_uri"].clone()));
}

#[tokio::test]
async fn a_request_is_named_in_one_place_alone() {
    let mut chooser = Chooser::new().await;
    let claims = chooser.answer(&json!([lesson()]));
    let (url, data) = (chooser.settings["deep_link_return_url"].clone(), chooser.settings["data"].clone());
    let url = format!("{}?request={}", url.as_str().unwrap(), data.as_str().unwrap());
    chooser.settings["deep_link_return_url"] = json!(url);
    assert_refused(&chooser.post(&without(&claims, &format!("{DL}data"))).await, "`data`");
    let chooser = Chooser::of(Tool::at(Profile::Moodle)).await;
    let url = chooser.settings["deep_link_return_url"].as_str().unwrap();
    let id = url.split_once("?request=").unwrap().1;
    let claims = with(&chooser.answer(&json!([lesson()])), &format!("{DL}data"), json!(id));
    assert_refused(&chooser.post(&claims).await, "`data`");
}

#[tokio::test]
async fn an_answer_comes_too_late_after_an_hour() {
    let chooser = Chooser::new().await;
    chooser.tool.clock.store(NOW + 3600, Ordering::SeqCst);
    let claims = with(&chooser.answer(&json!([lesson()])), "iat", json!(NOW + 3600));
    assert_refused(&chooser.post(&with(&claims, "exp", json!(NOW + 3900))).await, "too old");
}

#[tokio::test]
async fn a_large_answer_is_read() {
    let chooser = Chooser::new().await;
    let long = with(&lesson(), "text", json!("long ".repeat(30_000)));
    assert_eq!(chooser.choose(&json!([long])).await.status, StatusCode::OK);
}

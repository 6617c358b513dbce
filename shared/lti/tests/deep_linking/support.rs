//! Complete items, settings that accept them, and the questions that the tests ask.

use doorway_lti::deep_linking::{AppUrls, Envelope, Response, Selection};
use doorway_lti::fault::Faults;
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use doorway_lti::json::Object;
use doorway_lti::message::DeepLinkingSettings;
use serde_json::{Value, json};
use url::Url;

/// A Platform that accepts everything there is.
pub fn settings() -> DeepLinkingSettings {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    DeepLinkingSettings {
        deep_link_return_url: "https://lms.example/deep_links?data=eyJ".to_owned(),
        accept_types: texts(&["link", "ltiResourceLink", "file", "html", "image"]),
        accept_presentation_document_targets: texts(&["iframe", "window", "embed"]),
        accept_media_types: Vec::new(),
        accept_multiple: true,
        accept_lineitem: Some(true),
        auto_create: false,
        title: None,
        text: None,
        data: Some(json!("csrftoken:c7fbba78-7b75-46e3-9201-11e6d5f36f53")),
    }
}

/// A link to a quiz with all that the standard knows.
pub fn resource_link() -> Value {
    json!({
        "type": "ltiResourceLink",
        "title": "A title",
        "text": "This is a link to an activity that will be graded",
        "url": "https://app.example/quizzes/7?v=2",
        "icon": { "url": "https://app.example/icon.png", "width": 100, "height": 100 },
        "thumbnail": { "url": "https://app.example/thumb.png", "width": 90, "height": 90 },
        "window": { "targetName": "quiz", "width": 800, "height": 600, "windowFeatures": "left=100,resizable=yes" },
        "iframe": { "width": 640, "height": 890 },
        "custom": { "quiz_id": "az-123", "duedate": "$ResourceLink.submission.endDateTime", "empty": "" },
        "lineItem": {
            "scoreMaximum": 87, "label": "Chapter 12 quiz", "resourceId": "xyzpdq1234", "tag": "originality",
            "gradesReleased": true,
            "submissionReview": {
                "reviewableStatus": ["InProgress", "Completed"], "label": "Open the quiz",
                "url": "https://app.example/review", "custom": { "action": "review" },
            },
        },
        "available": { "startDateTime": "2026-02-06T20:05:02Z", "endDateTime": "2026-03-07T20:05:02Z" },
        "submission": { "endDateTime": "2026-03-06T20:05:02+01:00" },
    })
}

/// A web page, shown in every way.
pub fn link() -> Value {
    json!({
        "type": "link",
        "title": "My home page",
        "text": "Read me",
        "url": "https://somewhere.example/page.html",
        "icon": { "url": "http://somewhere.example/icon.png", "width": 100, "height": 100 },
        "thumbnail": { "url": "https://somewhere.example/thumb.png" },
        "embed": { "html": "<iframe src=\"https://somewhere.example/embed\"></iframe>" },
        "window": { "targetName": "page", "windowFeatures": "height=560,width=315,menubar=no" },
        "iframe": { "src": "https://somewhere.example/frame", "width": 560, "height": 0 },
    })
}

/// A file that is ready for some minutes.
pub fn file() -> Value {
    json!({
        "type": "file",
        "title": "A file like a PDF",
        "url": "https://app.example/files/example.pdf?once=1",
        "mediaType": "application/pdf",
        "expiresAt": "2026-03-06T20:05:02Z",
    })
}

/// A fragment of a page.
pub fn html() -> Value {
    json!({ "type": "html", "title": "Tagline", "html": "<h1>A custom title</h1>" })
}

/// A picture.
pub fn image() -> Value {
    json!({
        "type": "image",
        "url": "https://app.example/image.png",
        "title": "The image title",
        "thumbnail": { "url": "https://app.example/thumb.png", "width": 64, "height": 64 },
        "width": 320,
        "height": 240,
    })
}

pub fn object(value: Value) -> Object {
    value.as_object().unwrap().clone()
}

/// `target` with the member at a JSON pointer set.
pub fn with(mut target: Value, pointer: &str, value: impl Into<Value>) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    target.pointer_mut(parent).unwrap().as_object_mut().unwrap().insert(name.to_owned(), value.into());
    target
}

/// `target` without the member at a JSON pointer.
pub fn without(mut target: Value, pointer: &str) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    target.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    target
}

pub fn parse(body: Value) -> Result<Selection, Faults> {
    Selection::parse(object(body))
}

/// What becomes of these items with an App at `https://app.example`.
pub fn respond(items: &[Value], settings: &DeepLinkingSettings) -> Result<Response, Faults> {
    let default = Url::parse("https://app.example/start").unwrap();
    let may_lead_to = |url: &Url| url.origin() == default.origin();
    let app = AppUrls { default: &default, may_lead_to: &may_lead_to, http: false };
    parse(json!({ "contentItems": items }))?.accept(settings, &app)
}

/// The claims of a response to Moodle's first Deployment.
pub fn claims(response: &Response, data: Option<&Value>) -> Object {
    response.claims(&Envelope {
        issuer: &Issuer::try_from("https://lms.example").unwrap(),
        client_id: &ClientId::try_from("abc123").unwrap(),
        deployment_id: &DeploymentId::try_from("2").unwrap(),
        data,
        nonce: "8n-0S6_WzA2Mj",
        issued_at: UnixSeconds(1_772_355_600),
    })
}

/// The items as they are sent.
pub fn sent(response: &Response) -> Vec<Value> {
    claims(response, None)["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"].as_array().unwrap().clone()
}

/// The one item that is sent for this one, without any note.
pub fn sent_for(item: Value) -> Value {
    let response = respond(&[item], &settings()).unwrap();
    assert_eq!(response.notes(), []);
    sent(&response).remove(0)
}

/// The fields with faults.
pub fn fields<T>(result: Result<T, Faults>) -> Vec<String> {
    result.err().map(|faults| faults.iter().map(|fault| fault.field.clone()).collect()).unwrap_or_default()
}

/// This item has one fault, in this member; without the change it has none.
pub fn refuses(item: Value, field: &str) {
    assert_eq!(
        fields(respond(std::slice::from_ref(&item), &settings())),
        [format!("contentItems[0].{field}")],
        "{item}"
    );
}

/// The fields with notes.
pub fn noted(response: &Response) -> Vec<&str> {
    response.notes().iter().map(|note| note.field.as_str()).collect()
}

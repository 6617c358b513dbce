//! The response at the Platform: the link is in the course, and launches to exactly what was chosen.

use axum::body::Body;
use doorway_tests::{Begun, begun};
use http::Request;
use http::header::{CONTENT_TYPE, LOCATION};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use url::Url;

use super::*;
use crate::support::BEN;

const URL: &str = "https://app.example/lessons/9?part=2&mode=b%20c";

/// A graded lesson, as an App sends it.
fn graded_lesson() -> Value {
    json!({
        "type": "ltiResourceLink", "url": URL, "title": "Refraction", "text": "A lesson",
        "custom": { "lesson": "refraction", "empty": "", "chapter": "9" },
        "lineItem": { "scoreMaximum": 20, "label": "Refraction quiz", "resourceId": "lesson-9", "tag": "quiz" },
    })
}

/// The browser posts the response to the return URL; status and page.
async fn hand_over(school: &School, answer: &Value) -> (u16, String) {
    let return_url = Url::parse(answer["returnUrl"].as_str().expect("an answer has a return URL")).expect("a URL");
    assert_eq!(return_url.origin().ascii_serialization(), school.issuer);
    let form = form_urlencoded::Serializer::new(String::new()).append_pair("JWT", jwt(answer)).finish();
    let request = Request::post(&return_url[url::Position::BeforePath..])
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form));
    let router = doorway_mock_platform::router(school.platform.clone());
    let response = router.oneshot(request.expect("a request")).await.expect("routers do not fail");
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("the body is in memory").to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

/// Somebody clicks a link of the course: the answer of the launch endpoint.
async fn arrive(tool: &TestTool, school: &School, link: &str, user: &str) -> Answer {
    let registration = school.registration();
    let fields = [
        ("iss", school.issuer.as_str()),
        ("login_hint", "hint-1"),
        ("target_link_uri", URL),
        ("client_id", registration.client_id.as_str()),
    ];
    let begun: Begun = begun(&tool.post("/lti/login", &fields, &[]).await);
    let user = doorway_mock_platform::find_user(user).expect("the mock Platform knows the user");
    let claims = school.platform.claims_of(link, &user, &begun.nonce()).expect("the course has the link");
    tool.post_token(&begun, &school.platform.key().id_token(&claims)).await
}

#[tokio::test]
async fn a_chosen_link_is_in_the_course_and_launches_to_exactly_that() {
    for profile in Profile::ALL {
        let (tool, school) = at_school(profile).await;
        let launch = school.deep_linking(&tool).await;
        let answer = respond(&tool, &launch, &one(&graded_lesson())).await;
        assert_eq!(answer.status.as_u16(), 200, "{profile:?}: {}", answer.body);
        let (status, page) = hand_over(&school, &answer.json()).await;
        assert_eq!(status, 200, "{profile:?}: {page}");
        let links = school.platform.chosen_links();
        let [link] = &links[..] else { panic!("{profile:?}: {links:?}") };
        assert_eq!((link.title.as_str(), link.description.as_str()), ("Refraction", "A lesson"));

        let arrived = arrive(&tool, &school, &link.id, BEN).await;
        let id = arrived.launch_id();
        assert_eq!(arrived.header(LOCATION), format!("{URL}&launch={id}"), "{profile:?}");
        let view = tool.redeem(&id).await.json();
        assert_eq!(view["targetLinkUri"], URL, "{profile:?}");
        assert_eq!(view["resourceLink"]["id"], link.id, "{profile:?}");
        assert_eq!(view["custom"], json!({ "lesson": "refraction", "empty": "", "chapter": "9" }), "{profile:?}");

        let column = view["services"]["ags"]["lineitem"].as_str().unwrap_or_else(|| panic!("{profile:?}: {view}"));
        let columns = tool.api("GET", &format!("/v1/launches/{id}/line-items?resourceId=lesson-9")).await;
        let columns = columns.json();
        assert_eq!(columns["lineItems"].as_array().map(Vec::len), Some(1), "{profile:?}: {columns}");
        let of_link = &columns["lineItems"][0];
        assert_eq!(of_link["id"], column, "{profile:?}: the link's own column");
        assert_eq!(of_link["resourceLinkId"], link.id, "{profile:?}");
        assert_eq!((&of_link["resourceId"], &of_link["tag"]), (&json!("lesson-9"), &json!("quiz")), "{profile:?}");
        assert_eq!((&of_link["label"], of_link["scoreMaximum"].as_f64()), (&json!("Refraction quiz"), Some(20.0)));
    }
}

#[tokio::test]
async fn a_score_for_a_chosen_link_is_in_its_own_column() {
    let (tool, school, launch) = choosing(|_| {}).await;
    let answer = respond(&tool, &launch, &one(&graded_lesson())).await.json();
    assert_eq!(hand_over(&school, &answer).await.0, 200);
    let link = school.platform.chosen_links()[0].id.clone();
    let launch = school.launch_with(&tool, &link, BEN, |_| {}).await;
    let score = json!({
        "scoreGiven": 3, "scoreMaximum": 4, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
    });
    let sent = tool.api_json("POST", &format!("/v1/launches/{launch}/scores"), &score, &[]).await;
    assert_eq!((sent.status.as_u16(), &sent.json()["state"]), (200, &json!("delivered")), "{}", sent.body);
    let grade = school.platform.gradebook().grade(&link, BEN).expect("Ben has a grade");
    assert_eq!((grade.result_score, grade.result_maximum), (Some(15.0), 20.0));
}

#[tokio::test]
async fn the_platform_takes_a_response_once_however_often_it_is_asked_for() {
    for profile in [Profile::Plain, Profile::Moodle] {
        let (tool, school) = at_school(profile).await;
        let launch = school.deep_linking(&tool).await;
        let first = respond(&tool, &launch, &one(&graded_lesson())).await.json();
        assert_eq!(hand_over(&school, &first).await.0, 200);
        let again = respond(&tool, &launch, &one(&graded_lesson())).await.json();
        for answer in [&first, &again] {
            let (status, page) = hand_over(&school, answer).await;
            assert_eq!(status, 400, "{profile:?}: {page}");
        }
        assert_eq!(school.platform.chosen_links().len(), 1, "{profile:?}");
    }
}

#[tokio::test]
async fn several_links_are_added_in_their_order_and_each_is_its_own() {
    let (tool, school, launch) = choosing(|_| {}).await;
    let body = json!({ "contentItems": [lesson(2), { "type": "html", "html": "<p>Read this.</p>" }, lesson(1)] });
    let answer = respond(&tool, &launch, &body).await.json();
    assert_eq!(hand_over(&school, &answer).await.0, 200);
    let links = school.platform.chosen_links();
    assert_eq!(links.iter().map(|link| link.title.as_str()).collect::<Vec<_>>(), ["Lesson 2", "Lesson 1"]);
    for (link, number) in links.iter().zip([2, 1]) {
        let arrived = arrive(&tool, &school, &link.id, BEN).await;
        let expected = format!("https://app.example/lessons/{number}?launch={}", arrived.launch_id());
        assert_eq!(arrived.header(LOCATION), expected);
    }
}

#[tokio::test]
async fn nothing_chosen_adds_nothing_and_the_platform_shows_the_apps_words() {
    let (tool, school, launch) = choosing(|_| {}).await;
    let body = json!({ "contentItems": [], "msg": "Come back soon", "errormsg": "Nothing fitted <here>" });
    let answer = respond(&tool, &launch, &body).await.json();
    let (status, page) = hand_over(&school, &answer).await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("Nothing was added to the course."), "{page}");
    assert!(page.contains("Come back soon") && page.contains("Nothing fitted &lt;here&gt;"), "{page}");
    assert_eq!(school.platform.chosen_links(), []);
}

#[tokio::test]
async fn a_link_without_url_launches_to_the_apps_default() {
    let (tool, school, launch) = choosing(|_| {}).await;
    let answer = respond(&tool, &launch, &one(&json!({ "type": "ltiResourceLink", "title": "Start" }))).await.json();
    assert_eq!(hand_over(&school, &answer).await.0, 200);
    let arrived = arrive(&tool, &school, &school.platform.chosen_links()[0].id, BEN).await;
    assert_eq!(arrived.header(LOCATION), format!("https://app.example/start?launch={}", arrived.launch_id()));
}

#[tokio::test]
async fn a_response_that_waited_too_long_is_refused_by_the_platform() {
    let (tool, school, launch) = choosing(|_| {}).await;
    let answer = respond(&tool, &launch, &one(&lesson(1))).await.json();
    tool.clock.advance(300);
    assert_eq!(hand_over(&school, &answer).await.0, 400);
    assert_eq!(school.platform.chosen_links(), []);
}

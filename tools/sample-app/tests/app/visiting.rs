//! A visit: who sees it, and what it shows.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::doorway::{Answer, choosing_launch, launch, students_launch, teachers_launch};
use crate::support::{OpenVisit, Page, Visitor};

async fn visit_of(launch: Value) -> Page {
    Visitor::when(Answer::Launch(launch)).await.visit().await
}

#[tokio::test]
async fn a_visit_greets_by_name_and_part_and_names_course_and_link() {
    let page = visit_of(launch()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("<h1>Welcome, Ada - you are here as a teacher</h1>"));
    for text in ["Physics: light and colour", "How light bends", "Maple Learning", "maple-district"] {
        assert!(page.body.contains(&format!("<dd>{text}</dd>")), "{text}");
    }
}

#[tokio::test]
async fn a_visit_without_names_and_course_still_welcomes() {
    let page = visit_of(json!({"id": "a", "messageType": "LtiResourceLinkRequest", "user": {"isLearner": true}})).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("<h1>Welcome - you are here as a student</h1>"));
}

#[tokio::test]
async fn a_visit_says_what_the_launch_may_do() {
    let page = visit_of(launch()).await;
    assert!(page.body.contains("<dt>Send grades (AGS)</dt><dd>Yes</dd>"));
    assert!(page.body.contains("<dt>Read the roster (NRPS)</dt><dd>No</dd>"));
    assert!(page.body.contains("<dt>Return chosen content (Deep Linking)</dt><dd>No</dd>"));
}

#[tokio::test]
async fn an_old_account_is_shown_when_it_is_verified_and_never_otherwise() {
    let mut moved = launch();
    moved["migration"] = json!({"consumerKey": "maple-lti11", "userId": "maple-user-41", "verified": true});
    let page = visit_of(moved.clone()).await;
    page.assert_says("This is the old account <code>maple-user-41</code> of <code>maple-lti11</code>.");
    for reason in ["not_signed", "other_platform", "signature_wrong"] {
        moved["migration"]["verified"] = json!(false);
        moved["migration"]["reason"] = json!(reason);
        let page = visit_of(moved.clone()).await;
        page.assert_says("Lumen does not link it.");
        page.assert_says(&format!("<code>{reason}</code>"));
        page.assert_does_not_say("<code>maple-user-41</code>");
    }
    visit_of(launch()).await.assert_does_not_say("old account");
}

/// A frame is small, and people come for the lesson.
#[tokio::test]
async fn the_lesson_and_its_quiz_come_before_what_the_launch_says() {
    let page = visit_of(launch()).await;
    let parts = ["<h1>", "id=\"lesson\"", "id=\"quiz\"", "id=\"place\"", "id=\"services\"", "<details>", "<table>"];
    let places = parts.map(|part| page.body.find(part).unwrap());
    assert!(places.is_sorted(), "{places:?}");
}

#[tokio::test]
async fn a_visit_shows_the_claims_as_a_table_and_as_json() {
    let page = visit_of(launch()).await;
    assert!(page.body.contains("<th scope=\"row\">sub</th><td>41</td>"));
    assert!(page.body.contains("<th scope=\"row\">version</th><td>1.3.0</td>"));
    assert!(page.body.contains("<details><summary>Every claim of this launch, for developers</summary>"));
    assert!(page.body.contains("&quot;https://purl.imsglobal.org/spec/lti/claim/version&quot;: &quot;1.3.0&quot;"));
}

#[tokio::test]
async fn every_message_type_has_its_page() {
    let pages = [
        ("LtiResourceLinkRequest", "How light bends</h2>"),
        ("LtiDeepLinkingRequest", "Choose content</h2>"),
        ("LtiSubmissionReviewRequest", "Review a student's work</h2>"),
        ("LtiDataPrivacyLaunchRequest", "Your data</h2>"),
        ("LtiSomethingNew", "A message that Lumen does not know</h2>"),
    ];
    for (message_type, heading) in pages {
        let mut launch = launch();
        launch["messageType"] = json!(message_type);
        assert!(visit_of(launch).await.body.contains(heading), "{message_type}");
    }
}

#[tokio::test]
async fn the_links_parameter_chooses_the_lesson() {
    let lessons = [
        (json!({"lesson": "mixing-colours"}), "Mixing colours</h2>"),
        (json!({"lesson": "quiz-refraction"}), "Quiz: refraction</h2>"),
        (json!({"lesson": "$Unknown"}), "How light bends</h2>"),
        (json!({"lesson": null}), "How light bends</h2>"),
        (json!({}), "How light bends</h2>"),
    ];
    for (custom, heading) in lessons {
        let mut launch = launch();
        launch["custom"] = custom;
        assert!(visit_of(launch).await.body.contains(heading), "{heading}");
    }
}

#[tokio::test]
async fn a_visit_is_refused_without_its_own_cookie() {
    let visitor = Visitor::when(Answer::Launch(launch())).await;
    let (mine, theirs) = (visitor.arrive().await, visitor.arrive().await);
    for cookie in [None, Some(theirs.1.as_str()), Some("lumen_visit="), Some("lumen_visit"), Some("other=1")] {
        let page = visitor.get(&mine.0, cookie).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{cookie:?}");
        assert!(!page.body.contains("Ada"), "{cookie:?}");
    }
    assert_eq!(visitor.get(&mine.0, Some(&mine.1)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn another_cookie_beside_it_does_not_hide_the_right_one() {
    let visitor = Visitor::when(Answer::Launch(launch())).await;
    let (path, cookie) = visitor.arrive().await;
    let cookies = format!("theme=dark; lumen_visit=stale; {cookie}");
    assert_eq!(visitor.get(&path, Some(&cookies)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_unknown_visit_looks_like_one_of_somebody_else() {
    let visitor = Visitor::when(Answer::Launch(launch())).await;
    let (path, cookie) = visitor.arrive().await;
    let (unknown, foreign) = (visitor.get("/app/visits/none", Some(&cookie)).await, visitor.get(&path, None).await);
    assert_eq!(unknown.status, foreign.status);
    assert_eq!(unknown.body, foreign.body);
}

#[tokio::test]
async fn a_visit_ends_after_a_school_day() {
    let visitor = Visitor::when(Answer::Launch(launch())).await;
    let (path, cookie) = visitor.arrive().await;
    visitor.wait_seconds(8 * 3600 - 1);
    assert_eq!(visitor.get(&path, Some(&cookie)).await.status, StatusCode::OK);
    visitor.wait_seconds(1);
    assert_eq!(visitor.get(&path, Some(&cookie)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn values_are_escaped_wherever_they_stand() {
    let evil = "<script>alert(1)</script>\"&";
    let mut launch = launch();
    launch["user"]["givenName"] = json!(evil);
    launch["context"]["title"] = json!(evil);
    launch["resourceLink"]["title"] = json!(evil);
    launch["tenant"] = json!(evil);
    launch["messageType"] = json!(evil);
    launch["claims"] = json!({evil: evil, "nested": {evil: evil}});
    let page = visit_of(launch).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("<script"));
    assert!(page.body.contains("Welcome, &lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;"));
}

#[tokio::test]
async fn every_page_has_its_security_headers_and_landmarks() {
    let visitor = Visitor::when(Answer::Launch(launch())).await;
    let student = OpenVisit::of(students_launch()).await;
    let attempt = student.get("").await.hidden("attempt");
    let handed_in = student.post("/quiz", &[("attempt", &attempt)]).await;
    let pages = [
        student.follow(&handed_in).await,
        student.get("/class").await,
        OpenVisit::of(teachers_launch()).await.get("/class").await,
        OpenVisit::of(choosing_launch()).await.get("").await,
        visitor.get("/app/nowhere", None).await,
        visitor.visit().await,
        visitor.get("/app", None).await,
        visitor.get("/app?launch=%2F", None).await,
        visitor.get("/app/visits/none", None).await,
    ];
    for page in pages {
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self';"));
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(page.headers[header::REFERRER_POLICY], "no-referrer");
        assert_eq!(page.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(page.body.contains("<html lang=\"en\">"));
        assert!(page.body.contains("<main>"));
        assert_eq!(page.body.matches("<h1").count(), 1);
        assert!(!page.body.contains("<script"));
    }
}

/// Each region is a landmark, and two of one name cannot be told apart by ear.
#[tokio::test]
async fn every_region_of_a_page_has_a_name_of_its_own() {
    for launch in [launch(), students_launch(), teachers_launch(), choosing_launch()] {
        let page = visit_of(launch).await;
        let mut names: Vec<_> =
            page.body.split(" aria-label").skip(1).filter_map(|rest| rest.split('"').nth(1)).collect();
        let (found, id_missing) = (names.len(), |id: &&str| !page.body.contains(&format!("id=\"{id}\"")));
        let labels = page.body.split("aria-labelledby=\"").skip(1).filter_map(|rest| rest.split('"').next());
        assert_eq!(labels.filter(id_missing).count(), 0, "{}", page.body);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), found, "{names:?}");
    }
}

#[tokio::test]
async fn a_launch_without_claims_and_places_has_no_empty_lists() {
    let page = visit_of(json!({"id": "a", "messageType": "LtiResourceLinkRequest"})).await;
    page.assert_says("There are none.");
    page.assert_does_not_say("<table>");
    page.assert_does_not_say("<dl></dl>");
}

#[tokio::test]
async fn the_style_sheet_is_where_the_pages_say() {
    let visitor = Visitor::at("http://127.0.0.1:9", "key");
    let landing = visitor.get("/app", None).await;
    assert!(landing.body.contains("href=\"/app/style.css\""));
    let style = visitor.get("/app/style.css", None).await;
    assert_eq!(style.headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert!(style.body.contains("prefers-color-scheme: dark"));
}

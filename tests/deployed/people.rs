//! Who is in the course, what a teacher chooses for it, and that a person is forgotten.

use doorway_mock_platform::{OLD_CONSUMER_KEY, OLD_CONSUMER_SECRET, OldIds, Platform};
use http::Method;
use serde_json::{Value, json};
use url::Url;

use crate::app::App;
use crate::operator::done;
use crate::school::{ADA, BEN, ISSUER, School};
use crate::stack::{APP_URL, Stack};
use crate::visitor::Visitor;
use crate::world::folder;

/// A launch, as the App redeems it: once.
pub(crate) async fn launched(app: &App, user_id: &str) -> String {
    let launch = Visitor::at_school(user_id).await.click("video").await;
    let redeemed = app.redeem(&launch).await;
    assert_eq!((&redeemed["user"]["id"], &redeemed["platform"]["issuer"]), (&json!(user_id), &json!(ISSUER)));
    assert!(redeemed["user"]["email"].is_string(), "{redeemed}");
    let kept = app.get(&format!("/v1/launches/{launch}")).await;
    assert_eq!((&kept["user"]["id"], kept["user"].get("email")), (&json!(user_id), None), "personal claims are erased");
    let again = app.call(Method::POST, &format!("/v1/launches/{launch}/redeem"), None).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (410, "launch_redeemed"));
    launch
}

/// The operator adds the consumer of LTI 1.1 that the school was; a launch that proves it is recognised.
pub(crate) async fn recognised(stack: &Stack, school: &School, app: &App) {
    let secret = folder().join("lti11-secret");
    std::fs::write(&secret, OLD_CONSUMER_SECRET).expect("the folder is ours");
    let secret = secret.to_str().expect("the folder has a plain name");
    done(stack, &["migration-key", "add", OLD_CONSUMER_KEY, "--issuer", ISSUER, "--secret-file", secret]).await;
    school.platform.set_old_ids(OldIds::Signed);
    let launch = Visitor::at_school(BEN).await.click("video").await;
    let migration = &app.redeem(&launch).await["migration"];
    assert_eq!((&migration["verified"], &migration["userId"]), (&json!(true), &json!(format!("maple-user-{BEN}"))));
    school.platform.set_old_ids(OldIds::NotSent);
}

/// What the teacher chooses is a link of the course, which launches to it.
pub(crate) async fn chosen(app: &App, school: &School) {
    let mut teacher = Visitor::at_school(ADA).await;
    let launch = teacher.click("choose-content").await;
    app.redeem(&launch).await;
    let lesson = format!("{APP_URL}/lessons/9");
    let items = json!({ "contentItems": [{ "type": "ltiResourceLink", "title": "Refraction", "url": lesson }] });
    let answer = app.expect(200, Method::POST, &format!("/v1/launches/{launch}/deep-link"), Some(&items)).await;
    let return_url: Url = answer["returnUrl"].as_str().and_then(|url| url.parse().ok()).expect("a return URL");
    let jwt = answer["jwt"].as_str().expect("a response is signed").to_owned();
    let page = teacher.go(Method::POST, return_url, Some(&[("JWT".to_owned(), jwt)])).await;
    assert_eq!(page.answer.status.as_u16(), 200, "{}", page.answer.body);
    let links = school.platform.chosen_links();
    assert_eq!(links.iter().map(|link| link.title.as_str()).collect::<Vec<_>>(), ["Refraction"]);
    let launch = Visitor::at_school(BEN).await.click(&links[0].id).await;
    assert_eq!(app.redeem(&launch).await["targetLinkUri"], json!(lesson));
}

/// Everybody that the school has in the course.
pub(crate) async fn roster(app: &App, platform: &Platform, launch: &str) {
    let roster = app.get(&format!("/v1/launches/{launch}/memberships")).await;
    let mut members: Vec<&Value> = roster["members"].as_array().expect("members are listed").iter().collect();
    members.sort_by_key(|member| member["userId"].to_string());
    let mut expected: Vec<String> = platform.roster().members().into_iter().map(|member| member.user.id).collect();
    expected.sort();
    assert_eq!(members.iter().map(|member| member["userId"].clone()).collect::<Vec<_>>(), expected, "{roster}");
}

/// A launch, and then a whole person, are forgotten.
pub(crate) async fn forgotten(app: &App) {
    let one = launched(app, BEN).await;
    let other = launched(app, BEN).await;
    app.expect(204, Method::DELETE, &format!("/v1/launches/{one}"), None).await;
    app.get(&format!("/v1/launches/{other}")).await;
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("issuer", ISSUER).append_pair("sub", BEN).finish();
    app.expect(204, Method::DELETE, &format!("/v1/users?{query}"), None).await;
    for launch in [one, other] {
        app.expect(404, Method::GET, &format!("/v1/launches/{launch}"), None).await;
    }
}

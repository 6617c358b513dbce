//! One launch, end to end.

use doorway_tests::{FakePlatform, TestTool};
use http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_teacher_launches_and_the_app_redeems() {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    let begun = tool.begin(&platform).await;
    let claims = tool.good_claims(&platform, &begun);
    let launched = tool.post_token(&begun, &platform.key.id_token(&claims)).await;
    let id = launched.launch_id();
    assert_eq!(launched.header("location"), format!("https://app.example/lesson/7?launch={id}"));

    let redeemed = tool.redeem(&id).await;
    assert_eq!(redeemed.status, StatusCode::OK, "{}", redeemed.body);
    let launch = redeemed.json();
    assert_eq!(launch["messageType"], "LtiResourceLinkRequest");
    assert_eq!(launch["user"]["isInstructor"], true);
    assert_eq!(launch["user"]["email"], claims["email"]);
    assert_eq!(launch["claims"], claims);

    let kept = tool.api("GET", &format!("/v1/launches/{id}")).await.json();
    assert_eq!(kept["user"]["email"], json!(null));
    assert_eq!(kept["services"], launch["services"]);
}

//! What the stores promise, on the embedded DynamoDB.

use doorway_core::launch_id::LaunchId;
use doorway_core::store::launches::{NewLaunch, Stored};
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::Issuer;
use doorway_lti::json::Object;
use doorway_tests::TestTool;

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_known_again_when_it_is_repeated() {
    let tool = TestTool::start(&[]).await;
    let (launches, now) = (tool.parts.launches(), UnixSeconds(tool.now()));
    let (id, issuer) =
        (LaunchId::try_from("A".repeat(32).as_str()).unwrap(), Issuer::try_from("https://lms.example").unwrap());
    let launch = |attempt| NewLaunch {
        id: &id,
        issuer: &issuer,
        user_id: None,
        kept: Object::new(),
        personal: Object::new(),
        attempt,
    };
    assert_eq!(launches.store(&launch([1; 8]), now).await.unwrap(), Stored::New);
    assert_eq!(launches.store(&launch([1; 8]), now).await.unwrap(), Stored::New, "our own write, repeated");
    assert_eq!(launches.store(&launch([2; 8]), now).await.unwrap(), Stored::AlreadyUsed, "another request");
}

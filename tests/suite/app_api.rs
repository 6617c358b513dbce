//! The App API for launches: redeem, read, forget. A fixed contract (design, section 5).

mod authorization;
mod disabled;
mod forget;
mod forget_user;
mod problems;
mod read;
mod redeem;
mod shape;

use doorway_core::launch_id::LaunchId;
use doorway_core::store::launches::StoredLaunch;
use doorway_mock_platform::{User, find_user};
use doorway_tests::{FakePlatform, TestTool};
use serde_json::Value;

/// No launch has this id, though it could be one.
const UNKNOWN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// How long a redeemed launch is kept by a test Tool, in seconds.
const RETENTION_SECONDS: u64 = 120 * 24 * 3600;

/// A Tool with one Platform.
async fn tool_and_platform() -> (TestTool, FakePlatform) {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    (TestTool::start(&[platform.registration()]).await, platform)
}

/// A launch by this user of the mock Platform; its id.
async fn launch_by(tool: &TestTool, platform: &FakePlatform, user_id: &str) -> String {
    let begun = tool.begin(platform).await;
    let claims = platform.claims(&begun.nonce(), tool.now(), &user(user_id)).resource_link();
    tool.post_token(&begun, &platform.key.id_token(&claims)).await.launch_id()
}

fn user(id: &str) -> User {
    find_user(id).expect("the mock Platform knows the user")
}

async fn read(tool: &TestTool, id: &str) -> doorway_tests::Answer {
    tool.api("GET", &format!("/v1/launches/{id}")).await
}

async fn forget(tool: &TestTool, id: &str) -> doorway_tests::Answer {
    tool.api("DELETE", &format!("/v1/launches/{id}")).await
}

/// The launch as it stands in the table.
async fn stored(tool: &TestTool, id: &str) -> Option<StoredLaunch> {
    let id = LaunchId::try_from(id).expect("the id is a launch id");
    tool.parts.launches().get(&id).await.expect("the table answers")
}

/// Everything that could name the teacher, from these claims of hers.
fn personal_texts(claims: &Value) -> Vec<&str> {
    ["name", "given_name", "family_name", "email"].iter().filter_map(|name| claims[*name].as_str()).collect()
}

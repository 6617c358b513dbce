//! The flow and its session (security digest §2, F1 to F17; F2 stands in `concurrency`).

mod browser;
mod deployments;
mod parties;
mod people;
mod switched_off;

use doorway_tests::{Begun, FakePlatform, TestTool};

const ISSUER: &str = "https://lms.example";

async fn set_up() -> (FakePlatform, TestTool) {
    let platform = FakePlatform::start(ISSUER, "client-1").await;
    let tool = TestTool::start(&[platform.registration()]).await;
    (platform, tool)
}

/// The right token for a login.
fn token(tool: &TestTool, platform: &FakePlatform, begun: &Begun) -> String {
    platform.key.id_token(&tool.good_claims(platform, begun))
}

//! The JSON for Canvas's developer keys.

use doorway_tests::TestTool;
use serde_json::json;

#[tokio::test]
async fn canvas_finds_the_tools_own_addresses() {
    let tool = TestTool::start(&[]).await;
    let answer = tool.get("/lti/config.json").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    let document = answer.json();
    for (member, value) in [
        ("title", "Lumen"),
        ("oidc_initiation_url", "https://tool.example/lti/login"),
        ("target_link_uri", "https://app.example/start"),
        ("public_jwk_url", "https://tool.example/.well-known/jwks.json"),
    ] {
        assert_eq!(document[member], json!(value), "{member}");
    }
    assert_eq!(document["scopes"].as_array().map(Vec::len), Some(5));
    assert_eq!(document["extensions"][0]["platform"], "canvas.instructure.com");
    assert_eq!(document["extensions"][0]["privacy_level"], "public");
}

//! The bus hears of Platforms that registered, and whether they wait.

use doorway_core::invite::NewInvite;
use doorway_tests::{FakeEventBus, TestTool, refused};
use serde_json::{Value, json};

use crate::support::{Scripted, invite, trusted};

#[tokio::test]
async fn a_platform_that_registered_is_told_with_its_status() {
    let mut tool = TestTool::start(&[]).await;
    let platform = Scripted::start().await;
    let (bus, events) = FakeEventBus::start().await;
    tool.tell(events);
    let waiting = NewInvite { tenant: Some("maple".to_owned()), ..NewInvite::default() };
    let again = NewInvite { may_update: true, ..trusted() };
    for (invited, status, is_update) in [(waiting, "pending", false), (again, "pending", true)] {
        let answer = platform.register(&tool, &invite(&tool, &invited).await).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let told: Vec<_> = bus.take().into_iter().map(|e| (e["DetailType"].clone(), e["Detail"].clone())).collect();
        let detail = json!({
            "version": 1, "tenant": "maple", "status": status, "isUpdate": is_update,
            "platform": { "issuer": platform.issuer(), "clientId": "client-7" },
        });
        assert_eq!(told, [(json!("Platform Registered"), detail)]);
    }
    let stranger = NewInvite { tenant: Some("oak".to_owned()), ..NewInvite::default() };
    let answer = platform.register(&tool, &invite(&tool, &stranger).await).await;
    refused("another customer", &answer, 409, "registration_exists");
    assert_eq!(bus.take(), Vec::<Value>::new());
}

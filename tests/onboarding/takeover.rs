//! Nobody's Registration is overwritten, and no issuer is taken over.

use doorway_core::invite::NewInvite;
use doorway_core::registration::{Registration, Status};
use doorway_tests::{TestTool, refused};
use serde_json::json;

use crate::listener::answer;
use crate::support::{Scripted, invite, stored, trusted};

fn of(tenant: Option<&str>, may_update: bool) -> NewInvite {
    NewInvite { tenant: tenant.map(str::to_owned), may_update, ..trusted() }
}

/// What the Platform has registered already, before a test changes it.
async fn known(tool: &TestTool, platform: &Scripted, change: impl FnOnce(&mut Registration)) -> Registration {
    let base = platform.issuer();
    let mut registration: Registration = serde_json::from_value(json!({
        "issuer": base, "clientId": "client-7", "authorizationEndpoint": format!("{base}/auth"),
        "tokenEndpoint": format!("{base}/token"), "jwksUri": format!("{base}/jwks"), "deployments": ["1"],
        "tenant": "maple",
    }))
    .expect("the registration is complete");
    change(&mut registration);
    tool.parts.registrations().put(&registration).await.expect("the table takes a registration");
    registration
}

#[tokio::test]
async fn a_registration_of_somebody_else_stays_as_it_is() {
    for (case, tenant, new) in [
        ("another customer", Some("maple"), of(Some("oak"), false)),
        ("another customer, who may update", Some("maple"), of(Some("oak"), true)),
        ("no customer", Some("maple"), of(None, false)),
        ("nobody's, and no word of updating", None, of(None, false)),
        ("nobody's, and a customer", None, of(Some("maple"), false)),
    ] {
        let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
        let before = known(&tool, &platform, |known| known.tenant = tenant.map(str::to_owned)).await;
        let answer = platform.register(&tool, &invite(&tool, &new).await).await;
        refused(case, &answer, 409, "registration_exists");
        assert_eq!(platform.stored(&tool).await, [before], "{case}");
    }
}

#[tokio::test]
async fn endpoints_change_only_where_an_operator_allows_it() {
    for (may_update, is_allowed) in [(false, false), (true, true)] {
        let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
        let jwks = format!("{}/older-jwks", platform.issuer());
        let before = known(&tool, &platform, |known| known.jwks_uri = jwks.parse().unwrap()).await;
        let answer = platform.register(&tool, &invite(&tool, &of(Some("maple"), may_update)).await).await;
        assert_eq!(answer.status == 200, is_allowed, "{}", answer.body);
        let after = platform.stored(&tool).await.remove(0);
        assert_eq!(after.jwks_uri != before.jwks_uri, is_allowed);
    }
}

/// What an operator decided stays: above all, what is switched off.
#[tokio::test]
async fn a_renewal_switches_nothing_on() {
    let platform =
        Scripted::with(|_| {}, |_| answer(200, &[], r#"{"client_id":"client-7","deployment_id":"2"}"#)).await;
    let tool = TestTool::start(&[]).await;
    let before = known(&tool, &platform, |known| known.status = Status::Disabled).await;
    let answer = platform.register(&tool, &invite(&tool, &of(Some("maple"), true)).await).await;
    assert!(answer.body.contains("The tool is switched off"), "{}", answer.body);
    let after = platform.stored(&tool).await.remove(0);
    assert_eq!((after.status, &after.tenant), (Status::Disabled, &before.tenant));
    assert!(["1", "2"].iter().all(|id| after.deployments.lists(&(*id).try_into().unwrap())), "{:?}", after.deployments);
}

/// Users are known by issuer and id: another key set for a known issuer would let its owner sign in as any of them. Who
/// can publish a document anywhere on the Platform's host could name one.
#[tokio::test]
async fn a_known_issuer_with_other_keys_waits_even_if_the_invite_is_trusted() {
    for (member, is_same) in [("tokenEndpoint", true), ("jwksUri", false), ("authorizationEndpoint", false)] {
        let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
        let first = known(&tool, &platform, |known| {
            let elsewhere = "http://127.0.0.1:9/elsewhere".parse().unwrap();
            known.client_id = "client-1".try_into().unwrap();
            match member {
                "tokenEndpoint" => known.token_endpoint = elsewhere,
                "jwksUri" => known.jwks_uri = elsewhere,
                _ => known.authorization_endpoint = elsewhere,
            }
        })
        .await;
        let code = invite(&tool, &of(Some("oak"), false)).await;
        let page = platform.ask(&tool, &code).await.body;
        assert_eq!(page.contains("can sign people in to the tool at once"), is_same, "{member}: {page}");
        assert_eq!(platform.register(&tool, &code).await.status, 200);
        let stored = platform.stored(&tool).await;
        assert_eq!(stored[0], first, "{member}: the first is as it was");
        assert_eq!(stored[1].status, if is_same { Status::Active } else { Status::Pending }, "{member}");
    }
}

/// Another school, registered as `client-7` with this token endpoint.
async fn another_school(tool: &TestTool, token_endpoint: &str, token_audience: Option<&str>) -> Registration {
    let school = "https://school.example";
    let registration: Registration = serde_json::from_value(json!({
        "issuer": school, "clientId": "client-7", "authorizationEndpoint": format!("{school}/auth"),
        "tokenEndpoint": token_endpoint, "tokenAudience": token_audience, "jwksUri": format!("{school}/jwks"),
        "deployments": ["1"], "tenant": "oak",
    }))
    .expect("the registration is complete");
    tool.parts.registrations().put(&registration).await.expect("the table takes a registration");
    registration
}

/// A Platform says which client the Tool is, and where its tokens come from. One that says another's would have tokens for
/// that one's grades sent to its own services.
#[tokio::test]
async fn a_client_of_another_platform_is_not_registered_again() {
    const TOKEN_ENDPOINT: &str = "https://school.example/token";
    for (case, theirs, audience) in [
        ("the endpoint", TOKEN_ENDPOINT, None),
        ("its origin", "https://school.example/oauth2/token?tenant=1", None),
        ("the audience", "https://auth.example/token", Some("https://school.example/token")),
    ] {
        let hostile = |document: &mut serde_json::Value| document["token_endpoint"] = json!(TOKEN_ENDPOINT);
        let platform = Scripted::with(hostile, |_| answer(200, &[], r#"{"client_id":"client-7"}"#)).await;
        for new in [of(Some("maple"), false), of(None, true)] {
            let tool = TestTool::start(&[]).await;
            let before = another_school(&tool, theirs, audience).await;
            let answer = platform.register(&tool, &invite(&tool, &new).await).await;
            refused(case, &answer, 409, "registration_exists");
            assert!(platform.stored(&tool).await.is_empty(), "{case}");
            assert_eq!(stored(&tool, "https://school.example").await, [before], "{case}");
        }
    }
}

/// There are Platforms that never look whom an assertion is for: what the Tool signs for `client-7` here would be good
/// there.
#[tokio::test]
async fn a_client_id_of_another_platform_waits_even_if_the_invite_is_trusted() {
    let (tool, platform) = (TestTool::start(&[]).await, Scripted::start().await);
    another_school(&tool, "https://school.example/token", None).await;
    let answer = platform.register(&tool, &invite(&tool, &of(Some("maple"), false)).await).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(platform.stored(&tool).await[0].status, Status::Pending);

    let tool = TestTool::start(&[]).await;
    platform.register(&tool, &invite(&tool, &of(Some("maple"), false)).await).await;
    assert_eq!(platform.stored(&tool).await[0].status, Status::Active, "where nobody else has it");
}

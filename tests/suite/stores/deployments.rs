//! Deployments: what is recorded stands, and who wrote knows at once what counts.

use doorway_core::registration::{Deployment, DeploymentPolicy, Registration, Status};
use doorway_core::store::deployments::Deployments;
use doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS;
use doorway_local::database::REGISTRATIONS_TABLE;
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::DeploymentId;
use doorway_tests::{AttributeValue, BEGIN, FakePlatform, TestTool};

async fn registration(policy: DeploymentPolicy) -> Registration {
    let platform = FakePlatform::start("https://lms.example", "client-1").await;
    Registration { deployments: policy, ..platform.registration() }
}

fn id(text: &str) -> DeploymentId {
    DeploymentId::try_from(text).expect("the id is one")
}

fn deployment(name: &str, status: Status) -> Deployment {
    Deployment { id: id(name), status, tenant: None }
}

fn later(seconds: u64) -> UnixSeconds {
    UnixSeconds(BEGIN.0 + seconds)
}

/// What becomes of a launch of this Deployment: its tenant, or why it is refused.
async fn accepted(deployments: &Deployments, by: &Registration, name: &str, now: UnixSeconds) -> String {
    match deployments.accept(by, &id(name), now).await {
        Ok(deployment) => deployment.tenant.unwrap_or_else(|| "welcome".to_owned()),
        Err(error) => error.code().to_owned(),
    }
}

#[tokio::test]
async fn who_changes_a_deployment_finds_it_changed_at_once() {
    let tool = TestTool::start(&[]).await;
    let (deployments, by) = (tool.parts.deployments(), registration(DeploymentPolicy::Pending).await);
    let now_accepted = || accepted(&deployments, &by, "1", BEGIN);
    assert_eq!(now_accepted().await, "deployment_pending");
    let recorded = Deployment { tenant: Some("Maple School".to_owned()), ..deployment("1", Status::Active) };
    deployments.put(&by.key(), &recorded, BEGIN).await.unwrap();
    assert_eq!(now_accepted().await, "Maple School");
    deployments.put(&by.key(), &deployment("1", Status::Disabled), BEGIN).await.unwrap();
    assert_eq!(now_accepted().await, "deployment_disabled");
    deployments.remove(&by.key(), &id("1")).await.unwrap();
    assert_eq!(deployments.all(&by.key()).await.unwrap(), []);
    assert_eq!(now_accepted().await, "deployment_pending", "recorded anew");
    assert_eq!(deployments.all(&by.key()).await.unwrap(), [deployment("1", Status::Pending)]);
}

#[tokio::test]
async fn what_another_instance_changed_counts_when_the_cache_ends() {
    let tool = TestTool::start(&[]).await;
    let (deployments, by) = (tool.parts.deployments(), registration(DeploymentPolicy::Any).await);
    assert_eq!(accepted(&deployments, &by, "1", BEGIN).await, "welcome");
    let disabled = deployment("1", Status::Disabled);
    tool.parts.deployments().put(&by.key(), &disabled, BEGIN).await.unwrap();
    let at_the_end = later(REGISTRATION_CACHE_SECONDS);
    assert_eq!(accepted(&deployments, &by, "1", later(REGISTRATION_CACHE_SECONDS - 1)).await, "welcome");
    assert_eq!(accepted(&deployments, &by, "1", at_the_end).await, "deployment_disabled");
}

#[tokio::test]
async fn what_was_recorded_first_stands_whoever_records_at_the_same_time() {
    let tool = TestTool::start(&[]).await;
    let (waits, welcome) = (registration(DeploymentPolicy::Pending).await, registration(DeploymentPolicy::Any).await);
    let deployments = tool.parts.deployments();
    assert_eq!(accepted(&deployments, &waits, "1", BEGIN).await, "deployment_pending");
    // By now everybody is welcome: who was recorded before still waits.
    assert_eq!(accepted(&tool.parts.deployments(), &welcome, "1", BEGIN).await, "deployment_pending");
    assert_eq!(accepted(&deployments, &welcome, "2", BEGIN).await, "welcome");
    let recorded = deployments.all(&welcome.key()).await.unwrap();
    assert_eq!(recorded, [deployment("1", Status::Pending), deployment("2", Status::Active)]);
}

#[tokio::test]
async fn of_many_who_record_at_once_one_does_and_the_others_say_the_same() {
    let tool = TestTool::start(&[]).await;
    let policies = [registration(DeploymentPolicy::Pending).await, registration(DeploymentPolicy::Any).await];
    for number in 0..10 {
        let name = number.to_string();
        let running: Vec<_> = (0..8)
            .map(|caller| (tool.parts.deployments(), policies[caller % 2].clone(), name.clone()))
            .map(|(deployments, by, name)| tokio::spawn(async move { accepted(&deployments, &by, &name, BEGIN).await }))
            .collect();
        let mut said = Vec::new();
        for caller in running {
            said.push(caller.await.unwrap());
        }
        let afterwards = accepted(&tool.parts.deployments(), &policies[0], &name, BEGIN).await;
        assert_eq!(said, vec![afterwards; 8], "{name}");
    }
}

#[tokio::test]
async fn a_record_says_when_it_was_made() {
    let tool = TestTool::start(&[]).await;
    let (deployments, by) = (tool.parts.deployments(), registration(DeploymentPolicy::Any).await);
    assert_eq!(accepted(&deployments, &by, "1", later(7)).await, "welcome");
    let recorded_at: Vec<_> =
        tool.items(REGISTRATIONS_TABLE).await.iter().map(|item| item["recorded_at"].clone()).collect();
    assert_eq!(recorded_at, [AttributeValue::N(later(7).0.to_string())]);
}

#[tokio::test]
async fn what_is_known_to_be_switched_off_is_refused_early_and_nothing_else() {
    let tool = TestTool::start(&[]).await;
    let (deployments, by) = (tool.parts.deployments(), registration(DeploymentPolicy::Any).await);
    let states = [("on", Status::Active), ("waits", Status::Pending), ("off", Status::Disabled)];
    for (name, status) in states {
        deployments.put(&by.key(), &deployment(name, status), BEGIN).await.unwrap();
    }
    // A list is the whole truth: what a record says does not count any more.
    let listed = Registration { deployments: DeploymentPolicy::Listed(vec![id("off")]), ..by.clone() };
    for (name, early, active) in [
        ("on", None, None),
        ("waits", None, Some("deployment_pending")),
        ("off", Some("deployment_disabled"), Some("deployment_disabled")),
        ("new", None, Some("deployment_unknown")),
    ] {
        let code = |outcome: Result<(), doorway_core::error::Error>| outcome.err().map(|error| error.code());
        assert_eq!(code(deployments.refuse_disabled(&by, &id(name), BEGIN).await), early, "{name}");
        assert_eq!(code(deployments.refuse_unwelcome(&by, &id(name), BEGIN).await), early, "{name}");
        assert_eq!(code(deployments.require_active(&by, &id(name), BEGIN).await), active, "{name}");
        let on_list = (name != "off").then_some("deployment_unknown");
        assert_eq!(code(deployments.refuse_disabled(&listed, &id(name), BEGIN).await), None, "{name}");
        assert_eq!(code(deployments.refuse_unwelcome(&listed, &id(name), BEGIN).await), on_list, "{name}");
        assert_eq!(code(deployments.require_active(&listed, &id(name), BEGIN).await), on_list, "{name}");
    }
    assert_eq!(deployments.all(&by.key()).await.unwrap().len(), states.len(), "nothing was recorded");
}

#[tokio::test]
async fn all_deployments_are_listed_however_many_there_are() {
    let tool = TestTool::start(&[]).await;
    let (deployments, by) = (tool.parts.deployments(), registration(DeploymentPolicy::Any).await);
    // More than one page of a query, which is a megabyte.
    for number in 0..4 {
        let large = Deployment { tenant: Some("x".repeat(380_000)), ..deployment(&number.to_string(), Status::Active) };
        deployments.put(&by.key(), &large, BEGIN).await.unwrap();
    }
    let listed = deployments.all(&by.key()).await.unwrap();
    let names: Vec<&str> = listed.iter().map(|deployment| deployment.id.as_str()).collect();
    assert_eq!(names, ["0", "1", "2", "3"]);
}

#[tokio::test]
async fn a_deployment_that_the_table_does_not_take_is_said_not_to_be_stored() {
    let tool = TestTool::start(&[]).await;
    let (deployments, by) = (tool.parts.deployments(), registration(DeploymentPolicy::Any).await);
    tool.drop_table(REGISTRATIONS_TABLE).await;
    let failed = [
        ("put a deployment", deployments.put(&by.key(), &deployment("1", Status::Active), BEGIN).await),
        ("remove a deployment", deployments.remove(&by.key(), &id("1")).await),
        ("query deployments", deployments.all(&by.key()).await.map(drop)),
    ];
    for (operation, outcome) in failed {
        let error = outcome.expect_err(operation).to_string();
        assert!(error.contains(operation), "{operation}: {error}");
    }
    assert_eq!(accepted(&deployments, &by, "1", BEGIN).await, "storage_unavailable");
}

//! Whose scores were delivered: by tenant, although a batch has those of several.

use doorway_mock_platform::{Endpoint, Profile, ServiceFault, ServicesConfig, Times};
use doorway_tests::{School, log_lines};
use serde_json::{Value, json};

use crate::support::{BEN, CHLOE, Class, grade, grade_of, queued, send_for};

/// The lines of the only batch.
fn lines() -> (Value, Vec<Value>) {
    let lines: Vec<Value> = log_lines().into_iter().filter(|line| line["function"] == "deliver-scores").collect();
    let (batches, tenants): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line["message"] == "deliveries");
    assert_eq!(batches.len(), 1, "one batch");
    assert!(tenants.iter().all(|line| line["message"] == "deliveries of a tenant"), "{tenants:?}");
    (batches[0].clone(), tenants)
}

#[tokio::test]
async fn a_batch_of_several_tenants_is_counted_once_for_each() {
    let class = Class::with_registration(|registration| registration.tenant = Some("Maple".to_owned())).await;
    let oak =
        |registration: &mut doorway_core::registration::Registration| registration.tenant = Some("Oak".to_owned());
    let services = ServicesConfig { profile: Profile::Moodle, ..ServicesConfig::default() };
    let other = School::start_with(&class.tool, services, oak).await;
    let nobodys = School::start(&class.tool, Profile::Sakai).await;
    class.fail(Endpoint::Score, ServiceFault::ServiceUnavailable, Times::All);
    class.queue(&grade(1.0)).await;
    class.queue(&grade_of(CHLOE, 1.0)).await;
    for school in [&other, &nobodys] {
        let launch = school.launch(&class.tool, BEN).await;
        queued(&send_for(&class.tool, &launch, &grade(2.0), &[("prefer", "respond-async")]).await);
    }
    assert_eq!(class.poll().await, 4);

    let (batch, tenants) = lines();
    for (name, count) in [("messages", 4), ("delivered", 2), ("again", 2), ("dead", 0)] {
        assert_eq!(batch[name], count, "{name} in {batch}");
    }
    assert_eq!((batch.get("tenant"), batch.get("tenant_ascii")), (None, None), "a batch is nobody's");
    assert_eq!(batch["_aws"]["CloudWatchMetrics"][0]["Dimensions"], json!([["function"]]));
    let expected = [("Maple", 2, 0, 2), ("Oak", 1, 1, 0)];
    assert_eq!(tenants.len(), expected.len(), "{tenants:?}");
    for (line, (tenant, messages, delivered, again)) in tenants.iter().zip(expected) {
        assert_eq!((&line["tenant"], &line["tenant_ascii"]), (&json!(tenant), &json!(tenant)));
        let counts = [&line["messages"], &line["delivered"], &line["again"], &line["dead"]];
        assert_eq!(counts, [&json!(messages), &json!(delivered), &json!(again), &json!(0)], "{line}");
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Dimensions"], json!([["tenant_ascii", "function"]]), "{line}");
        let names = ["delivered", "dead", "again"].map(|name| json!({ "Name": name, "Unit": "Count" }));
        assert_eq!(directive["Metrics"], json!(names), "{line}");
    }
}

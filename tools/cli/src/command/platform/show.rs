//! `doorway platform list` and `show`.

use doorway_core::registration::{DeploymentPolicy, Registration, RegistrationKey, Status};
use doorway_lti::platform_family::PlatformFamily;
use serde_json::json;

use crate::answer::Answer;
use crate::fault::Fault;
use crate::place::Site;
use crate::table::table;

pub(super) async fn list(site: &Site) -> Result<Answer, Fault> {
    let listed = site.registrations()?.all().await?;
    let rows: Vec<[String; 6]> = listed.registrations.iter().map(row).collect();
    let mut text = match rows.as_slice() {
        [] => "No Platform is registered. Add one with `doorway platform add`.".to_owned(),
        rows => table(["issuer", "client id", "product", "status", "deployments", "tenant"], rows),
    };
    for broken in &listed.broken {
        text.push_str(&format!("\nbroken: {broken}"));
    }
    let broken: Vec<String> = listed.broken.iter().map(ToString::to_string).collect();
    Ok(Answer::done(text, json!({ "registrations": listed.registrations, "broken": broken })))
}

fn row(registration: &Registration) -> [String; 6] {
    [
        registration.issuer.to_string(),
        registration.client_id.to_string(),
        PlatformFamily::of(None, &registration.issuer, &registration.token_endpoint).name().to_owned(),
        registration.status.word().to_owned(),
        policy(&registration.deployments),
        registration.tenant.clone().unwrap_or_default(),
    ]
}

fn policy(deployments: &DeploymentPolicy) -> String {
    match deployments {
        DeploymentPolicy::Any => "any".to_owned(),
        DeploymentPolicy::Pending => "pending".to_owned(),
        DeploymentPolicy::Listed(ids) => format!("{} listed", ids.len()),
    }
}

pub(super) async fn show(key: &RegistrationKey, site: &Site) -> Result<Answer, Fault> {
    let registration = site.registration(key).await?;
    let deployments = site.deployments()?.all(key).await?;
    let waiting = deployments.iter().filter(|deployment| deployment.status == Status::Pending).count();
    let document = serde_json::to_value(&registration).unwrap_or_default();
    let mut text = String::new();
    for (member, value) in document.as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text.push_str(&format!("{member:<22} {value}\n"));
    }
    for deployment in &deployments {
        text.push_str(&format!("{:<22} {} ({})\n", "recorded Deployment", deployment.id, deployment.status.word()));
    }
    if waiting > 0 {
        text.push_str(&format!(
            "{waiting} wait to be activated: `doorway deployment activate {} {} ID`",
            key.issuer, key.client_id
        ));
    }
    let deployments: Vec<_> = deployments
        .iter()
        .map(|deployment| json!({ "id": deployment.id, "status": deployment.status, "tenant": deployment.tenant }))
        .collect();
    Ok(Answer::done(text, json!({ "registration": registration, "recordedDeployments": deployments })))
}

//! `doorway platform remove`.

use clap::Args;
use serde_json::json;

use crate::answer::Answer;
use crate::command::registration_key::Key;
use crate::fault::Fault;
use crate::place::Site;

/// What to remove.
#[derive(Debug, Args)]
pub struct Remove {
    #[command(flatten)]
    key: Key,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

/// The Registration first, since that ends its launches. Killed in between, the same command removes what is left.
pub(super) async fn run(remove: Remove, site: &Site) -> Result<Answer, Fault> {
    let key = remove.key.key();
    let (registrations, deployments) = (site.registrations()?, site.deployments()?);
    let recorded = deployments.all(&key).await?;
    if recorded.is_empty() {
        site.registration(&key).await?;
    }
    let what = format!(
        "Issuer {} with client id {} will be removed, with {} recorded Deployment(s). Its launches end, and scores that wait \
         can not be delivered any more.",
        key.issuer,
        key.client_id,
        recorded.len()
    );
    site.confirm(&what, remove.yes)?;
    registrations.remove(&key).await?;
    for deployment in &recorded {
        deployments.remove(&key, &deployment.id).await?;
    }
    let text =
        format!("Removed: issuer {}, client id {}, {} Deployment(s).", key.issuer, key.client_id, recorded.len());
    let ids: Vec<_> = recorded.iter().map(|deployment| &deployment.id).collect();
    Ok(Answer::done(text, json!({ "issuer": key.issuer, "clientId": key.client_id, "deployments": ids })))
}

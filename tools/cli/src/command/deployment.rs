//! `doorway deployment`: which installations of the Tool may launch.

use clap::{Args, Subcommand};
use doorway_core::registration::{Deployment, DeploymentPolicy, Registration, RegistrationKey, Status};
use doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS;
use doorway_lti::ids::DeploymentId;
use serde_json::{Value, json};

use super::registration_key::Key;
use crate::answer::Answer;
use crate::fault::Fault;
use crate::place::Site;
use crate::table::table;

/// What to do with Deployments.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the Deployments of a Platform, and say what happens to an unknown one.
    List(Key),
    /// Let a Deployment launch, be it seen already or not.
    Activate(One),
    /// Switch a Deployment off: within 30 seconds nothing of it is served any more.
    Disable(One),
}

/// One Deployment.
#[derive(Debug, Args)]
pub struct One {
    #[command(flatten)]
    key: Key,
    /// The Platform's id for it.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// Your name for the customer, where it differs from the Registration's.
    #[arg(long)]
    tenant: Option<String>,
}

/// Runs it.
///
/// # Errors
/// [`Fault`].
pub async fn run(command: Command, site: &Site) -> Result<Answer, Fault> {
    match command {
        Command::List(key) => list(&key.key(), site).await,
        Command::Activate(one) => set(one, Status::Active, site).await,
        Command::Disable(one) => set(one, Status::Disabled, site).await,
    }
}

async fn list(key: &RegistrationKey, site: &Site) -> Result<Answer, Fault> {
    let registration = site.registration(key).await?;
    let recorded = site.deployments()?.all(key).await?;
    let (known, unknown) = match &registration.deployments {
        DeploymentPolicy::Listed(ids) => {
            let listed = |id: &DeploymentId| Deployment { id: id.clone(), status: Status::Active, tenant: None };
            (ids.iter().map(listed).collect(), "is refused: the Registration lists those that may launch")
        }
        DeploymentPolicy::Any => (recorded, "is recorded, and launches"),
        DeploymentPolicy::Pending => (recorded, "is recorded, and waits to be activated"),
    };
    let rows: Vec<[String; 3]> = known
        .iter()
        .map(|one| [one.id.to_string(), one.status.word().to_owned(), one.tenant.clone().unwrap_or_default()])
        .collect();
    let text = format!("{}\nAn unknown Deployment {unknown}.", table(["deployment", "status", "tenant"], &rows));
    let shown: Vec<Value> = known.iter().map(shown).collect();
    Ok(Answer::done(text, json!({ "deployments": shown, "policy": registration.deployments })))
}

async fn set(one: One, status: Status, site: &Site) -> Result<Answer, Fault> {
    let key = one.key.key();
    let id = DeploymentId::try_from(one.id.as_str())
        .map_err(|error| Fault::usage(format!("the Deployment's id {error}"), "Nothing was changed."))?;
    let registration = site.registration(&key).await?;
    if let DeploymentPolicy::Listed(ids) = &registration.deployments {
        let mut ids = ids.clone();
        if one.tenant.is_some() {
            let todo = format!("Set it there: `doorway platform set {} {} tenant=NAME`.", key.issuer, key.client_id);
            return Err(Fault::usage(
                "the Registration lists its Deployments, and these have no tenant of their own",
                todo,
            ));
        }
        ids.retain(|listed| *listed != id);
        if status == Status::Active {
            ids.push(id.clone());
        }
        let changed = Registration { deployments: DeploymentPolicy::Listed(ids), ..registration };
        site.registrations()?.put(&changed).await?;
        return Ok(answer(&Deployment { id, status, tenant: None }, true));
    }
    let deployments = site.deployments()?;
    let known = deployments.all(&key).await?.into_iter().find(|known| known.id == id);
    let tenant = one.tenant.or(known.and_then(|known| known.tenant));
    let deployment = Deployment { id, status, tenant };
    deployments.put(&key, &deployment, site.now()).await?;
    Ok(answer(&deployment, false))
}

fn answer(deployment: &Deployment, is_listed: bool) -> Answer {
    let seconds = REGISTRATION_CACHE_SECONDS;
    let word = match (deployment.status, is_listed) {
        (Status::Active, false) => "may launch",
        (Status::Active, true) => "is on the Registration's list, and may launch",
        (_, false) => "is off: no launch of it is accepted, read or served",
        (_, true) => "was taken off the Registration's list: no launch of it is accepted, read or served",
    };
    let text = format!("Deployment {} {word}. Everywhere within {seconds} seconds.", deployment.id);
    Answer::done(text, json!({ "deployment": shown(deployment), "withinSeconds": seconds }))
}

fn shown(deployment: &Deployment) -> Value {
    json!({ "id": deployment.id, "status": deployment.status, "tenant": deployment.tenant })
}

//! `doorway migration-key`: the secrets of LTI 1.1 consumers, by which old accounts are believed.

mod shared_secret;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use doorway_core::migration::{AcceptedFrom, ConsumerRing, ConsumerRingError, ListedConsumer, NewConsumer};
use doorway_core::secret::SECRET_CACHE_SECONDS;
use doorway_core::secret_store::SecretStore;
use doorway_core::settings::Settings;
use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use serde_json::{Value, json};

use super::registration_key::{client_id, deployment_id, issuer};
use crate::answer::Answer;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::place::Site;
use crate::table::table;

/// What to do with the secrets of LTI 1.1 consumers.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add a consumer's key and its shared secret, which is read from standard input.
    Add(Add),
    /// List the consumers, without their secrets.
    List,
    /// Take a secret away.
    Remove(One),
}

/// A consumer, and from where it is accepted.
#[derive(Debug, Args)]
pub struct Add {
    /// The consumer's key, as the school typed it into its LMS: `oauth_consumer_key`.
    #[arg(allow_hyphen_values = true)]
    key: String,
    /// Read the secret from this file instead of standard input.
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// The issuer of the Platform that was this consumer, byte for byte.
    #[arg(long, value_parser = issuer, required_unless_present = "any_platform")]
    issuer: Option<Issuer>,
    /// Only by this client id: where several customers share the issuer, as in a hosted Canvas or Blackboard.
    #[arg(long, value_parser = client_id, allow_hyphen_values = true, requires = "issuer")]
    client_id: Option<ClientId>,
    /// Only this Deployment: where several customers share the client id as well.
    #[arg(long, value_name = "ID", value_parser = deployment_id, allow_hyphen_values = true, requires = "client_id")]
    deployment: Option<DeploymentId>,
    /// Accept it from every Platform. Whoever knows the secret and has a Registration can then take any account of it.
    #[arg(long, conflicts_with_all = ["issuer", "client_id", "deployment"])]
    any_platform: bool,
}

/// One secret.
#[derive(Debug, Args)]
pub struct One {
    /// Its id, as listed.
    #[arg(allow_hyphen_values = true)]
    id: String,
}

/// Runs it.
///
/// # Errors
/// [`Fault`].
pub async fn run(command: Command, site: &Site) -> Result<Answer, Fault> {
    let source = site.with(Settings::lti11_secrets_source)?;
    let ring = ConsumerRing::new(SecretStore::of(source), site.clock.clone(), site.random.clone());
    match command {
        Command::Add(add) => self::add(add, &ring, site).await,
        Command::List => {
            let consumers = ring.list().await?;
            let row = |consumer: &ListedConsumer| {
                let added = consumer.added_at.clone().unwrap_or_else(|| "(not known)".to_owned());
                [consumer.id.clone(), consumer.key.clone(), words(&consumer.accepted_from), added]
            };
            let rows: Vec<[String; 4]> = consumers.iter().map(row).collect();
            let shown: Vec<Value> = consumers.iter().map(shown).collect();
            Ok(Answer::done(table(["id", "key", "accepted from", "added"], &rows), json!({ "consumers": shown })))
        }
        Command::Remove(one) => {
            ring.remove(&one.id).await?;
            let text = format!("{} is removed: believed nowhere after {SECRET_CACHE_SECONDS} seconds.", one.id);
            Ok(Answer::done(text, json!({ "id": one.id, "withinSeconds": SECRET_CACHE_SECONDS })))
        }
    }
}

async fn add(add: Add, ring: &ConsumerRing, site: &Site) -> Result<Answer, Fault> {
    let accepted_from = match add.issuer {
        Some(issuer) => AcceptedFrom::Platform { issuer, client_id: add.client_id, deployment_id: add.deployment },
        None => AcceptedFrom::AnyPlatform,
    };
    let secret = shared_secret::read(add.secret_file.as_deref(), site)?;
    let from = words(&accepted_from);
    let id = ring.add(NewConsumer { key: add.key.clone(), secret, accepted_from }).await?;
    let text = format!(
        "Added, with the id {id}. Launches from {from} that are signed by consumer `{}` have verified old accounts within \
         {SECRET_CACHE_SECONDS} seconds. The secret is not shown again.",
        add.key
    );
    Ok(Answer::done(text, json!({ "id": id, "key": add.key, "withinSeconds": SECRET_CACHE_SECONDS })))
}

/// From where a consumer is accepted, for a person.
fn words(accepted_from: &AcceptedFrom) -> String {
    match accepted_from {
        AcceptedFrom::AnyPlatform => "any Platform".to_owned(),
        AcceptedFrom::Platform { issuer, client_id, deployment_id } => {
            let client_id = client_id.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
            let deployment_id = deployment_id.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
            format!("{issuer}{client_id}{deployment_id}")
        }
    }
}

/// A consumer as JSON: nothing of the secret.
fn shown(consumer: &ListedConsumer) -> Value {
    let (issuer, client_id, deployment_id) = match &consumer.accepted_from {
        AcceptedFrom::AnyPlatform => (None, None, None),
        AcceptedFrom::Platform { issuer, client_id, deployment_id } => {
            (Some(issuer), client_id.as_ref(), deployment_id.as_ref())
        }
    };
    json!({
        "id": consumer.id, "key": consumer.key, "issuer": issuer, "clientId": client_id, "deploymentId": deployment_id,
        "anyPlatform": consumer.accepted_from == AcceptedFrom::AnyPlatform, "addedAt": consumer.added_at,
    })
}

impl From<ConsumerRingError> for Fault {
    fn from(error: ConsumerRingError) -> Self {
        let (exit, todo) = match &error {
            ConsumerRingError::Store(_) => {
                (Exit::Unavailable, "Are the credentials right, and may they read and write the secret?")
            }
            ConsumerRingError::Unusable { .. } => {
                (Exit::Unavailable, "Mend the secret, or put the text {\"consumers\": []} into it.")
            }
            ConsumerRingError::Invalid => (Exit::Usage, "Nothing was stored."),
            ConsumerRingError::Exists { .. } => (Exit::Conflict, "Nothing is to be done."),
            ConsumerRingError::Full { .. } => {
                (Exit::Conflict, "`doorway migration-key remove ID` takes one away whose accounts are linked.")
            }
            ConsumerRingError::Unknown { .. } => (Exit::NotFound, "`doorway migration-key list` shows all."),
        };
        Self::new(exit, error.to_string(), todo)
    }
}

//! `doorway app-key`: the keys by which the App calls the App API.

use clap::{Args, Subcommand};
use doorway_core::app_keys::{AppKeyError, AppKeyRing};
use doorway_core::secret::SECRET_CACHE_SECONDS;
use doorway_core::secret_store::SecretStore;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::place::Site;
use crate::table::table;

/// What to do with App keys.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a key, and show it: this once.
    Create,
    /// List the keys that are valid, by id.
    List,
    /// Take a key away.
    Revoke(One),
}

/// One key.
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
    let source = site.with(|settings| settings.secret_source("DOORWAY_APP_KEYS", "the App API keys").1)?;
    let ring = AppKeyRing::new(SecretStore::of(source), site.clock.clone(), site.random.clone());
    match command {
        Command::Create => {
            let made = ring.create().await?;
            let text = format!(
                "{}\n\nIts id is {}. It is shown this once, and works at once. When the App uses it, revoke the old one: \
                 `doorway app-key list`, `doorway app-key revoke ID`.",
                made.key, made.id
            );
            Ok(Answer::done(text, json!({ "id": made.id, "key": made.key })))
        }
        Command::List => {
            let keys = ring.list().await?;
            let row = |key: &doorway_core::app_keys::ListedAppKey| {
                [key.id.clone(), key.created_at.clone().unwrap_or_else(|| "(not known)".to_owned())]
            };
            let rows: Vec<[String; 2]> = keys.iter().map(row).collect();
            let shown: Vec<Value> =
                keys.iter().map(|key| json!({ "id": key.id, "createdAt": key.created_at })).collect();
            Ok(Answer::done(table(["key", "made"], &rows), json!({ "keys": shown })))
        }
        Command::Revoke(one) => {
            ring.revoke(&one.id).await?;
            let text = format!("Key {} is revoked: refused everywhere within {SECRET_CACHE_SECONDS} seconds.", one.id);
            Ok(Answer::done(text, json!({ "id": one.id, "withinSeconds": SECRET_CACHE_SECONDS })))
        }
    }
}

impl From<AppKeyError> for Fault {
    fn from(error: AppKeyError) -> Self {
        let (exit, todo) = match &error {
            AppKeyError::Store(_) => (Exit::Unavailable, "Are the credentials right, and may they write the secret?"),
            AppKeyError::Unusable { .. } => {
                (Exit::Unavailable, "Mend the secret, or put the text {\"keys\": []} into it.")
            }
            AppKeyError::TooMany { .. } => (Exit::Conflict, "`doorway app-key revoke ID` takes one away."),
            AppKeyError::Unknown { .. } => (Exit::NotFound, "`doorway app-key list` shows all."),
        };
        Self::new(exit, error.to_string(), todo)
    }
}

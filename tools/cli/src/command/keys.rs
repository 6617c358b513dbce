//! `doorway keys`: the keys that sign for the Tool, and those that seal its logins.

use clap::{Args, Subcommand, ValueEnum};
use doorway_core::key_life::{KeyKind, KeyLife, LivingKey};
use doorway_core::key_ring::{Done, KeyError, KeyRing, Step};
use doorway_core::secret_store::VersionId;
use doorway_core::settings::Settings;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::place::Site;
use crate::table::table;

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the keys: which is used, which comes next, which only serves what it made before.
    List,
    /// Rotate: the next key is used, and a new next one is made. In AWS a schedule does this.
    Rotate(Which),
    /// Take a key away at once, because somebody else may have it. The next one is used from this moment.
    Revoke(One),
}

/// Which secret.
#[derive(Debug, Args)]
pub struct Which {
    /// Signing keys or state keys.
    #[arg(value_enum)]
    kind: Kind,
}

/// One key.
#[derive(Debug, Args)]
pub struct One {
    /// Its id, as listed.
    #[arg(allow_hyphen_values = true)]
    id: String,
}

/// Which secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// The keys that sign what Platforms verify.
    Signing,
    /// The keys that seal logins under way.
    State,
}

impl Kind {
    fn key_kind(self) -> KeyKind {
        match self {
            Self::Signing => KeyKind::Signing,
            Self::State => KeyKind::State,
        }
    }
}

/// Runs it.
///
/// # Errors
/// [`Fault`].
pub async fn run(command: Command, site: &Site) -> Result<Answer, Fault> {
    let rings = site.with(|settings: &mut Settings| settings.key_rings(&site.clock, &site.random))?;
    let rings: Vec<KeyRing> = rings.into_iter().map(|(_, ring)| ring).collect();
    match command {
        Command::List => list(&rings).await,
        Command::Rotate(which) => rotate(&rings, which.kind, site).await,
        Command::Revoke(one) => revoke(&rings, &one.id).await,
    }
}

async fn list(rings: &[KeyRing]) -> Result<Answer, Fault> {
    let (mut rows, mut shown) = (Vec::new(), Vec::new());
    for ring in rings {
        let life = ring.keys().await?;
        for (place, key) in places(&life) {
            let kind = word(ring.kind());
            rows.push([kind.to_owned(), place.to_owned(), key.id.clone(), key.made_at.clone().unwrap_or_default()]);
            shown.push(json!({ "kind": kind, "place": place, "id": key.id, "madeAt": key.made_at }));
        }
    }
    Ok(Answer::done(table(["kind", "place", "key", "made"], &rows), json!({ "keys": shown })))
}

/// All four steps of a rotation, as Secrets Manager has them made. Each may be repeated, so one that was cut short is
/// made good by the next.
async fn rotate(rings: &[KeyRing], kind: Kind, site: &Site) -> Result<Answer, Fault> {
    let ring = find(rings, kind.key_kind())?;
    let version = VersionId::new(&*site.random);
    let mut kept = None;
    for step in [Step::Create, Step::Set, Step::Test, Step::Finish] {
        if let Done::Kept(not_yet) = ring.step(step, &version).await? {
            kept = Some(not_yet);
        }
    }
    let life = ring.keys().await?;
    let text = match &kept {
        Some(not_yet) => format!(
            "Nothing has changed: key {} must have been published for a day before it is used. Try again from {} on.",
            not_yet.next,
            doorway_core::date::rfc3339(not_yet.due_at)
        ),
        None => format!("Key {} is in use: everywhere within five minutes.", life.current.id),
    };
    Ok(Answer::done(text, json!({ "changed": kept.is_none(), "current": life.current.id, "keys": ids(&life) })))
}

async fn revoke(rings: &[KeyRing], id: &str) -> Result<Answer, Fault> {
    for ring in rings {
        if !ring.keys().await?.all().any(|key| key.id == id) {
            continue;
        }
        let life = ring.revoke(id).await?;
        let text = format!(
            "Key {id} is revoked, and out of the published set. Key {} is in use. A Platform that has the old set in its \
             cache trusts the revoked key until it looks again.",
            life.current.id
        );
        return Ok(Answer::done(text, json!({ "revoked": id, "current": life.current.id, "keys": ids(&life) })));
    }
    Err(Fault::not_found(format!("no key has the id `{id}`"), "`doorway keys list` shows all."))
}

fn find(rings: &[KeyRing], kind: KeyKind) -> Result<&KeyRing, Fault> {
    let found = rings.iter().find(|ring| ring.kind() == kind);
    found.ok_or_else(|| Fault::new(Exit::Settings, "the Tool has no such secret", "Say which Tool is meant."))
}

fn places(life: &KeyLife) -> impl Iterator<Item = (&'static str, &LivingKey)> {
    let current = std::iter::once(("current", &life.current));
    let next = life.next.iter().map(|key| ("next", key));
    current.chain(next).chain(life.previous.iter().map(|key| ("previous", key)))
}

fn ids(life: &KeyLife) -> Value {
    places(life)
        .map(|(place, key)| (place.to_owned(), Value::from(key.id.clone())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn word(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Signing => "signing",
        KeyKind::State => "state",
    }
}

impl From<KeyError> for Fault {
    fn from(error: KeyError) -> Self {
        match &error {
            KeyError::Store(_) | KeyError::Table(_) => Self::new(
                Exit::Unavailable,
                error.to_string(),
                "Are the credentials right, and may they write the secret and the table?",
            ),
            KeyError::Unknown(_) => Self::not_found(error.to_string(), "`doorway keys list` shows all."),
            _ => Self::new(Exit::Conflict, error.to_string(), "The text says what to do; nothing was put into use."),
        }
    }
}

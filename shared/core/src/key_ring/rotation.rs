//! A rotation: the four steps in which Secrets Manager calls.

use std::fmt;

use super::{InUse, KeyError, KeyRing, TRIES, union};
use crate::key_life::{KeyLife, NotYet};
use crate::secret_store::{Put, VersionId};
use crate::signer::key_ids;

/// A step, in its order. Each may be repeated, and may follow one that was killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Makes the keys to come, as the pending version.
    Create,
    /// Publishes their public halves, together with those in use.
    Set,
    /// Proves that they work and are published.
    Test,
    /// Puts them into use.
    Finish,
}

/// What a step did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// The first keys were made.
    MadeFirst,
    /// A new `next` was made.
    Made,
    /// The keys stay as they are: the rotation came too soon.
    Kept(NotYet),
    /// The public halves are published.
    Published,
    /// There is nothing to publish of these keys.
    NothingToPublish,
    /// They work.
    Tested,
    /// They are in use.
    InUse,
    /// They are in use, and the key that signs or seals is the one that did so before.
    StillInUse,
    /// It had been done before.
    Before,
}

impl Step {
    /// All steps in their order.
    pub const ALL: [Self; 4] = [Self::Create, Self::Set, Self::Test, Self::Finish];

    /// Its name in Secrets Manager's events.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "createSecret",
            Self::Set => "setSecret",
            Self::Test => "testSecret",
            Self::Finish => "finishSecret",
        }
    }

    /// The step of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MadeFirst => "made the first keys",
            Self::Made => "made a new key",
            Self::Kept(_) => "kept the keys",
            Self::Published => "published",
            Self::NothingToPublish => "nothing to publish",
            Self::Tested => "tested",
            Self::InUse => "in use",
            Self::StillInUse => "still in use",
            Self::Before => "done before",
        })
    }
}

impl KeyRing {
    /// Takes one step of the rotation to this version.
    ///
    /// # Errors
    /// [`KeyError`]: nothing is in use then that was not before, and the step may be repeated.
    pub async fn step(&self, step: Step, version: &VersionId) -> Result<Done, KeyError> {
        match step {
            Step::Create => self.create(version).await,
            Step::Set => self.set(version).await,
            Step::Test => self.test(version).await,
            Step::Finish => self.finish(version).await,
        }
    }

    async fn create(&self, version: &VersionId) -> Result<Done, KeyError> {
        let in_use = self.in_use().await?;
        if self.is_in_use(&in_use, version)? || self.store.read(version).await?.is_some() {
            return Ok(Done::Before);
        }
        let (life, done) = match &in_use.life {
            None => (KeyLife::first(|| self.make()), Done::MadeFirst),
            Some(life) => self.rotated(life).await?,
        };
        match self.store.put_pending(version, &self.kind.text(&life)).await? {
            Put::Done => Ok(done),
            // The same step runs twice, and the other one was faster.
            Put::Taken => Ok(Done::Before),
        }
    }

    async fn rotated(&self, life: &KeyLife) -> Result<(KeyLife, Done), KeyError> {
        let in_use_since = match &life.next {
            Some(next) => self.tool_keys.next_since(self.kind, &next.id).await?,
            None => None,
        };
        match life.rotate(in_use_since, self.clock.now(), || self.make()) {
            Ok(rotated) => Ok((rotated, Done::Made)),
            Err(not_yet) => {
                // Where nobody noted it, its time begins now.
                self.note_next(life).await?;
                Ok((life.clone(), Done::Kept(not_yet)))
            }
        }
    }

    async fn set(&self, version: &VersionId) -> Result<Done, KeyError> {
        for _ in 0..TRIES {
            let published = self.tool_keys.to_replace().await?;
            let in_use = self.in_use().await?;
            if self.is_in_use(&in_use, version)? {
                return Ok(Done::Before);
            }
            let pending = self.pending(&in_use, version).await?;
            let sets = std::iter::once(&pending).chain(&in_use.life).filter_map(|life| self.kind.public_set(life));
            let sets: Vec<_> = sets.collect();
            if sets.is_empty() {
                return Ok(Done::NothingToPublish);
            }
            let key_set = union(sets);
            if published.key_set.as_ref() == Some(&key_set) {
                return Ok(Done::Before);
            }
            if self.tool_keys.replace(&published, &key_set, &*self.random).await? {
                return Ok(Done::Published);
            }
        }
        Err(KeyError::Crowded)
    }

    async fn test(&self, version: &VersionId) -> Result<Done, KeyError> {
        let in_use = self.in_use().await?;
        if self.is_in_use(&in_use, version)? {
            return Ok(Done::Before);
        }
        let pending = self.pending(&in_use, version).await?;
        if !self.kind.works(&self.kind.text(&pending), &*self.random) {
            self.store.drop_pending(version).await?;
            return Err(KeyError::Faulty { secret: self.store.name(), version: version.clone() });
        }
        self.require_published(&pending, &in_use).await?;
        Ok(Done::Tested)
    }

    async fn finish(&self, version: &VersionId) -> Result<Done, KeyError> {
        let in_use = self.in_use().await?;
        let (life, done) = if self.is_in_use(&in_use, version)? {
            (in_use.life, Done::Before)
        } else {
            let pending = self.pending(&in_use, version).await?;
            self.require_published(&pending, &in_use).await?;
            self.store.make_current(version, in_use.versions.current.as_ref()).await?;
            let stays = in_use.life.as_ref().is_some_and(|life| life.current.id == pending.current.id);
            (Some(pending), if stays { Done::StillInUse } else { Done::InUse })
        };
        if let Some(life) = life {
            self.note_next(&life).await?;
        }
        Ok(done)
    }

    /// Whether the rotation is over.
    ///
    /// # Errors
    /// [`KeyError::NotPending`] when it was given up. Where nothing is pending the store may not have begun to label.
    fn is_in_use(&self, in_use: &InUse, version: &VersionId) -> Result<bool, KeyError> {
        let Some(current) = &in_use.versions.current else { return Ok(false) };
        if current == version {
            return Ok(true);
        }
        match &in_use.versions.pending {
            Some(pending) if pending != version => {
                Err(KeyError::NotPending { secret: self.store.name(), version: version.clone() })
            }
            _ => Ok(false),
        }
    }

    /// The keys to come, made from those in use.
    async fn pending(&self, in_use: &InUse, version: &VersionId) -> Result<KeyLife, KeyError> {
        if in_use.versions.pending.as_ref() != Some(version) {
            return Err(match self.store.read(version).await? {
                Some(_) => KeyError::NotPending { secret: self.store.name(), version: version.clone() },
                None => KeyError::Empty { secret: self.store.name(), version: version.clone() },
            });
        }
        let Some(pending) = self.life(version).await? else {
            return Err(KeyError::Empty { secret: self.store.name(), version: version.clone() });
        };
        if in_use.life.as_ref().is_some_and(|life| !pending.follows(life)) {
            self.store.drop_pending(version).await?;
            return Err(KeyError::Outdated { secret: self.store.name(), version: version.clone() });
        }
        Ok(pending)
    }

    /// All keys that sign, or will, are published.
    async fn require_published(&self, pending: &KeyLife, in_use: &InUse) -> Result<(), KeyError> {
        if self.kind.public_set(pending).is_none() {
            return Ok(());
        }
        let published = self.tool_keys.published_now().await?.as_ref().map(key_ids).unwrap_or_default();
        let mut keys = pending.all().chain(in_use.life.iter().flat_map(KeyLife::all));
        match keys.find(|key| !published.contains(&key.id)) {
            Some(key) => Err(KeyError::NotPublished { secret: self.store.name(), key_id: key.id.clone() }),
            None => Ok(()),
        }
    }
}

//! What every store of secrets promises, written once over `SecretStore`: on files, on our own fake of Secrets Manager, and
//! (`ministack.rs`) on somebody else's.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use doorway_core::random::{self, SystemRandom};
use doorway_core::secret::SecretSource;
use doorway_core::secret_store::{Put, SecretStore, SecretStoreError, VersionId, Versions};

use crate::fake::Fake;
use crate::world::token;

/// A version's id.
pub(crate) fn version(number: usize) -> VersionId {
    VersionId::try_from(token(number).as_str()).expect("that is an id")
}

async fn current(store: &SecretStore) -> Option<VersionId> {
    store.versions().await.expect("the store serves").current
}

pub(crate) async fn a_version_is_written_once_and_is_pending(store: &SecretStore) {
    let before = store.versions().await.expect("the store serves");
    assert!(before.current.is_some() && before.pending.is_none(), "{before:?}");
    assert_eq!(store.read(&version(1)).await.expect("the store serves"), None);
    assert_eq!(store.put_pending(&version(1), "one").await.expect("the store serves"), Put::Done);
    assert_eq!(store.put_pending(&version(1), "one").await.expect("the store serves"), Put::Done);
    assert_eq!(store.read(&version(1)).await.expect("the store serves").as_deref(), Some("one"));
    let after = store.versions().await.expect("the store serves");
    assert_eq!(after, Versions { pending: Some(version(1)), ..before });
}

pub(crate) async fn what_is_prepared_last_is_pending(store: &SecretStore) {
    store.put_pending(&version(1), "one").await.expect("the store serves");
    store.put_pending(&version(2), "two").await.expect("the store serves");
    assert_eq!(store.versions().await.expect("the store serves").pending, Some(version(2)));
    store.drop_pending(&version(1)).await.expect("the store serves");
    assert_eq!(store.versions().await.expect("the store serves").pending, Some(version(2)), "it is another's label");
    store.drop_pending(&version(2)).await.expect("the store serves");
    store.drop_pending(&version(2)).await.expect("the store serves");
    assert_eq!(store.versions().await.expect("the store serves").pending, None);
}

pub(crate) async fn current_moves_from_where_it_was_seen_and_from_nowhere_else(store: &SecretStore) {
    let first = current(store).await;
    let text = store.read(first.as_ref().expect("a version is current")).await.expect("the store serves");
    store.put_pending(&version(1), "one").await.expect("the store serves");
    for wrong in [None, Some(&version(2)), Some(&version(3))] {
        assert!(store.make_current(&version(1), wrong).await.is_err(), "{wrong:?}");
        assert_eq!(current(store).await, first);
    }
    store.make_current(&version(1), first.as_ref()).await.expect("the store serves");
    store.make_current(&version(1), first.as_ref()).await.expect("the store serves");
    let versions = store.versions().await.expect("the store serves");
    assert_eq!((&versions.current, &versions.previous), (&Some(version(1)), &first));
    assert_eq!(store.read(&version(1)).await.expect("the store serves").as_deref(), Some("one"));
    assert_eq!(
        store.read(first.as_ref().expect("a version is current")).await.expect("the store serves"),
        text,
        "what was current is kept"
    );

    store.put_pending(&version(2), "two").await.expect("the store serves");
    let error = store.make_current(&version(2), first.as_ref()).await.expect_err("it is refused");
    assert!(matches!(error, SecretStoreError::Moved { .. }), "{error}");
}

pub(crate) async fn a_version_without_a_text_does_not_become_current(store: &SecretStore) {
    let first = current(store).await;
    assert!(store.make_current(&version(9), first.as_ref()).await.is_err());
    assert_eq!(current(store).await, first);
}

pub(crate) async fn a_replacement_is_current_and_takes_the_place_of_what_is_prepared(store: &SecretStore) {
    let first = current(store).await;
    store.put_pending(&version(1), "one").await.expect("the store serves");
    store.replace(first.as_ref(), "two", &SystemRandom).await.expect("the store serves");
    let versions = store.versions().await.expect("the store serves");
    let now = versions.current.clone().expect("a version is current");
    assert_eq!(store.read(&now).await.expect("the store serves").as_deref(), Some("two"));
    assert_ne!(versions.pending, Some(version(1)), "the rotation was given up");
    let error = store.replace(first.as_ref(), "three", &SystemRandom).await.expect_err("it is refused");
    assert!(matches!(error, SecretStoreError::Moved { .. }), "{error}");
    assert_eq!(current(store).await, Some(now));
}

macro_rules! promises {
    ($macro:ident) => {
        $macro!(
            a_version_is_written_once_and_is_pending,
            what_is_prepared_last_is_pending,
            current_moves_from_where_it_was_seen_and_from_nowhere_else,
            a_version_without_a_text_does_not_become_current,
            a_replacement_is_current_and_takes_the_place_of_what_is_prepared
        );
    };
}

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let name = u64::from_be_bytes(random::bytes(&SystemRandom));
        let path = std::env::temp_dir().join(format!("doorway-secrets-{name:016x}"));
        std::fs::create_dir(&path).expect("the folder is new");
        Self(path)
    }

    fn secret(&self) -> PathBuf {
        self.0.join("secret.json")
    }

    fn store(&self) -> SecretStore {
        SecretStore::of(SecretSource::File(self.secret()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ignored = std::fs::remove_dir_all(&self.0);
    }
}

macro_rules! on_files {
    ($($promise:ident),*) => {
        mod files {
            $(
                #[tokio::test]
                async fn $promise() {
                    let folder = super::Folder::new();
                    std::fs::write(folder.secret(), "zero").unwrap();
                    super::$promise(&folder.store()).await;
                }
            )*
        }
    };
}
promises!(on_files);

macro_rules! on_fake {
    ($($promise:ident),*) => {
        mod fake {
            $(
                #[tokio::test]
                async fn $promise() {
                    let (fake, aws) = super::Fake::start().await;
                    fake.put("secret", "zero", "zero");
                    super::$promise(&super::SecretStore::of(super::SecretSource::SecretsManager {
                        aws, id: "secret".to_owned(),
                    })).await;
                }
            )*
        }
    };
}
promises!(on_fake);

#[tokio::test]
async fn whoever_reads_a_file_reads_the_current_version_and_nobody_else_may() {
    let folder = Folder::new();
    let store = folder.store();
    assert_eq!(store.versions().await.unwrap(), Versions::default());
    for (number, text) in [(1, "one"), (2, "two"), (3, "three")] {
        let from = current(&store).await;
        store.put_pending(&version(number), text).await.unwrap();
        store.make_current(&version(number), from.as_ref()).await.unwrap();
        assert_eq!(std::fs::read_to_string(folder.secret()).unwrap(), text);
        let mode = std::fs::metadata(folder.secret()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let folder_mode = std::fs::metadata(folder.0.join("secret.json.versions")).unwrap().permissions().mode();
    assert_eq!(folder_mode & 0o777, 0o700);
}

#[tokio::test]
async fn an_id_leads_nowhere_else() {
    for id in ["", ".", "..", "../x", "a/b", "a.b", &"a".repeat(65), "ä"] {
        assert!(VersionId::try_from(id).is_err(), "{id}");
    }
}

#[tokio::test]
async fn a_version_that_is_taken_is_told_and_stays_as_it_is() {
    let folder = Folder::new();
    let (fake, aws) = Fake::start().await;
    fake.put("secret", "zero", "zero");
    let manager = SecretStore::of(SecretSource::SecretsManager { aws, id: "secret".to_owned() });
    for store in [folder.store(), manager] {
        store.put_pending(&version(1), "one").await.unwrap();
        assert_eq!(store.put_pending(&version(1), "two").await.unwrap(), Put::Taken);
        assert_eq!(store.read(&version(1)).await.unwrap().as_deref(), Some("one"));
    }
}

#[tokio::test]
async fn a_secret_that_is_not_there_is_an_error_that_names_it() {
    let (_fake, aws) = Fake::start().await;
    let store = SecretStore::of(SecretSource::SecretsManager { aws, id: "absent".to_owned() });
    let error = store.versions().await.unwrap_err().to_string();
    assert!(error.contains("secret `absent` failed to be described: ResourceNotFoundException"), "{error}");
}

//! Registrations: of several who write one succeeds, and who wrote knows at once what counts.

use doorway_core::registration::{Registration, RegistrationKey, Status};
use doorway_core::store::registrations::{Created, REGISTRATION_CACHE_SECONDS, Registrations};
use doorway_local::database::REGISTRATIONS_TABLE;
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::ClientId;
use doorway_tests::{AttributeValue, BEGIN, FakePlatform, Item, TestTool};

const ISSUER: &str = "https://lms.example";

async fn registration(client_id: &str) -> Registration {
    FakePlatform::start(ISSUER, client_id).await.registration()
}

fn named(registration: &Registration, tenant: &str) -> Registration {
    Registration { tenant: Some(tenant.to_owned()), ..registration.clone() }
}

/// The tenant of the Registration that a login would find, by its key and by its issuer alone, or why it finds none.
async fn found(registrations: &Registrations, key: &RegistrationKey, now: UnixSeconds) -> [String; 2] {
    let tenant = |client_id: Option<ClientId>| async move {
        match registrations.find(&key.issuer, client_id.as_ref(), now).await {
            Ok(found) => found.tenant.clone().unwrap_or_default(),
            Err(error) => error.code().to_owned(),
        }
    };
    [tenant(Some(key.client_id.clone())).await, tenant(None).await]
}

fn both(word: &str) -> [String; 2] {
    [word.to_owned(), word.to_owned()]
}

#[tokio::test]
async fn who_changes_a_registration_finds_it_changed_at_once() {
    let tool = TestTool::start(&[]).await;
    let (registrations, one) = (tool.parts.registrations(), registration("client-1").await);
    let key = one.key();
    let now_found = || found(&registrations, &key, BEGIN);
    assert_eq!(now_found().await, both("registration_unknown"));

    assert_eq!(registrations.create(&named(&one, "created")).await.unwrap(), Created::New);
    assert_eq!(now_found().await, both("created"));
    assert_eq!(registrations.create(&named(&one, "created again")).await.unwrap(), Created::Existing);
    assert_eq!(now_found().await, both("created"));

    registrations.put(&named(&one, "put")).await.unwrap();
    assert_eq!(now_found().await, both("put"));

    let before = registrations.stored(&key).await.unwrap();
    assert!(registrations.put_if(&named(&one, "put in its place"), before.as_ref()).await.unwrap());
    assert_eq!(now_found().await, both("put in its place"));

    registrations.put(&Registration { status: Status::Disabled, ..one.clone() }).await.unwrap();
    assert_eq!(now_found().await, both("registration_disabled"));

    registrations.remove(&key).await.unwrap();
    assert_eq!(now_found().await, both("registration_unknown"));
    registrations.remove(&key).await.unwrap();
}

#[tokio::test]
async fn what_another_instance_changed_counts_when_the_cache_ends() {
    let tool = TestTool::start(&[]).await;
    let (registrations, one) = (tool.parts.registrations(), registration("client-1").await);
    let key = one.key();
    let later = |seconds: u64| UnixSeconds(BEGIN.0 + seconds);
    assert_eq!(found(&registrations, &key, BEGIN).await, both("registration_unknown"));
    tool.parts.registrations().put(&named(&one, "put")).await.unwrap();
    assert_eq!(found(&registrations, &key, later(REGISTRATION_CACHE_SECONDS - 1)).await, both("registration_unknown"));
    assert_eq!(found(&registrations, &key, later(REGISTRATION_CACHE_SECONDS)).await, both("put"));
}

#[tokio::test]
async fn a_registration_takes_the_place_of_the_one_that_was_read_and_of_no_other() {
    let tool = TestTool::start(&[]).await;
    let (registrations, one) = (tool.parts.registrations(), registration("client-1").await);
    let key = one.key();
    let stored = || async { registrations.stored(&key).await.unwrap() };
    let tenant = || async { stored().await.and_then(|stored| stored.registration.tenant) };

    let first = named(&one, "first");
    assert!(registrations.put_if(&first, None).await.unwrap(), "the place is empty");
    assert!(registrations.put_if(&first, None).await.unwrap(), "our own write, repeated");
    assert!(!registrations.put_if(&named(&one, "other"), None).await.unwrap(), "the place is taken");
    assert_eq!(tenant().await.as_deref(), Some("first"));

    let before = stored().await;
    assert!(registrations.put_if(&named(&one, "second"), before.as_ref()).await.unwrap());
    assert!(registrations.put_if(&named(&one, "second"), before.as_ref()).await.unwrap(), "our own write, repeated");
    assert!(!registrations.put_if(&named(&one, "third"), before.as_ref()).await.unwrap(), "another is there");
    assert_eq!(tenant().await.as_deref(), Some("second"));

    let before = stored().await;
    registrations.remove(&key).await.unwrap();
    assert!(!registrations.put_if(&named(&one, "third"), before.as_ref()).await.unwrap(), "nothing is there any more");
    assert!(stored().await.is_none());
}

#[tokio::test]
async fn of_an_issuer_alone_its_only_registration_is_found() {
    let tool = TestTool::start(&[]).await;
    let (registrations, one) = (tool.parts.registrations(), registration("client-1").await);
    registrations.put(&named(&one, "one")).await.unwrap();
    assert_eq!(found(&registrations, &one.key(), BEGIN).await, both("one"));
    registrations.put(&registration("client-2").await).await.unwrap();
    assert_eq!(found(&registrations, &one.key(), BEGIN).await, ["one", "registration_ambiguous"]);
}

#[tokio::test]
async fn all_registrations_are_listed_in_order_however_large_the_table_and_broken_ones_are_named() {
    let tool = TestTool::start(&[]).await;
    let registrations = tool.parts.registrations();
    let item = |pk: String, filler: usize| {
        let text = |text: String| AttributeValue::S(text);
        let key = [("pk".to_owned(), text(pk)), ("sk".to_owned(), text("client#x".to_owned()))];
        key.into_iter().chain([("filler".to_owned(), text("x".repeat(filler)))]).collect::<Item>()
    };
    // More than one page of a scan, which is a megabyte, of items that are no Registrations.
    for number in 0..4 {
        tool.put_item(REGISTRATIONS_TABLE, item(format!("deployments#{number}"), 380_000)).await;
    }
    let names: Vec<String> = (0..8).map(|number| format!("client-{}", (number * 3) % 8)).collect();
    for (number, client_id) in names.iter().enumerate() {
        let issuer = format!("https://{}.example", number % 2);
        let one = FakePlatform::start(&issuer, client_id).await.registration();
        assert_eq!(registrations.create(&one).await.unwrap(), Created::New);
    }
    tool.put_item(REGISTRATIONS_TABLE, item("issuer#https://broken.example".to_owned(), 1)).await;

    let listed = registrations.all().await.unwrap();
    let keys: Vec<RegistrationKey> = listed.registrations.iter().map(Registration::key).collect();
    let keys: Vec<(&str, &str)> = keys.iter().map(|key| (key.issuer.as_str(), key.client_id.as_str())).collect();
    assert_eq!(keys.len(), names.len());
    assert!(keys.is_sorted(), "{keys:?}");
    let broken: Vec<String> = listed.broken.iter().map(ToString::to_string).collect();
    assert_eq!(broken.len(), 1, "{broken:?}");
    assert!(broken[0].contains("https://broken.example"), "{broken:?}");
}

#[tokio::test]
async fn a_registration_that_the_table_does_not_take_is_said_not_to_be_stored() {
    let tool = TestTool::start(&[]).await;
    let (registrations, one) = (tool.parts.registrations(), registration("client-1").await);
    registrations.put(&one).await.unwrap();
    let before = registrations.stored(&one.key()).await.unwrap();
    tool.drop_table(REGISTRATIONS_TABLE).await;
    let failed = [
        ("put a registration", registrations.put(&one).await.map(drop)),
        ("put a registration", registrations.put_if(&one, None).await.map(drop)),
        ("put a registration", registrations.put_if(&one, before.as_ref()).await.map(drop)),
        ("add a registration", registrations.create(&one).await.map(drop)),
        ("remove a registration", registrations.remove(&one.key()).await),
        ("scan for registrations", registrations.all().await.map(drop)),
    ];
    for (operation, outcome) in failed {
        let error = outcome.expect_err(operation).to_string();
        assert!(error.contains(operation), "{operation}: {error}");
    }
}

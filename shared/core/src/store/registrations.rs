//! Registrations, and the published keys of the Tool, in the registrations table.
//!
//! | `pk` | `sk` | holds |
//! |---|---|---|
//! | `issuer#<issuer>` | `client#<client id>` | a Registration as JSON |
//! | `deployments#["<issuer>","<client id>"]` | deployment id | a Deployment (see [`super::deployments`]) |
//! | `platform-keys#<JWKS URL>` | `keys` | a Platform's key set (see [`crate::platform_keys`]) |
//! | `invite#<hash of its code>` | `invite` | an invite to register (see [`super::invites`]) |
//! | `tool-keys` | `public` | the Tool's own public key set |
//!
//! The prefixes let a function's IAM statement name exactly the items that it may write.

mod managing;

pub use managing::{Created, Listed};

use std::num::NonZeroUsize;
use std::sync::Arc;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::{ClientId, Issuer};

use super::{Item, StoreError, Table, read_text, schema, text};
use crate::cache::Cache;
use crate::error::Error;
use crate::registration::{PlatformTransport, Registration, RegistrationKey, Status};

/// How long a Registration is believed without asking the table, in seconds. So long a switched-off
/// Registration may go on launching.
pub const REGISTRATION_CACHE_SECONDS: u64 = 30;

const CACHE_ENTRIES: NonZeroUsize = NonZeroUsize::new(4096).unwrap();
const DOCUMENT: &str = "registration";

/// Finds Registrations; reads are cached for [`REGISTRATION_CACHE_SECONDS`], absences too, so that a flood of
/// logins for strangers costs few reads.
pub struct Registrations {
    table: Table,
    transport: PlatformTransport,
    cache: Cache<(Issuer, Option<ClientId>), Found>,
}

/// A Registration, and by what a later write knows that it is still the same.
pub struct StoredRegistration {
    /// The Registration.
    pub registration: Registration,
    document: Option<String>,
}

/// What an issuer, with or without a client id, leads to.
#[derive(Clone)]
enum Found {
    None,
    One(Arc<Registration>),
    Several,
}

impl Registrations {
    /// Over the registrations table; Platforms that `transport` does not allow are refused when they are read.
    pub fn new(table: Table, transport: PlatformTransport) -> Self {
        Self { table, transport, cache: Cache::new(CACHE_ENTRIES) }
    }

    /// Which Platforms are allowed.
    pub fn transport(&self) -> PlatformTransport {
        self.transport
    }

    /// The table, for the other kinds of items in it.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The active Registration that a login means: by issuer and client id, or by issuer alone when it has
    /// exactly one.
    ///
    /// # Errors
    /// [`Error::RegistrationUnknown`], [`Error::RegistrationAmbiguous`], [`Error::RegistrationDisabled`], or
    /// [`Error::Store`].
    pub async fn find(
        &self,
        issuer: &Issuer,
        client_id: Option<&ClientId>,
        now: UnixSeconds,
    ) -> Result<Arc<Registration>, Error> {
        let asked = (issuer.clone(), client_id.cloned());
        let found = match self.cache.get(&asked, now) {
            Some(found) => found,
            None => {
                let found = self.read(issuer, client_id).await?;
                self.cache.put(asked, found.clone(), UnixSeconds(now.0 + REGISTRATION_CACHE_SECONDS));
                found
            }
        };
        match found {
            Found::One(registration) if registration.status == Status::Active => Ok(registration),
            Found::One(registration) => Err(Error::RegistrationDisabled(Box::new(registration.key()))),
            Found::None => Err(Error::RegistrationUnknown { issuer: issuer.clone(), client_id: client_id.cloned() }),
            Found::Several => Err(Error::RegistrationAmbiguous { issuer: issuer.clone() }),
        }
    }

    /// The active Registration with this key: for a state or a Launch that names it.
    ///
    /// # Errors
    /// As for [`Registrations::find`].
    pub async fn get(&self, key: &RegistrationKey, now: UnixSeconds) -> Result<Arc<Registration>, Error> {
        self.find(&key.issuer, Some(&key.client_id), now).await
    }

    /// Stores a Registration, replacing the one with the same key.
    ///
    /// # Errors
    /// [`StoreError`] when the table refuses.
    pub async fn put(&self, registration: &Registration) -> Result<(), StoreError> {
        let request = self.table.put(self.item(registration)?).await;
        request.send().await.map_err(|error| self.table.failed("put a registration", &error))?;
        self.forget(&registration.key());
        Ok(())
    }

    fn item(&self, registration: &Registration) -> Result<Item, StoreError> {
        let (pk, sk) = (issuer_pk(&registration.issuer), client_sk(&registration.client_id));
        let document = serde_json::to_string(registration).map_err(|error| self.table.broken(&pk, error))?;
        let mut item = schema::key(pk, sk);
        item.insert(DOCUMENT.to_owned(), text(document));
        Ok(item)
    }

    /// Puts what is cached of a Registration out of mind.
    fn forget(&self, key: &RegistrationKey) {
        self.cache.remove(&(key.issuer.clone(), Some(key.client_id.clone())));
        self.cache.remove(&(key.issuer.clone(), None));
    }

    /// The Registration with this key, whatever its status, as it is in the table now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stored(&self, key: &RegistrationKey) -> Result<Option<StoredRegistration>, StoreError> {
        let item = self.table.get(schema::key(issuer_pk(&key.issuer), client_sk(&key.client_id)), true).await?;
        let Some(item) = item else { return Ok(None) };
        let registration = self.parse(read_text(&item, DOCUMENT), &key.issuer)?;
        Ok(Some(StoredRegistration { registration, document: read_text(&item, DOCUMENT).map(str::to_owned) }))
    }

    /// The Registrations of an issuer, whatever their status; the first hundred are enough to know its endpoints.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of_issuer(&self, issuer: &Issuer) -> Result<Vec<Registration>, StoreError> {
        let request = self.clients_of(issuer).await.consistent_read(true).limit(100);
        let answer = request.send().await.map_err(|error| self.table.failed("query an issuer", &error))?;
        answer.items().iter().map(|item| self.parse(read_text(item, DOCUMENT), issuer)).collect()
    }

    /// Stores a Registration in the place of `before`, or in an empty place. `false` when another is there, or nothing any
    /// more: of several callers one succeeds.
    ///
    /// # Errors
    /// [`StoreError`] when the table refuses.
    pub async fn put_if(
        &self,
        registration: &Registration,
        before: Option<&StoredRegistration>,
    ) -> Result<bool, StoreError> {
        let request = self.table.put(self.item(registration)?).await;
        let request = match before {
            None => request.condition_expression("attribute_not_exists(pk)"),
            Some(before) => request
                .condition_expression("registration = :before")
                .expression_attribute_values(":before", text(before.document.as_deref().unwrap_or_default())),
        };
        match request.send().await {
            Ok(_) => {
                self.forget(&registration.key());
                Ok(true)
            }
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                // Perhaps our own write, whose answer was lost on the way.
                let stored = self.stored(&registration.key()).await?;
                Ok(stored.is_some_and(|stored| stored.registration == *registration))
            }
            Err(error) => Err(self.table.failed("put a registration", &error)),
        }
    }

    async fn read(&self, issuer: &Issuer, client_id: Option<&ClientId>) -> Result<Found, StoreError> {
        match client_id {
            Some(client_id) => self.read_one(issuer, client_id).await,
            None => self.read_only(issuer).await,
        }
    }

    async fn read_one(&self, issuer: &Issuer, client_id: &ClientId) -> Result<Found, StoreError> {
        let item = self.table.get(schema::key(issuer_pk(issuer), client_sk(client_id)), false).await?;
        let Some(item) = item else { return Ok(Found::None) };
        Ok(Found::One(Arc::new(self.parse(read_text(&item, DOCUMENT), issuer)?)))
    }

    /// Two items are enough to know that there are several.
    async fn read_only(&self, issuer: &Issuer) -> Result<Found, StoreError> {
        let request = self.clients_of(issuer).await.limit(2);
        let answer = request.send().await.map_err(|error| self.table.failed("query an issuer", &error))?;
        match answer.items() {
            [] => Ok(Found::None),
            [item] => Ok(Found::One(Arc::new(self.parse(read_text(item, DOCUMENT), issuer)?))),
            _ => Ok(Found::Several),
        }
    }

    async fn clients_of(&self, issuer: &Issuer) -> QueryFluentBuilder {
        let query = self.table.client().await.query().table_name(self.table.name());
        query
            .key_condition_expression("pk = :pk AND begins_with(sk, :client)")
            .expression_attribute_values(":pk", text(issuer_pk(issuer)))
            .expression_attribute_values(":client", text("client#"))
    }

    fn parse(&self, document: Option<&str>, issuer: &Issuer) -> Result<Registration, StoreError> {
        let broken = |fault: String| self.table.broken(&issuer_pk(issuer), fault);
        let document = document.ok_or_else(|| broken(format!("attribute `{DOCUMENT}` is missing")))?;
        let registration: Registration = serde_json::from_str(document).map_err(|error| broken(error.to_string()))?;
        match registration.unsafe_endpoints(self.transport).first() {
            Some(fault) => Err(broken(fault.to_string())),
            None => Ok(registration),
        }
    }
}

fn issuer_pk(issuer: &Issuer) -> String {
    format!("issuer#{issuer}")
}

fn client_sk(client_id: &ClientId) -> String {
    format!("client#{client_id}")
}

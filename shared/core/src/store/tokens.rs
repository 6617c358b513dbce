//! Access tokens in the scores table, sealed: another instance need not ask the Platform again.
//!
//! Whoever reads the table alone reads no token; the key to it is derived from the signing keys.

use doorway_lti::id_token::UnixSeconds;

use super::schema::{EXPIRES_AT, ID};
use super::{Item, StoreError, Table, bytes, number, read_bytes, read_number, text};

const SEALED: &str = "sealed";

/// The sealed tokens.
pub struct SealedTokens {
    table: Table,
}

/// A sealed token and until when it is good.
pub struct SealedToken {
    /// The token, sealed.
    pub sealed: Vec<u8>,
    /// Until when it is to be used.
    pub use_until: UnixSeconds,
}

impl SealedTokens {
    /// In the scores table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The token kept under this name, if it is still good.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not serve.
    pub async fn get(&self, name: &str, now: UnixSeconds) -> Result<Option<SealedToken>, StoreError> {
        let Some(item) = self.table.get(key(name), false).await? else { return Ok(None) };
        let sealed = read_bytes(&item, SEALED).map(<[u8]>::to_vec);
        let use_until = read_number(&item, EXPIRES_AT).map(UnixSeconds);
        let token = sealed.zip(use_until).map(|(sealed, use_until)| SealedToken { sealed, use_until });
        Ok(token.filter(|token| now < token.use_until))
    }

    /// Keeps a token under this name.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not serve.
    pub async fn put(&self, name: &str, token: SealedToken) -> Result<(), StoreError> {
        let mut item = key(name);
        item.insert(SEALED.to_owned(), bytes(token.sealed));
        item.insert(EXPIRES_AT.to_owned(), number(token.use_until.0));
        let request = self.table.put(item).await;
        request.send().await.map(drop).map_err(|error| self.table.failed("put a token", &error))
    }
}

fn key(name: &str) -> Item {
    Item::from([(ID.to_owned(), text(format!("token#{name}")))])
}

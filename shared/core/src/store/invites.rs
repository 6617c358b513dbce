//! Invites in the registrations table: `invite#<hash of the code>`, `invite`.
//!
//! | attribute | holds |
//! |---|---|
//! | `state` | `open`, `posting`, `done`, `failed` |
//! | `usable_until` | until when it can be used |
//! | `attempts` | how many requests were sent with it |
//! | `posting_since` | since when one is under way |
//! | `activation` | `pending` or `at-once` |
//! | `may_update` | whether a Registration that is there may be changed |
//! | `tenant`, `deployments` | what the operator decided, if anything |
//! | `issuer`, `client_id` | what came of it |
//! | `expires_at` | when the record ends: a month after it could be used |

use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::{ClientId, Issuer};

use super::{Item, StoreError, Table, number, read_number, read_text, schema, text};
use crate::invite::{Activation, Invite, InviteCode, InviteHash, InviteState, NewInvite};
use crate::random::Random;
use crate::registration::{DeploymentPolicy, RegistrationKey};

/// How long a record is kept after its invite could be used, in seconds: to see what came of it.
const KEPT_SECONDS: u64 = 30 * 24 * 60 * 60;

/// The invites.
pub struct Invites {
    table: Table,
}

/// How a request that was under way has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The Platform refused it, or never got it: nothing was registered, and the invite can be used again.
    Nothing,
    /// This was registered.
    Done(RegistrationKey),
    /// Nobody knows.
    Unclear,
}

impl Invites {
    /// In the registrations table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// Makes an invite; its code, which is nowhere else.
    ///
    /// # Errors
    /// [`StoreError`] when the table refuses.
    pub async fn create(
        &self,
        invite: &NewInvite,
        random: &dyn Random,
        now: UnixSeconds,
    ) -> Result<InviteCode, StoreError> {
        let code = InviteCode::new(random);
        let usable_until = now.0.saturating_add(invite.lifetime_seconds);
        let mut item = key(&code.hash());
        item.insert("state".to_owned(), text("open"));
        item.insert("usable_until".to_owned(), number(usable_until));
        item.insert(schema::EXPIRES_AT.to_owned(), number(usable_until.saturating_add(KEPT_SECONDS)));
        item.insert("attempts".to_owned(), number(0));
        item.insert("activation".to_owned(), text(word(invite.activation)));
        item.insert("may_update".to_owned(), text(if invite.may_update { "true" } else { "false" }));
        if let Some(tenant) = &invite.tenant {
            item.insert("tenant".to_owned(), text(tenant));
        }
        if let Some(policy) = &invite.deployments {
            let policy = serde_json::to_string(policy).map_err(|error| self.broken(&code.hash(), error))?;
            item.insert("deployments".to_owned(), text(policy));
        }
        let request = self.table.put(item).await.condition_expression("attribute_not_exists(pk)");
        request.send().await.map_err(|error| self.table.failed("put an invite", &error))?;
        Ok(code)
    }

    /// The invite, if there is one. Whether it can be used now is for the caller to judge.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(&self, hash: &InviteHash) -> Result<Option<Invite>, StoreError> {
        let item = self.table.get(key(hash), true).await?;
        item.map(|item| self.parse(hash, &item)).transpose()
    }

    /// Takes an open invite for the one request that is about to be sent: of several callers one gets `true`, and none
    /// whose form was made before another request.
    ///
    /// # Errors
    /// [`StoreError`]: nothing must be sent then.
    pub async fn take(&self, hash: &InviteHash, attempts: u64, now: UnixSeconds) -> Result<bool, StoreError> {
        let request = self
            .table
            .update(key(hash))
            .await
            .update_expression("SET #state = :posting, attempts = :next, posting_since = :now")
            .condition_expression("#state = :open AND attempts = :attempts AND usable_until > :now")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":posting", text("posting"))
            .expression_attribute_values(":open", text("open"))
            .expression_attribute_values(":attempts", number(attempts))
            .expression_attribute_values(":next", number(attempts + 1))
            .expression_attribute_values(":now", number(now.0));
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Ok(false)
            }
            Err(error) => Err(self.table.failed("take an invite", &error)),
        }
    }

    /// Records how the request ended that [`Invites::take`] began with so many attempts before it.
    ///
    /// # Errors
    /// [`StoreError`]: the invite then stays under way, and counts as unclear.
    pub async fn end(&self, hash: &InviteHash, attempts: u64, ended: &Ended) -> Result<(), StoreError> {
        let (state, more) = match ended {
            Ended::Nothing => ("open", ""),
            Ended::Done(_) => ("done", ", issuer = :issuer, client_id = :client"),
            Ended::Unclear => ("failed", ""),
        };
        let mut request = self
            .table
            .update(key(hash))
            .await
            .update_expression(format!("SET #state = :state{more} REMOVE posting_since"))
            .condition_expression("#state = :posting AND attempts = :attempts")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":state", text(state))
            .expression_attribute_values(":posting", text("posting"))
            .expression_attribute_values(":attempts", number(attempts + 1));
        if let Ended::Done(key) = ended {
            request = request
                .expression_attribute_values(":issuer", text(key.issuer.as_str()))
                .expression_attribute_values(":client", text(key.client_id.as_str()));
        }
        match request.send().await {
            Ok(_) => Ok(()),
            // Our own write, whose answer was lost on the way.
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(self.table.failed("end an invite", &error)),
        }
    }

    fn parse(&self, hash: &InviteHash, item: &Item) -> Result<Invite, StoreError> {
        let broken = |name: &str| self.broken(hash, format!("attribute `{name}` is missing or not usable"));
        let deployments: Option<DeploymentPolicy> = match read_text(item, "deployments") {
            None => None,
            Some(policy) => Some(serde_json::from_str(policy).map_err(|_| broken("deployments"))?),
        };
        Ok(Invite {
            hash: hash.clone(),
            tenant: read_text(item, "tenant").map(str::to_owned),
            activation: match read_text(item, "activation") {
                Some("at-once") => Activation::AtOnce,
                Some("pending") => Activation::Pending,
                _ => return Err(broken("activation")),
            },
            deployments,
            may_update: read_text(item, "may_update") == Some("true"),
            usable_until: UnixSeconds(read_number(item, "usable_until").ok_or_else(|| broken("usable_until"))?),
            attempts: read_number(item, "attempts").ok_or_else(|| broken("attempts"))?,
            state: state(item).ok_or_else(|| broken("state"))?,
        })
    }

    fn broken(&self, hash: &InviteHash, fault: impl ToString) -> StoreError {
        self.table.broken(&format!("invite#{}", hash.as_str()), fault)
    }
}

fn state(item: &Item) -> Option<InviteState> {
    match read_text(item, "state")? {
        "open" => Some(InviteState::Open),
        "posting" => Some(InviteState::Posting { since: UnixSeconds(read_number(item, "posting_since")?) }),
        "done" => Some(InviteState::Done(RegistrationKey {
            issuer: Issuer::try_from(read_text(item, "issuer")?).ok()?,
            client_id: ClientId::try_from(read_text(item, "client_id")?).ok()?,
        })),
        "failed" => Some(InviteState::Failed),
        _ => None,
    }
}

fn word(activation: Activation) -> &'static str {
    match activation {
        Activation::Pending => "pending",
        Activation::AtOnce => "at-once",
    }
}

fn key(hash: &InviteHash) -> Item {
    schema::key(format!("invite#{}", hash.as_str()), "invite".to_owned())
}

//! `doorway platform disable` and `enable`.

use doorway_core::registration::{Registration, RegistrationKey, Status};
use doorway_core::store::registrations::REGISTRATION_CACHE_SECONDS;
use serde_json::json;

use crate::answer::Answer;
use crate::fault::Fault;
use crate::place::Site;

pub(super) async fn run(key: &RegistrationKey, status: Status, site: &Site) -> Result<Answer, Fault> {
    let before = site.registration(key).await?;
    let changed = Registration { status, ..before.clone() };
    site.registrations()?.put(&changed).await?;
    let (issuer, client_id, seconds) = (&key.issuer, &key.client_id, REGISTRATION_CACHE_SECONDS);
    let text = match status {
        Status::Active => format!("Issuer {issuer}, client id {client_id} is active within {seconds} seconds."),
        Status::Pending | Status::Disabled => format!(
            "Issuer {issuer}, client id {client_id} is off: within {seconds} seconds no launch of it is accepted, read or \
             served. Scores that wait go on waiting."
        ),
    };
    let json = json!({
        "issuer": issuer, "clientId": client_id, "status": status, "before": before.status, "withinSeconds": seconds,
    });
    Ok(Answer::done(text, json))
}

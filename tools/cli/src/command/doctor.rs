//! `doorway doctor`: everything that can be wrong with a Tool and its Platforms, and what to do.
//!
//! `tool` looks at the Tool itself, `registered` at what is registered, `keys` and `tokens` ask the Platform.
//! Nothing is changed. Each check has a name, by which `--ignore` leaves it out: what is wanted as it is.

mod keys;
mod registered;
mod report;
pub(super) mod tokens;
mod tool;

use clap::Args;
use doorway_core::registration::{Registration, RegistrationKey, Status};
use doorway_lti::ids::{ClientId, Issuer};

use super::registration_key::{client_id, issuer};
use crate::answer::Answer;
use crate::fault::Fault;
use crate::place::Site;
use report::Report;
use tokens::Tokens;

/// What to look at.
#[derive(Debug, Args)]
pub struct Doctor {
    /// One Platform's issuer [default: all Platforms].
    #[arg(value_parser = issuer, requires = "client_id")]
    issuer: Option<Issuer>,
    /// Its client id.
    #[arg(value_parser = client_id)]
    client_id: Option<ClientId>,
    /// Leave out what this check finds, such as `token-scope`; can be given several times.
    #[arg(long = "ignore", value_name = "CHECK")]
    ignored: Vec<String>,
}

/// Runs it. With findings the exit code is 1.
///
/// # Errors
/// [`Fault`] where nothing can be looked at: no such Registration.
pub async fn run(doctor: Doctor, site: &Site) -> Result<Answer, Fault> {
    let mut report = Report::without(doctor.ignored);
    tool::check(site, &mut report).await;
    let Ok(registrations) = site.registrations() else { return Ok(report.answer()) };
    let all = match registrations.all().await {
        Ok(listed) => {
            for broken in &listed.broken {
                let todo =
                    "Put it right: `doorway platform remove` and `add`, or mend the item; README.md shows its form.";
                report.found("record", "", broken, todo);
            }
            listed.registrations
        }
        // Told by the check of the table.
        Err(_) => return Ok(report.answer()),
    };
    let chosen: Vec<&Registration> = match (doctor.issuer, doctor.client_id) {
        (Some(issuer), Some(client_id)) => {
            let key = RegistrationKey { issuer, client_id };
            let found = all.iter().find(|one| one.key() == key);
            if found.is_none() {
                site.registration(&key).await?;
            }
            found.into_iter().collect()
        }
        _ => all.iter().collect(),
    };
    if all.is_empty() {
        report.found("platforms", "", "no Platform is registered", "Add one: `doorway platform add`.");
    }
    let tokens = Tokens::of(site);
    for registration in chosen {
        registered::check(registration, &all, site, &mut report).await;
        if registration.status == Status::Active {
            keys::check(registration, site, &mut report).await;
            tokens::check(&tokens, registration, site, &mut report).await;
        }
    }
    Ok(report.answer())
}

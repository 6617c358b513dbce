//! `doorway invite`: a link by which an administrator installs the Tool in an LMS.

use clap::Args;
use doorway_core::clock::UnixSeconds;
use doorway_core::date::rfc3339;
use doorway_core::invite::{Activation, INVITE_LIFETIME_SECONDS, INVITE_PARAMETER, NewInvite};
use doorway_core::settings::{REGISTER_PATH, Settings};
use doorway_core::store::invites::Invites;
use serde_json::json;

use crate::answer::Answer;
use crate::fault::Fault;
use crate::place::Site;

/// What the invite allows.
#[derive(Debug, Args)]
pub struct Invite {
    /// Your name for the customer. What comes of the invite belongs to them.
    #[arg(long)]
    tenant: Option<String>,
    /// What comes of it may launch at once, instead of waiting for `doorway platform enable`. For administrators whom
    /// you trust to be who they say.
    #[arg(long)]
    active: bool,
    /// It may change a Registration that is there already.
    #[arg(long)]
    may_update: bool,
    /// For how many days it can be used.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=90))]
    days: Option<u32>,
}

/// Makes an invite and shows its link: the only time that it is seen.
///
/// # Errors
/// [`Fault`].
pub async fn run(options: Invite, site: &Site) -> Result<Answer, Fault> {
    let mut link = site.public_url()?;
    let invites = Invites::new(site.with(Settings::registrations_table)?);
    let new = NewInvite {
        tenant: options.tenant,
        activation: if options.active { Activation::AtOnce } else { Activation::Pending },
        deployments: None,
        may_update: options.may_update,
        lifetime_seconds: options.days.map_or(INVITE_LIFETIME_SECONDS, |days| u64::from(days) * 24 * 3600),
    };
    let code = invites.create(&new, &*site.random, site.now()).await?;
    link.set_path(REGISTER_PATH);
    link.query_pairs_mut().clear().append_pair(INVITE_PARAMETER, &code.text());
    let until = rfc3339(UnixSeconds(site.now().0 + new.lifetime_seconds));
    let then = if options.active {
        "What registers by it may launch at once."
    } else {
        "What registers by it waits: `doorway platform list` shows it, `doorway platform enable` lets it launch."
    };
    let text = format!(
        "{link}\n\nGive this link to the administrator of one LMS, who pastes it where the LMS installs tools by URL. It \
         serves once, until {until}. {then}"
    );
    Ok(Answer::done(text, json!({ "link": link.as_str(), "usableUntil": until, "active": options.active })))
}

//! `doorway platform refresh`: a Platform that the Tool registered itself with is brought up to date on it.

use clap::Args;
use doorway_core::Error;
use doorway_core::http::FetchError;
use doorway_core::registration::Registration;
use doorway_core::services::PlatformWords;
use doorway_core::settings::Settings;
use doorway_core::use_case::refresh_registration::{Purpose, RefreshError, RefreshRegistration, Refreshed};
use doorway_lti::dynamic_registration::Change;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::command::doctor::tokens::{access_tokens, advice, deployment};
use crate::command::registration_key::Key;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::place::Site;

/// Whom to bring up to date.
#[derive(Debug, Args)]
pub struct Refresh {
    #[command(flatten)]
    key: Key,
    /// Show the difference between what the Platform has and what it would be sent, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(refresh: Refresh, site: &Site) -> Result<Answer, Fault> {
    let registration = site.registration(&refresh.key.key()).await?;
    let use_case = RefreshRegistration {
        tokens: access_tokens(site)?,
        client: site.client(),
        tool: site.with(Settings::tool_configuration)?,
        transport: site.transport(),
        clock: site.clock.clone(),
    };
    let purpose = if refresh.dry_run { Purpose::Show } else { Purpose::Change };
    let deployment = deployment(&registration, site).await;
    let compared = use_case.compare(&registration, deployment.as_ref(), purpose).await;
    let compared = compared.map_err(|error| fault(&error, &registration))?;
    let changes = compared.changes.clone();
    if changes.is_empty() {
        return Ok(answer("unchanged", "The Platform has the Tool as it is: there is nothing to send.", &changes));
    }
    if refresh.dry_run {
        let text = format!("The Platform has the Tool otherwise. It would be sent:\n{}", lines(&changes));
        return Ok(answer("differs", &text, &changes));
    }
    site.confirm(&format!("The Platform will be sent:\n{}\n", lines(&changes)), refresh.yes)?;
    let refreshed = use_case.send(&registration, compared).await.map_err(|error| fault(&error, &registration))?;
    Ok(said(&refreshed, &changes))
}

fn said(refreshed: &Refreshed, changes: &[Change]) -> Answer {
    let sent = lines(changes);
    match refreshed {
        Refreshed::Updated => answer("updated", &format!("The Platform has taken it:\n{sent}"), changes),
        Refreshed::Pending => {
            let text = format!(
                "The Platform has taken the request, and still shows the registration as it was. Canvas does so: an \
                 administrator of the LMS must accept it, under Developer Keys or Apps. `--dry-run` shows whether that was \
                 done. It was asked to change:\n{sent}"
            );
            answer("pending", &text, changes)
        }
        Refreshed::Partly(left) => {
            let text = format!(
                "The Platform has taken the request, and not all that is in it. These still differ; what an administrator set \
                 by hand may stand before what the Tool asks for:\n{}",
                lines(left)
            );
            answer("partly", &text, left)
        }
    }
}

fn answer(outcome: &str, text: &str, changes: &[Change]) -> Answer {
    let changes: Vec<Value> = changes
        .iter()
        .map(|change| json!({ "member": change.member, "before": change.before, "after": change.after }))
        .collect();
    Answer::done(text, json!({ "outcome": outcome, "changes": changes }))
}

fn lines(changes: &[Change]) -> String {
    let value = |value: &Option<Value>| match value {
        None => "(none)".to_owned(),
        Some(value) => shown(value),
    };
    let line = |change: &Change| {
        format!("  {}\n    - {}\n    + {}", change.member, value(&change.before), value(&change.after))
    };
    changes.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A value in JSON, so that nothing that a Platform wrote can move the cursor of a terminal; and not all of a long one.
fn shown(value: &Value) -> String {
    const LONGEST: usize = 300;
    let text: String = value.to_string().chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    let cut = text.floor_char_boundary(LONGEST);
    if cut < text.len() { format!("{}...", &text[..cut]) } else { text }
}

fn fault(error: &RefreshError, registration: &Registration) -> Fault {
    let name = format!("{} {}", registration.issuer, registration.client_id);
    let by_hand = "or change the Tool in the LMS by hand: `doorway platform instructions`";
    let (exit, todo) = match error {
        RefreshError::AddressMissing => (
            Exit::NotFound,
            format!(
                "Few LMSs name one. If yours does, have it: `doorway platform set {name} registrationClientUri=URL`. Else renew \
                 the registration from the LMS, by an invite (`doorway invite --may-update`), {by_hand}."
            ),
        ),
        RefreshError::AddressForeign(_) => (
            Exit::Conflict,
            format!(
                "No token was sent. If the origin is the Platform's, add it to those of the Registration: `doorway platform set \
                 {name} serviceOrigins=...`. If not, the Platform is set up wrong, or compromised."
            ),
        ),
        RefreshError::ScopeNotGranted(_) => (
            Exit::Unavailable,
            format!(
                "Allow this scope for the Tool in the LMS. A Tool that was registered before it was asked for, or by hand, does \
                 not have it: renew the registration by an invite (`doorway invite --may-update`), {by_hand}."
            ),
        ),
        RefreshError::Token(error) => match &**error {
            Error::AccessToken(error) => (Exit::Unavailable, advice(error, registration)),
            other => (Exit::Unavailable, format!("`doorway explain {}` says more.", other.code())),
        },
        RefreshError::Unavailable(FetchError::NotPublic) => {
            (Exit::Unavailable, "Only public https addresses are asked. Compare it with what the LMS shows.".to_owned())
        }
        RefreshError::Unavailable(FetchError::TooLarge(_)) => {
            (Exit::Unavailable, "That is no registration. Compare the address with what the LMS shows.".to_owned())
        }
        RefreshError::Unavailable(_) => (
            Exit::Unavailable,
            "Nothing was changed. See that the LMS answers from here, within ten seconds; then try again.".to_owned(),
        ),
        RefreshError::Absent(_) => (
            Exit::Unavailable,
            format!(
                "Nothing was changed. Canvas answers so where the feature flag `lti_dr_registrations_update` is off, and any LMS \
                 where the registration was deleted. Have it switched on, {by_hand}."
            ),
        ),
        RefreshError::NotAllowed(_) => (
            Exit::Unavailable,
            format!(
                "Nothing was changed. The token is new and has the scope, so the LMS keeps the registration for its \
                 administrators, or for a `registration_access_token`, which Doorway does not keep. Ask them, {by_hand}."
            ),
        ),
        RefreshError::Refused(words) if (300..400).contains(&words.status) => (
            Exit::Unavailable,
            "Nothing was changed. Redirects are not followed, since a token would go along: have the final address as \
             `registrationClientUri`."
                .to_owned(),
        ),
        RefreshError::Refused(_) => {
            (Exit::Unavailable, "Nothing was changed. The Platform's words mostly say why.".to_owned())
        }
        RefreshError::Unreadable(_) => (
            Exit::Unavailable,
            "Nothing was changed. Compare `registrationClientUri` with what the LMS shows.".to_owned(),
        ),
        RefreshError::Unclear(_) => (
            Exit::Unavailable,
            "`--dry-run` shows what the Platform has now. To send it again does no harm.".to_owned(),
        ),
    };
    Fault::new(exit, wrong(error), todo)
}

/// What is wrong, with the Platform's own words where it has some.
fn wrong(error: &RefreshError) -> String {
    let words = match error {
        RefreshError::Absent(words) | RefreshError::NotAllowed(words) | RefreshError::Refused(words) => words_of(words),
        RefreshError::Token(cause) => match &**cause {
            Error::AccessToken(token) => return format!("there is no token: {}", token.words()),
            _ => None,
        },
        _ => None,
    };
    words.map_or_else(|| error.to_string(), |words| format!("{error}: {words}"))
}

fn words_of(words: &PlatformWords) -> Option<&str> {
    Some(words.words.as_str()).filter(|words| !words.is_empty())
}

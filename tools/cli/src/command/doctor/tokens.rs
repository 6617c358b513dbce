//! Whether the Platform gives tokens, and for which services.

use doorway_core::Error;
use doorway_core::access_tokens::{AccessTokens, TokenError};
use doorway_core::registration::{DeploymentPolicy, Registration, Status};
use doorway_core::settings::Settings;
use doorway_core::signer::Signer;
use doorway_core::store::tokens::SealedTokens;
use doorway_core::tool_keys::ToolKeys;
use doorway_lti::ids::DeploymentId;
use doorway_lti::scope;

use super::report::{Report, name};
use crate::fault::Fault;
use crate::place::Site;

/// What the services need, by the words that an LMS has for it. Each is asked for alone: Sakai refuses all for one.
const SCOPES: [(&str, &str); 4] = [
    ("line items", scope::LINE_ITEM),
    ("results", scope::RESULT_READ_ONLY),
    ("scores", scope::SCORE),
    ("names and roles", scope::CONTEXT_MEMBERSHIP),
];

/// Asks for tokens; none where the settings for it are missing.
pub(super) struct Tokens(Option<AccessTokens>);

impl Tokens {
    pub(super) fn of(site: &Site) -> Self {
        Self(access_tokens(site).ok())
    }
}

/// What asks for tokens as the functions do.
///
/// # Errors
/// [`crate::Exit::Settings`].
pub(in crate::command) fn access_tokens(site: &Site) -> Result<AccessTokens, Fault> {
    site.with(|settings: &mut Settings| {
        let table = SealedTokens::new(settings.scores_table());
        let keys = settings.signing_keys();
        let published = ToolKeys::new(settings.registrations().table().clone());
        AccessTokens::new(site.client(), keys.clone(), Signer::new(keys, published), table, site.random.clone())
    })
}

pub(super) async fn check(tokens: &Tokens, registration: &Registration, site: &Site, report: &mut Report) {
    let Some(tokens) = &tokens.0 else { return };
    let about = name(registration);
    let deployment = deployment(registration, site).await;
    let (mut granted, mut missing) = (Vec::new(), Vec::new());
    for (words, scope) in SCOPES {
        match tokens.request(registration, deployment.as_ref(), &[scope], site.now()).await {
            Ok(grant) if grant.has(scope) => granted.push(words),
            Ok(_) => missing.push(scope),
            Err(Error::AccessToken(error)) if error.is_about_scope() => missing.push(scope),
            // The signing keys are told of above.
            Err(Error::Secret(_)) => return,
            Err(error) => return refused(&error, registration, report),
        }
    }
    if granted.is_empty() && missing.is_empty() {
        return;
    }
    if !granted.is_empty() {
        report.passed("token", &about, format!("given for {}", granted.join(", ")));
    }
    if !missing.is_empty() {
        let wrong = format!("the Platform gives no token for {}", missing.join(", "));
        let todo = "Allow it for the Tool in the LMS (`doorway platform instructions` says where). If your App does not need \
                    it: --ignore token-scope.";
        report.found("token-scope", &about, wrong, todo);
    }
}

fn refused(error: &Error, registration: &Registration, report: &mut Report) {
    let about = name(registration);
    let (wrong, todo) = match error {
        Error::AccessToken(error) => {
            (format!("{}: {}", registration.token_endpoint, error.words()), advice(error, registration))
        }
        other => (other.to_string(), format!("`doorway explain {}` says more.", other.code())),
    };
    report.found("token", &about, wrong, todo);
}

/// What to do about a Platform that gives no token.
pub(in crate::command) fn advice(error: &TokenError, registration: &Registration) -> String {
    let audience = registration.token_audience.as_deref().unwrap_or(registration.token_endpoint.as_str());
    match error {
        TokenError::Refused { refusal, .. } if refusal.code.as_deref() == Some("invalid_client") => format!(
            "The LMS does not know the Tool's key, or the client id is another's, or the audience is wrong. See that the LMS \
             has the URL of the Tool's key set (not a copied key) and reaches it; that the client id is `{}`; and that it \
             expects the audience `{audience}`.",
            registration.client_id
        ),
        TokenError::Refused { status, .. } if status.as_u16() == 404 => {
            format!(
                "Compare `tokenEndpoint` with what the LMS shows: `doorway platform set {} tokenEndpoint=...`.",
                name(registration)
            )
        }
        TokenError::Refused { .. } => format!(
            "The Platform's words mostly say why. Its token endpoint, the client id and the audience (`{audience}`) must be \
             those that the LMS shows; clocks must agree."
        ),
        TokenError::Unavailable(_) => {
            "See that the address is right and answers from the internet, without a redirect, within five seconds."
                .to_owned()
        }
        TokenError::Later { .. } => "The Platform fails or asks for patience: try again later.".to_owned(),
        TokenError::NotAToken(_) => "This is no token endpoint: compare it with what the LMS shows.".to_owned(),
        TokenError::ScopeNotGranted(_) => "Allow the scope for the Tool in the LMS.".to_owned(),
    }
}

/// A Deployment that may launch, if one is known: some Platforms look at it.
pub(in crate::command) async fn deployment(registration: &Registration, site: &Site) -> Option<DeploymentId> {
    if let DeploymentPolicy::Listed(ids) = &registration.deployments {
        return ids.first().cloned();
    }
    let recorded = site.deployments().ok()?.all(&registration.key()).await.ok()?;
    recorded.into_iter().find(|deployment| deployment.status == Status::Active).map(|deployment| deployment.id)
}

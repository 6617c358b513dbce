//! The answer to a Deep Linking request, verified.
//!
//! Spec: Deep Linking 2.0, the response message; Security Framework 1.0, on messages that Tools sign.

use serde_json::Value;
use thiserror::Error;

use super::PendingChoice;
use super::item::{ContentItem, ItemError};
use crate::claims::names::{
    CONTENT_ITEMS, DATA, DEPLOYMENT_ID, ERROR_LOG, ERROR_MESSAGE, LOG, MESSAGE, MESSAGE_TYPE, VERSION,
};
use crate::client::Client;
use crate::platform::Platform;
use crate::tool::{Claims, TokenError, verify};

/// How old an answer may be, in seconds.
const OLDEST_SECONDS: u64 = 300;
/// How long after `iat` an answer may expire, in seconds: its nonce is kept as long.
pub(crate) const LIFETIME_SECONDS: u64 = 3600;

/// What the teacher chose.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) items: Vec<ContentItem>,
    /// Whether items may bring columns.
    pub(crate) with_columns: bool,
    /// What the Tool says to the person.
    pub(crate) message: Option<String>,
    /// What the Tool says went wrong.
    pub(crate) error: Option<String>,
}

/// Why an answer is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum ChoiceError {
    #[error("{0}")]
    Token(#[from] TokenError),
    #[error("`iss` is not the tool's client_id")]
    Issuer,
    #[error("`aud` is not this platform's issuer alone")]
    Audience,
    #[error("`iat` lies in the future or too far back")]
    IssuedAt,
    #[error("`exp` has passed, or is more than an hour after `iat`")]
    Expires,
    #[error("`{0}` has another value than it must have")]
    Constant(&'static str),
    #[error("`data` is not what was sent, or the request was answered before or is too old")]
    Data,
    #[error("`{0}` must be a text")]
    Text(&'static str),
    #[error("`content_items` must be an array")]
    Items,
    #[error("one item may be chosen, and there are more")]
    TooMany,
    #[error("item {position}: {error}")]
    Item { position: usize, error: ItemError },
    #[error("this `nonce` was seen before")]
    Replayed,
}

/// Accepts an answer, once. `request_id` is that of the return URL, which counts where no `data` was sent.
pub(crate) async fn accept(platform: &Platform, token: &str, request_id: Option<&str>) -> Result<Choice, ChoiceError> {
    let claims = verify(&platform.tool_keys, token).await?;
    let client = validate_parties(platform, &claims)?;
    validate_times(&claims, platform.now())?;
    validate_constants(&client, &claims)?;
    let nonce = claims.text("nonce")?;
    let (request_id, pending) = pending(platform, &claims, request_id)?;
    let choice = choice(&claims, &pending)?;
    // Last, so that an answer that is refused for another reason may be mended and sent again.
    if !platform.response_nonces.put_new(nonce, (), platform.now()) {
        return Err(ChoiceError::Replayed);
    }
    platform.choices.take(&request_id, platform.now()).ok_or(ChoiceError::Data)?;
    Ok(choice)
}

fn validate_parties(platform: &Platform, claims: &Claims) -> Result<Client, ChoiceError> {
    let client = platform.client_of(claims.text("iss")?).ok_or(ChoiceError::Issuer)?;
    let issuer = platform.config.issuer.as_str();
    match claims.get("aud") {
        Some(Value::String(audience)) if audience == issuer => Ok(client),
        Some(Value::Array(audiences)) if audiences.len() == 1 && audiences[0] == issuer => Ok(client),
        _ => Err(ChoiceError::Audience),
    }
}

fn validate_times(claims: &Claims, now: u64) -> Result<(), ChoiceError> {
    let (issued_at, expires_at) = (claims.seconds("iat")?, claims.seconds("exp")?);
    if issued_at > now || now - issued_at > OLDEST_SECONDS {
        return Err(ChoiceError::IssuedAt);
    }
    if expires_at <= now || expires_at > issued_at + LIFETIME_SECONDS {
        return Err(ChoiceError::Expires);
    }
    Ok(())
}

fn validate_constants(client: &Client, claims: &Claims) -> Result<(), ChoiceError> {
    let constants =
        [(DEPLOYMENT_ID, client.deployment_id.as_str()), (MESSAGE_TYPE, "LtiDeepLinkingResponse"), (VERSION, "1.3.0")];
    for (name, value) in constants {
        if claims.text(name)? != value {
            return Err(ChoiceError::Constant(name));
        }
    }
    Ok(())
}

/// The request that is answered: the one whose `data` came back, or whose return URL was used. A `null` is no `data`: PyLTI1p3
/// sends one where there was none, and Moodle, which sends none, does not look.
fn pending(
    platform: &Platform,
    claims: &Claims,
    request_id: Option<&str>,
) -> Result<(String, PendingChoice), ChoiceError> {
    let (id, by_data) = match claims.get(DATA).filter(|data| !data.is_null()) {
        Some(data) => (data.as_str().ok_or(ChoiceError::Data)?, true),
        None => (request_id.ok_or(ChoiceError::Data)?, false),
    };
    let pending = platform.choices.find(id, platform.now()).ok_or(ChoiceError::Data)?;
    if pending.settings.sends_data != by_data {
        return Err(ChoiceError::Data);
    }
    Ok((id.to_owned(), pending))
}

fn choice(claims: &Claims, pending: &PendingChoice) -> Result<Choice, ChoiceError> {
    for name in [LOG, ERROR_LOG] {
        text(claims, name)?;
    }
    let items = match claims.get(CONTENT_ITEMS) {
        None => &[],
        Some(items) => items.as_array().ok_or(ChoiceError::Items)?.as_slice(),
    };
    let settings = &pending.settings;
    if items.len() > 1 && settings.accept_multiple != Some(true) {
        return Err(ChoiceError::TooMany);
    }
    let parsed = items.iter().enumerate().map(|(index, item)| {
        ContentItem::parse(item, settings).map_err(|error| ChoiceError::Item { position: index + 1, error })
    });
    Ok(Choice {
        items: parsed.collect::<Result<_, _>>()?,
        with_columns: settings.accept_lineitem != Some(false),
        message: text(claims, MESSAGE)?,
        error: text(claims, ERROR_MESSAGE)?,
    })
}

fn text(claims: &Claims, name: &'static str) -> Result<Option<String>, ChoiceError> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(ChoiceError::Text(name)),
    }
}

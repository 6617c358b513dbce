//! The client assertion: the Tool proves who it is when it asks for an access token.
//!
//! Spec: Security Framework 1.0, on JWTs that authenticate clients; LTI Core 1.3, section 6.2.1; RFC 7523, section 3.

use thiserror::Error;

use crate::claims::names::DEPLOYMENT_ID;
use crate::platform::Platform;
use crate::tool::{Claims, TokenError, verify};

/// The longest time between `iat` and `exp`, and the greatest age, in seconds: what the Security Framework advises.
pub(crate) const LIFETIME_SECONDS: u64 = 300;

/// Why an assertion proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum AssertionError {
    #[error("client_assertion: {0}")]
    Token(#[from] TokenError),
    #[error("client_assertion: `iss` and `sub` must both be the client_id")]
    Client,
    #[error("client_assertion: `aud` must be one text, the audience of this authorization server")]
    Audience,
    #[error("client_assertion: `iat` lies in the future")]
    IssuedInFuture,
    #[error("client_assertion: `iat` is older than five minutes")]
    TooOld,
    #[error("client_assertion: it has expired")]
    Expired,
    #[error("client_assertion: `exp` is later than five minutes after `iat`")]
    LivesTooLong,
    #[error("client_assertion: the deployment is not one of this tool")]
    Deployment,
    #[error("client_assertion: this `jti` was seen before")]
    Replayed,
}

/// Accepts an assertion, once; the client that it proves.
pub(crate) async fn accept(platform: &Platform, assertion: &str) -> Result<String, AssertionError> {
    let claims = verify(&platform.tool_keys, assertion).await?;
    let client = platform.client_of(claims.text("sub")?).ok_or(AssertionError::Client)?;
    if claims.text("iss")? != client.client_id {
        return Err(AssertionError::Client);
    }
    if claims.text("aud").map_err(|_| AssertionError::Audience)? != platform.token_audience() {
        return Err(AssertionError::Audience);
    }
    validate_times(&claims, platform.now())?;
    if claims.get(DEPLOYMENT_ID).is_some_and(|deployment| *deployment != client.deployment_id) {
        return Err(AssertionError::Deployment);
    }
    // Last, so that an assertion that is refused for another reason spends no `jti`.
    if !platform.assertion_ids.put_new(claims.text("jti")?, (), platform.now()) {
        return Err(AssertionError::Replayed);
    }
    Ok(client.client_id)
}

/// No leeway at all, as at Moodle: a Tool must not date `iat` ahead.
fn validate_times(claims: &Claims, now: u64) -> Result<(), AssertionError> {
    let (issued_at, expires_at) = (claims.seconds("iat")?, claims.seconds("exp")?);
    if issued_at > now {
        return Err(AssertionError::IssuedInFuture);
    }
    if now - issued_at > LIFETIME_SECONDS {
        return Err(AssertionError::TooOld);
    }
    if expires_at <= now {
        return Err(AssertionError::Expired);
    }
    if expires_at > issued_at + LIFETIME_SECONDS {
        return Err(AssertionError::LivesTooLong);
    }
    Ok(())
}

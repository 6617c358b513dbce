//! Step H: `exp`, `iat` and `nbf`.

use serde_json::Value;

use crate::json::Object;
use crate::rejection::Rejection;

/// A moment in whole seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct UnixSeconds(pub u64);

/// The last second of the year 9999: later is no date but an overflow.
const LAST_SECOND: f64 = 253_402_300_799.0;

/// The times are JSON numbers (strings are CVE-2026-25537's way in) and fit `now`, give or take the leeway.
///
/// There is no rule on `iat` being recent: Canvas builds its claims when the login begins, and a launch that
/// is valid by `exp` is valid.
///
/// Spec: [Security Framework 1.0 §5.1.3](https://www.imsglobal.org/spec/security/v1p0/#authentication-response-validation) steps 7 and 8.
pub(super) fn verify(claims: &Object, now: UnixSeconds, leeway_seconds: u32) -> Result<(), Rejection> {
    let [exp, iat] = [required(claims, "exp")?, required(claims, "iat")?];
    let now = now.0 as f64;
    let leeway = f64::from(leeway_seconds);
    if now >= exp + leeway {
        return Err(Rejection::Expired { by_seconds: (now - exp - leeway) as u64, leeway_seconds });
    }
    not_ahead("iat", iat, now, leeway_seconds)?;
    if let Some(nbf) = moment(claims, "nbf")? {
        not_ahead("nbf", nbf, now, leeway_seconds)?;
    }
    if exp < iat {
        return Err(Rejection::ClaimInvalid { claim: "exp", expected: "not before `iat`" });
    }
    Ok(())
}

fn not_ahead(claim: &'static str, moment: f64, now: f64, leeway_seconds: u32) -> Result<(), Rejection> {
    let ahead = moment - now - f64::from(leeway_seconds);
    if ahead > 0.0 {
        return Err(Rejection::NotYetValid { claim, ahead_seconds: ahead.ceil() as u64, leeway_seconds });
    }
    Ok(())
}

fn required(claims: &Object, claim: &'static str) -> Result<f64, Rejection> {
    moment(claims, claim)?.ok_or_else(|| Rejection::ClaimsMissing(vec![claim]))
}

fn moment(claims: &Object, claim: &'static str) -> Result<Option<f64>, Rejection> {
    let invalid = Rejection::ClaimInvalid { claim, expected: "a number of seconds since 1970, not after 9999" };
    match claims.get(claim) {
        None => Ok(None),
        Some(Value::Number(number)) => match number.as_f64() {
            Some(seconds) if (0.0..=LAST_SECOND).contains(&seconds) => Ok(Some(seconds)),
            _ => Err(invalid),
        },
        Some(_) => Err(invalid),
    }
}

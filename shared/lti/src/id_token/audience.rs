//! Step G: `aud` and `azp`.

use serde_json::Value;

use crate::ids::ClientId;
use crate::json::Object;
use crate::rejection::{AudienceFault, Rejection};

/// `aud` is a string or an array of strings, names our client, and names nobody else; `azp`, where it is
/// present, is our client.
///
/// Spec: [Security Framework 1.0 §5.1.3](https://www.imsglobal.org/spec/security/v1p0/#authentication-response-validation) steps 3 to 5.
pub(super) fn verify(claims: &Object, client_id: &ClientId) -> Result<(), Rejection> {
    let ours = client_id.as_str();
    let mismatch = |fault| Rejection::AudienceMismatch { expected: ours.to_owned(), fault };
    let audiences = audiences(claims)?;
    if !audiences.contains(&ours) {
        return Err(mismatch(AudienceFault::NotNamed));
    }
    if audiences.iter().any(|audience| *audience != ours) {
        return Err(mismatch(AudienceFault::OthersNamed));
    }
    match claims.get("azp") {
        None => Ok(()),
        Some(Value::String(party)) if party == ours => Ok(()),
        Some(Value::String(_)) => Err(mismatch(AudienceFault::AuthorizedParty)),
        Some(_) => Err(Rejection::ClaimInvalid { claim: "azp", expected: "a string" }),
    }
}

fn audiences(claims: &Object) -> Result<Vec<&str>, Rejection> {
    let invalid = Rejection::ClaimInvalid { claim: "aud", expected: "a string or a non-empty array of strings" };
    match claims.get("aud") {
        Some(Value::String(audience)) => Ok(vec![audience]),
        Some(Value::Array(audiences)) if !audiences.is_empty() => {
            audiences.iter().map(Value::as_str).collect::<Option<Vec<&str>>>().ok_or(invalid)
        }
        _ => Err(invalid),
    }
}

//! Claims with a fault in them.

use serde_json::{Value, json};

use super::fault::ClaimsFault;
use super::payload::parse;

/// The claims, spoiled.
pub(super) fn spoiled(fault: &ClaimsFault, claims: &Value) -> Value {
    let mut claims = claims.clone();
    match fault {
        ClaimsFault::Set { claim, json } => claims[*claim] = parse(json),
        ClaimsFault::Remove(names) => {
            if let Value::Object(members) = &mut claims {
                members.retain(|name, _| !names.contains(&name.as_str()));
            }
        }
        ClaimsFault::Append { claim, suffix } => {
            let text = claims[*claim].as_str().unwrap_or_default();
            claims[*claim] = json!(format!("{text}{suffix}"));
        }
        ClaimsFault::AsText(claim) => claims[*claim] = json!(claims[*claim].to_string()),
        ClaimsFault::AudienceAdded(other) => {
            claims["aud"] = json!([claims["aud"], other]);
        }
        ClaimsFault::Times { issued_at, expires_at } => {
            claims["iat"] = json!(issued_at);
            claims["exp"] = json!(expires_at);
        }
        ClaimsFault::TimesShifted(seconds) => {
            for claim in ["iat", "exp"] {
                claims[claim] = json!(instant(&claims, claim).saturating_add_signed(*seconds));
            }
        }
        ClaimsFault::NotBefore(seconds) => {
            claims["nbf"] = json!(instant(&claims, "iat").saturating_add(*seconds));
        }
    }
    claims
}

/// An instant among the claims, unix seconds.
fn instant(claims: &Value, claim: &str) -> u64 {
    claims[claim].as_u64().unwrap_or_default()
}

//! Tokens whose header is wrong.

use serde_json::{Value, json};

use super::apply::GoodLaunch;
use super::fault::HeaderFault;
use super::payload::parse;

/// The token under a wrong header.
pub(super) fn token(fault: &HeaderFault, good: &GoodLaunch<'_>) -> String {
    let payload = good.claims.to_string();
    let mut header = good.key.header();
    match fault {
        HeaderFault::Text(text) => return good.key.token(text, &payload),
        HeaderFault::Set { member, json } => header[*member] = parse(json),
        HeaderFault::Remove(member) => remove(&mut header, member),
        HeaderFault::EmbeddedKey => {
            header["jwk"] = good.stranger.public_jwk();
            header["kid"] = json!(good.stranger.key_id());
            return good.stranger.token(&header.to_string(), &payload);
        }
    }
    good.key.token(&header.to_string(), &payload)
}

fn remove(header: &mut Value, member: &str) {
    if let Value::Object(members) = header {
        members.remove(member);
    }
}

//! What a state holds, as bytes.
//!
//! Fixed parts first, then texts, each with its length in two bytes. Whatever does not fit to the last byte is no
//! state.

use doorway_lti::id_token::UnixSeconds;
use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use doorway_lti::login::LoginInitiation;

use super::{LoginState, Nonce};
use crate::binding::BindingHash;
use crate::registration::RegistrationKey;

impl LoginState {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut plain = Vec::with_capacity(512);
        plain.extend(self.expires_at.0.to_be_bytes());
        plain.extend(self.nonce.0);
        plain.extend(self.binding.bytes());
        plain.extend(self.target_link_uri_hash);
        plain.extend(self.deployment_id_hash.unwrap_or_default());
        put_text(&mut plain, self.registration.issuer.as_str());
        put_text(&mut plain, self.registration.client_id.as_str());
        put_text(&mut plain, self.storage_target.as_deref().unwrap_or_default());
        if let Some(again) = &self.again {
            put_text(&mut plain, &again.login_hint);
            put_text(&mut plain, &again.target_link_uri);
            put_text(&mut plain, again.lti_message_hint.as_deref().unwrap_or_default());
            put_text(&mut plain, again.deployment_id.as_ref().map(DeploymentId::as_str).unwrap_or_default());
        }
        plain
    }

    pub(super) fn decode(mut plain: &[u8]) -> Option<Self> {
        let expires_at = UnixSeconds(u64::from_be_bytes(take(&mut plain)?));
        let nonce = Nonce(take(&mut plain)?);
        let binding = BindingHash::from_bytes(take(&mut plain)?);
        let target_link_uri_hash = take(&mut plain)?;
        let deployment_id_hash = Some(take(&mut plain)?).filter(|hash| *hash != [0; 8]);
        let registration = RegistrationKey {
            issuer: Issuer::try_from(take_text(&mut plain)?).ok()?,
            client_id: ClientId::try_from(take_text(&mut plain)?).ok()?,
        };
        let storage_target = non_empty(take_text(&mut plain)?);
        let again = if plain.is_empty() { None } else { Some(take_again(&mut plain, &registration)?) };
        plain.is_empty().then_some(Self {
            registration,
            nonce,
            binding,
            target_link_uri_hash,
            deployment_id_hash,
            storage_target,
            again,
            expires_at,
        })
    }
}

/// The login's own parameters. It begins again at the Registration that was found, be it named at first or not.
fn take_again(plain: &mut &[u8], registration: &RegistrationKey) -> Option<LoginInitiation> {
    Some(LoginInitiation {
        issuer: registration.issuer.clone(),
        client_id: Some(registration.client_id.clone()),
        login_hint: take_text(plain)?.to_owned(),
        target_link_uri: take_text(plain)?.to_owned(),
        lti_message_hint: non_empty(take_text(plain)?),
        deployment_id: match take_text(plain)? {
            "" => None,
            id => Some(DeploymentId::try_from(id).ok()?),
        },
        storage_target: None,
    })
}

fn put_text(plain: &mut Vec<u8>, text: &str) {
    let length = u16::try_from(text.len()).expect("issuers, ids, hints and storage targets are bounded");
    plain.extend(length.to_be_bytes());
    plain.extend(text.as_bytes());
}

fn take<const N: usize>(plain: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = plain.split_first_chunk()?;
    *plain = rest;
    Some(*taken)
}

fn take_text<'a>(plain: &mut &'a [u8]) -> Option<&'a str> {
    let length = usize::from(u16::from_be_bytes(take(plain)?));
    let (taken, rest) = plain.split_at_checked(length)?;
    *plain = rest;
    std::str::from_utf8(taken).ok()
}

fn non_empty(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

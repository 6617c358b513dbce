//! A good launch spoiled: the form fields that the browser posts to the Tool.

use serde_json::Value;

use super::fault::{Fault, FormFault, PayloadFault};
use super::{claims, header, payload, signature};
use crate::key::PlatformKey;

/// A launch in which nothing is wrong yet.
#[derive(Clone, Copy)]
pub struct GoodLaunch<'a> {
    /// The Platform's key, which its JWKS publishes.
    pub key: &'a PlatformKey,
    /// A key that no JWKS publishes.
    pub stranger: &'a PlatformKey,
    /// The claims.
    pub claims: &'a Value,
    /// The `state` of the authentication request.
    pub state: &'a str,
}

impl GoodLaunch<'_> {
    /// The fields of the good launch itself.
    #[must_use]
    pub fn form(&self) -> Vec<(String, String)> {
        self.form_with(self.key.id_token(self.claims))
    }

    fn form_with(&self, id_token: String) -> Vec<(String, String)> {
        vec![("id_token".into(), id_token), ("state".into(), self.state.into())]
    }
}

/// The form fields of a launch with a fault, in the order in which they are posted.
///
/// [`Fault::Login`] leaves the form as it is: that fault was in the login initiation. So does
/// [`FormFault::PostedTwice`], which is a matter of how often the form is posted.
#[must_use]
pub fn apply(fault: &Fault, good: &GoodLaunch<'_>) -> Vec<(String, String)> {
    match fault {
        Fault::Login(_) => good.form(),
        Fault::Header(fault) => good.form_with(header::token(fault, good)),
        Fault::Signature(fault) => good.form_with(signature::token(fault, good)),
        Fault::Payload(PayloadFault::NoToken(text)) => good.form_with((*text).to_owned()),
        Fault::Payload(PayloadFault::Text { header, payload }) => good.form_with(good.key.token(header, payload)),
        Fault::Payload(PayloadFault::Duplicate { claim, json }) => {
            let text = payload::with_duplicate(good.claims, claim, json);
            good.form_with(good.key.token(&good.key.header().to_string(), &text))
        }
        Fault::Claims(fault) => good.form_with(good.key.id_token(&claims::spoiled(fault, good.claims))),
        Fault::Form(fault) => form(fault, good),
    }
}

fn form(fault: &FormFault, good: &GoodLaunch<'_>) -> Vec<(String, String)> {
    let mut fields = good.form();
    match fault {
        FormFault::PostedTwice => {}
        FormFault::Remove(name) => fields.retain(|(field, _)| field != name),
        FormFault::Repeat(name) => {
            let again = fields.iter().find(|(field, _)| field == name).cloned();
            fields.extend(again);
        }
        FormFault::StateTampered => {
            for (_, state) in fields.iter_mut().filter(|(field, _)| field == "state") {
                *state = tampered(state);
            }
        }
        FormFault::PlatformError { error, description } => {
            return vec![
                ("error".into(), (*error).into()),
                ("error_description".into(), (*description).into()),
                ("state".into(), good.state.into()),
            ];
        }
    }
    fields
}

/// The text with the character in its middle replaced by another of base64url's alphabet: at the end of a text, where
/// bits may be unused, the change could decode to the same bytes.
fn tampered(text: &str) -> String {
    let middle = text.chars().count() / 2;
    text.chars()
        .enumerate()
        .map(|(position, character)| match (position == middle, character) {
            (false, _) => character,
            (true, 'A') => 'B',
            (true, _) => 'A',
        })
        .collect()
}

//! The authentication response: the form fields that the browser posts to the Tool.

use serde_json::{Value, json};

use crate::auth::{Accepted, AuthError, Refusal};
use crate::claims::names::LAUNCH_PRESENTATION;
use crate::offer;
use crate::platform::Platform;
use crate::wrong::{Fault, FormFault, GoodLaunch, apply};

/// What the browser is to post to the Tool's redirect URI.
pub(crate) struct Answer {
    /// Fields in their order.
    pub(crate) fields: Vec<(String, String)>,
    /// Whether they are posted twice, as in a replay.
    pub(crate) twice: bool,
}

/// The answer to a right request: a signed launch, spoiled if the message hint said so.
pub(crate) fn launch(platform: &Platform, accepted: &Accepted) -> Answer {
    let pending = &accepted.launch;
    let launch = platform.launch_claims(&accepted.client, &accepted.user, &accepted.nonce, &pending.link);
    let mut claims = pending.link.message.claims(&launch, &pending.link.link);
    offer::complete(platform, &pending.link, &mut claims);
    if let Some(locale) = &pending.locale {
        speak(&mut claims, locale);
    }
    let mut answer = signed(platform, accepted, &claims);
    let target = platform.storage().launch_target();
    answer.fields.extend(target.map(|target| ("lti_storage_target".to_owned(), target.to_owned())));
    answer
}

fn signed(platform: &Platform, accepted: &Accepted, claims: &Value) -> Answer {
    let Some(wrong) = accepted.launch.wrong else {
        let id_token = ("id_token".to_owned(), platform.key().id_token(claims));
        let state = ("state".to_owned(), accepted.state.clone());
        return Answer { fields: vec![id_token, state], twice: false };
    };
    let good = GoodLaunch { key: platform.key(), stranger: platform.stranger(), claims, state: &accepted.state };
    Answer { fields: apply(&wrong.fault, &good), twice: wrong.fault == Fault::Form(FormFault::PostedTwice) }
}

/// Lets the launch ask for a language, as the person's and as the page's.
fn speak(claims: &mut Value, locale: &str) {
    claims["locale"] = json!(locale);
    if let Some(presentation) = claims.get_mut(LAUNCH_PRESENTATION) {
        presentation["locale"] = json!(locale);
    }
}

/// The answer to a wrong request whose sender is known; the page's text for any other.
pub(crate) fn refusal(error: AuthError) -> Result<Answer, &'static str> {
    let (Refusal { code, description }, state) = match error {
        AuthError::Unanswerable(text) => return Err(text),
        AuthError::Refused { refusal, state } => (refusal, state),
    };
    let mut fields =
        vec![("error".to_owned(), code.to_owned()), ("error_description".to_owned(), description.to_owned())];
    fields.extend(state.map(|state| ("state".to_owned(), state)));
    Ok(Answer { fields, twice: false })
}

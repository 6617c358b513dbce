//! The form comes back: the request is sent, once.

use std::time::Duration;

use doorway_lti::access_token::AccessToken;
use doorway_lti::dynamic_registration::RegistrationResponse;
use reqwest::Method;

use super::form::{Closed, Form, FormProof};
use super::{Learned, Register, RegisterError, Registered, usable};
use crate::error::Error;
use crate::event_bus::BusEvent;
use crate::http::{Answer, Request};
use crate::invite::{Invite, InviteHash};
use crate::registration_url::RegistrationUrl;
use crate::services::words_of;
use crate::store::invites::Ended;

/// The longest answer that is read, in bytes: it echoes what was asked.
const ANSWER_LIMIT: usize = 256 * 1024;
/// How long a Platform may take to register: Moodle fetches the Tool's keys and picture meanwhile.
const REGISTRATION_TIMEOUT: Duration = Duration::from_secs(15);

impl Register {
    /// Registers the Tool as it was shown.
    ///
    /// The request is sent once, whatever happens: a Platform's token may be good once (Moodle), and where it is not a
    /// second request would make a second Tool. If nothing was registered the invite can be used again, by a new form.
    ///
    /// # Errors
    /// [`RegisterError::FormInvalid`], [`RegisterError::FormExpired`], [`RegisterError::FormForeign`], [`RegisterError::FormUsed`]; those of
    /// [`Register::invited`]; [`RegisterError::RegistrationUnavailable`], [`RegisterError::RegistrationRefused`],
    /// [`RegisterError::RegistrationUnclear`], [`RegisterError::RegistrationExists`], [`RegisterError::RegistrationNotStored`]; [`Error::Store`],
    /// [`Error::Secret`].
    pub async fn confirm(
        &self,
        form: &str,
        proof: &FormProof<'_>,
        learned: &mut Learned,
    ) -> Result<(Registered, String), Error> {
        let form = self.open(form).await?;
        learned.issuer = Some(form.proposal.issuer.to_string());
        learned.framed_by = Some(form.proposal.framing_origins());
        form.require(proof)?;
        let hash = InviteHash::of_text(form.invite.clone());
        let invite = self.invites.find(&hash).await?.ok_or(RegisterError::InviteUnknown)?;
        learned.tenant.clone_from(&invite.tenant);
        let now = self.clock.now();
        usable(&invite, now)?;
        if !self.invites.take(&hash, form.attempts, now).await? {
            return Err(self.why_taken(&hash).await);
        }
        let registered = self.register(&form, &invite, learned).await;
        let (ended, registered) = match registered {
            Ok(registered) => (Ended::Done(registered.registration.key()), Ok((registered, form.cookie_name()))),
            Err(error) => (came_of(&error), Err(error.into())),
        };
        if let Err(error) = self.invites.end(&hash, form.attempts, &ended).await {
            tracing::error!(reason = %error, "an invite that has served could not be recorded as such");
        }
        if let Ok((registered, _)) = &registered {
            log(registered);
            let Registered { registration, is_update, .. } = registered;
            let told = || Some(BusEvent::platform_registered(registration, *is_update));
            self.events.publish(self.clock.now(), told).await;
        }
        registered
    }

    async fn open(&self, form: &str) -> Result<Form, Error> {
        let now = self.clock.now();
        let opened = match Form::open(form, &*self.state_keys.get(now).await?, now) {
            Err(Closed::UnknownKey) => Form::open(form, &*self.state_keys.get_fresh(now).await?, now),
            opened => opened,
        };
        opened.map_err(|closed| match closed {
            Closed::UnknownKey => RegisterError::FormInvalid.into(),
            Closed::Refused(error) => error.into(),
        })
    }

    /// Somebody else took the invite in this moment, or a request was sent since the form was made.
    async fn why_taken(&self, hash: &InviteHash) -> Error {
        match self.invites.find(hash).await {
            Ok(Some(invite)) => usable(&invite, self.clock.now()).err().unwrap_or(RegisterError::FormUsed).into(),
            Ok(None) => RegisterError::InviteUnknown.into(),
            Err(error) => error.into(),
        }
    }

    async fn register(&self, form: &Form, invite: &Invite, learned: &mut Learned) -> Result<Registered, RegisterError> {
        let answer = self.post(form).await?;
        let response = read(&answer, form.token.as_deref()).inspect_err(|error| {
            if let RegisterError::RegistrationRefused(words) = error {
                learned.platform_words = Some(words.words.clone()).filter(|words| !words.is_empty());
            }
        })?;
        learned.client_id = Some(response.client_id.to_string());
        self.store(invite, &form.proposal, response).await
    }

    async fn post(&self, form: &Form) -> Result<Answer, RegisterError> {
        let proposal = &form.proposal;
        let configuration = RegistrationUrl::of_configuration(proposal.configuration.as_str(), self.transport());
        let endpoint = configuration.and_then(|url| url.same_origin(&proposal.registration_endpoint));
        let endpoint = endpoint.ok_or(RegisterError::FormInvalid)?;
        let token = form.token.clone().map(AccessToken::new).transpose();
        let token = token.map_err(|_| RegisterError::FormInvalid)?;
        let request = Request::to_registration(Method::POST, &endpoint, token.as_ref())
            .accept("application/json")
            .body("application/json", proposal.request.to_string().into_bytes())
            .limit(ANSWER_LIMIT)
            .timeout(REGISTRATION_TIMEOUT);
        self.client.send(request).await.map_err(|error| match error.is_unsent() {
            true => RegisterError::RegistrationUnavailable(error),
            false => unclear(&error),
        })
    }
}

/// A refusal registers nothing. What fails on the Platform's side may have registered the Tool all the same.
fn read(answer: &Answer, token: Option<&str>) -> Result<RegistrationResponse, RegisterError> {
    match answer.status.as_u16() {
        200..300 => RegistrationResponse::parse(&answer.body).map_err(|error| unclear(&error)),
        408 | 500.. => Err(unclear(&format!("it answered {}", answer.status))),
        _ => Err(RegisterError::RegistrationRefused(words_of(&answer.without(token)))),
    }
}

fn unclear(reason: &dyn std::fmt::Display) -> RegisterError {
    RegisterError::RegistrationUnclear(reason.to_string())
}

/// What came of an invite whose request ended so.
fn came_of(error: &RegisterError) -> Ended {
    match error {
        RegisterError::FormInvalid
        | RegisterError::RegistrationUnavailable(_)
        | RegisterError::RegistrationRefused(_) => Ended::Nothing,
        _ => Ended::Unclear,
    }
}

fn log(registered: &Registered) {
    let Registered { registration, is_update, .. } = registered;
    tracing::info!(lti.issuer = %registration.issuer, lti.client_id = %registration.client_id,
        tenant = registration.tenant, status = ?registration.status, update = is_update, "registered with a Platform");
}

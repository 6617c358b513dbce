//! Completing a launch that waited: the page brings what the Platform's storage kept.

use doorway_lti::authentication::ResponseError;
use doorway_lti::parameters::Parameters;
use url::Url;

use super::{AcceptLaunch, Judged, ProvenBy, is_bound};
use crate::error::Error;
use crate::launch_id::LaunchId;
use crate::launch_record::LaunchRecord;

/// What the page posts.
pub struct Completion {
    /// The sealed state of the login.
    state: String,
    /// Where the launch waits.
    handle: LaunchId,
    /// What storage kept: the login's secret, or whatever else.
    binding: String,
}

impl Completion {
    /// The names of the form's fields, in the page and here.
    pub const STATE: &str = "state";
    /// See [`Completion::STATE`].
    pub const HANDLE: &str = "handle";
    /// See [`Completion::STATE`].
    pub const BINDING: &str = "binding";

    /// Reads the form.
    ///
    /// # Errors
    /// [`Error::Response`] without a state, [`Error::LaunchNotWaiting`] without the id of a launch, and
    /// [`Error::BindingMissing`] without a secret.
    pub fn parse(form: &Parameters) -> Result<Self, Error> {
        let state = form.non_empty(Self::STATE).ok_or(ResponseError::StateMissing)?;
        let handle = form.non_empty(Self::HANDLE).and_then(|handle| LaunchId::try_from(handle).ok());
        let handle = handle.ok_or(Error::LaunchNotWaiting)?;
        let binding = form.non_empty(Self::BINDING).ok_or(Error::BindingMissing)?;
        Ok(Self { state: state.to_owned(), handle, binding: binding.to_owned() })
    }
}

impl AcceptLaunch {
    /// Completes a launch that waited: the URL to send the browser to, with the one-time code. There is one try: with a
    /// wrong secret the launch waits no more.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::LaunchNotWaiting`], [`Error::LaunchAlreadyUsed`], [`Error::BindingMismatch`], and
    /// those of the Registration and the Deployment.
    pub async fn complete(&self, completion: &Completion, judged: &mut Judged) -> Result<Url, Error> {
        let now = self.clock.now();
        let (login, launch_id) = self.open(&completion.state, now).await?;
        let registration = self.registration(&login, judged, now).await?;
        let awaiting = self.launches.find_awaiting(&completion.handle, now).await?;
        let Some(awaiting) = awaiting.filter(|awaiting| awaiting.launch_id == launch_id) else {
            let used = self.launches.is_used(&launch_id).await?;
            return Err(if used { Error::LaunchAlreadyUsed } else { Error::LaunchNotWaiting });
        };
        let record = LaunchRecord::parse(awaiting.record, &completion.handle.log_text())?;
        let launch = record.launch(&completion.handle)?;
        judged.learn(&launch, self.registrations.transport());
        // L. The browser is the one that began. Compared here, never in the page alone.
        if !is_bound(&login, &completion.binding) {
            self.launches.remove_awaiting(&completion.handle).await?;
            return Err(Error::BindingMismatch);
        }
        judged.binding = Some(ProvenBy::PlatformStorage);
        let landed = self.admit(&login, &registration, launch, record.into_claims(), &launch_id, judged).await;
        // Its claims are in the launch now, or nobody may have them. Should they stay here, they end with the state, and
        // complete nothing.
        if landed.as_ref().err().is_none_or(is_final)
            && let Err(error) = self.launches.remove_awaiting(&completion.handle).await
        {
            tracing::warn!(reason = %error, "a launch that is over still waits");
        }
        landed
    }
}

/// Whether the same page, posting again, could never succeed. A Deployment may be agreed to meanwhile, a table come back.
fn is_final(error: &Error) -> bool {
    matches!(error, Error::LaunchAlreadyUsed | Error::DeploymentUnknown | Error::DeploymentDisabled)
}

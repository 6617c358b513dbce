//! Events for the vendor's other systems, on Amazon EventBridge: that a launch was verified, a score delivered or not, a
//! Platform registered, a key rotated. Off unless a bus is set. docs/events.md has the schema.
//!
//! An event is a notice and no record. It is put once what it tells is stored; a process that is killed in between tells
//! nobody, and a bus that does not answer holds nobody up for longer than [`PATIENCE`]. There is no person in it: no user id,
//! name or e-mail, no context, no resource link, and no launch id, which is a one-time code.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_eventbridge::primitives::DateTime;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use doorway_lti::ids::DeploymentId;
use serde_json::{Value, json};

use crate::aws::Aws;
use crate::clock::UnixSeconds;
use crate::key_life::KeyKind;
use crate::registration::{Registration, RegistrationKey};
use crate::scores::{State, Submission, SubmissionId};
use crate::store::reason;
use crate::use_case::launch::Judged;

/// The `source` of every event.
const SOURCE: &str = "doorway";

/// How long the bus may take. A person may be waiting for a page.
pub const PATIENCE: Duration = Duration::from_secs(1);

/// The version of the schema, in every `detail`. Members are only added to a version.
const VERSION: u32 = 1;

/// What happened: the `detail-type` of an event, and its `detail`.
#[derive(Debug, Clone, PartialEq)]
pub struct BusEvent {
    detail_type: &'static str,
    detail: Value,
}

impl BusEvent {
    /// A launch was verified and stored.
    pub fn launch_verified(registration: &RegistrationKey, deployment: &DeploymentId, judged: &Judged) -> Self {
        let detail = json!({
            "platform": platform(registration, Some(deployment)),
            "messageType": judged.message_type.map(|message_type| message_type.name()),
            "browserProvenBy": judged.binding.map(|proven| proven.word()),
        });
        Self::new("Launch Verified", judged.tenant.as_deref(), detail)
    }

    /// A submission is settled: delivered, or failed for good. `None` for any other state.
    pub fn score_settled(id: &SubmissionId, about: &Submission, state: State) -> Option<Self> {
        let detail_type = match state {
            State::Delivered => "Score Delivered",
            State::Failed => "Score Failed",
            State::Sending | State::Queued | State::Superseded | State::Withheld => return None,
        };
        let detail = json!({
            "platform": platform(&about.target.registration(), Some(&about.target.deployment_id)),
            "submissionId": id.as_str(),
            "isGrade": about.is_grade,
            "acceptedAt": about.accepted_at,
        });
        Some(Self::new(detail_type, about.tenant.as_deref(), detail))
    }

    /// A Platform registered the Tool, or registered it again.
    pub fn platform_registered(registration: &Registration, is_update: bool) -> Self {
        let detail = json!({
            "platform": platform(&registration.key(), None),
            "status": registration.status,
            "isUpdate": is_update,
        });
        Self::new("Platform Registered", registration.tenant.as_deref(), detail)
    }

    /// New keys of this kind are in use.
    pub fn key_rotated(kind: KeyKind) -> Self {
        Self::new("Key Rotated", None, json!({ "keys": kind.to_string() }))
    }

    fn new(detail_type: &'static str, tenant: Option<&str>, mut detail: Value) -> Self {
        detail["version"] = VERSION.into();
        if let Some(tenant) = tenant {
            detail["tenant"] = tenant.into();
        }
        Self { detail_type, detail }
    }
}

fn platform(registration: &RegistrationKey, deployment: Option<&DeploymentId>) -> Value {
    let mut platform = json!({ "issuer": registration.issuer, "clientId": registration.client_id });
    if let Some(deployment) = deployment {
        platform["deploymentId"] = json!(deployment);
    }
    platform
}

/// Where events go.
#[derive(Clone, Default)]
pub struct EventBus(Option<Arc<EventBridge>>);

struct EventBridge {
    aws: Arc<Aws>,
    name: String,
    patience: Duration,
}

/// Why an event was not put.
#[derive(Debug, thiserror::Error)]
enum NotPut {
    #[error("the bus did not answer in time")]
    Late,
    #[error("{0}")]
    Failed(String),
    #[error("the bus refused the event: {0}")]
    Refused(String),
}

impl EventBus {
    /// Nobody is told.
    pub fn off() -> Self {
        Self::default()
    }

    /// The bus on EventBridge with this name or ARN, which may take so long.
    pub fn on(aws: Arc<Aws>, name: String, patience: Duration) -> Self {
        Self(Some(Arc::new(EventBridge { aws, name, patience })))
    }

    /// Tells what happened, if anybody is told. What was done stays done when nobody hears of it: the log has a warning.
    pub async fn publish(&self, at: UnixSeconds, event: impl FnOnce() -> Option<BusEvent>) {
        let Some(bridge) = &self.0 else { return };
        let Some(event) = event() else { return };
        let put = tokio::time::timeout(bridge.patience, Box::pin(bridge.put(&event, at)));
        if let Err(reason) = put.await.unwrap_or(Err(NotPut::Late)) {
            tracing::warn!(event = event.detail_type, reason = %reason, "an event was not published");
        }
    }
}

impl EventBridge {
    async fn put(&self, event: &BusEvent, at: UnixSeconds) -> Result<(), NotPut> {
        let entry = PutEventsRequestEntry::builder()
            .event_bus_name(&self.name)
            .source(SOURCE)
            .detail_type(event.detail_type)
            .detail(event.detail.to_string())
            .time(DateTime::from_secs(i64::try_from(at.0).unwrap_or(i64::MAX)))
            .build();
        let answer = self.aws.eventbridge().await.put_events().entries(entry).send().await;
        let answer = answer.map_err(|error| NotPut::Failed(reason(&error)))?;
        // One entry was put; a refusal of it comes with the answer that all is well.
        match answer.entries().iter().find_map(|entry| entry.error_code()) {
            Some(code) => Err(NotPut::Refused(code.to_owned())),
            None => Ok(()),
        }
    }
}

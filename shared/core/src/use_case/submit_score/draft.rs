//! A score as the App gave it, checked, and where it goes.

use doorway_lti::ags::score::Score;
use doorway_lti::fault::{Fault, Faults};
use doorway_lti::ids::UserId;
use doorway_lti::json::Object;
use doorway_lti::message::{AgsEndpoint, Launch};
use doorway_lti::scope;
use doorway_lti::timestamp::Timestamp;
use serde_json::Value;
use url::Url;

use super::ScoreRequest;
use crate::binding::sha256;
use crate::error::{Error, Service, Subject};
use crate::launch_id::LaunchId;
use crate::line_item_id;
use crate::random::Random;
use crate::registration::PlatformTransport;
use crate::scores::{LaneKey, SubmissionId, Target};
use crate::use_case::open::OpenedLaunch;

/// The longest `Idempotency-Key`, in bytes.
const MAX_KEY_BYTES: usize = 255;

/// The longest score, in bytes: with it its record stays below what DynamoDB takes.
const MAX_SCORE_BYTES: usize = 64 * 1024;

/// The score of a request, as JSON Schema: that of the standard, with the members that are ours.
#[cfg(feature = "openapi")]
pub(super) fn schema() -> Value {
    let mut schema = doorway_lti::ags::schema::score();
    let ours = serde_json::json!({
        "lineItem": {
            "type": ["string", "null"], "minLength": 1,
            "description": "The URL or the `lineItemId` of a line item of the launch's own context. By default the launch's own.",
        },
        "overwriteGrade": { "type": ["boolean", "null"], "description": "Whether this may clear a grade. Not sent to the Platform." },
        "timestamp": {
            "type": ["string", "null"], "format": "date-time", "pattern": doorway_lti::ags::schema::SINCE_1970,
            "description": "When it happened: from 1970 on, and at most a minute ahead. By default now.",
        },
    });
    if let (Some(known), Value::Object(ours)) = (schema["properties"].as_object_mut(), ours) {
        known.extend(ours);
    }
    schema["description"] = format!(
        "A score: at most {} KiB in all. Further members are extensions, named by full URLs.",
        MAX_SCORE_BYTES / 1024
    )
    .into();
    schema
}

/// `Idempotency-Key`, as JSON Schema.
#[cfg(feature = "openapi")]
pub(super) fn key_schema() -> Value {
    serde_json::json!({ "type": "string", "minLength": 1, "maxLength": MAX_KEY_BYTES, "pattern": "^[!-~]([ -~]*[!-~])?$" })
}

/// A score that may be sent, but has no timestamp yet.
pub(super) struct Draft {
    pub(super) id: SubmissionId,
    pub(super) score: Score,
    /// When the App says that it happened.
    pub(super) event: Option<Timestamp>,
    /// Whether a grade may be wiped.
    pub(super) overwrite: bool,
    pub(super) respond_async: bool,
    pub(super) target: Target,
    pub(super) lane: LaneKey,
    /// A hash of the request.
    pub(super) request: [u8; 32],
    pub(super) launch: String,
    pub(super) tenant: Option<String>,
}

/// The members of the App's request that are ours, beside the score's own.
struct Ours {
    line_item: Option<Url>,
    overwrite: bool,
    event: Option<Timestamp>,
}

impl Draft {
    /// Checks a request against what its launch may do.
    pub(super) fn read(
        launch_id: &LaunchId,
        request: ScoreRequest,
        opened: &OpenedLaunch,
        transport: PlatformTransport,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let OpenedLaunch { launch, tenant, registration } = opened;
        let ags = launch.ags.as_ref().filter(|ags| may(ags, scope::SCORE)).ok_or(Error::NotGranted(Service::Scores))?;
        let text = serde_json::to_string(&request.body).unwrap_or_default();
        if text.len() > MAX_SCORE_BYTES {
            let expected = format!("at most {} KiB of JSON in all", MAX_SCORE_BYTES / 1024);
            return Err(invalid(Fault::new("", expected).into()));
        }
        let hash = sha256(text.as_bytes());
        let mut body = request.body;
        let ours = Ours::take(&mut body);
        let score = Score::parse(body, learner(launch).as_ref());
        let (ours, score) = both(ours, score).map_err(invalid)?;
        let line_item =
            ours.line_item.map(|url| url.to_string()).or_else(|| ags.line_item.clone()).ok_or_else(|| {
                invalid(Fault::new("lineItem", "given: the launch has no line item of its own").into())
            })?;
        let line_item = registration.service_url(&line_item, transport)?.url().clone();
        if !ags.covers(&line_item) {
            return Err(invalid(Fault::new("lineItem", "a line item of the launch's own context").into()));
        }
        let id = match request.idempotency_key.as_deref() {
            Some(key) if key.is_empty() || key.len() > MAX_KEY_BYTES => {
                let expected = format!("a text of 1 to {MAX_KEY_BYTES} bytes");
                return Err(invalid(Fault::new("Idempotency-Key", expected).into()));
            }
            Some(key) => SubmissionId::of_request(launch_id, key),
            None => SubmissionId::new(random),
        };
        Ok(Self {
            id,
            lane: LaneKey::new(&registration.key(), &line_item, score.user_id()),
            target: target(opened, ags, line_item),
            score,
            event: ours.event,
            overwrite: ours.overwrite,
            respond_async: request.respond_async,
            request: hash,
            launch: launch_id.log_text(),
            tenant: tenant.clone(),
        })
    }
}

impl Ours {
    fn take(body: &mut Object) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut bad = |field: &str, expected: &str| faults.add(field, expected);
        let line_item = match body.remove("lineItem") {
            None | Some(Value::Null) => None,
            Some(value) => {
                let url = value.as_str().and_then(line_item_id::read);
                if url.is_none() {
                    bad("lineItem", "the URL or the lineItemId of a line item");
                }
                url
            }
        };
        let overwrite = match body.remove("overwriteGrade") {
            None | Some(Value::Null) => false,
            Some(value) => value.as_bool().unwrap_or_else(|| {
                bad("overwriteGrade", "true or false");
                false
            }),
        };
        let event = match body.remove("timestamp") {
            None | Some(Value::Null) => None,
            Some(value) => {
                let moment = value.as_str().and_then(Timestamp::parse);
                if moment.is_none() {
                    bad("timestamp", "a date with time and zone, as 2026-01-31T12:34:56.789Z");
                }
                moment
            }
        };
        faults.or(Self { line_item, overwrite, event })
    }
}

/// Whose score it is unless the App says: the submission's that is reviewed, else the launch's own.
fn learner(launch: &Launch) -> Option<UserId> {
    let for_user = launch.for_user().and_then(|user| UserId::try_from(user.user_id.as_str()).ok());
    for_user.or_else(|| launch.user_id.clone())
}

fn target(opened: &OpenedLaunch, ags: &AgsEndpoint, line_item: Url) -> Target {
    let OpenedLaunch { launch, registration, .. } = opened;
    let is_own = ags.line_item.as_deref().is_some_and(|own| Url::parse(own).is_ok_and(|own| own == line_item));
    let container = ags.line_items.as_deref().and_then(|url| Url::parse(url).ok());
    let link = launch.resource_link().map(|link| link.id.clone());
    let elsewhere = if is_own && may(ags, scope::LINE_ITEM) { container.zip(link) } else { None };
    let mut target = Target::new(registration.key(), launch.deployment_id.clone(), line_item, opened.family());
    target.elsewhere = elsewhere;
    target.may_read_results = may(ags, scope::RESULT_READ_ONLY);
    target
}

/// Whether the launch may ask for this scope.
fn may(ags: &AgsEndpoint, scope: &str) -> bool {
    ags.scope.iter().any(|granted| granted == scope)
}

/// Both parts of a request, or the faults of both.
fn both<A, B>(one: Result<A, Faults>, other: Result<B, Faults>) -> Result<(A, B), Faults> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(mut faults), Err(more)) => {
            faults.extend(more);
            Err(faults)
        }
        (Err(faults), Ok(_)) | (Ok(_), Err(faults)) => Err(faults),
    }
}

fn invalid(faults: Faults) -> Error {
    Error::RequestInvalid { subject: Subject::Score, faults }
}

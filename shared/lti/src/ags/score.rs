//! A score: what a learner did at one line item, and what it is worth.
//!
//! Spec: [AGS 2.0, score publish service](https://www.imsglobal.org/spec/lti-ags/v2p0/#score-publish-service).

use std::fmt;

use serde_json::{Number, Value};

use super::member::Members;
use crate::fault::Faults;
use crate::ids::UserId;
use crate::json::Object;
use crate::timestamp::Timestamp;

/// The longest comment, in bytes. A score must fit a queue's message with room for the rest.
pub const MAX_COMMENT_BYTES: usize = 16 * 1024;

macro_rules! progress {
    ($(#[$doc:meta])* $name:ident, $($(#[$variant_doc:meta])* $variant:ident),+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant),+
        }

        impl $name {
            pub(super) const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($variant)),+
                }
            }
        }
    };
}

progress!(
    /// How far the learner is ([specification](https://www.imsglobal.org/spec/lti-ags/v2p0/#activityprogress)).
    ActivityProgress,
    /// Never started, or reset.
    Initialized,
    /// Opened.
    Started,
    /// Being worked on.
    InProgress,
    /// Handed in; the learner may hand in again.
    Submitted,
    /// Done.
    Completed
);

progress!(
    /// How far the grading is ([specification](https://www.imsglobal.org/spec/lti-ags/v2p0/#gradingprogress)).
    GradingProgress,
    /// The score is final.
    FullyGraded,
    /// Partly graded; the rest comes without a person.
    Pending,
    /// A person must grade it.
    PendingManual,
    /// Could not be graded.
    Failed,
    /// There is nothing to grade yet.
    NotReady
);

/// A score as the App gives it: checked, without a timestamp of its own yet.
#[derive(Clone, PartialEq)]
pub struct Score {
    user_id: UserId,
    activity_progress: ActivityProgress,
    grading_progress: GradingProgress,
    given: Option<Number>,
    maximum: Option<Number>,
    comment: Option<String>,
    scoring_user_id: Option<UserId>,
    submission: Submission,
    extensions: Object,
}

/// When the learner worked.
#[derive(Clone, PartialEq, Default)]
struct Submission {
    started_at: Option<Timestamp>,
    submitted_at: Option<Timestamp>,
    extensions: Object,
}

/// Without the person, the comment, and the extensions, which may hold the learner's work.
impl fmt::Debug for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Score")
            .field("activity_progress", &self.activity_progress)
            .field("grading_progress", &self.grading_progress)
            .field("given", &self.given)
            .field("maximum", &self.maximum)
            .finish_non_exhaustive()
    }
}

impl Score {
    /// Reads a score of the App, for `default_user` unless it names another. `null` counts as absent, and a
    /// blank comment too: by the standard both clear the comment that is there.
    ///
    /// # Errors
    /// Every fault, each with its member.
    pub fn parse(body: Object, default_user: Option<&UserId>) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut members = Members::new(body, "", &mut faults);
        let user_id = user(&mut members, default_user);
        let activity_progress = word(&mut members, "activityProgress", ActivityProgress::ALL, ActivityProgress::as_str);
        let grading_progress = word(&mut members, "gradingProgress", GradingProgress::ALL, GradingProgress::as_str);
        let (given, maximum) = points(&mut members);
        let comment = members.text("comment", is_comment, "a text of at most 16384 bytes without U+0000");
        let scoring_user_id = scoring_user(&mut members);
        let submission = Submission::read(&mut members);
        let extensions = members.extensions();
        match (user_id, activity_progress, grading_progress) {
            (Some(user_id), Some(activity_progress), Some(grading_progress)) => faults.or(Self {
                user_id,
                activity_progress,
                grading_progress,
                given,
                maximum,
                comment: comment.filter(|comment| !comment.trim().is_empty()),
                scoring_user_id,
                submission,
                extensions,
            }),
            // Each of them has added its fault.
            _ => Err(faults),
        }
    }

    /// The learner whose score it is.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }

    /// How far the learner is.
    pub fn activity_progress(&self) -> ActivityProgress {
        self.activity_progress
    }

    /// How far the grading is.
    pub fn grading_progress(&self) -> GradingProgress {
        self.grading_progress
    }

    /// Whether it is a grade: points are given and final. Platforms may ignore all others.
    pub fn is_grade(&self) -> bool {
        self.given.is_some() && self.grading_progress == GradingProgress::FullyGraded
    }

    /// The points given, and out of how many, when there are any.
    pub fn given_and_maximum(&self) -> Option<(f64, f64)> {
        self.given.as_ref().and_then(Number::as_f64).zip(self.maximum.as_ref().and_then(Number::as_f64))
    }

    /// The body to send: numbers as they were given, for the Platform does the scaling.
    pub fn to_json(&self, timestamp: Timestamp) -> Object {
        let mut body = self.extensions.clone();
        let mut put = |name: &str, value: Option<Value>| {
            body.extend(value.map(|value| (name.to_owned(), value)));
        };
        put("userId", Some(self.user_id.as_str().into()));
        put("timestamp", Some(timestamp.to_string().into()));
        put("activityProgress", Some(self.activity_progress.as_str().into()));
        put("gradingProgress", Some(self.grading_progress.as_str().into()));
        put("scoreGiven", self.given.clone().map(Value::Number));
        put("scoreMaximum", self.maximum.clone().map(Value::Number));
        put("comment", self.comment.clone().map(Value::String));
        put("scoringUserId", self.scoring_user_id.as_ref().map(|user| user.as_str().into()));
        put("submission", self.submission.to_json());
        body
    }

    /// An extension's value, as the App gave it.
    pub(super) fn extension(&self, name: &str) -> Option<&Value> {
        self.extensions.get(name)
    }

    /// The same score with this extension.
    pub(super) fn with_extension(mut self, name: &str, value: Value) -> Self {
        self.extensions.insert(name.to_owned(), value);
        self
    }
}

impl Submission {
    fn read(members: &mut Members<'_>) -> Self {
        let Some(object) = members.object("submission") else { return Self::default() };
        let mut members = Members::new(object, "submission.", members.faults());
        let started_at = members.moment("startedAt");
        let submitted_at = members.moment("submittedAt");
        if started_at.zip(submitted_at).is_some_and(|(started, submitted)| submitted < started) {
            members.fault("submittedAt", "at or after startedAt");
        }
        Self { started_at, submitted_at, extensions: members.extensions() }
    }

    fn to_json(&self) -> Option<Value> {
        let mut body = self.extensions.clone();
        for (name, moment) in [("startedAt", self.started_at), ("submittedAt", self.submitted_at)] {
            body.extend(moment.map(|moment| (name.to_owned(), moment.to_string().into())));
        }
        (!body.is_empty()).then_some(Value::Object(body))
    }
}

fn user(members: &mut Members<'_>, default_user: Option<&UserId>) -> Option<UserId> {
    let user = match members.take("userId") {
        Some(value) => user_id(&value),
        None => default_user.cloned(),
    };
    if user.is_none() {
        members.fault(
            "userId",
            "the id of a user, a text of 1 to 255 bytes; it can only be left out when the launch has a user",
        );
    }
    user
}

/// Unlike others it must not be `null`: an automatic grade leaves it out.
fn scoring_user(members: &mut Members<'_>) -> Option<UserId> {
    let user = user_id(&members.take_any("scoringUserId")?);
    if user.is_none() {
        members.fault("scoringUserId", "the id of the user who graded, a text of 1 to 255 bytes, or left out");
    }
    user
}

fn user_id(value: &Value) -> Option<UserId> {
    value.as_str().and_then(|text| UserId::try_from(text).ok())
}

fn word<T: Copy>(members: &mut Members<'_>, name: &str, all: &[T], as_str: fn(T) -> &'static str) -> Option<T> {
    let sent = members.take(name);
    let known = sent.as_ref().and_then(Value::as_str).and_then(|text| all.iter().find(|one| as_str(**one) == text));
    if known.is_none() {
        let words: Vec<&str> = all.iter().map(|one| as_str(*one)).collect();
        members.fault(name, format!("one of {}", words.join(", ")));
    }
    known.copied()
}

/// `scoreGiven` may exceed `scoreMaximum` (extra credit), but means nothing without it.
fn points(members: &mut Members<'_>) -> (Option<Number>, Option<Number>) {
    let given = members.number("scoreGiven", |given| given >= 0.0, "a number that is 0 or more");
    // A maximum of the wrong kind is there: it has its own fault.
    let says_maximum = members.has("scoreMaximum");
    let maximum = members.number("scoreMaximum", |maximum| maximum > 0.0, "a number above 0");
    if given.is_some() && !says_maximum {
        members.fault("scoreMaximum", "a number above 0 where scoreGiven is there");
    }
    (given, maximum)
}

/// Databases of Platforms refuse U+0000 in a text.
fn is_comment(text: &str) -> bool {
    text.len() <= MAX_COMMENT_BYTES && !text.contains('\0')
}

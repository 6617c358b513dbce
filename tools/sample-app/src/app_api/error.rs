//! Why a call of the App API did not succeed.

use serde::Deserialize;
use thiserror::Error;

/// What the App API says when it refuses (RFC 9457). `code` is stable, the texts are for people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// What went wrong, for programs: `launch_redeemed` and its like.
    pub code: String,
    /// What went wrong, in short.
    pub title: String,
    /// What went wrong, in this case.
    pub detail: String,
    /// What the operator finds the case by.
    pub reference: String,
    /// What is wrong with the body that was sent.
    pub faults: Vec<Fault>,
    /// What the Platform answered, when it was the Platform that refused.
    pub platform: Option<PlatformAnswer>,
}

impl Problem {
    /// Whether the same call may succeed in a moment. What the Platform refused, it will refuse again.
    pub(crate) fn may_pass(&self) -> bool {
        self.code != "platform_refused" && matches!(self.status, 429 | 500..)
    }
}

/// One fault of a body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Fault {
    /// Where: `contentItems[0].url`.
    pub field: String,
    /// What should be there.
    pub expected: String,
}

/// The Platform's own refusal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PlatformAnswer {
    /// Its HTTP status.
    pub status: Option<u16>,
    /// Its words, as it wrote them.
    pub words: Option<String>,
}

/// Why a call did not succeed.
#[derive(Debug, Error)]
pub enum ApiError {
    /// The code has characters that no launch id has, so Doorway was not asked.
    #[error("the code is no launch id")]
    NoLaunchId,
    /// Doorway refused.
    #[error("the App API refused with `{}`, reference `{}`", .0.code, .0.reference)]
    Refused(Box<Problem>),
    /// Doorway did not answer, or its answer cannot be read.
    #[error("the App API did not answer as agreed")]
    NoAnswer(#[source] reqwest::Error),
    /// Doorway answered with something else than a page, where a page was asked for.
    #[error("the App API did not answer with a page")]
    NoPage,
    /// The App's own settings have no usable URL of the App API.
    #[error("the App API's base URL is no URL that has paths")]
    NoBaseUrl,
}

impl ApiError {
    /// The URL has the launch's id in it, which is no business of the log.
    pub(super) fn no_answer(error: reqwest::Error) -> Self {
        Self::NoAnswer(error.without_url())
    }

    /// Whether the same call may succeed in a moment.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Refused(problem) => problem.may_pass(),
            Self::NoAnswer(_) | Self::NoPage => true,
            Self::NoLaunchId | Self::NoBaseUrl => false,
        }
    }

    /// The problem document, where Doorway refused.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused(problem) => Some(problem),
            Self::NoLaunchId | Self::NoAnswer(_) | Self::NoPage | Self::NoBaseUrl => None,
        }
    }

    /// The stable code, where Doorway refused with one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.problem().map(|problem| problem.code.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Problem;

    #[test]
    fn a_problem_brings_the_faults_and_the_platforms_words() {
        let json = r#"{"type":"urn:x","status":422,"code":"deep_link_invalid","field":"a","expected":"b",
            "faults":[{"field":"contentItems[0].url","expected":"an absolute URL"}],
            "platform":{"status":400,"words":"No such user"}}"#;
        let problem: Problem = serde_json::from_str(json).unwrap();
        assert_eq!(problem.faults[0].field, "contentItems[0].url");
        assert_eq!(problem.platform.unwrap().words.as_deref(), Some("No such user"));
    }

    #[test]
    fn what_is_refused_for_good_does_not_pass() {
        let may_pass = |status, code: &str| Problem { status, code: code.into(), ..Problem::default() }.may_pass();
        for (status, code) in [(503, "score_not_accepted"), (429, ""), (502, ""), (500, "record_broken")] {
            assert!(may_pass(status, code), "{status} {code}");
        }
        for (status, code) in [(502, "platform_refused"), (409, "scores_not_granted"), (422, "score_invalid")] {
            assert!(!may_pass(status, code), "{status} {code}");
        }
    }

    #[test]
    fn a_problem_without_them_is_one_as_well() {
        let problem: Problem = serde_json::from_str(r#"{"code":"launch_unknown"}"#).unwrap();
        assert_eq!((problem.faults.len(), problem.platform), (0, None));
    }
}

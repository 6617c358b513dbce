//! The page for those who cannot go on, and what they can do.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::layout::layout;
use crate::app::SampleApp;
use crate::app_api::{ApiError, Problem};

/// What happened, what to do next, and what support finds the case by.
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    title: &'static str,
    advice: &'static str,
    /// What Doorway or the Platform says of it.
    details: Vec<String>,
    reference: String,
    /// The way back to a page of the visit, for somebody who is in one.
    way_back: Option<Markup>,
}

const AGAIN: &str = "Go back to your course and open the link again.";
const TELL_SUPPORT: &str = "Please tell your school's support.";

impl Refusal {
    fn new(status: StatusCode, title: &'static str, advice: &'static str) -> Self {
        Self { status, title, advice, details: Vec::new(), reference: String::new(), way_back: None }
    }

    /// The visit is not open in this browser: over, unknown, or somebody else's.
    pub(crate) fn no_visit() -> Self {
        Self::new(StatusCode::FORBIDDEN, "This visit is not open here", AGAIN)
    }

    /// The form is not one that a page of this visit made.
    pub(crate) fn foreign_form() -> Self {
        let advice = "Nothing was sent. Go back to your course and open the link again.";
        Self::new(StatusCode::FORBIDDEN, "This form is not from your visit", advice)
    }

    /// The quiz was handed in with an attempt that this visit does not have, or not any more.
    pub(crate) fn no_attempt(quiz: Markup) -> Self {
        let advice = "Open the quiz again and answer it anew.";
        Self::new(StatusCode::NOT_FOUND, "We do not have these answers", advice).with_way_back(quiz)
    }

    /// A choice of content in a visit that is about something else.
    pub(crate) fn no_choosing() -> Self {
        let advice = "Go back to your course and add content there.";
        Self::new(StatusCode::CONFLICT, "This visit cannot add content to a course", advice)
    }

    /// A teacher's page, for somebody else.
    pub(crate) fn teachers_only(way_back: Markup) -> Self {
        let advice = "Your course says that you do not teach in it.";
        Self::new(StatusCode::FORBIDDEN, "The class list is for teachers", advice).with_way_back(way_back)
    }

    /// A path that leads nowhere.
    pub(crate) fn no_such_page() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Lumen has no such page", AGAIN)
    }

    pub(crate) fn with_way_back(self, way_back: Markup) -> Self {
        Self { way_back: Some(way_back), ..self }
    }

    /// Why a code did not become a visit.
    pub(crate) fn arriving(error: &ApiError) -> Self {
        let failed = "We could not finish signing you in";
        match error {
            ApiError::NoLaunchId => Self::unknown_link(),
            ApiError::Refused(problem) => match problem.code.as_str() {
                "launch_unknown" => Self::unknown_link(),
                "launch_redeemed" => Self::new(StatusCode::GONE, "This link was already used", AGAIN),
                "launch_expired" => Self::new(StatusCode::GONE, "This link waited too long", AGAIN),
                "unauthorized" => Self::misconfigured(),
                _ => Self::new(StatusCode::BAD_GATEWAY, failed, AGAIN),
            }
            .with_words_of(problem),
            ApiError::NoAnswer(_) | ApiError::NoPage => Self::new(
                StatusCode::BAD_GATEWAY,
                failed,
                "Wait a moment, then go back to your course and open the link again.",
            ),
            ApiError::NoBaseUrl => Self::misconfigured(),
        }
    }

    /// Why a choice of content did not reach the course.
    pub(crate) fn choosing(error: &ApiError) -> Self {
        let ApiError::Refused(problem) = error else {
            return Self::serving(error);
        };
        let refusal = match problem.code.as_str() {
            "deep_link_answered" => Self::new(
                StatusCode::CONFLICT,
                "This choice was already sent",
                "Look into your course: if the lessons are not there, choose content there once more.",
            ),
            "deep_link_invalid" => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "Your course does not take this choice",
                "Nothing was added. Choose other lessons, or tell your school's support.",
            ),
            "deep_linking_not_granted" => Self::no_choosing(),
            _ => Self::of_service(problem),
        };
        refusal.with_words_of(problem)
    }

    /// Why a call for somebody who is already here did not succeed.
    pub(crate) fn serving(error: &ApiError) -> Self {
        match error {
            ApiError::Refused(problem) => Self::of_service(problem).with_words_of(problem),
            ApiError::NoAnswer(_) | ApiError::NoPage => Self::no_answer(),
            ApiError::NoLaunchId => Self::unknown_link(),
            ApiError::NoBaseUrl => Self::misconfigured(),
        }
    }

    fn of_service(problem: &Problem) -> Self {
        match problem.code.as_str() {
            "unauthorized" => Self::misconfigured(),
            "launch_unknown" | "launch_expired" => Self::new(StatusCode::GONE, "This visit is over", AGAIN),
            "registration_disabled" | "deployment_disabled" | "deployment_pending" | "deployment_unknown" => Self::new(
                StatusCode::FORBIDDEN,
                "Your school's connection to Lumen is switched off",
                "Please ask your school's support to switch it on again.",
            ),
            "platform_refused" => Self::new(StatusCode::BAD_GATEWAY, "Your learning platform refused", TELL_SUPPORT),
            _ if problem.may_pass() => Self::no_answer(),
            _ => Self::new(StatusCode::BAD_GATEWAY, "Lumen could not do this", TELL_SUPPORT),
        }
    }

    fn no_answer() -> Self {
        let advice = "It is not your fault. Wait a moment, then try again.";
        Self::new(StatusCode::BAD_GATEWAY, "Lumen gets no answer just now", advice)
    }

    fn unknown_link() -> Self {
        Self::new(StatusCode::NOT_FOUND, "We do not know this link", AGAIN)
    }

    fn misconfigured() -> Self {
        Self::new(
            StatusCode::BAD_GATEWAY,
            "Lumen is not set up correctly",
            "Nothing is wrong with your account. Please tell your school's support; Lumen's operator has to check the App API's URL and key.",
        )
    }

    fn with_words_of(self, problem: &Problem) -> Self {
        let faults = problem.faults.iter().map(|fault| format!("{}: {}", fault.field, fault.expected));
        let words = problem.platform.iter().filter_map(|platform| platform.words.clone());
        Self { details: faults.chain(words).collect(), reference: problem.reference.clone(), ..self }
    }

    /// The parts of the page, for a page that has something else to show as well.
    pub(super) fn as_notice(&self) -> Markup {
        html! {
            p { strong { (self.title) ". " } (self.advice) }
            (explanation(&self.details, &self.reference))
        }
    }
}

/// The page.
pub(crate) fn refusal(app: &SampleApp, refusal: &Refusal) -> Markup {
    let body = html! {
        h1 { (refusal.title) }
        p.lead { (refusal.advice) }
        (explanation(&refusal.details, &refusal.reference))
        @if let Some(way_back) = &refusal.way_back { (way_back) }
    };
    layout(app, refusal.title, &body)
}

/// What others say of a failure, and what support finds it by.
fn explanation(details: &[String], reference: &str) -> Markup {
    html! {
        @if !details.is_empty() {
            p { "The answer was:" }
            ul { @for detail in details { li { (detail) } } }
        }
        @if !reference.is_empty() {
            p { "If you ask for help, say this reference: " code { (reference) } }
        }
    }
}

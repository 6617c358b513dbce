//! The page for those who cannot come in, and what they can do.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::layout::layout;
use crate::app::SampleApp;
use crate::app_api::{Problem, RedeemError};

/// What happened, what to do next, and what support finds the case by.
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    title: &'static str,
    advice: &'static str,
    reference: String,
}

const AGAIN: &str = "Go back to your course and open the link again.";

/// The visit is not open in this browser: over, unknown, or somebody else's.
pub(crate) const NO_VISIT: Refusal = Refusal::new(StatusCode::FORBIDDEN, "This visit is not open here", AGAIN);

impl Refusal {
    const fn new(status: StatusCode, title: &'static str, advice: &'static str) -> Self {
        Self { status, title, advice, reference: String::new() }
    }
}

impl From<&RedeemError> for Refusal {
    fn from(error: &RedeemError) -> Self {
        match error {
            RedeemError::NoLaunchId => unknown(),
            RedeemError::Refused(problem) => from_problem(problem),
            RedeemError::NoAnswer(_) => Self::new(
                StatusCode::BAD_GATEWAY,
                "We could not finish signing you in",
                "Wait a moment, then go back to your course and open the link again.",
            ),
            RedeemError::NoBaseUrl => misconfigured(),
        }
    }
}

fn from_problem(problem: &Problem) -> Refusal {
    let refusal = match problem.code.as_str() {
        "launch_unknown" => unknown(),
        "launch_redeemed" => Refusal::new(StatusCode::GONE, "This link was already used", AGAIN),
        "launch_expired" => Refusal::new(StatusCode::GONE, "This link waited too long", AGAIN),
        "unauthorized" => misconfigured(),
        _ => Refusal::new(StatusCode::BAD_GATEWAY, "We could not finish signing you in", AGAIN),
    };
    Refusal { reference: problem.reference.clone(), ..refusal }
}

fn unknown() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "We do not know this link", AGAIN)
}

fn misconfigured() -> Refusal {
    Refusal::new(
        StatusCode::BAD_GATEWAY,
        "Lumen is not set up correctly",
        "Nothing is wrong with your account. Please tell your school's support; Lumen's operator has to check the App API's URL and key.",
    )
}

/// The page.
pub(crate) fn refusal(app: &SampleApp, refusal: &Refusal) -> Markup {
    let body = html! {
        h1 { (refusal.title) }
        p.lead { (refusal.advice) }
        @if !refusal.reference.is_empty() {
            p { "If you ask for help, say this reference: " code { (refusal.reference) } }
        }
    };
    layout(app, refusal.title, &body)
}

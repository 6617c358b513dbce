//! The page for those who come without a launch.

use maud::{Markup, html};

use super::layout::layout;
use crate::app::SampleApp;

/// How to come in.
pub(crate) fn landing(app: &SampleApp) -> Markup {
    let body = html! {
        h1 { "Lumen shows lessons in your course" }
        p.lead { "There is no password here. Open your course in your school's learning platform and follow a Lumen link: you will arrive signed in." }
    };
    layout(app, "Welcome", &body)
}

//! The lessons: a still of the film, and what it says.

use maud::{Markup, html};

use crate::launch::Launch;

struct Lesson {
    /// The `lesson` parameter of the links that lead here.
    name: &'static str,
    title: &'static str,
    still: fn() -> Markup,
    paragraphs: &'static [&'static str],
}

const LESSONS: [Lesson; 4] = [
    Lesson {
        name: "how-light-bends",
        title: "How light bends",
        still: refraction,
        paragraphs: &[
            "Light is slower in water than in air. A ray that meets the surface at a slant therefore bends towards the upright line, as a cart turns when one wheel reaches the sand first.",
            "That is why a straw in a glass looks broken, and why the water looks less deep than it is.",
        ],
    },
    Lesson {
        name: "mixing-colours",
        title: "Mixing colours",
        still: no_still,
        paragraphs: &[
            "Lamps add up: red and green light make yellow, and all colours make white. Paints take away: each keeps some colours back, and all paints make a muddy brown.",
        ],
    },
    Lesson {
        name: "how-the-eye-sees",
        title: "How the eye sees",
        still: no_still,
        paragraphs: &[
            "The lens of the eye bends light so that a picture falls on the retina, upside down. The brain has never known it otherwise.",
        ],
    },
    Lesson {
        name: "quiz-refraction",
        title: "Quiz: refraction",
        still: no_still,
        paragraphs: &["The questions are being written. Until then, watch the lesson once more."],
    },
];

/// The lesson that the link is configured with; the first one when it names none that exists.
pub(super) fn lesson(launch: &Launch) -> Markup {
    let name = launch.custom.get("lesson").and_then(|name| name.as_str());
    let lesson = LESSONS.iter().find(|lesson| Some(lesson.name) == name).unwrap_or(&LESSONS[0]);
    html! {
        section aria-labelledby="lesson" {
            h2 #lesson { (lesson.title) }
            ((lesson.still)())
            @for paragraph in lesson.paragraphs { p { (paragraph) } }
        }
    }
}

fn refraction() -> Markup {
    html! {
        figure {
            svg viewBox="0 0 320 180" role="img" aria-label="A ray of light meets water and bends downwards" {
                rect.air width="320" height="90" {}
                rect.water y="90" width="320" height="90" {}
                path.normal d="M160 20V160" {}
                path.ray d="M60 10 160 90 205 170" {}
            }
            figcaption { "Light from the air enters the water." }
        }
    }
}

fn no_still() -> Markup {
    html! {}
}

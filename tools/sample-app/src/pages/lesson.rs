//! The lesson: a still of the film, and what it says.

use maud::{Markup, html};

/// The lesson on refraction.
pub(super) fn lesson() -> Markup {
    html! {
        section aria-labelledby="lesson" {
            h2 #lesson { "How light bends" }
            figure {
                svg viewBox="0 0 320 180" role="img" aria-label="A ray of light meets water and bends downwards" {
                    rect.air width="320" height="90" {}
                    rect.water y="90" width="320" height="90" {}
                    path.normal d="M160 20V160" {}
                    path.ray d="M60 10 160 90 205 170" {}
                }
                figcaption { "Light from the air enters the water." }
            }
            p { "Light is slower in water than in air. A ray that meets the surface at a slant therefore bends towards the upright line, as a cart turns when one wheel reaches the sand first." }
            p { "That is why a straw in a glass looks broken, and why the water looks less deep than it is." }
        }
    }
}

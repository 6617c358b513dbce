//! All lessons of Lumen.

use super::{Lesson, Question};

/// The catalogue. The first lesson is shown where a link names none.
pub(crate) const LESSONS: [Lesson; 7] = [
    Lesson {
        name: "how-light-bends",
        title: "How light bends",
        summary: "A film of six minutes on refraction.",
        paragraphs: &[
            "Light is slower in water than in air. A ray that meets the surface at a slant therefore bends towards the upright line, as a cart turns when one wheel reaches the sand first.",
            "That is why a straw in a glass looks broken, and why the water looks less deep than it is.",
        ],
        questions: &[
            Question { text: "Where is light slower?", choices: &["In air", "In water"], right: 1 },
            Question {
                text: "What does a straw in a glass of water look like?",
                choices: &["Broken", "Longer at both ends", "Just as in air"],
                right: 0,
            },
        ],
        graded: false,
    },
    Lesson {
        name: "quiz-refraction",
        title: "Quiz: refraction",
        summary: "Five questions on the lesson \"How light bends\".",
        paragraphs: &["Five questions. Take your time; you can watch the lesson first."],
        questions: REFRACTION,
        graded: true,
    },
    Lesson {
        name: "mixing-colours",
        title: "Mixing colours",
        summary: "Why lamps add up and paints take away.",
        paragraphs: &[
            "Lamps add up: red and green light make yellow, and all colours make white. Paints take away: each keeps some colours back, and all paints make a muddy brown.",
        ],
        questions: &[
            Question {
                text: "What do red and green light make together?",
                choices: &["Yellow", "Brown", "Blue"],
                right: 0,
            },
            Question {
                text: "What do lamps of all colours make together?",
                choices: &["Black", "White", "Violet"],
                right: 1,
            },
            Question {
                text: "Why do all paints together look muddy?",
                choices: &["Paints shine", "Paints add up", "Each paint keeps some colours back"],
                right: 2,
            },
        ],
        graded: false,
    },
    Lesson {
        name: "how-the-eye-sees",
        title: "How the eye sees",
        summary: "From the lens to the retina.",
        paragraphs: &[
            "The lens of the eye bends light so that a picture falls on the retina, upside down. The brain has never known it otherwise.",
        ],
        questions: &[
            Question {
                text: "Which part of the eye bends light to a picture?",
                choices: &["The retina", "The lens"],
                right: 1,
            },
            Question {
                text: "How does the picture stand on the retina?",
                choices: &["Upside down", "Upright", "On its side"],
                right: 0,
            },
        ],
        graded: false,
    },
    Lesson {
        name: "why-the-sky-is-blue",
        title: "Why the sky is blue",
        summary: "What air does to sunlight.",
        paragraphs: &[
            "Air scatters blue light more than red. By day blue comes from all sides. In the evening light has a long way through the air, loses its blue on it, and the sun looks red.",
        ],
        questions: &[
            Question { text: "Which light does air scatter more?", choices: &["Red", "Blue"], right: 1 },
            Question {
                text: "Why does the evening sun look red?",
                choices: &["It has cooled down", "Its light has lost its blue on a long way", "The sea colours it"],
                right: 1,
            },
        ],
        graded: false,
    },
    Lesson {
        name: "how-rainbows-form",
        title: "How rainbows form",
        summary: "A drop of rain takes sunlight apart.",
        paragraphs: &[
            "A drop of rain bends sunlight as it enters, mirrors it at its back, and bends it again as it leaves. Each colour bends a little differently, so they part. You see a rainbow with the sun behind you.",
        ],
        questions: &[
            Question {
                text: "Where is the sun when you see a rainbow?",
                choices: &["Behind you", "Within the rainbow", "To your left"],
                right: 0,
            },
            Question {
                text: "Why do the colours part?",
                choices: &["Drops are coloured", "Each colour bends a little differently"],
                right: 1,
            },
        ],
        graded: false,
    },
    Lesson {
        name: "shadows-and-eclipses",
        title: "Shadows and eclipses",
        summary: "Who stands in whose light.",
        paragraphs: &[
            "Light goes straight on, so behind a thing that stops it there is a shadow. When the moon's shadow falls on the earth, the sun is eclipsed; when the earth's falls on the moon, the moon is.",
        ],
        questions: &[
            Question {
                text: "Whose shadow makes an eclipse of the sun?",
                choices: &["The earth's", "The moon's"],
                right: 1,
            },
            Question {
                text: "Why is there a shadow at all?",
                choices: &["Light goes straight on", "Light bends around things", "Dark rays come out of things"],
                right: 0,
            },
        ],
        graded: false,
    },
];

const REFRACTION: &[Question] = &[
    Question {
        text: "A ray goes from air into water at a slant. Which way does it bend?",
        choices: &["Away from the upright line", "Towards the upright line", "It does not bend"],
        right: 1,
    },
    Question {
        text: "Why does it bend?",
        choices: &["Light is slower in water", "Water is wet", "Water pulls light down"],
        right: 0,
    },
    Question {
        text: "A ray meets the water from straight above. What does it do?",
        choices: &["It turns back", "It bends to the side", "It goes straight on"],
        right: 2,
    },
    Question {
        text: "Why does a straw in water look broken?",
        choices: &["Light from its lower part bends as it leaves the water", "Water bends the straw"],
        right: 0,
    },
    Question {
        text: "How deep does water look from above?",
        choices: &["Deeper than it is", "As deep as it is", "Less deep than it is"],
        right: 2,
    },
];

//! The fixed texts of pages, by language. What an error says is in [`crate::words`].

use crate::language::Language;

/// The texts of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrases {
    /// Title and status of the page that is there for a moment, on the way in.
    pub opening: &'static str,
    /// The link for a browser that does not go on by itself.
    pub go_on: &'static str,
    /// Heading where the browser keeps nothing for the Tool in this frame.
    pub blocked: &'static str,
    /// Why, and what the button does.
    pub blocked_advice: &'static str,
    /// The same where there is no button.
    pub blocked_without_button: &'static str,
    /// The button that starts again.
    pub new_window: &'static str,
    /// What remains behind it.
    pub new_window_hint: &'static str,
    /// The link to the Platform's return URL.
    pub back: &'static str,
    /// Before the reference.
    pub pass_on: &'static str,
    /// The word before the reference itself.
    pub reference: &'static str,
    /// Before what the Platform itself said.
    pub platform_said: &'static str,
    /// Title of the page that posts a choice.
    pub returning: &'static str,
    /// What it does.
    pub returning_advice: &'static str,
    /// Its button.
    pub returning_button: &'static str,
}

const ENGLISH: Phrases = Phrases {
    opening: "Opening…",
    go_on: "If nothing happens, continue here",
    blocked: "One more click",
    blocked_advice: "Inside your course's page, your browser does not let this tool recognise you. In a window of its own \
                     it does.",
    blocked_without_button: "Inside your course's page, your browser does not let this tool recognise you. Go back to your \
                             course and open the link in a new tab or window.",
    new_window: "Open in a new window",
    new_window_hint: "Your course stays open here.",
    back: "Back to your course",
    pass_on: "If it happens again, give this to whoever looks after this tool:",
    reference: "Reference",
    platform_said: "Your learning platform said:",
    returning: "Back to your course",
    returning_advice: "Your choice is handed to your learning platform.",
    returning_button: "Continue",
};

const GERMAN: Phrases = Phrases {
    opening: "Wird geöffnet…",
    go_on: "Wenn nichts geschieht, hier fortfahren",
    blocked: "Noch ein Klick",
    blocked_advice: "Innerhalb der Kursseite lässt Ihr Browser nicht zu, dass dieses Werkzeug Sie wiedererkennt. In einem \
                     eigenen Fenster schon.",
    blocked_without_button: "Innerhalb der Kursseite lässt Ihr Browser nicht zu, dass dieses Werkzeug Sie wiedererkennt. \
                             Gehen Sie zurück in Ihren Kurs und öffnen Sie den Link in einem neuen Tab oder Fenster.",
    new_window: "In neuem Fenster öffnen",
    new_window_hint: "Ihr Kurs bleibt hier geöffnet.",
    back: "Zurück zum Kurs",
    pass_on: "Wenn es wieder geschieht, geben Sie dies an die Stelle weiter, die dieses Werkzeug betreut:",
    reference: "Referenz",
    platform_said: "Ihre Lernplattform hat gesagt:",
    returning: "Zurück zum Kurs",
    returning_advice: "Ihre Auswahl wird an Ihre Lernplattform übergeben.",
    returning_button: "Weiter",
};

/// The texts of a language.
pub fn of(language: Language) -> &'static Phrases {
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}

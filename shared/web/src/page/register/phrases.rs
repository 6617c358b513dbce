//! The texts of the pages that add the Tool to a Platform, by language.

use doorway_lti::scope;

use crate::language::Language;

/// The texts of one language.
pub(super) struct Phrases {
    /// Before and after the Tool's name.
    pub(super) title: (&'static str, &'static str),
    pub(super) explain: &'static str,
    pub(super) where_title: &'static str,
    pub(super) places: [&'static str; 5],
    pub(super) once: &'static str,
    pub(super) who_asks: &'static str,
    pub(super) host: &'static str,
    pub(super) platform: &'static str,
    pub(super) product: &'static str,
    pub(super) account: &'static str,
    pub(super) granted_title: &'static str,
    pub(super) will_wait: &'static str,
    pub(super) at_once: &'static str,
    pub(super) confirm_button: &'static str,
    pub(super) otherwise: &'static str,
    pub(super) done_title: &'static str,
    pub(super) updated_title: &'static str,
    pub(super) client_id: &'static str,
    pub(super) next_title: &'static str,
    pub(super) next_platform: &'static str,
    pub(super) next_active: &'static str,
    pub(super) next_pending: &'static str,
    pub(super) next_disabled: &'static str,
    pub(super) refused: &'static str,
    pub(super) close: &'static str,
    messages: [&'static str; 4],
    scopes: [&'static str; 5],
    claims: [&'static str; 2],
}

impl Phrases {
    /// The title with the Tool's name in it.
    pub(super) fn title_of(&self, tool: &str) -> String {
        format!("{}{tool}{}", self.title.0, self.title.1)
    }

    /// What a message is for.
    pub(super) fn message(&self, name: &str) -> &'static str {
        let [open, choose, review, privacy] = self.messages;
        match name {
            "LtiDeepLinkingRequest" => choose,
            "LtiSubmissionReviewRequest" => review,
            "LtiDataPrivacyLaunchRequest" => privacy,
            _ => open,
        }
    }

    /// What a scope lets the Tool do.
    pub(super) fn scope(&self, name: &str) -> &'static str {
        let [columns, results, scores, roster, own] = self.scopes;
        match name {
            scope::RESULT_READ_ONLY => results,
            scope::SCORE => scores,
            scope::CONTEXT_MEMBERSHIP => roster,
            scope::REGISTRATION | scope::REGISTRATION_READ_ONLY => own,
            _ => columns,
        }
    }

    /// What a claim says of a person; `None` for one that says nothing.
    pub(super) fn claim(&self, name: &str) -> Option<&'static str> {
        let [names, address] = self.claims;
        match name {
            "name" | "given_name" | "family_name" | "picture" => Some(names),
            "email" => Some(address),
            _ => None,
        }
    }
}

const ENGLISH: Phrases = Phrases {
    title: ("Add ", " to your learning platform"),
    explain: "This link is for the administrator of a learning platform. Copy it, or pass it on to them. They paste it where the \
              platform asks for the registration URL of a tool:",
    where_title: "Where that is",
    places: [
        "Moodle: Site administration, Plugins, External tool, Manage tools, Tool URL",
        "Canvas: Admin, Apps, Manage, Install a New App, Dynamic Registration",
        "Brightspace: Admin Tools, Manage Extensibility, LTI Advantage, Register Tool, Dynamic",
        "Sakai: Administration Workspace, External Tools, LTI Advantage auto-provision",
        "Blackboard: the developer portal, LTI Dynamic Registration",
    ],
    once: "The link registers one learning platform, and can be used until",
    who_asks: "This learning platform asks for it. Go on only if it is yours.",
    host: "Web address",
    platform: "Platform",
    product: "Software",
    account: "Account",
    granted_title: "The tool will be able to",
    will_wait: "Once it is added, the people who provide the tool see to it, and activate it.",
    at_once: "Once it is added, this learning platform can sign people in to the tool at once.",
    confirm_button: "Add the tool",
    otherwise: "If this is not your learning platform, close this page. Nothing has happened yet.",
    done_title: "The tool was added",
    updated_title: "The tool's registration was renewed",
    client_id: "Client id",
    next_title: "What is next",
    next_platform: "In your learning platform, activate the tool, or deploy it where it is to be used, if it asks for that.",
    next_active: "Open the tool from a course.",
    next_pending: "The people who provide the tool activate it. Until then it says that it is not active.",
    next_disabled: "The tool is switched off for your learning platform. Ask the people who provide it.",
    refused: "Your learning platform did not grant everything. The tool works without it, but cannot",
    close: "Back to your learning platform",
    messages: [
        "be opened from courses",
        "offer its content to be added to courses",
        "show a student's work from the gradebook",
        "show a page about privacy",
    ],
    scopes: [
        "have columns in the gradebook",
        "read the results in its columns",
        "enter scores in the gradebook",
        "see who is in a course",
        "keep its own registration up to date",
    ],
    claims: ["know the names of those who open it", "know the e-mail addresses of those who open it"],
};

const GERMAN: Phrases = Phrases {
    title: ("", " zu Ihrer Lernplattform hinzufügen"),
    explain: "Dieser Link ist für die Administration einer Lernplattform. Kopieren Sie ihn oder geben Sie ihn weiter. Er wird dort \
              eingefügt, wo die Lernplattform nach der Registrierungs-URL eines Werkzeugs fragt:",
    where_title: "Wo das ist",
    places: [
        "Moodle: Website-Administration, Plugins, Externes Tool, Tools verwalten, Tool-URL",
        "Canvas: Admin, Apps, Verwalten, Neue App installieren, Dynamische Registrierung",
        "Brightspace: Admin-Tools, Erweiterbarkeit verwalten, LTI Advantage, Tool registrieren, Dynamisch",
        "Sakai: Administration, Externe Tools, LTI Advantage",
        "Blackboard: das Entwicklerportal, LTI Dynamic Registration",
    ],
    once: "Der Link registriert eine Lernplattform und kann benutzt werden bis zum",
    who_asks: "Diese Lernplattform fragt danach. Fahren Sie nur fort, wenn es Ihre ist.",
    host: "Webadresse",
    platform: "Plattform",
    product: "Software",
    account: "Konto",
    granted_title: "Das Werkzeug kann dann",
    will_wait: "Wenn es hinzugefügt ist, prüfen es die Anbieter des Werkzeugs und schalten es frei.",
    at_once: "Wenn es hinzugefügt ist, kann diese Lernplattform sofort Personen im Werkzeug anmelden.",
    confirm_button: "Werkzeug hinzufügen",
    otherwise: "Wenn das nicht Ihre Lernplattform ist, schließen Sie diese Seite. Es ist noch nichts geschehen.",
    done_title: "Das Werkzeug wurde hinzugefügt",
    updated_title: "Die Registrierung des Werkzeugs wurde erneuert",
    client_id: "Client-ID",
    next_title: "Wie es weitergeht",
    next_platform: "Aktivieren Sie das Werkzeug in Ihrer Lernplattform, oder stellen Sie es dort bereit, wo es benutzt werden soll, \
                    wenn sie das verlangt.",
    next_active: "Öffnen Sie das Werkzeug in einem Kurs.",
    next_pending: "Die Anbieter des Werkzeugs schalten es frei. Bis dahin sagt es, dass es nicht freigeschaltet ist.",
    next_disabled: "Das Werkzeug ist für Ihre Lernplattform abgeschaltet. Fragen Sie die Anbieter.",
    refused: "Ihre Lernplattform hat nicht alles gewährt. Das Werkzeug funktioniert auch so, kann aber nicht",
    close: "Zurück zur Lernplattform",
    messages: [
        "in Kursen geöffnet werden",
        "Inhalte anbieten, die in Kurse eingefügt werden",
        "aus dem Notenbuch heraus die Arbeit einer Person zeigen",
        "eine Seite zum Datenschutz zeigen",
    ],
    scopes: [
        "Spalten im Notenbuch haben",
        "die Ergebnisse in seinen Spalten lesen",
        "Punkte ins Notenbuch eintragen",
        "sehen, wer in einem Kurs ist",
        "seine eigene Registrierung auf dem neuesten Stand halten",
    ],
    claims: ["die Namen der Personen kennen, die es öffnen", "die E-Mail-Adressen der Personen kennen, die es öffnen"],
};

/// The texts of a language.
pub(super) fn of(language: Language) -> &'static Phrases {
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}

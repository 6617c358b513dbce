//! The words for errors that an administrator meets while the Tool is added to a Platform, in every language.

use doorway_core::http::FetchError;
use doorway_core::use_case::register::RegisterError;
use doorway_lti::dynamic_registration::ConfigurationError;
use http::StatusCode;

/// What is said.
pub(super) struct Said {
    pub(super) status: StatusCode,
    /// Title and advice.
    pub(super) english: (&'static str, &'static str),
    /// Title and advice.
    pub(super) german: (&'static str, &'static str),
}

const NEW_LINK: &str = "Ask the people who provide this tool for a new link.";
const NEW_LINK_DE: &str = "Bitten Sie die Anbieter des Werkzeugs um einen neuen Link.";
const AGAIN: &str = "Start again in your learning platform, with the same link.";
const AGAIN_DE: &str = "Beginnen Sie in Ihrer Lernplattform noch einmal, mit demselben Link.";
const NOTHING_SENT: &str =
    "Nothing was registered. Please tell the people who provide this tool, with the reference below.";
const NOTHING_SENT_DE: &str =
    "Es wurde nichts registriert. Bitte sagen Sie es den Anbietern des Werkzeugs und nennen Sie die Referenz.";

fn said(status: StatusCode, english: (&'static str, &'static str), german: (&'static str, &'static str)) -> Said {
    Said { status, english, german }
}

/// The words for an error.
pub(super) fn of(error: &RegisterError) -> Said {
    match error {
        RegisterError::InviteUnknown => said(
            StatusCode::NOT_FOUND,
            ("This link is not valid", NEW_LINK),
            ("Dieser Link ist nicht gültig", NEW_LINK_DE),
        ),
        RegisterError::InviteExpired => {
            said(StatusCode::GONE, ("This link has expired", NEW_LINK), ("Dieser Link ist abgelaufen", NEW_LINK_DE))
        }
        RegisterError::InviteUsed(_) => said(
            StatusCode::GONE,
            (
                "This link was already used",
                "It registers one learning platform. For another one, ask the people who provide this tool for a new link.",
            ),
            (
                "Dieser Link wurde schon benutzt",
                "Er registriert eine Lernplattform. Für eine weitere bitten Sie die Anbieter des Werkzeugs um einen neuen Link.",
            ),
        ),
        RegisterError::InviteUnderWay => said(
            StatusCode::CONFLICT,
            (
                "The registration is under way",
                "It is sent once only. Wait a minute, then see whether your learning platform lists the tool.",
            ),
            (
                "Die Registrierung läuft",
                "Sie wird nur einmal geschickt. Warten Sie eine Minute und sehen Sie nach, ob Ihre Lernplattform das Werkzeug aufführt.",
            ),
        ),
        RegisterError::InviteSpent => said(
            StatusCode::GONE,
            (
                "Nobody knows how the last registration with this link ended",
                "If your learning platform lists the tool, delete it there. Then ask the people who provide this tool for a new link.",
            ),
            (
                "Wie die letzte Registrierung mit diesem Link endete, ist nicht bekannt",
                "Wenn Ihre Lernplattform das Werkzeug aufführt, löschen Sie es dort. Bitten Sie dann die Anbieter um einen neuen Link.",
            ),
        ),
        RegisterError::ConfigurationAddress => said(
            StatusCode::BAD_REQUEST,
            (
                "Your learning platform did not say where its configuration is",
                "It must name an https address. Paste the link where your learning platform asks for a registration URL.",
            ),
            (
                "Ihre Lernplattform hat nicht gesagt, wo ihre Konfiguration steht",
                "Sie muss eine https-Adresse nennen. Fügen Sie den Link dort ein, wo Ihre Lernplattform nach einer Registrierungs-URL fragt.",
            ),
        ),
        RegisterError::RegistrationToken => said(
            StatusCode::BAD_REQUEST,
            ("Your learning platform's registration token is not usable", AGAIN),
            ("Das Registrierungstoken Ihrer Lernplattform ist nicht brauchbar", AGAIN_DE),
        ),
        RegisterError::ConfigurationUnavailable(error) => of_fetching(error),
        RegisterError::Configuration(error) => of_configuration(error),
        RegisterError::FormInvalid => said(
            StatusCode::BAD_REQUEST,
            ("This form was not made here", AGAIN),
            ("Dieses Formular stammt nicht von hier", AGAIN_DE),
        ),
        RegisterError::FormExpired => said(
            StatusCode::BAD_REQUEST,
            ("This page was open for too long", AGAIN),
            ("Diese Seite war zu lange geöffnet", AGAIN_DE),
        ),
        RegisterError::FormUsed => said(
            StatusCode::CONFLICT,
            ("This form was already sent", AGAIN),
            ("Dieses Formular wurde schon abgeschickt", AGAIN_DE),
        ),
        RegisterError::FormForeign => said(
            StatusCode::FORBIDDEN,
            (
                "This form was opened in another browser",
                "Start again in your learning platform, in this browser. If that does not help, allow cookies for this site.",
            ),
            (
                "Dieses Formular wurde in einem anderen Browser geöffnet",
                "Beginnen Sie in diesem Browser in Ihrer Lernplattform noch einmal. Wenn das nicht hilft, erlauben Sie Cookies für diese Seite.",
            ),
        ),
        RegisterError::RegistrationUnavailable(_) => said(
            StatusCode::BAD_GATEWAY,
            ("Your learning platform cannot be reached", AGAIN),
            ("Ihre Lernplattform ist nicht erreichbar", AGAIN_DE),
        ),
        RegisterError::RegistrationRefused(_) => said(
            StatusCode::BAD_GATEWAY,
            ("Your learning platform refused to register the tool", AGAIN),
            ("Ihre Lernplattform hat die Registrierung abgelehnt", AGAIN_DE),
        ),
        RegisterError::RegistrationUnclear(_) => said(
            StatusCode::BAD_GATEWAY,
            (
                "It is not clear whether the tool was registered",
                "The registration was sent and not properly answered. If your learning platform lists the tool, delete it there. Then \
                 ask the people who provide this tool for a new link.",
            ),
            (
                "Es ist nicht klar, ob das Werkzeug registriert wurde",
                "Die Registrierung wurde geschickt und nicht richtig beantwortet. Wenn Ihre Lernplattform das Werkzeug aufführt, löschen \
                 Sie es dort. Bitten Sie dann die Anbieter um einen neuen Link.",
            ),
        ),
        RegisterError::RegistrationExists(_) => said(
            StatusCode::CONFLICT,
            (
                "This tool is registered for your learning platform already",
                "Nothing was changed here. If the registration is to be renewed, ask the people who provide this tool for a link that \
                 allows it.",
            ),
            (
                "Dieses Werkzeug ist für Ihre Lernplattform schon registriert",
                "Hier wurde nichts geändert. Wenn die Registrierung erneuert werden soll, bitten Sie die Anbieter um einen Link, der das \
                 erlaubt.",
            ),
        ),
        RegisterError::RegistrationNotStored { .. } => said(
            StatusCode::SERVICE_UNAVAILABLE,
            (
                "The registration could not be kept",
                "Your learning platform registered the tool, and the tool could not write it down. Please pass the reference on to the \
                 people who provide this tool: they can complete it.",
            ),
            (
                "Die Registrierung konnte nicht festgehalten werden",
                "Ihre Lernplattform hat das Werkzeug registriert, das Werkzeug konnte es aber nicht aufschreiben. Bitte geben Sie die \
                 Referenz an die Anbieter weiter: Sie können es vervollständigen.",
            ),
        ),
    }
}

fn of_fetching(error: &FetchError) -> Said {
    match error {
        FetchError::NotPublic => said(
            StatusCode::BAD_REQUEST,
            (
                "Your learning platform's address is not on the public internet",
                "The tool can only be added to a learning platform that it can reach, by https and at a public address.",
            ),
            (
                "Die Adresse Ihrer Lernplattform liegt nicht im öffentlichen Internet",
                "Das Werkzeug lässt sich nur zu einer Lernplattform hinzufügen, die es über https an einer öffentlichen Adresse erreicht.",
            ),
        ),
        FetchError::TooLarge(_) => said(
            StatusCode::BAD_GATEWAY,
            ("Your learning platform's configuration is too long", NOTHING_SENT),
            ("Die Konfiguration Ihrer Lernplattform ist zu lang", NOTHING_SENT_DE),
        ),
        FetchError::Status(_) => said(
            StatusCode::BAD_GATEWAY,
            (
                "Your learning platform did not give its configuration",
                "It may have expired. Start again in your learning platform, with the same link.",
            ),
            (
                "Ihre Lernplattform hat ihre Konfiguration nicht herausgegeben",
                "Vielleicht ist sie abgelaufen. Beginnen Sie in Ihrer Lernplattform noch einmal, mit demselben Link.",
            ),
        ),
        FetchError::Transport(_) | FetchError::NoConnection(_) => said(
            StatusCode::BAD_GATEWAY,
            ("Your learning platform does not answer", AGAIN),
            ("Ihre Lernplattform antwortet nicht", AGAIN_DE),
        ),
    }
}

fn of_configuration(error: &ConfigurationError) -> Said {
    match error {
        ConfigurationError::IssuerForeign | ConfigurationError::RegistrationEndpointForeign => said(
            StatusCode::BAD_GATEWAY,
            ("Your learning platform's configuration speaks for another site", NOTHING_SENT),
            ("Die Konfiguration Ihrer Lernplattform spricht für eine andere Seite", NOTHING_SENT_DE),
        ),
        ConfigurationError::Unsupported { .. } => said(
            StatusCode::BAD_GATEWAY,
            ("Your learning platform does not support what LTI 1.3 requires", NOTHING_SENT),
            ("Ihre Lernplattform unterstützt nicht, was LTI 1.3 verlangt", NOTHING_SENT_DE),
        ),
        ConfigurationError::NotJson(_) | ConfigurationError::Missing(_) | ConfigurationError::EndpointInvalid(_) => {
            said(
                StatusCode::BAD_GATEWAY,
                ("Your learning platform's configuration cannot be used", NOTHING_SENT),
                ("Die Konfiguration Ihrer Lernplattform ist nicht brauchbar", NOTHING_SENT_DE),
            )
        }
    }
}

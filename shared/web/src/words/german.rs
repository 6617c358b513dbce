//! The words for errors that people meet in the Platform's frame, in German.
//!
//! Exhaustive like the English map: a new error does not compile until somebody has said it here, or that no page shows
//! it.

use doorway_core::Error;
use doorway_core::state::StateError;
use doorway_core::store::StoreError;
use doorway_lti::Rejection;
use doorway_lti::authentication::PlatformErrorCode;

use crate::failure::Failure;

/// Title and advice.
type Text = (&'static str, &'static str);

const OPEN_AGAIN: &str = "Gehen Sie zurück in Ihren Kurs und öffnen Sie den Link noch einmal.";
const ASK_ADMIN: &str = "Bitte sagen Sie es der Administration Ihrer Lernplattform: Die Registrierung des Werkzeugs muss \
                         berichtigt werden. Den Link noch einmal zu öffnen hilft nicht.";
const SET_UP: &str = "Dieses Werkzeug ist für Ihre Lernplattform nicht eingerichtet";
const NOT_PROVEN: &str = "Die Nachricht Ihrer Lernplattform konnte nicht geprüft werden";
const TOO_LONG: &str = "Dieser Aufruf hat zu lange gedauert";

/// The words for a failure; `None` for what only the App meets.
pub(super) fn of(failure: &Failure) -> Option<Text> {
    match failure {
        Failure::Tool(error) => of_error(error),
        Failure::BodyTooLarge(_) => {
            Some(("Die Nachricht war zu groß", "Öffnen Sie den Link in Ihrem Kurs noch einmal."))
        }
        Failure::BodyUnreadable => Some(("Die Nachricht wurde abgeschnitten", OPEN_AGAIN)),
        Failure::FormExpected => Some((
            "Diese Adresse nimmt Formulare entgegen",
            "Schicken Sie die Anfrage als application/x-www-form-urlencoded, wie Lernplattformen es tun.",
        )),
        Failure::MethodNotAllowed => Some((
            "Diese Adresse kann so nicht geöffnet werden",
            "Wenn Sie aus einem Kurs kommen, gehen Sie dorthin zurück und öffnen Sie den Link dort.",
        )),
        Failure::DeadlinePassed(_) => {
            Some(("Das Werkzeug hat zu lange gebraucht", "Warten Sie eine Minute und öffnen Sie den Link noch einmal."))
        }
        Failure::NotFound => Some((
            "Hier ist nichts",
            "Wenn Sie aus einem Kurs kommen, gehen Sie dorthin zurück und öffnen Sie den Link noch einmal.",
        )),
        Failure::JsonExpected(_) => None,
    }
}

fn of_error(error: &Error) -> Option<Text> {
    Some(match error {
        Error::RepeatedParameter(_) => (
            "Eine Angabe wurde zweimal geschickt",
            "Jede darf einmal kommen. Wenn Sie aus einem Kurs kommen, sagen Sie es dessen Administration.",
        ),
        Error::Login(_) => (
            "Der Weg in dieses Werkzeug beginnt in Ihrem Kurs",
            "Ihre Lernplattform hat etwas ausgelassen, das dieses Werkzeug braucht. Öffnen Sie den Link in Ihrem Kurs; \
             wenn Sie das getan haben, sagen Sie es der Administration.",
        ),
        Error::RegistrationUnknown { .. } => (SET_UP, ASK_ADMIN),
        Error::RegistrationAmbiguous { .. } => (
            "Ihre Lernplattform hat nicht gesagt, welches Werkzeug sie meint",
            "Bitte sagen Sie der Administration Ihrer Lernplattform: Die Anmeldung muss die Client-ID nennen.",
        ),
        Error::RegistrationDisabled(_) => (
            "Dieses Werkzeug ist für Ihre Lernplattform abgeschaltet",
            "Bitte fragen Sie die Administration Ihrer Lernplattform oder die Anbieter des Werkzeugs.",
        ),
        Error::Response(_) => ("Die Antwort Ihrer Lernplattform war unvollständig", OPEN_AGAIN),
        Error::State(StateError::NotOurs | StateError::UnknownKey) => {
            ("Dieser Aufruf hat nicht hier begonnen", OPEN_AGAIN)
        }
        Error::State(StateError::Expired { .. }) => (
            TOO_LONG,
            "Er wurde vor mehr als zehn Minuten begonnen. Gehen Sie zurück in Ihren Kurs und öffnen Sie den Link noch einmal.",
        ),
        Error::AuthenticationRefused(PlatformErrorCode::SignInAgain(_)) => (
            "Ihre Lernplattform möchte, dass Sie sich neu anmelden",
            "Melden Sie sich bei Ihrer Lernplattform an und öffnen Sie den Link noch einmal. Wenn Sie angemeldet sind, \
             öffnen Sie ihn in einem neuen Fenster.",
        ),
        Error::AuthenticationRefused(PlatformErrorCode::OpenAgain(_)) => (
            "Dieser Link wurde schon benutzt",
            "Zurückgehen oder neu laden geht hier nicht. Gehen Sie in Ihren Kurs und öffnen Sie den Link noch einmal.",
        ),
        Error::AuthenticationRefused(PlatformErrorCode::Other(_)) => {
            ("Ihre Lernplattform hat Sie nicht eingelassen", ASK_ADMIN)
        }
        Error::Token(rejection) => of_rejection(rejection),
        Error::DeploymentUnknown | Error::DeploymentDisabled => (
            "Dieses Werkzeug ist dort, wo Sie es geöffnet haben, nicht freigeschaltet",
            "Bitte fragen Sie die Administration Ihrer Lernplattform oder die Anbieter des Werkzeugs.",
        ),
        Error::DeploymentPending => (
            "Dieses Werkzeug wartet hier auf seine Freischaltung",
            "Es wurde eben erst bemerkt. Sobald die Anbieter des Werkzeugs es freigeschaltet haben, öffnen Sie den Link \
             noch einmal.",
        ),
        Error::BindingMissing => (
            "Ihr Browser hat den Cookie dieses Werkzeugs nicht behalten",
            "Öffnen Sie den Link in einem neuen Fenster. Wenn das nicht hilft, erlauben Sie Cookies für diese Seite.",
        ),
        Error::BindingMismatch => (
            "Dieser Aufruf hat in einem anderen Browser begonnen",
            "Gehen Sie in diesem Browser zurück in Ihren Kurs und öffnen Sie den Link noch einmal.",
        ),
        Error::LaunchAlreadyUsed => (
            "Dieser Aufruf wurde schon benutzt",
            "Zurückgehen, neu laden oder doppelt klicken geht hier nicht. Gehen Sie in Ihren Kurs und öffnen Sie den Link \
             noch einmal.",
        ),
        Error::LaunchNotWaiting => ("Dieser Aufruf kann nicht mehr beendet werden", OPEN_AGAIN),
        Error::PlatformKeysUnavailable(_) => (
            "Ihre Lernplattform antwortet nicht",
            "Was zur Prüfung nötig ist, konnte nicht geholt werden. Warten Sie eine Minute und öffnen Sie den Link noch \
             einmal.",
        ),
        Error::Register(error) => super::register::of(error).german,
        Error::Store(StoreError::Unavailable { .. }) | Error::Secret(_) => (
            "Das Werkzeug ist gerade nicht erreichbar",
            "Warten Sie eine Minute und öffnen Sie den Link in Ihrem Kurs noch einmal.",
        ),
        Error::Store(StoreError::Broken { .. }) => (
            "Mit dem Werkzeug stimmt etwas nicht",
            "Es liegt nicht an Ihnen, und es noch einmal zu versuchen hilft nicht. Bitte geben Sie die Referenz weiter.",
        ),
        Error::Unauthorized
        | Error::LaunchUnknown
        | Error::LaunchRedeemed
        | Error::RedeemAnswerLost
        | Error::LaunchExpired
        | Error::QueryInvalid { .. }
        | Error::RequestInvalid { .. }
        | Error::NotGranted(_)
        | Error::DeepLinkAnswered
        | Error::ReturnUrlUnsafe
        | Error::LineItemBusy
        | Error::ServiceOriginForeign(_)
        | Error::AccessToken(_)
        | Error::TokenRefused(_)
        | Error::ScoreUnderWay
        | Error::PlatformRefused(_)
        | Error::PlatformUnavailable(_)
        | Error::ScoreStale(_)
        | Error::ScoreNotAccepted(_)
        | Error::LaneCrowded
        | Error::IdempotencyKeyReused
        | Error::ScoreUnknown
        | Error::LineItemUnknown
        | Error::ToolKeysMissing => return None,
    })
}

fn of_rejection(rejection: &Rejection) -> Text {
    match rejection {
        Rejection::Malformed(_) | Rejection::ClaimInvalid { .. } => (
            NOT_PROVEN,
            "Öffnen Sie den Link in Ihrem Kurs noch einmal. Wenn das nicht hilft, sagen Sie es Ihrer Administration.",
        ),
        Rejection::ClaimsMissing(_) | Rejection::VersionUnsupported => {
            ("Die Nachricht Ihrer Lernplattform ist unvollständig", ASK_ADMIN)
        }
        Rejection::MessageTypeUnknown(_) => (
            "Dieses Werkzeug bietet nicht, was geöffnet wurde",
            "Ihre Lernplattform hat eine Art von Seite verlangt, die dieses Werkzeug nicht hat. Bitte sagen Sie es der \
             Administration.",
        ),
        Rejection::AlgorithmRefused(_)
        | Rejection::HeaderRefused(_)
        | Rejection::KeyIdMissing
        | Rejection::KeyRefused(_)
        | Rejection::SignatureInvalid
        | Rejection::IssuerMismatch { .. }
        | Rejection::AudienceMismatch { .. }
        | Rejection::NonceMismatch => (NOT_PROVEN, ASK_ADMIN),
        Rejection::KeyIdUnknown => (
            NOT_PROVEN,
            "Vielleicht hat Ihre Lernplattform eben ihre Schlüssel gewechselt. Warten Sie eine halbe Minute und öffnen Sie \
             den Link noch einmal.",
        ),
        Rejection::Expired { .. } => (
            TOO_LONG,
            "Gehen Sie zurück in Ihren Kurs und öffnen Sie den Link noch einmal. Wenn es jedes Mal geschieht, geht die Uhr \
             Ihrer Lernplattform falsch.",
        ),
        Rejection::NotYetValid { .. } => (
            "Die Uhr Ihrer Lernplattform geht vor",
            "Warten Sie eine Minute und öffnen Sie den Link noch einmal. Wenn es jedes Mal geschieht, sagen Sie der \
             Administration, dass die Uhr falsch geht.",
        ),
        Rejection::UserMissing => (
            "Ihre Lernplattform hat nicht gesagt, wer Sie sind",
            "Melden Sie sich bei Ihrer Lernplattform an und öffnen Sie den Link noch einmal. Ohne Anmeldung kann dieses \
             Werkzeug nicht benutzt werden.",
        ),
    }
}

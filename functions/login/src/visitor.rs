//! The browser that begins a login: what it holds, where it shows us, which language it wants.

use axum::extract::Request;
use axum::response::Response;
use doorway_core::reference::Reference;
use doorway_core::use_case::launch::PageFacts;
use doorway_core::use_case::login::{BegunLogin, Login};
use doorway_lti::login::LoginInitiation;
use doorway_web::cookie::Cookies;
use doorway_web::language::Language;
use doorway_web::page::ScriptNonce;
use doorway_web::page::opening::{self, Opening};
use http::HeaderName;
use http::header::ACCEPT_LANGUAGE;

/// What a browser says the answer is for: a window, a frame, a script.
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What is known of the browser.
pub(crate) struct Visitor {
    /// The cookies it sent.
    pub(crate) cookies: Cookies,
    is_frame: bool,
    language: Language,
    reference: Option<Reference>,
}

/// How a browser goes on to the Platform.
pub(crate) enum Way {
    /// By a redirect.
    Straight,
    /// By a page of ours: where storage is on offer; and in a frame, where a page can tell whether the browser keeps
    /// cookies. One that does not is better told now: most Platforms take their hints back once only, so that after the
    /// launch no login can be begun again.
    ThroughPage,
}

impl Visitor {
    pub(crate) fn of(request: &Request) -> Self {
        let headers = request.headers();
        Self {
            cookies: Cookies::read(headers),
            is_frame: headers.get(SEC_FETCH_DEST).is_some_and(|value| value == "iframe" || value == "frame"),
            language: Language::choose(&[], headers.get(ACCEPT_LANGUAGE)),
            reference: request.extensions().get().cloned(),
        }
    }

    /// The browser's way to the Platform.
    pub(crate) fn way(&self, begun: &BegunLogin) -> Way {
        if begun.storage.is_some() || self.is_frame { Way::ThroughPage } else { Way::Straight }
    }

    /// The page. Where the browser keeps nothing it offers to begin `again`.
    pub(crate) fn opening(&self, login: &Login, begun: &BegunLogin, again: Option<LoginInitiation>) -> Response {
        let facts = PageFacts {
            registration: Some(begun.registration.clone()),
            again,
            transport: login.registrations.transport(),
            ..PageFacts::default()
        };
        let opening = Opening {
            facts: &facts,
            language: self.language,
            nonce: &ScriptNonce::new(&*login.random),
            reference: self.reference.as_ref(),
        };
        let next = begun.authentication_request.as_str();
        opening::login(&opening, next, begun.storage.as_ref(), &begun.binding.text())
    }
}

//! The error page: what happened, what to do next, a reference.

use axum::response::Response;
use doorway_core::use_case::launch::PageFacts;
use maud::{PreEscaped, html};
use url::Url;

use super::policy::{self, Forms};
use super::{Page, ScriptNonce, again, script};
use crate::language::Language;
use crate::phrases;
use crate::words::Words;
use doorway_core::reference::Reference;

/// What an error page shows.
pub struct ErrorPage<'a> {
    /// What happened and what to do.
    pub words: &'a Words,
    /// The error's stable code.
    pub code: &'static str,
    /// By which its log line is found.
    pub reference: &'a Reference,
    /// What can be offered besides.
    pub facts: &'a PageFacts,
    /// The person's language.
    pub language: Language,
    /// Lets its script run.
    pub nonce: &'a ScriptNonce,
}

impl ErrorPage<'_> {
    /// The page. Where a new window can help there is a button for it; where a verified launch named a way back to the
    /// Platform there is a link, which tells the Platform what happened.
    pub fn answer(&self) -> Response {
        let Self { words, facts, .. } = self;
        let phrases = phrases::of(self.language);
        let body = html! {
            main {
                h1 { (words.title) }
                p { (words.advice) }
                @if let Some(said) = &facts.platform_words {
                    p { (phrases.platform_said) }
                    blockquote { (said) }
                }
                @if let Some(login) = &facts.again { (again(login, phrases)) }
                @if let Some(url) = &facts.return_url {
                    p { a href=(self.with_error(url.clone())) { (phrases.back) } }
                }
                p.reference {
                    (phrases.pass_on) br;
                    (phrases.reference) " " strong { (self.reference) } (PreEscaped(" &middot; ")) (self.code)
                }
            }
            (script(self.nonce, &[include_str!("resize.js"), include_str!("stay.js")]))
        };
        let forms = if facts.again.is_some() { Forms::ToTool } else { Forms::None };
        let page = Page { language: self.language, title: words.title, body };
        page.answer(words.status, policy::of(self.nonce, forms, facts))
    }

    /// The Platform's return URL, told what happened: words for the person, code and reference for the log (LTI Core 1.3,
    /// launch presentation). Its own query stays as it is.
    fn with_error(&self, mut url: Url) -> Url {
        let message = format!("{}. {}", self.words.title, self.words.advice);
        url.query_pairs_mut()
            .append_pair("lti_errormsg", &message)
            .append_pair("lti_errorlog", &format!("{} {}", self.code, self.reference));
        url
    }
}

//! Adding the Tool to a Platform: what the link is for, who asks, and what came of it.
//!
//! Everything about the Platform on these pages is its own word and nobody's proof, but one thing: the host, since the
//! configuration came from there.

mod phrases;

use axum::response::Response;
use doorway_core::date;
use doorway_core::invite::INVITE_PARAMETER;
use doorway_core::registration::Status;
use doorway_core::settings::REGISTER_PATH;
use doorway_core::use_case::launch::PageFacts;
use doorway_core::use_case::register::{Confirmation, Proposal, Registered};
use doorway_lti::dynamic_registration::ToolConfiguration;
use doorway_lti::id_token::UnixSeconds;
use doorway_lti::parameters::Parameters;
use http::StatusCode;
use maud::{Markup, html};
use url::Url;

use super::policy::{self, Forms};
use super::{Page, ScriptNonce, script};
use crate::language::Language;
use phrases::Phrases;

/// The one field of the form.
pub const FORM: &str = "registration";

/// What these pages have in common.
pub struct RegisterPage<'a> {
    /// The Tool.
    pub tool: &'a ToolConfiguration,
    /// Whose pages may be around them, once that is known.
    pub framed_by: Option<&'a [String]>,
    /// The person's language.
    pub language: Language,
    /// Lets their script run.
    pub nonce: ScriptNonce,
}

/// The link that a person has opened: for the Platform.
pub fn link(tool: &ToolConfiguration, parameters: &Parameters) -> Url {
    let mut link = tool.initiate_login_uri.clone();
    link.set_path(REGISTER_PATH);
    link.query_pairs_mut().append_pair(INVITE_PARAMETER, parameters.non_empty(INVITE_PARAMETER).unwrap_or_default());
    link
}

impl RegisterPage<'_> {
    /// What the link is for.
    pub fn explain(&self, link: &Url, until: UnixSeconds) -> Response {
        let phrases = phrases::of(self.language);
        let title = phrases.title_of(&self.tool.name);
        let body = html! {
            main {
                h1 { (title) }
                p { (phrases.explain) }
                p.link { (link) }
                h2 { (phrases.where_title) }
                ul { @for place in phrases.places { li { (place) } } }
                p.hint { (phrases.once) " " time datetime=(date::rfc3339(until)) { (date::rfc3339(until)[..10]) } "." }
            }
            (script(&self.nonce, &[include_str!("resize.js"), include_str!("stay.js")]))
        };
        self.answer(&title, body, Forms::None)
    }

    /// Who asks, what will be granted, and the button.
    pub fn confirm(&self, confirmation: &Confirmation) -> Response {
        let phrases = phrases::of(self.language);
        let Confirmation { proposal, form, will_wait, .. } = confirmation;
        let title = phrases.title_of(&self.tool.name);
        let body = html! {
            main {
                h1 { (title) }
                p { (phrases.who_asks) }
                (facts(proposal, phrases))
                h2 { (phrases.granted_title) }
                ul { @for wish in wishes(proposal, phrases) { li { (wish) } } }
                @if *will_wait { p { (phrases.will_wait) } } @else { p.warning { (phrases.at_once) } }
                form method="post" action=(REGISTER_PATH) {
                    input type="hidden" name=(FORM) value=(form);
                    p { button type="submit" { (phrases.confirm_button) } }
                }
                p.hint { (phrases.otherwise) }
            }
            (script(&self.nonce, &[include_str!("resize.js"), include_str!("stay.js"), include_str!("register/once.js")]))
        };
        self.answer(&title, body, Forms::ToToolAlone)
    }

    /// What came of it, what is next, and the way back. The window is closed by a button and not by itself: what is next is
    /// to be read.
    pub fn registered(&self, registered: &Registered) -> Response {
        let phrases = phrases::of(self.language);
        let title = if registered.is_update { phrases.updated_title } else { phrases.done_title };
        let next = match registered.registration.status {
            Status::Active => phrases.next_active,
            Status::Pending => phrases.next_pending,
            Status::Disabled => phrases.next_disabled,
        };
        let body = html! {
            main {
                h1 { (title) }
                dl {
                    dt { (phrases.platform) } dd { (registered.registration.issuer) }
                    dt { (phrases.client_id) } dd { (registered.registration.client_id) }
                }
                h2 { (phrases.next_title) }
                ol {
                    li { (phrases.next_platform) }
                    li { (next) }
                }
                @if !registered.refused_scopes.is_empty() {
                    p { (phrases.refused) }
                    ul { @for scope in &registered.refused_scopes { li { (phrases.scope(scope)) } } }
                }
                p #close hidden { button type="button" { (phrases.close) } }
            }
            (script(&self.nonce, &[include_str!("resize.js"), include_str!("stay.js"), include_str!("register/close.js")]))
        };
        self.answer(title, body, Forms::None)
    }

    fn answer(&self, title: &str, body: Markup, forms: Forms) -> Response {
        let facts = PageFacts { framed_by: self.framed_by.map(<[String]>::to_vec), ..PageFacts::default() };
        let page = Page { language: self.language, title, body };
        page.answer(StatusCode::OK, policy::of(&self.nonce, forms, &facts))
    }
}

fn facts(proposal: &Proposal, phrases: &Phrases) -> Markup {
    let host = proposal.configuration.host_str().unwrap_or_default();
    let product = proposal.product.as_ref().map(|product| match &proposal.version {
        Some(version) => format!("{product} {version}"),
        None => product.clone(),
    });
    html! {
        dl {
            dt { (phrases.host) } dd { (host) }
            dt { (phrases.platform) } dd { (proposal.issuer) }
            @if let Some(product) = product { dt { (phrases.product) } dd { (product) } }
            @if let Some(account) = &proposal.account_name { dt { (phrases.account) } dd { (account) } }
        }
    }
}

/// What the Tool will be able to do, in words.
fn wishes(proposal: &Proposal, phrases: &Phrases) -> Vec<&'static str> {
    let messages = proposal.messages.iter().map(|message| phrases.message(&message.name));
    let scopes = proposal.scopes.iter().map(|scope| phrases.scope(scope));
    let claims = proposal.claims.iter().filter_map(|claim| phrases.claim(claim));
    let mut wishes: Vec<&'static str> = Vec::new();
    for wish in messages.chain(scopes).chain(claims) {
        if !wishes.contains(&wish) {
            wishes.push(wish);
        }
    }
    wishes
}

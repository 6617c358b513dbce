//! The Content Security Policy of a page.

use std::sync::LazyLock;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use doorway_core::framing;
use doorway_core::random::{self, Random};
use doorway_core::registration::PlatformTransport;
use doorway_core::use_case::launch::PageFacts;
use http::HeaderValue;
use url::Url;

use super::STYLE;

/// The hash by which a policy lets the style through.
static STYLE_HASH: LazyLock<String> = LazyLock::new(|| hash(STYLE));

/// What lets the scripts of one answer run, and no other: 128 random bits.
#[derive(Debug, Clone)]
pub struct ScriptNonce(String);

impl ScriptNonce {
    /// A new one, for one answer.
    pub fn new(random: &dyn Random) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random::bytes::<16>(random)))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the forms of a page may lead, and its script may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forms {
    /// There is none.
    None,
    /// To the Tool, which leads on: to the Platform or to the App, and they perhaps elsewhere. Browsers hold every hop
    /// against the policy, so it names no hosts.
    ToTool,
    /// To the Tool, which answers itself.
    ToToolAlone,
    /// As [`Forms::ToTool`], and a script posts one of them and reads the answer.
    ToToolByScript,
}

/// The policy of a page for these facts: our scripts by their nonce, our style by its hash, nothing from elsewhere, and
/// only the Platform's pages around it. A page that knows no Registration may be framed by any: nothing on it does
/// anything, and an error that a frame refuses to show helps nobody.
pub(super) fn of(nonce: &ScriptNonce, forms: Forms, facts: &PageFacts) -> HeaderValue {
    let form_action = match (forms, facts.transport) {
        (Forms::None, _) => "'none'",
        (Forms::ToToolAlone, _) => "'self'",
        (Forms::ToTool | Forms::ToToolByScript, PlatformTransport::HttpsOnly) => "'self' https:",
        (Forms::ToTool | Forms::ToToolByScript, PlatformTransport::HttpAllowed) => "'self' https: http:",
    };
    let connect = if forms == Forms::ToToolByScript { "; connect-src 'self'" } else { "" };
    let ancestors = match (&facts.registration, &facts.framed_by) {
        (Some(registration), _) => registration.framing_origins().join(" "),
        (None, Some(origins)) => origins.join(" "),
        (None, None) => "*".to_owned(),
    };
    let base = base(&format!("'nonce-{}'", nonce.0));
    header(&format!("{base}{connect}; form-action {form_action}; frame-ancestors {ancestors}"))
}

/// What every page's policy begins with.
pub(super) fn base(script: &str) -> String {
    format!("default-src 'none'; script-src {script}; style-src 'sha256-{}'; base-uri 'none'", *STYLE_HASH)
}

/// The source of a script that is always the same.
pub(super) fn script_hash(script: &str) -> String {
    format!("'sha256-{}'", hash(script))
}

/// The origins of these URLs, as a policy names them, each once.
pub(super) fn sources<'a>(urls: impl IntoIterator<Item = &'a str>) -> String {
    let origin = |url| Url::parse(url).ok().and_then(|url| framing::source(&url.origin()));
    let mut sources: Vec<String> = urls.into_iter().filter_map(origin).collect();
    sources.sort_unstable();
    sources.dedup();
    sources.join(" ")
}

pub(super) fn header(policy: &str) -> HeaderValue {
    HeaderValue::try_from(policy).expect("a policy of ASCII is a header value")
}

/// The base64 of a SHA-256, as policies have it.
fn hash(text: &str) -> String {
    STANDARD.encode(digest::digest(&digest::SHA256, text.as_bytes()))
}

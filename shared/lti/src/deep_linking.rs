//! Deep Linking: what the App chose, checked against what the Platform accepts, and written as a response.
//!
//! In the order in which one response is made:
//!
//! 1. [`Selection::parse`]: the App's request, each content item by the rules of its type;
//! 2. [`Selection::accept`]: the same items under the settings of this very launch, which gives a [`Response`];
//! 3. [`Response::claims`]: the claims to sign and post to the Platform's return URL.
//!
//! An App is told every fault at once. What the Platform would ignore is left out with a [`Note`]; what it would
//! misread is a fault. The Platform's own extensions pass: members and types that are full URLs need no permission
//! of ours.
//!
//! To add a type of the standard: a variant of `item::Kind`, its members in `Item::read`, a row of tests.
//!
//! Spec: [Deep Linking 2.0](https://www.imsglobal.org/spec/lti-dl/v2p0): content item types, response message.

mod acceptance;
mod content_url;
mod date_time;
mod findings;
mod item;
mod limits;
mod media_type;
mod members;
mod parts;
mod response;
#[cfg(feature = "openapi")]
pub mod schema;

use std::fmt;

use serde_json::Value;
use url::Url;

use crate::fault::Faults;
use crate::json::Object;
use crate::message::DeepLinkingSettings;

use findings::{Findings, LaunchUrl};
use item::Item;
use members::Members;

pub use findings::Note;
pub use limits::{
    MAX_CONTENT_BYTES, MAX_FINDINGS, MAX_ID_CHARS, MAX_ITEMS, MAX_MARKUP_BYTES, MAX_TEXT_CHARS, MAX_TITLE_CHARS,
    MAX_URL_BYTES,
};
pub use response::{Envelope, RESPONSE_SECONDS, Response};

/// The message type of a response.
pub const MESSAGE_TYPE: &str = "LtiDeepLinkingResponse";

/// The plain texts that may go with the items, as the App names them.
const MESSAGES: [&str; 4] = ["msg", "log", "errormsg", "errorlog"];

/// What the App wants to return, as it sent it, each item right by itself.
pub struct Selection {
    items: Vec<Item>,
    messages: Object,
    notes: Vec<Note>,
    launch_urls: Vec<LaunchUrl>,
}

/// The App's own addresses.
pub struct AppUrls<'a> {
    /// Where a link without `url` leads: it is sent always, so that a Platform has nothing to guess.
    pub default: &'a Url,
    /// Whether a launch may lead to this URL. The URL of a link must be such a one, or the link would open
    /// something else than what was chosen.
    pub may_lead_to: &'a dyn Fn(&Url) -> bool,
    /// Whether a launch may lead to plain http: in the local stack alone. Other content may be on http everywhere,
    /// as the standard allows.
    pub http: bool,
}

impl Selection {
    /// Reads `{contentItems?, msg?, log?, errormsg?, errorlog?}`. No items mean "nothing chosen".
    ///
    /// `null` is as absent. Texts are trimmed, and an empty one is as absent.
    ///
    /// # Errors
    /// Every fault at once, up to [`MAX_FINDINGS`]. Unknown members beside these five are a fault: a misspelt
    /// `errorMsg` must not vanish.
    pub fn parse(mut body: Object) -> Result<Self, Faults> {
        let mut findings = Findings::default();
        let items = read_items(body.remove("contentItems"), &mut findings);
        let mut members = Members::new(String::new(), body, &mut findings);
        for message in MESSAGES {
            members.text(message, MAX_TEXT_CHARS);
        }
        let messages = members.finish_closed("absent: beside `contentItems` there are msg, log, errormsg and errorlog");
        let (notes, launch_urls) = findings.finish()?;
        Ok(Self { items, messages, notes, launch_urls })
    }

    /// Checks the items against what the Platform accepts and completes them.
    ///
    /// # Errors
    /// Every item that the Platform would refuse: one too many, of another type, a file of another media type, or
    /// a link that this App's launches may not lead to.
    pub fn accept(self, settings: &DeepLinkingSettings, app: &AppUrls<'_>) -> Result<Response, Faults> {
        let mut findings = Findings::with_notes(self.notes);
        acceptance::check_number(&self.items, settings, &mut findings);
        acceptance::check_launch_urls(&self.launch_urls, app, &mut findings);
        let accept = |item| acceptance::accept(item, settings, app, &mut findings);
        let items = self.items.into_iter().map(accept).collect();
        let (notes, _) = findings.finish()?;
        Ok(Response::new(items, self.messages, notes))
    }
}

/// Counts alone: the texts are the App's.
impl fmt::Debug for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Selection").field("items", &self.items.len()).finish_non_exhaustive()
    }
}

fn read_items(sent: Option<Value>, findings: &mut Findings) -> Vec<Item> {
    let items = match sent {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(items)) if items.len() <= MAX_ITEMS => items,
        Some(_) => {
            findings.fault("contentItems", format!("a list of at most {MAX_ITEMS} content items"));
            return Vec::new();
        }
    };
    if serde_json::to_string(&items).is_ok_and(|json| json.len() > MAX_CONTENT_BYTES) {
        findings.fault("contentItems", format!("at most {MAX_CONTENT_BYTES} bytes of JSON in all"));
        return Vec::new();
    }
    let items = items.into_iter().enumerate();
    items.filter_map(|(index, item)| Item::read(format!("contentItems[{index}]"), item, findings)).collect()
}

//! What a browser lets sites keep.

use serde_json::{Value, json};
use url::Url;

/// `CookieControlsMode` of Chromium: third-party cookies are blocked.
const BLOCK_THIRD_PARTY: u8 = 1;
/// `ContentSetting` of Chromium.
const BLOCK: u8 = 2;

/// Which cookies the browser keeps and sends, and which storage it opens.
#[derive(Debug, Clone)]
pub enum CookieRule {
    /// All.
    Allowed,
    /// None of a third party, unless they are partitioned: Chrome for people who have switched third-party cookies off.
    ThirdPartyBlocked,
    /// Neither cookies nor any storage of the Tool while it is in a frame of this site, partitioned or not; all of
    /// them when it is a page of its own. As Safari does, which knows no partitioned cookies.
    BlockedInFrames {
        /// Who is framed.
        tool_origin: Url,
        /// Who frames it.
        top_level_origin: Url,
    },
}

impl CookieRule {
    /// The rule as Chromium's preferences.
    pub(super) fn preferences(&self) -> Value {
        match self {
            Self::Allowed => json!({ "profile.cookie_controls_mode": 0 }),
            Self::ThirdPartyBlocked => json!({
                "profile.cookie_controls_mode": BLOCK_THIRD_PARTY,
                // What the setting was called before; versions that know the other one ignore it.
                "profile.block_third_party_cookies": true,
            }),
            Self::BlockedInFrames { tool_origin, top_level_origin } => {
                let [tool, top] = [tool_origin, top_level_origin].map(|url| url.origin().ascii_serialization());
                json!({
                    "profile.cookie_controls_mode": 0,
                    "profile.content_settings.exceptions.cookies": { format!("{tool},{top}"): { "setting": BLOCK } },
                })
            }
        }
    }
}

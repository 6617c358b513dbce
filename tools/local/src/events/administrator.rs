//! The administrator's part in an event: the Platform opens an invite's link, and says with it where its configuration is
//! and by which token the Tool may register.

use reqwest::Client;
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::redirect::Policy;
use url::Url;

use super::platform::user;

/// Where the link is opened.
#[derive(Debug, Clone)]
pub enum Administrator {
    /// At the mock Platform that runs at this issuer: it makes a token that it will know.
    AtPlatform {
        /// The issuer.
        issuer: String,
    },
    /// At a Platform that a test has told of this token.
    WithToken {
        /// Where the Platform's configuration is.
        configuration: String,
        /// The token.
        token: String,
    },
}

impl Administrator {
    /// The link as the Platform opens it; `None` when the Platform does not answer as the mock Platform does.
    pub(super) async fn open(&self, link: &Url) -> Option<Url> {
        match self {
            Self::AtPlatform { issuer } => opened_at(issuer, link).await,
            Self::WithToken { configuration, token } => {
                let mut opened = link.clone();
                let parameters = [("openid_configuration", configuration), ("registration_token", token)];
                opened.query_pairs_mut().extend_pairs(parameters);
                Some(opened)
            }
        }
    }
}

/// Signs in as a teacher, pastes the link, and reads where the frame of that page leads.
async fn opened_at(issuer: &str, link: &Url) -> Option<Url> {
    let client = Client::builder().redirect(Policy::none()).no_proxy().build().ok()?;
    let form = form_urlencoded::Serializer::new(String::new()).append_pair("user", &user().id).finish();
    let signed_in = client.post(format!("{issuer}/login")).body(form).send().await.ok()?;
    let session = signed_in.headers().get(SET_COOKIE)?.to_str().ok()?.split(';').next()?.to_owned();
    let mut install = Url::parse(&format!("{issuer}/install")).ok()?;
    install.query_pairs_mut().append_pair("url", link.as_str());
    let page = client.get(install).header(COOKIE, session).send().await.ok()?.text().await.ok()?;
    let (_, frame) = page.split_once("<iframe class=\"tool\"")?;
    let address = frame.split_once("src=\"")?.1.split('"').next()?.replace("&amp;", "&");
    Url::parse(&address).ok()
}

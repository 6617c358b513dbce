//! Deep link: what a teacher chose in the App, checked against the Platform's settings and signed for it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorway_lti::deep_linking::{AppUrls, Envelope, Note, RESPONSE_SECONDS, Response, Selection};
use doorway_lti::json::Object;
use doorway_lti::message::{DeepLinkingSettings, Message};
use serde::Serialize;
use url::Url;

use crate::app_target::AppTargets;
use crate::binding::sha256;
use crate::clock::{Clock, UnixSeconds};
use crate::error::{Error, Service, Subject};
use crate::launch_id::LaunchId;
use crate::registration::PlatformTransport;
use crate::signer::Signer;
use crate::store::launches::{Answered, Launches};
use crate::use_case::open::OpenLaunch;
use crate::welcome::CameBy;

/// What answering a deep-linking request needs.
pub struct DeepLink {
    /// Opens launches.
    pub open: OpenLaunch,
    /// The launches: one response each.
    pub launches: Arc<Launches>,
    /// Signs the response.
    pub signer: Signer,
    /// Where launches may lead: so may the links that are returned.
    pub app: AppTargets,
    /// Whether Platforms may be on http.
    pub transport: PlatformTransport,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// A signed response, to be posted by the browser.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "DeepLinkResponse"))]
#[serde(rename_all = "camelCase")]
pub struct SignedResponse {
    /// Where to, byte for byte as the Platform gave it.
    pub return_url: String,
    /// The response.
    pub jwt: String,
    /// What was left out or is odd, for the App.
    pub notes: Vec<Note>,
    /// The Platform's origins, for the page alone: it may lead the browser on to one of them, and frames the page with one.
    #[serde(skip)]
    pub platform_origins: Vec<String>,
    /// The App's origins, for the page alone: one of them shows the page.
    #[serde(skip)]
    pub app_origins: Vec<String>,
}

impl DeepLink {
    /// Signs the response to a launch: once. The same request again has the same response, for as long as it is good:
    /// an answer may have been lost on its way to the App.
    ///
    /// # Errors
    /// Those of [`OpenLaunch::open`]; [`Error::NotGranted`] when the launch is no deep-linking request;
    /// [`Error::RequestInvalid`] with every fault; [`Error::ReturnUrlUnsafe`]; [`Error::DeepLinkAnswered`];
    /// [`Error::Secret`] when there is no key to sign with.
    pub async fn respond(
        &self,
        id: &LaunchId,
        body: Object,
        came_by: &mut Option<CameBy>,
    ) -> Result<SignedResponse, Error> {
        let opened = self.open.open(id, came_by).await?;
        let Message::DeepLinking { settings } = &opened.launch.message else {
            return Err(Error::NotGranted(Service::DeepLinking));
        };
        let request = sha256(serde_json::to_string(&body).unwrap_or_default().as_bytes());
        let response = self.check(settings, body)?;
        let return_url = self.return_url(settings)?;
        let now = self.clock.now();
        let signer = self.signer.pick(now).await?;
        let issued_at = self.answer_once(id, &request, now).await?;
        let envelope = Envelope {
            issuer: &opened.launch.issuer,
            client_id: &opened.launch.client_id,
            deployment_id: &opened.launch.deployment_id,
            data: settings.data.as_ref(),
            nonce: &nonce(id, &request),
            issued_at,
        };
        Ok(SignedResponse {
            return_url,
            jwt: signer.sign(&response.claims(&envelope)),
            notes: response.notes().to_vec(),
            platform_origins: opened.registration.framing_origins(),
            app_origins: self.app.origins(),
        })
    }

    fn check(&self, settings: &DeepLinkingSettings, body: Object) -> Result<Response, Error> {
        let app = AppUrls {
            default: self.app.default_url(),
            may_lead_to: &|url| self.app.leads_to(url),
            http: self.transport == PlatformTransport::HttpAllowed,
        };
        let response = Selection::parse(body).and_then(|selection| selection.accept(settings, &app));
        response.map_err(|faults| Error::RequestInvalid { subject: Subject::DeepLink, faults })
    }

    /// When the response was issued: now, or before by the same request.
    async fn answer_once(&self, id: &LaunchId, request: &[u8; 32], now: UnixSeconds) -> Result<UnixSeconds, Error> {
        match self.launches.answer(id, request, now).await? {
            Answered::Now => Ok(now),
            Answered::Before { same_request: true, at } if now.0 < at.0 + RESPONSE_SECONDS => Ok(at),
            Answered::Before { .. } => Err(Error::DeepLinkAnswered),
            Answered::Unknown => Err(Error::LaunchUnknown),
        }
    }

    /// The signed claim's, and nothing that a browser or an App could name.
    fn return_url(&self, settings: &DeepLinkingSettings) -> Result<String, Error> {
        let url = Url::parse(&settings.deep_link_return_url).ok();
        let is_safe = url.is_some_and(|url| match self.transport {
            PlatformTransport::HttpsOnly => url.scheme() == "https",
            PlatformTransport::HttpAllowed => matches!(url.scheme(), "https" | "http"),
        });
        if is_safe { Ok(settings.deep_link_return_url.clone()) } else { Err(Error::ReturnUrlUnsafe) }
    }
}

/// The same for the same request, so that the Platform takes a repeated response once.
fn nonce(id: &LaunchId, request: &[u8; 32]) -> String {
    let mut text = format!("deep-link {} ", id.as_str()).into_bytes();
    text.extend(request);
    URL_SAFE_NO_PAD.encode(&sha256(&text)[..16])
}

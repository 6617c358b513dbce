//! `doorway platform add`.

use clap::Args;
use doorway_core::presets::{self, Given, Need, PRESETS, Preset};
use doorway_core::registration::{DeploymentPolicy, Registration, Status};
use doorway_core::store::registrations::Created;
use doorway_lti::ids::{ClientId, DeploymentId, Issuer};
use doorway_lti::key_set::Algorithm;
use serde_json::json;
use url::Url;

use crate::answer::Answer;
use crate::command::registration_key::{client_id, deployment_id, issuer};
use crate::fault::Fault;
use crate::place::{Site, looks_like};

/// The word for a Platform that no preset knows.
const CUSTOM: &str = "custom";

/// What to register.
#[derive(Debug, Args)]
pub struct Add {
    /// What it runs: canvas, canvas-beta, canvas-test, canvas-selfhosted, blackboard, brightspace, moodle, sakai, schoology,
    /// openedx, or custom.
    #[arg(value_parser = kinds())]
    preset: String,
    /// The address of the institution's LMS; for `custom` the issuer, byte for byte.
    url: String,
    /// What the Platform calls the Tool.
    #[arg(long, value_parser = client_id, allow_hyphen_values = true)]
    client_id: ClientId,
    /// A Deployment that may launch; can be given several times. Then no others may [default: as the preset says].
    #[arg(long = "deployment", value_name = "ID", value_parser = deployment_id, allow_hyphen_values = true)]
    deployments: Vec<DeploymentId>,
    /// Your name for the customer.
    #[arg(long)]
    tenant: Option<String>,
    /// A further origin of gradebook and roster; can be given several times.
    #[arg(long = "service-origin", value_name = "ORIGIN")]
    service_origins: Vec<Url>,
    /// A further origin whose pages show the Tool in a frame; can be given several times.
    #[arg(long = "frame-origin", value_name = "ORIGIN")]
    frame_origins: Vec<Url>,
    /// Accept launches without a user.
    #[arg(long)]
    allow_anonymous: bool,
    /// Store it, but let it launch only after `platform enable`.
    #[arg(long)]
    pending: bool,
    /// The issuer, where it is another than the preset's (a self-hosted Canvas with an own `lti_iss`).
    #[arg(long, value_parser = issuer)]
    issuer: Option<Issuer>,
    /// Sakai: the number of the Tool in its addresses.
    #[arg(long, value_name = "ID")]
    tool_id: Option<String>,
    /// Open edX: the id of the block or passport in its addresses.
    #[arg(long, value_name = "ID")]
    block_id: Option<String>,
    /// Where browsers are sent to log in (`custom`).
    #[arg(long, value_name = "URL")]
    authorization_endpoint: Option<Url>,
    /// Where access tokens come from (`custom`).
    #[arg(long, value_name = "URL")]
    token_endpoint: Option<Url>,
    /// Where the Platform publishes its keys (`custom`).
    #[arg(long, value_name = "URL")]
    jwks_uri: Option<Url>,
    /// The audience of client assertions, where it is not the token endpoint.
    #[arg(long, value_name = "TEXT")]
    token_audience: Option<String>,
    /// An agreed signature algorithm; can be given several times [default: RS256].
    #[arg(long = "algorithm", value_name = "NAME", value_parser = algorithm)]
    algorithms: Vec<Algorithm>,
}

fn kinds() -> Vec<&'static str> {
    PRESETS.iter().map(|preset| preset.name).chain([CUSTOM]).collect()
}

fn algorithm(text: &str) -> Result<Algorithm, String> {
    Algorithm::from_name(text).ok_or_else(|| "it must be RS256, RS384, RS512, ES256 or ES384".to_owned())
}

pub(super) async fn run(add: Add, site: &Site) -> Result<Answer, Fault> {
    let registration = add.registration()?;
    let faults = registration.unsafe_endpoints(site.transport());
    if !faults.is_empty() {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        return Err(Fault::usage(faults.join("; "), "Nothing was stored."));
    }
    let registrations = site.registrations()?;
    let others = registrations.all().await?.registrations;
    let alike = others.iter().find(|other| looks_like(other.issuer.as_str(), registration.issuer.as_str()));
    if let Some(other) = alike {
        let wrong = format!("issuer `{}` looks like `{}`, which is registered", registration.issuer, other.issuer);
        let todo = "A Platform has one issuer, byte for byte. See which one it sends (`doorway explain registration_unknown`); \
                    remove the other first.";
        return Err(Fault::conflict(wrong, todo));
    }
    if let Some(other) = others.iter().find(|other| other.is_same_client_as(&registration)) {
        let wrong = format!(
            "client id `{}` at `{}` is that of issuer `{}`, which is registered",
            registration.client_id, registration.token_endpoint, other.issuer
        );
        let todo = "A client has one issuer: with a second one, tokens for the first would be sent to the second. Ask the customer \
                    for their own client id, or remove the other first.";
        return Err(Fault::conflict(wrong, todo));
    }
    let (issuer, client_id) = (&registration.issuer, &registration.client_id);
    match registrations.create(&registration).await? {
        Created::New => Ok(added(&registration)),
        Created::Existing => Err(Fault::conflict(
            format!("issuer `{issuer}` with client id `{client_id}` is registered already, and was not changed"),
            format!("Change it with `doorway platform set {issuer} {client_id} member=value`."),
        )),
    }
}

fn added(registration: &Registration) -> Answer {
    let (issuer, client_id) = (&registration.issuer, &registration.client_id);
    let mut text =
        format!("Registered: issuer {issuer}, client id {client_id}. Believed everywhere within 30 seconds.\n");
    match registration.deployments {
        DeploymentPolicy::Pending => text.push_str(&format!(
            "A new Deployment waits until you activate it: `doorway deployment list {issuer} {client_id}`.\n"
        )),
        DeploymentPolicy::Any => text.push_str("Any Deployment of it may launch.\n"),
        DeploymentPolicy::Listed(_) => text.push_str("Only the Deployments that it lists may launch.\n"),
    }
    if registration.status == Status::Pending {
        text.push_str(&format!("It waits: `doorway platform enable {issuer} {client_id}`.\n"));
    }
    text.push_str(&format!("See whether all is well: `doorway doctor {issuer} {client_id}`."));
    Answer::done(text, json!({ "registration": registration }))
}

impl Add {
    fn registration(&self) -> Result<Registration, Fault> {
        let mut registration = match presets::find(&self.preset) {
            Some(preset) => self.known(preset)?,
            None => self.custom()?,
        };
        if let Some(issuer) = &self.issuer {
            registration.issuer = issuer.clone();
        }
        for (member, given) in [
            (&mut registration.authorization_endpoint, &self.authorization_endpoint),
            (&mut registration.token_endpoint, &self.token_endpoint),
            (&mut registration.jwks_uri, &self.jwks_uri),
        ] {
            if let Some(given) = given {
                *member = given.clone();
            }
        }
        registration.token_audience = self.token_audience.clone().or(registration.token_audience);
        registration.tenant = self.tenant.clone();
        registration.service_origins.extend(self.service_origins.iter().cloned());
        registration.frame_origins = self.frame_origins.clone();
        registration.allow_anonymous = self.allow_anonymous;
        if !self.algorithms.is_empty() {
            registration.algorithms = self.algorithms.clone();
        }
        if !self.deployments.is_empty() {
            registration.deployments = DeploymentPolicy::Listed(self.deployments.clone());
        }
        if self.pending {
            registration.status = Status::Pending;
        }
        Ok(registration)
    }

    fn known(&self, preset: &Preset) -> Result<Registration, Fault> {
        let id = match preset.need {
            Some(Need::ToolId) => self.tool_id.as_deref(),
            Some(Need::BlockId) => self.block_id.as_deref(),
            None => None,
        };
        let url = Url::parse(&self.url).map_err(|_| {
            let wrong = format!("`{}` is no address of an LMS", self.url);
            Fault::usage(wrong, "Give it with its scheme: https://lms.example.edu.")
        })?;
        let given = Given { url: &url, client_id: &self.client_id, id };
        preset.registration(&given).map_err(|error| Fault::usage(error.to_string(), "Nothing was stored."))
    }

    /// A Platform that no preset knows: all addresses are given.
    fn custom(&self) -> Result<Registration, Fault> {
        let needed = [
            ("--authorization-endpoint", &self.authorization_endpoint),
            ("--token-endpoint", &self.token_endpoint),
            ("--jwks-uri", &self.jwks_uri),
        ];
        let missing: Vec<&str> = needed.iter().filter(|(_, given)| given.is_none()).map(|(name, _)| *name).collect();
        let [Some(authorization_endpoint), Some(token_endpoint), Some(jwks_uri)] = needed.map(|(_, url)| url.clone())
        else {
            let wrong = format!("a custom Platform needs {}", missing.join(", "));
            return Err(Fault::usage(wrong, "The LMS shows these addresses where the Tool is set up."));
        };
        Ok(Registration {
            issuer: Issuer::try_from(self.url.as_str())
                .map_err(|error| Fault::usage(format!("the issuer {error}"), "Nothing was stored."))?,
            client_id: self.client_id.clone(),
            authorization_endpoint,
            token_endpoint,
            jwks_uri,
            token_audience: None,
            algorithms: vec![Algorithm::RS256],
            deployments: DeploymentPolicy::Pending,
            tenant: None,
            service_origins: Vec::new(),
            frame_origins: Vec::new(),
            registration_client_uri: None,
            allow_anonymous: false,
            status: Status::Active,
        })
    }
}

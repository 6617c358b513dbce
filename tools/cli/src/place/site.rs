//! One Tool: its settings, and what commands are made of.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use doorway_core::aws::Aws;
use doorway_core::clock::{Clock, UnixSeconds};
use doorway_core::config::Environment;
use doorway_core::http::PlatformClient;
use doorway_core::random::Random;
use doorway_core::registration::{PlatformTransport, Registration, RegistrationKey};
use doorway_core::settings::Settings;
use doorway_core::store::deployments::Deployments;
use doorway_core::store::registrations::Registrations;
use url::Url;

use crate::fault::Fault;
use crate::surroundings::{Console, Surroundings};

/// What kind of place it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A stack on this machine, with its data folder.
    Local(PathBuf),
    /// A stack in AWS.
    Stack(String),
    /// What the environment says.
    Environment,
}

/// One Tool. What a command needs is made when it needs it, so that no command asks for settings of another.
pub struct Site {
    /// What kind of place it is.
    pub kind: Kind,
    /// Its AWS clients.
    pub aws: Arc<Aws>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Whom a command can ask.
    pub console: Arc<dyn Console>,
    variables: BTreeMap<String, String>,
}

impl Site {
    pub(super) fn new(
        kind: Kind,
        variables: BTreeMap<String, String>,
        aws: Arc<Aws>,
        surroundings: &Surroundings,
    ) -> Self {
        let Surroundings { clock, random, console, .. } = surroundings.clone();
        Self { kind, aws, clock, random, console, variables }
    }

    /// Its settings, to be read and finished.
    pub fn settings(&self) -> Settings {
        let environment = Environment::new(self.variables.clone());
        match self.kind {
            Kind::Local(_) => Settings::of_local_stack(environment, self.aws.clone()),
            Kind::Stack(_) | Kind::Environment => Settings::new(environment, self.aws.clone()),
        }
    }

    /// What `read` takes from the settings.
    ///
    /// # Errors
    /// [`crate::Exit::Settings`] with everything that is missing.
    pub fn with<T>(&self, read: impl FnOnce(&mut Settings) -> T) -> Result<T, Fault> {
        let mut settings = self.settings();
        let value = read(&mut settings);
        Ok(settings.finish(value)?)
    }

    /// Whether Platforms may be on http.
    pub fn transport(&self) -> PlatformTransport {
        self.settings().platform_transport()
    }

    /// The Registrations.
    ///
    /// # Errors
    /// [`crate::Exit::Settings`].
    pub fn registrations(&self) -> Result<Arc<Registrations>, Fault> {
        self.with(Settings::registrations)
    }

    /// The Deployments.
    ///
    /// # Errors
    /// [`crate::Exit::Settings`].
    pub fn deployments(&self) -> Result<Deployments, Fault> {
        Ok(Deployments::new(self.with(Settings::registrations_table)?))
    }

    /// The Tool's own address.
    ///
    /// # Errors
    /// [`crate::Exit::Settings`].
    pub fn public_url(&self) -> Result<Url, Fault> {
        self.with(Settings::public_url)
    }

    /// A client for Platforms, as the functions have it.
    pub fn client(&self) -> Arc<PlatformClient> {
        Arc::new(PlatformClient::new(self.transport()))
    }

    /// The time now.
    pub fn now(&self) -> UnixSeconds {
        self.clock.now()
    }

    /// The Registration with this key.
    ///
    /// # Errors
    /// [`crate::Exit::NotFound`], naming those that look like it.
    pub async fn registration(&self, key: &RegistrationKey) -> Result<Registration, Fault> {
        let registrations = self.registrations()?;
        if let Some(registration) = registrations.stored(key).await?.map(|stored| stored.registration) {
            return Ok(registration);
        }
        let all = registrations.all().await?.registrations;
        let alike: Vec<String> = all
            .iter()
            .filter(|other| other.client_id == key.client_id || looks_like(other.issuer.as_str(), key.issuer.as_str()))
            .map(|other| format!("`{} {}`", other.issuer, other.client_id))
            .collect();
        let todo = match alike.as_slice() {
            [] => "`doorway platform list` shows all; `doorway platform add` adds one.".to_owned(),
            alike => format!("Did you mean {}?", alike.join(" or ")),
        };
        let wrong = format!("there is no Registration of issuer `{}` and client id `{}`", key.issuer, key.client_id);
        Err(Fault::not_found(wrong, todo))
    }

    /// Asks before something is removed. `is_agreed` is the option `--yes`.
    ///
    /// # Errors
    /// [`crate::Exit::NotConfirmed`].
    pub fn confirm(&self, what: &str, is_agreed: bool) -> Result<(), Fault> {
        let said =
            if is_agreed { Some("yes".to_owned()) } else { self.console.ask(&format!("{what} Type yes to go on:")) };
        match said.as_deref() {
            Some("yes") => Ok(()),
            _ => Err(Fault::new(crate::Exit::NotConfirmed, format!("not done. {what}"), "Say yes, or give --yes.")),
        }
    }
}

/// Whether two issuers are easily taken for each other: a slash at the end, the scheme, upper case.
pub(crate) fn looks_like(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
        text.split_once("://").map_or(text.clone(), |(_, rest)| rest.to_owned())
    };
    one != other && plain(one) == plain(other)
}

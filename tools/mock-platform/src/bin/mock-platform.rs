//! `cargo run -p doorway-mock-platform -- ...`: Maple Learning by itself, for a Tool that somebody else built.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;
use doorway_mock_platform::{Platform, PlatformConfig, PlatformKey, Profile, ServicesConfig, router, stopped};
use thiserror::Error;
use tokio::net::TcpListener;
use url::Url;

/// Maple Learning: a small Platform (an LMS) that launches your LTI 1.3 Tool. Nothing outlives the process.
#[derive(Debug, Parser)]
#[command(name = "mock-platform", version)]
struct Options {
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8500")]
    listen: SocketAddr,
    /// The issuer, where browsers and the Tool reach the Platform: an origin [default: http:// and the listening address].
    #[arg(long, value_name = "URL", value_parser = origin)]
    issuer: Option<String>,
    /// Where the Tool's login starts.
    #[arg(long, value_name = "URL", value_parser = web_address)]
    initiate_login_uri: String,
    /// Where links of the course lead.
    #[arg(long, value_name = "URL", value_parser = web_address)]
    target_link_uri: String,
    /// Where launches are posted, compared byte for byte; can be given several times [default: the target link URI].
    #[arg(long = "redirect-uri", value_name = "URL", value_parser = web_address)]
    redirect_uris: Vec<String>,
    /// Where deep linking leads [default: the target link URI].
    #[arg(long, value_name = "URL", value_parser = web_address)]
    deep_linking_uri: Option<String>,
    /// Where the Tool publishes its keys.
    #[arg(long, value_name = "URL", value_parser = web_address)]
    jwks_uri: String,
    /// What the Platform calls the Tool.
    #[arg(long, value_name = "ID", default_value = "a-tool")]
    client_id: String,
    /// The Tool's one deployment.
    #[arg(long, value_name = "ID", default_value = "1")]
    deployment_id: String,
    /// What pages call the Tool.
    #[arg(long, value_name = "NAME", default_value = "The tool")]
    tool_name: String,
    /// Whose habits the services have at the start: plain, moodle, canvas, blackboard, brightspace, sakai, schoology, open-edx.
    #[arg(long, value_name = "PROFILE", default_value = "plain", value_parser = profile)]
    profile: Profile,
}

/// Why the Platform does not run: what to mend.
#[derive(Debug, Error)]
enum StartError {
    #[error("cannot listen: {0}; choose another address with --listen")]
    Listen(#[source] io::Error),
    #[error("cannot go on: {0}")]
    Serve(#[from] io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ignored = writeln!(io::stderr(), "mock-platform: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: Options) -> Result<(), StartError> {
    let listener = TcpListener::bind(options.listen).await.map_err(StartError::Listen)?;
    let address = listener.local_addr().map_err(StartError::Listen)?;
    let platform = platform(options, address);
    tell(&platform)?;
    let router = router(Arc::new(platform));
    Ok(axum::serve(listener, router).with_graceful_shutdown(stopped()).await?)
}

fn platform(options: Options, address: SocketAddr) -> Platform {
    let redirect_uris =
        if options.redirect_uris.is_empty() { vec![options.target_link_uri.clone()] } else { options.redirect_uris };
    let (first, others) = redirect_uris.split_first().expect("one is given, or is the target link URI");
    let config = PlatformConfig {
        issuer: options.issuer.unwrap_or_else(|| format!("http://{address}")),
        product: None,
        sso_base: None,
        client_id: options.client_id,
        deployment_id: options.deployment_id,
        initiate_login_uri: options.initiate_login_uri,
        redirect_uri: first.clone(),
        target_link_uri: options.target_link_uri,
        tool_jwks_uri: options.jwks_uri,
        tool_name: options.tool_name,
        services: ServicesConfig { profile: options.profile, ..ServicesConfig::default() },
        clock: Arc::new(now),
    };
    let platform = Platform::new(config, PlatformKey::generate());
    for redirect_uri in others {
        platform.add_redirect_uri(redirect_uri);
    }
    if let Some(deep_linking_uri) = &options.deep_linking_uri {
        platform.set_deep_linking_uri(deep_linking_uri);
    }
    platform
}

/// Says where it listens, and what the Tool must know of it.
fn tell(platform: &Platform) -> io::Result<()> {
    let (issuer, tool) = (platform.issuer(), platform.clients().pop().expect("there is one from the start"));
    let known = [
        ("issuer", issuer.to_owned()),
        ("client id", tool.client_id),
        ("deployment id", tool.deployment_id),
        ("authorization endpoint", platform.authorization_endpoint()),
        ("token endpoint", platform.token_endpoint()),
        ("token audience", platform.token_audience()),
        ("key set", platform.jwks_uri()),
    ];
    let mut out = io::stdout().lock();
    writeln!(out, "mock-platform listening on {issuer}")?;
    writeln!(out, "open it in a browser, sign in, and click a link; the tool must know")?;
    for (name, value) in known {
        writeln!(out, "  {name:<24}{value}")?;
    }
    out.flush()
}

#[expect(clippy::disallowed_methods, reason = "here the time becomes an argument")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// The text as it came, since Platforms compare addresses byte for byte.
fn web_address(text: &str) -> Result<String, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.fragment().is_none() => Ok(text.to_owned()),
        _ => Err("it must be an http or https URL without fragment".to_owned()),
    }
}

/// An issuer at the root of its host, without the slash.
fn origin(text: &str) -> Result<String, String> {
    let text = web_address(text)?;
    let is_origin = Url::parse(&text).is_ok_and(|url| url.path() == "/" && url.query().is_none());
    if is_origin {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("it must have no path and no query".to_owned())
    }
}

fn profile(text: &str) -> Result<Profile, String> {
    let named = |profile: &Profile| profile.name().to_lowercase().replace(' ', "-");
    let found = Profile::ALL.into_iter().find(|profile| named(profile) == text.to_lowercase());
    found.ok_or_else(|| format!("it must be one of {}", Profile::ALL.iter().map(named).collect::<Vec<_>>().join(", ")))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use doorway_mock_platform::Profile;

    use super::{Options, origin, profile, web_address};

    #[test]
    fn the_command_line_is_consistent() {
        Options::command().debug_assert();
    }

    #[test]
    fn addresses_stay_as_they_came() {
        assert_eq!(web_address("http://127.0.0.1:5000/a%2Fb?c"), Ok("http://127.0.0.1:5000/a%2Fb?c".to_owned()));
        assert_eq!(origin("https://lms.example/"), Ok("https://lms.example".to_owned()));
        for wrong in ["", "launch", "ftp://tool.example/", "https://tool.example/#top"] {
            assert!(web_address(wrong).is_err(), "{wrong}");
        }
        for wrong in ["https://lms.example/platform", "https://lms.example/?a=b"] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_profile_has_a_name_without_spaces_and_capitals() {
        assert_eq!(profile("open-edx"), Ok(Profile::OpenEdx));
        assert_eq!(profile("Canvas"), Ok(Profile::Canvas));
        assert!(profile("Open edX").is_err_and(|error| error.contains("plain, moodle, canvas")));
        let help = Options::command().render_long_help().to_string();
        for known in Profile::ALL {
            let name = known.name().to_lowercase().replace(' ', "-");
            assert_eq!(profile(&name), Ok(known));
            assert!(help.contains(&name), "{name}");
        }
    }
}

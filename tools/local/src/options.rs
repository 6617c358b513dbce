//! The command line: a fixed contract.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use url::Url;

/// Doorway on a laptop: an LTI 1.3 Tool with a mock Platform to click in and a sample App to land in.
#[derive(Debug, Parser)]
#[command(name = "doorway-local", version, args_conflicts_with_subcommands = true)]
pub struct Options {
    /// Another thing to do than to serve.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to serve.
    #[command(flatten)]
    pub serve: Serve,
}

/// What to do instead of serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print an API Gateway event with a fresh token, for `cargo lambda invoke <function> --data-file`.
    Event {
        /// `<function>.<case>`; without one, the cases are listed.
        case: Option<String>,
        /// The data directory of the running stack (`cargo run -- --data DIR`).
        #[arg(long, value_name = "DIR", default_value = ".doorway")]
        data: PathBuf,
    },
    /// Print the OpenAPI description of the App API: what docs/openapi.json must be.
    Openapi,
}

/// How the local stack is served.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8400")]
    pub listen: SocketAddr,
    /// The address that browsers and Platforms use [default: http:// and the listening address].
    #[arg(long, value_name = "URL")]
    pub public_url: Option<Url>,
    /// The address of the mock Platform, to see the Tool in a frame of another site: the same port by another name, such
    /// as http://localhost:8400 [default: the public URL].
    #[arg(long, value_name = "URL")]
    pub platform_url: Option<Url>,
    /// Keep keys and tables here; without it nothing outlives the process.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Where launches lead when they name no place of the App's [default: the sample App].
    #[arg(long, value_name = "URL")]
    pub app_url: Option<Url>,
    /// A further origin that launches may lead to; can be given several times.
    #[arg(long = "app-origin", value_name = "ORIGIN")]
    pub app_origins: Vec<Url>,
    /// The App API key [default: a new one, in the file `app-key` of the data directory].
    #[arg(long, value_name = "KEY")]
    pub app_key: Option<String>,
    /// A JSON array of Registrations to load.
    #[arg(long, value_name = "FILE")]
    pub registrations: Option<PathBuf>,
    /// Leave out the mock Platform and the sample App.
    #[arg(long)]
    pub no_demo: bool,
    /// Accept Platforms on http: the local stack always does; the flag says so where it is started by a script.
    #[arg(long)]
    pub allow_http_platforms: bool,
}

//! The first launch of a Platform's in a new process: its keys are fetched, since nobody has them.
//!
//! A deployed function fetches them by https at a public address alone. The benchmark's own program plays the function: the
//! same router and the same runtime, with a client that asks a listener on this machine instead, by http. What TLS costs is
//! not in these figures.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::{Json, Router};
use doorway_core::aws::Aws;
use doorway_core::clock::SystemClock;
use doorway_core::config::Environment;
use doorway_core::http::{Detour, PlatformClient};
use doorway_core::settings::Settings;
use doorway_mock_platform::{PlatformKey, jwks};
use tokio::net::TcpListener;
use url::Url;

use crate::error::BenchError;

/// The variable that says where the Platform listens.
pub const PLATFORM_VARIABLE: &str = "BENCH_PLATFORM";

/// Serves the key set of a Platform, at any path, until the runtime ends; where.
pub async fn serve_keys(key: &PlatformKey) -> Result<SocketAddr, BenchError> {
    let listen = BenchError::system("listening on loopback");
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(&listen)?;
    let address = listener.local_addr().map_err(&listen)?;
    let key_set = Json(jwks(&[key]));
    let router = Router::new().fallback(move || async move { key_set });
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// Leads every request to one address.
struct To(String);

impl Detour for To {
    fn instead_of(&self, url: &Url) -> Url {
        let path = url.path();
        Url::parse(&format!("http://{}{path}", self.0)).expect("an address and a path make a URL")
    }
}

/// The `launch` function with such a client.
pub async fn function() -> Result<(), lambda_http::Error> {
    let mut environment = Environment::of_process();
    doorway_web::log::init(&environment, SystemClock);
    let platform = environment.required(PLATFORM_VARIABLE, "the address of the Platform's listener");
    let settings = Settings::new(environment, Arc::new(Aws::default()));
    let client = PlatformClient::with_detour(settings.platform_transport(), Arc::new(To(platform)));
    lambda_http::run(doorway_launch::with_client(settings, client)?).await
}

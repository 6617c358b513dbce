//! Names become addresses here, and each is judged before anything connects to it.
//!
//! The client connects to exactly the addresses that come out of this: a name cannot be public when it is checked
//! and private when it is used (DNS rebinding).

use std::error::Error as StdError;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::is_public;

/// The addresses of a name, or why there are none.
pub type Lookup = Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;

/// Looks names up. The system does, but in tests.
pub trait NameService: Send + Sync + 'static {
    /// All addresses of this name.
    fn look_up(&self, name: &str) -> Lookup;
}

/// The system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemNames;

impl NameService for SystemNames {
    fn look_up(&self, name: &str) -> Lookup {
        let name = name.to_owned();
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(addresses.map(|address| address.ip()).collect())
        })
    }
}

/// A name leads only to addresses inside a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("its name leads to no public address")]
pub struct NoPublicAddress;

/// The public addresses among those of a name.
///
/// # Errors
/// [`NoPublicAddress`] when there is none.
pub fn only_public(addresses: Vec<IpAddr>) -> Result<Vec<IpAddr>, NoPublicAddress> {
    let public: Vec<IpAddr> = addresses.into_iter().filter(|address| is_public(*address)).collect();
    if public.is_empty() { Err(NoPublicAddress) } else { Ok(public) }
}

/// Gives the client the public addresses of a name and no other.
pub(super) struct PublicOnly(pub(super) Arc<dyn NameService>);

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = self.0.look_up(name.as_str());
        Box::pin(async move {
            let public =
                only_public(lookup.await?).map_err(|error| Box::new(error) as Box<dyn StdError + Send + Sync>)?;
            // The port is the URL's own; 0 says so.
            Ok(Box::new(public.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

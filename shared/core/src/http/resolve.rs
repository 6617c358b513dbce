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

/// Gives the client the public addresses of a name and no other.
pub(super) struct PublicOnly(pub(super) Arc<dyn NameService>);

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = self.0.look_up(name.as_str());
        Box::pin(async move {
            let addresses = lookup.await?;
            // The port is the URL's own; 0 says so.
            let public: Vec<SocketAddr> =
                addresses.into_iter().filter(|a| is_public(*a)).map(|a| SocketAddr::new(a, 0)).collect();
            if public.is_empty() {
                return Err(Box::new(NoPublicAddress) as Box<dyn StdError + Send + Sync>);
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

//! The network that `tools/deployed-check` made, and what it says of it.

use std::io::Write as _;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Set by `tools/deployed-check`: a folder with certificates, hosts and logs.
const FOLDER: &str = "DOORWAY_DEPLOYED";

/// How long something may take that happens by the real clock, and the pause between two looks.
pub(crate) const SOON: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(250);

/// What is set from outside.
#[track_caller]
pub(crate) fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run this test by tools/deployed-check"))
}

/// The folder of this run.
pub(crate) fn folder() -> PathBuf {
    variable(FOLDER).into()
}

/// The address of a name of this network.
pub(crate) fn address_of(name: &str) -> IpAddr {
    let hosts = std::fs::read_to_string("/etc/hosts").expect("this network has a hosts file");
    let line = hosts.lines().find(|line| line.split_whitespace().skip(1).any(|known| known == name));
    let address = line.and_then(|line| line.split_whitespace().next()).and_then(|address| address.parse().ok());
    address.unwrap_or_else(|| panic!("{name} has no address: run this test by tools/deployed-check"))
}

/// Gives a name to an address, in this network alone.
pub(crate) fn name(address: IpAddr, name: &str) {
    let hosts = folder().join("hosts");
    let file = std::fs::OpenOptions::new().append(true).open(hosts);
    writeln!(file.expect("the hosts file is ours"), "{address} {name}").expect("the hosts file can be written to");
    assert_eq!(address_of(name), address, "the hosts file is this network's");
}

/// What comes of looking, again and again, until there is something.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let looking = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::time::timeout(SOON, looking).await.unwrap_or_else(|_| panic!("{what}: not within {SOON:?}"))
}

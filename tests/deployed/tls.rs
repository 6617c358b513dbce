//! Connections under TLS, with the certificate that `tools/deployed-check` made.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

/// How long somebody may take to greet.
const GREETING: Duration = Duration::from_secs(5);

/// Listens on port 443 of an address.
pub(crate) struct Tls {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Tls {
    pub(crate) async fn listen(address: IpAddr, folder: &Path) -> Self {
        let listener = TcpListener::bind((address, 443)).await;
        let listener = listener.unwrap_or_else(|error| {
            panic!("{address} cannot be listened on ({error}): tools/deployed-check runs this test in a network that has it")
        });
        let chain = CertificateDer::from_pem_file(folder.join("cert.pem")).expect("the certificate is there");
        let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).expect("its key is there");
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![chain], key);
        Self { listener, acceptor: Arc::new(config.expect("the key is the certificate's")).into() }
    }
}

impl axum::serve::Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            let Ok((stream, address)) = self.listener.accept().await else { continue };
            if let Ok(Ok(stream)) = tokio::time::timeout(GREETING, self.acceptor.accept(stream)).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

//! TLS on the server's own address, where it has a certificate.
//!
//! A handshake is done beside the others: who connects and says nothing keeps nobody waiting.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::serve::Listener;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::{
    io,
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::ServerError;

/// Handshakes at a time.
const HANDSHAKES: usize = 256;
/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A certificate and its key, ready to be used.
#[derive(Debug, Clone)]
pub struct Tls(Arc<ServerConfig>);

impl Tls {
    /// From a chain of certificates, the server's own first, and its key, both PEM.
    ///
    /// # Errors
    ///
    /// [`ServerError::Tls`] when either is none, or one does not belong to the other.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, ServerError> {
        let refuse = |what: &str, why: String| ServerError::Tls(format!("{what}: {why}"));
        let chain = CertificateDer::pem_slice_iter(certificates).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| refuse("the certificate", error.to_string()))?;
        let key = PrivateKeyDer::from_pem_slice(key);
        let key = key.map_err(|error| refuse("the key", error.to_string()))?;
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = builder
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key));
        let mut config =
            config.map_err(|error| refuse("the certificate with its key", error.to_string()))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }
}

type Connection = (TlsStream<TcpStream>, SocketAddr);

/// Connections whose handshake is done.
pub(crate) struct TlsListener {
    ready: mpsc::Receiver<Connection>,
    address: SocketAddr,
}

impl TlsListener {
    pub(crate) fn new(listener: TcpListener, tls: Tls) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (tell, ready) = mpsc::channel(HANDSHAKES);
        tokio::spawn(greet(listener, TlsAcceptor::from(tls.0), tell));
        Ok(Self { ready, address })
    }
}

/// Takes connections until nobody wants them.
async fn greet(mut listener: TcpListener, acceptor: TlsAcceptor, tell: mpsc::Sender<Connection>) {
    let handshakes = Arc::new(Semaphore::new(HANDSHAKES));
    loop {
        let (stream, from) = tokio::select! {
            connection = Listener::accept(&mut listener) => connection,
            () = tell.closed() => return,
        };
        let Ok(permit) = Arc::clone(&handshakes).acquire_owned().await else { return };
        let (acceptor, tell) = (acceptor.clone(), tell.clone());
        tokio::spawn(async move {
            match timeout(PATIENCE, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => drop(tell.send((stream, from)).await),
                Ok(Err(error)) => tracing::debug!(%from, %error, "no handshake"),
                Err(_) => tracing::debug!(%from, "no handshake in time"),
            }
            drop(permit);
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> Connection {
        match self.ready.recv().await {
            Some(connection) => connection,
            // Nobody greets any more: the runtime is going down.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

//! What every request shares.

use std::sync::Arc;

use cathartes_store::Store;
use tokio::sync::{Semaphore, watch};

use crate::{
    ServerError,
    live::Pulse,
    metrics::Metrics,
    ogc::KeptTiles,
    oidc::{Oidc, OidcSettings},
    passkeys::Passkeys,
    policies::Policies,
    rates::Rates,
    throttle::Throttle,
    tls::Tls,
};

/// Passwords that are hashed at a time: each takes 19 MiB and a core.
const HASHING: usize = 2;
/// Pictures of maps that are drawn at a time: each reads from the place of blobs and uses a core.
const DRAWING: usize = 4;

/// How to serve.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address and port to listen on.
    pub listen: String,
    /// What people type to get here, when that is another address: `https://cathartes.example`.
    pub public_url: Option<String>,
    /// What TLS speaks with; plain HTTP when absent.
    pub tls: Option<Tls>,
    /// Who says who somebody is, besides passwords and passkeys.
    pub oidc: Option<OidcSettings>,
}

/// Shared by all requests.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) store: Store,
    /// What links begin with, without a slash at the end.
    pub(crate) base: Arc<str>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) live: watch::Sender<Pulse>,
    pub(crate) hashing: Arc<Semaphore>,
    pub(crate) drawing: Arc<Semaphore>,
    pub(crate) tiles: Arc<KeptTiles>,
    pub(crate) throttle: Arc<Throttle>,
    pub(crate) rates: Arc<Rates>,
    pub(crate) policies: Arc<Policies>,
    pub(crate) oidc: Option<Arc<Oidc>>,
    pub(crate) passkeys: Option<Arc<Passkeys>>,
}

impl App {
    pub(crate) fn new(
        store: Store,
        base: &str,
        oidc: Option<&OidcSettings>,
    ) -> Result<Self, ServerError> {
        let base = base.trim_end_matches('/');
        let oidc = oidc.map(|settings| Oidc::new(settings, base)).transpose()?;
        Ok(Self {
            store,
            base: base.into(),
            metrics: Arc::new(Metrics::new()),
            live: watch::Sender::new(Pulse::nothing()),
            hashing: Arc::new(Semaphore::new(HASHING)),
            drawing: Arc::new(Semaphore::new(DRAWING)),
            tiles: Arc::new(KeptTiles::new()),
            throttle: Arc::default(),
            rates: Arc::new(Rates::new()),
            policies: Arc::new(Policies::new()?),
            oidc: oidc.map(Arc::new),
            passkeys: Passkeys::new(base).map(Arc::new),
        })
    }

    /// What a cookie says besides, where it must not go over plain HTTP.
    pub(crate) fn secure(&self) -> &'static str {
        if self.base.starts_with("https://") { "; Secure" } else { "" }
    }

    /// A link of ours.
    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

//! What every request shares.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Instant};

use cathartes_core::site::LicensedEmitter;
use cathartes_release::seal::SecretKey;
use cathartes_store::{MapFile, SecondLook, Store, StoreError};
use serde_json::Value;
use tokio::sync::{Mutex, Semaphore, watch};

use crate::{
    ServerError,
    desk::Desk,
    live::Pulse,
    metrics::Metrics,
    ogc::KeptTiles,
    oidc::{Oidc, OidcSettings},
    passkeys::Passkeys,
    policies::Policies,
    rates::Rates,
    scribe::Scribe,
    throttle::Throttle,
    tls::Tls,
};

/// Passwords that are hashed at a time: each takes 19 MiB and a core.
const HASHING: usize = 2;
/// Pictures of maps that are drawn at a time: each reads from the place of blobs and uses a core.
const DRAWING: usize = 4;

/// Statistics by their number of days, with when they were made.
pub(crate) type KeptStatistics = BTreeMap<i64, (Instant, Arc<Value>)>;

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
    /// What is looked at twice before it is decided.
    pub second_look: SecondLook,
    /// What checkpoints and releases are signed with; there are none when absent.
    pub seal_key: Option<SecretKey>,
    /// A map for the background, in a file of `PMTiles`.
    pub basemap: Option<PathBuf>,
}

/// Shared by all requests.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) scribe: Arc<Scribe>,
    /// One at a time reads the whole log.
    pub(crate) verifying: Arc<Mutex<()>>,
    pub(crate) desk: Arc<Desk>,
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
    pub(crate) second_look: SecondLook,
    pub(crate) seal_key: Option<SecretKey>,
    pub(crate) basemap: Option<MapFile>,
    pub(crate) statistics: Arc<Mutex<KeptStatistics>>,
    /// The register in force and its number, as it was last read.
    pub(crate) register: Arc<Mutex<(i64, Arc<[LicensedEmitter]>)>>,
}

impl App {
    pub(crate) fn new(store: Store, base: &str, settings: &Settings) -> Result<Self, ServerError> {
        let base = base.trim_end_matches('/');
        let oidc = settings.oidc.as_ref().map(|oidc| Oidc::new(oidc, base)).transpose()?;
        let basemap = settings.basemap.as_deref().map(MapFile::new).transpose()?;
        let desk = Desk::new(store.clone(), settings.seal_key.clone(), base)?;
        Ok(Self {
            scribe: Arc::new(Scribe::new(store.clone())),
            verifying: Arc::default(),
            store,
            desk: Arc::new(desk),
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
            second_look: settings.second_look,
            seal_key: settings.seal_key.clone(),
            basemap,
            statistics: Arc::default(),
            register: Arc::new(Mutex::new((0, Arc::from([])))),
        })
    }

    /// What a cookie says besides, where it must not go over plain HTTP.
    pub(crate) fn secure(&self) -> &'static str {
        if self.base.starts_with("https://") { "; Secure" } else { "" }
    }

    /// The licensed emitters of the register in force.
    pub(crate) async fn register(&self) -> Result<Arc<[LicensedEmitter]>, StoreError> {
        let number = self.store.extent().await?.registers;
        let mut kept = self.register.lock().await;
        if kept.0 != number {
            let read = self.store.register().await?;
            *kept = read.map_or((0, Arc::from([])), |(number, all)| (number, all.into()));
        }
        Ok(Arc::clone(&kept.1))
    }

    /// A link of ours.
    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

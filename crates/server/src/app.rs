//! What every request shares.

use std::sync::Arc;

use cathartes_store::Store;
use tokio::sync::{Semaphore, watch};

use crate::{live::Pulse, metrics::Metrics, throttle::Throttle};

/// Passwords that are hashed at a time: each takes 19 MiB and a core.
const HASHING: usize = 2;

/// How to serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Address and port to listen on.
    pub listen: String,
    /// What people type to get here, when that is another address: `https://cathartes.example`.
    pub public_url: Option<String>,
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
    pub(crate) throttle: Arc<Throttle>,
}

impl App {
    pub(crate) fn new(store: Store, base: &str) -> Self {
        Self {
            store,
            base: base.trim_end_matches('/').into(),
            metrics: Arc::new(Metrics::new()),
            live: watch::Sender::new(Pulse::nothing()),
            hashing: Arc::new(Semaphore::new(HASHING)),
            throttle: Arc::default(),
        }
    }

    /// A link of ours.
    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

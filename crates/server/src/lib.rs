//! The HTTP interface: OGC API Features and STAC over the record, imports, jobs, accounts.
//!
//! A request never starts numerics: it asks for a job, and a worker does it. Every request but a few
//! needs an account; who may do what stands in [`access`].

mod access;
mod account_routes;
mod app;
mod assessment_routes;
mod asset_routes;
mod asset_tiles;
mod checkpoints;
pub mod desk;
mod draft_files;
mod draft_routes;
mod evidence_routes;
mod first;
mod flight_routes;
mod handover_routes;
mod import_routes;
mod inspect;
mod inspect_routes;
mod job_routes;
mod live;
mod marking_routes;
mod message_routes;
mod metrics;
mod observe;
mod ogc;
mod oidc;
mod oidc_pages;
mod openapi;
mod pages;
mod params;
mod partner;
mod passkey_routes;
mod passkeys;
mod password;
mod point_routes;
mod policies;
mod problem;
mod product;
mod product_routes;
mod queue_routes;
mod rates;
mod recipients;
mod release_routes;
mod report_routes;
mod review_routes;
mod scribe;
mod session_routes;
mod site_routes;
mod stac;
mod statistics_routes;
mod throttle;
mod tiles;
mod tls;
mod upload_routes;
mod witness;
mod workbench_routes;

use std::{future::Future, io, time::Duration};

use cathartes_store::{Role, StoreError};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::{net::TcpListener, sync::watch};

pub use app::Settings;
pub use cathartes_core::{checkpoint::Checkpoint, geometry::LatLon, provenance::Digest};
pub use cathartes_release::{gate::Difference, product::Value as FieldValue, seal::SecretKey};
pub use cathartes_store::{
    Account, Actor, Draft, DraftQuery, Location, Message, Note, Release, ReleaseQuery, SecondLook,
    Store, Subject,
};
pub use checkpoints::checkpoint;
pub use oidc::OidcSettings;
pub use openapi::document;
pub use partner::{Brought, answer_sheet, bring};
pub use product::Told;
pub use recipients::{
    Classification, DrawnKeys, Language, Recipient, RecipientError, Tlp, activate_recipient,
    add_recipient, change_recipient, recipients, renew_keys,
};
pub use tls::Tls;

use app::App;
use tls::TlsListener;

/// How long the link of the first start can be used.
const FIRST_LINK: Duration = Duration::from_secs(24 * 3_600);
/// How long requests may go on after the server was told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// Why the server could not run.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address.
    #[error("{address} cannot be listened on: {source}; name another by --listen")]
    Listen {
        /// Which.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// What TLS speaks with.
    #[error("{0}: give PEM files that belong together by --tls-cert and --tls-key")]
    Tls(String),
    /// The issuer of identities.
    #[error(
        "{0}: give what belongs together by --oidc-issuer, --oidc-client and --oidc-secret-file"
    )]
    Oidc(String),
    /// Who may do what.
    #[error("the policies of access cannot be used: {0}; mend crates/server/src/access.cedar")]
    Policies(String),
    /// The desk of release.
    #[error(transparent)]
    Desk(#[from] desk::DeskError),
    /// The network, later.
    #[error("network: {0}")]
    Network(#[from] io::Error),
    /// The record.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A server that has its address and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    tls: Option<Tls>,
    app: App,
    first_link: Option<String>,
}

impl Server {
    /// Takes the address. On a store without accounts it also makes the link that makes the first.
    ///
    /// # Errors
    ///
    /// [`ServerError`] when the address is taken or the store does not answer.
    pub async fn bind(store: Store, settings: Settings) -> Result<Self, ServerError> {
        let address = settings.listen.clone();
        let listener = TcpListener::bind(&address).await;
        let listener = listener.map_err(|source| ServerError::Listen { address, source })?;
        let scheme = if settings.tls.is_some() { "https" } else { "http" };
        let at = format!("{scheme}://{}", listener.local_addr()?);
        let base = settings.public_url.clone().unwrap_or(at);
        let first_link = if store.has_accounts().await? {
            None
        } else {
            let role = Role::Administrator;
            let token = store.invite(&Actor::Server, role, Timestamp::now(), FIRST_LINK).await?;
            Some(format!("{base}/first?token={token}"))
        };
        let app = App::new(store, &base, &settings)?;
        Ok(Self { listener, tls: settings.tls, app, first_link })
    }

    /// Where it can be reached.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.app.base
    }

    /// The link that makes the first account; absent when there is one.
    #[must_use]
    pub fn first_link(&self) -> Option<&str> {
        self.first_link.as_deref()
    }

    /// Answers until `stop` ends, then lets requests end that are under way.
    ///
    /// # Errors
    ///
    /// [`ServerError::Network`] when the system takes the address away.
    pub async fn run(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServerError> {
        let (stopping, mut stopped) = watch::channel(false);
        let live = tokio::spawn(live::follow(self.app.clone(), stopped.clone()));
        if let Some(key) = self.app.seal_key.clone() {
            let store = self.app.store.clone();
            tokio::spawn(checkpoints::daily(store, key, stopped.clone()));
        }
        let shutdown = async move {
            stop.await;
            stopping.send_replace(true);
        };
        let router = openapi::router(self.app);
        let serve: BoxFuture<'_, io::Result<()>> = if let Some(tls) = self.tls {
            let listener = TlsListener::new(self.listener, tls)?;
            Box::pin(axum::serve(listener, router).with_graceful_shutdown(shutdown).into_future())
        } else {
            let serve = axum::serve(self.listener, router).with_graceful_shutdown(shutdown);
            Box::pin(serve.into_future())
        };
        let overdue = async move {
            let _ = stopped.wait_for(|stopped| *stopped).await;
            tokio::time::sleep(LAST_REQUESTS).await;
        };
        let outcome = tokio::select! {
            outcome = serve => outcome,
            () = overdue => Ok(()),
        };
        live.abort();
        Ok(outcome?)
    }
}

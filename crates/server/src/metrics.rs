//! Figures for Prometheus.

use std::time::Duration;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use cathartes_store::{JobState, Store};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use crate::{app::App, problem::Problem};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Stage {
    state: String,
}

/// All figures of this server.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    seconds: Family<Route, Histogram>,
    jobs: Family<Stage, Gauge>,
    log: Gauge,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("cathartes");
        let requests = Family::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        let seconds = Family::new_with_constructor(histogram as fn() -> Histogram);
        let help = "Time until an answer begins";
        registry.register_with_unit("http_answer", help, Unit::Seconds, seconds.clone());
        let jobs = Family::default();
        registry.register("jobs", "Jobs by state", jobs.clone());
        let log = Gauge::default();
        registry.register("audit_entries", "Entries of the audit log", log.clone());
        Self { registry, requests, seconds, jobs, log }
    }

    pub(crate) fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let (method, route) = (method.to_owned(), route.to_owned());
        self.seconds.get_or_create(&Route { route: route.clone() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&Request { method, route, status }).inc();
    }

    async fn look(&self, store: &Store) -> Result<(), Problem> {
        let counts = store.job_counts().await?;
        for state in JobState::ALL {
            let count = match state {
                JobState::Queued => counts.queued,
                JobState::Leased => counts.leased,
                JobState::Done => counts.done,
                JobState::Dead => counts.dead,
            };
            self.jobs.get_or_create(&Stage { state: state.to_string() }).set(count);
        }
        self.log.set(store.audit_seq().await?);
        Ok(())
    }
}

fn histogram() -> Histogram {
    Histogram::new([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0])
}

/// Counts only, no contents: Prometheus has no account.
pub(crate) async fn read(State(app): State<App>) -> Result<Response, Problem> {
    app.metrics.look(&app.store).await?;
    let mut text = String::new();
    encode(&mut text, &app.metrics.registry).map_err(|error| {
        Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    })?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

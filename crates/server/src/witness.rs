//! Around every request of somebody who is signed in: what was looked at and what was refused is written down before
//! the answer goes out.
//!
//! Everything that is read is written down unless it stands in `OPEN`: a route that is made tomorrow is watched.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{Method, StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use cathartes_store::{Account, Actor, Note};
use serde_json::{Value, json};

use crate::{app::App, problem::Problem};

/// What everybody sees at a glance and nobody is asked about: who is signed in, what waits and how much of it there is,
/// the map behind, the form of the interface.
const OPEN: [&str; 31] = [
    "/api/v1/accounts",
    "/api/v1/changes",
    "/api/v1/claims",
    "/api/v1/colleagues",
    "/api/v1/drafts",
    "/api/v1/jobs",
    "/api/v1/jobs/{id}",
    "/api/v1/passkeys",
    "/api/v1/queue",
    "/api/v1/recipients",
    "/api/v1/session",
    "/api/v1/statistics",
    "/api/v1/uploads/{id}",
    "/api/v1/workbench",
    "/basemap.pmtiles",
    "/metrics",
    "/ogc",
    "/ogc/",
    "/ogc/conformance",
    "/ogc/collections",
    "/ogc/collections/{collection}",
    "/ogc/collections/{collection}/queryables",
    "/ogc/collections/{collection}/tiles",
    "/ogc/collections/{collection}/tiles/{tileMatrixSet}",
    "/ogc/collections/{collection}/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}",
    "/ogc/tileMatrixSets",
    "/ogc/tileMatrixSets/{tileMatrixSet}",
    "/stac",
    "/stac/",
    "/stac/conformance",
    "/stac/collections",
];

const REFUSED: &str = "request.refused";

/// What a request turned out to be, told by those who answer it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Witness(Arc<Mutex<Seen>>);

#[derive(Debug, Clone, Default)]
struct Seen {
    account: Option<(String, String)>,
    what: Option<(&'static str, String)>,
    why: Option<Value>,
}

impl Witness {
    /// That of a request.
    pub(crate) fn of(parts: &Parts) -> Self {
        parts.extensions.get::<Self>().cloned().unwrap_or_default()
    }

    /// Who asks.
    pub(crate) fn is(&self, account: &Account) {
        self.change(|seen| seen.account = Some((account.name.clone(), account.role.to_string())));
    }

    /// What is looked at, where its address says less.
    pub(crate) fn sees(&self, action: &'static str, subject: impl std::fmt::Display) {
        self.change(|seen| seen.what = Some((action, subject.to_string())));
    }

    /// Why: the claim or the review under which it is looked at.
    pub(crate) fn because(&self, why: Value) {
        self.change(|seen| seen.why = Some(why));
    }

    fn change(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn seen(&self) -> Seen {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What is to be written down of a request that was answered.
struct Asked {
    method: Method,
    route: String,
    path: String,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let matched = request.extensions().get::<MatchedPath>();
        let route = matched.map_or("none", MatchedPath::as_str).to_owned();
        let path = request.uri().path();
        // The squares of a map are looks at one map.
        let path = path.split_once("/tiles/").map_or(path, |(map, _)| map).to_owned();
        Self { method: request.method().clone(), route, path }
    }

    fn note(&self, seen: Seen, status: StatusCode) -> Option<Note> {
        let (name, role) = seen.account?;
        let actor = Actor::Account(name);
        if status == StatusCode::FORBIDDEN || status == StatusCode::TOO_MANY_REQUESTS {
            let detail = json!({ "status": status.as_u16(), "role": role });
            let subject = format!("{} {}", self.method, self.path);
            return Some(Note { actor, action: REFUSED, subject, detail });
        }
        let shown = status.is_success() || status == StatusCode::NOT_MODIFIED;
        if !shown || !self.method.is_safe() || OPEN.contains(&self.route.as_str()) {
            return None;
        }
        let (action, subject) =
            seen.what.unwrap_or_else(|| (usual(&self.route), self.path.clone()));
        let mut detail = json!({ "role": role });
        if let Some(why) = seen.why {
            detail["under"] = why;
        }
        Some(Note { actor, action, subject, detail })
    }
}

/// What a look at an address is called.
fn usual(route: &str) -> &'static str {
    let starts = [
        ("/api/v1/scenes/", "file.read"),
        ("/api/v1/authorities/", "file.read"),
        ("/api/v1/sorties/", "file.read"),
        ("/api/v1/audit", "log.read"),
        ("/api/v1/inspect", "log.read"),
        ("/api/v1/products/", "product.read"),
        ("/api/v1/drafts", "draft.read"),
        ("/api/v1/releases", "release.read"),
        ("/ogc/", "items.read"),
        ("/stac/", "items.read"),
    ];
    let found = starts.iter().find(|(start, _)| route.starts_with(start));
    found.map_or("record.read", |(_, action)| action)
}

pub(crate) async fn request(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let (witness, asked) = (Witness::default(), Asked::of(&request));
    request.extensions_mut().insert(witness.clone());
    let response = next.run(request).await;
    let Some(note) = asked.note(witness.seen(), response.status()) else { return response };
    let written = match note.action {
        REFUSED => app.scribe.note(note).await,
        _ => app.scribe.look(note).await,
    };
    written.map_or_else(Problem::into_response, |()| response)
}

#[cfg(test)]
mod tests;

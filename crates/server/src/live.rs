//! Changes as they happen: server-sent events, one a change, from any place in the log.

use std::{
    collections::VecDeque,
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use cathartes_store::{AuditEntry, StoreError};
use futures_util::{Stream, stream};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;
use utoipa::IntoParams;

use crate::{
    access::Caller,
    app::App,
    params::Asked,
    problem::{Problem, Refusals},
};

/// How often the log is looked at: other servers and workers write it too.
const LOOK: Duration = Duration::from_millis(250);
/// How often a stream asks whether its listener is still welcome.
const WELCOME: Duration = Duration::from_secs(30);
/// Entries read at a time.
const SOME: u32 = 200;
/// What everybody may hear of; accounts and sessions are the administrators'.
const TOLD: [&str; 18] = [
    "act.",
    "answer.",
    "assessment.",
    "claim.",
    "dispute.",
    "draft.",
    "finding.",
    "handover.",
    "job.",
    "marking.",
    "message.",
    "observation.",
    "register.",
    "release.",
    "review.",
    "scene.",
    "site.",
    "upload.",
];

/// What is new in the log, read once for all who listen.
#[derive(Debug, Clone)]
pub(crate) enum Pulse {
    /// The entries that follow a place in the log.
    After(i64, Arc<[AuditEntry]>),
    /// The server is being stopped.
    Stopping,
}

impl Pulse {
    pub(crate) fn nothing() -> Self {
        Self::After(0, Arc::default())
    }
}

/// Where to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LiveQuery {
    /// Changes after this place in the log; from now on when absent.
    after: Option<i64>,
}

/// Looks at the log for all streams at once, and ends them when the server is being stopped: they never
/// end by themselves, and only one who speaks alone cannot be talked over by news.
pub(crate) async fn follow(app: App, mut stopped: watch::Receiver<bool>) {
    let mut last = None;
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => {
                app.live.send_replace(Pulse::Stopping);
                return;
            }
            () = tokio::time::sleep(LOOK) => {}
        }
        if app.live.receiver_count() == 0 {
            last = None;
        } else if let Err(error) = look(&app, &mut last).await {
            tracing::warn!(%error, "the audit log cannot be read");
        }
    }
}

/// Tells what came after the last look; the first look only finds out where the end is.
async fn look(app: &App, last: &mut Option<i64>) -> Result<(), StoreError> {
    let Some(before) = *last else {
        let seq = app.store.audit_seq().await?;
        *last = Some(seq);
        // Whoever began to listen before this looks for themselves what there was.
        app.live.send_replace(Pulse::After(seq, Arc::default()));
        return Ok(());
    };
    let entries: Arc<[AuditEntry]> = app.store.audit_after(before, SOME).await?.into();
    if let Some(newest) = entries.last() {
        *last = Some(newest.seq);
        app.live.send_replace(Pulse::After(before, entries));
    }
    Ok(())
}

/// Changes as they happen: `event: change`, `data: {seq, at, action, subject}`. After a loss a browser
/// goes on by itself where it was.
#[utoipa::path(get, path = "/api/v1/changes", tag = "record", params(LiveQuery),
    responses((status = 200, content_type = "text/event-stream", body = String), Refusals))]
pub(crate) async fn changes(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Asked(query): Asked<LiveQuery>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let seq = match last.or(query.after) {
        Some(seq) => seq,
        None => app.store.audit_seq().await?,
    };
    let pulse = app.live.subscribe();
    let (token, checked) = (caller.token, Instant::now());
    let walk = Walk { app, pulse, seq, waiting: VecDeque::new(), token, checked, behind: true };
    Ok(Sse::new(stream::unfold(walk, step)).keep_alive(KeepAlive::default()))
}

/// One stream, somewhere in the log.
struct Walk {
    app: App,
    pulse: watch::Receiver<Pulse>,
    seq: i64,
    waiting: VecDeque<AuditEntry>,
    /// Whether the log may hold more than was told.
    behind: bool,
    token: String,
    checked: Instant,
}

async fn step(mut walk: Walk) -> Option<(Result<Event, Infallible>, Walk)> {
    loop {
        while let Some(entry) = walk.waiting.pop_front() {
            walk.seq = entry.seq;
            if !entry.is_look() && TOLD.iter().any(|start| entry.action.starts_with(start)) {
                return Some((Ok(event(&entry)), walk));
            }
        }
        // Whoever listens comes back by itself after an end, and goes on where it was.
        walk.more().await?;
    }
}

impl Walk {
    /// Waits for more; `None` ends the stream.
    async fn more(&mut self) -> Option<()> {
        if !self.still_welcome().await {
            return None;
        }
        if self.behind {
            let some = self.app.store.audit_after(self.seq, SOME).await.ok()?;
            self.behind = some.len() == SOME as usize;
            self.waiting = some.into();
            return Some(());
        }
        let changed = tokio::time::timeout(WELCOME, self.pulse.changed()).await;
        if let Ok(changed) = changed {
            changed.ok()?;
        }
        match &*self.pulse.borrow_and_update() {
            Pulse::Stopping => return None,
            Pulse::After(before, entries) if *before <= self.seq => {
                let new = entries.iter().filter(|entry| entry.seq > self.seq);
                self.waiting = new.cloned().collect();
            }
            // A beat was missed.
            Pulse::After(..) => self.behind = true,
        }
        Some(())
    }

    /// Whether the session has neither run out nor been ended, asked from time to time.
    async fn still_welcome(&mut self) -> bool {
        if self.checked.elapsed() < WELCOME {
            return true;
        }
        self.checked = Instant::now();
        let session = self.app.store.session(&self.token, Timestamp::now()).await;
        session.is_ok_and(|session| session.is_some())
    }
}

fn event(entry: &AuditEntry) -> Event {
    let AuditEntry { seq, at, action, subject, .. } = entry;
    let data = json!({ "seq": seq, "at": at, "action": action, "subject": subject });
    Event::default().event("change").id(seq.to_string()).data(data.to_string())
}

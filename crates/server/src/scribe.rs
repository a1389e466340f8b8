//! What changes nothing is written down too: looks at restricted material, exports, refused attempts. Whoever asks waits
//! until it stands in the audit log, and gets nothing when it cannot.
//!
//! While one commit is under way, what comes in the meantime is gathered for the next: many who look at once wait for
//! two commits at most, and not for each other's.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use cathartes_store::{Note, Store};
use tokio::sync::{mpsc, oneshot};

use crate::problem::Problem;

/// Notes in one commit.
const TOGETHER: usize = 256;
/// Notes that may wait.
const WAITING: usize = 4_096;
/// How long whoever looks waits for it to be written down.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same look again within so long is the same look.
const ONE_LOOK: Duration = Duration::from_secs(60);
/// Looks that are remembered at a time.
const REMEMBERED: usize = 50_000;

type Written = oneshot::Sender<bool>;

/// Writes notes down, in the order in which they come.
#[derive(Debug)]
pub(crate) struct Scribe {
    notes: mpsc::Sender<(Note, Written)>,
    told: Mutex<Told>,
}

type Look = (String, &'static str, String);

/// Looks that stand in the log already, and when they were written down.
#[derive(Debug, Default)]
struct Told(HashMap<Look, Instant>);

impl Told {
    fn has(&self, look: &Look, now: Instant) -> bool {
        self.0.get(look).is_some_and(|then| now.saturating_duration_since(*then) < ONE_LOOK)
    }

    fn add(&mut self, look: Look, now: Instant) {
        if self.0.len() >= REMEMBERED {
            self.0.retain(|_, then| now.saturating_duration_since(*then) < ONE_LOOK);
        }
        // One that is forgotten is written down once more.
        if self.0.len() >= REMEMBERED {
            self.0.clear();
        }
        self.0.insert(look, now);
    }
}

impl Scribe {
    /// Begins to write; ends with the last of its kind.
    pub(crate) fn new(store: Store) -> Self {
        let (notes, waiting) = mpsc::channel(WAITING);
        tokio::spawn(write(store, waiting));
        Self { notes, told: Mutex::default() }
    }

    /// Writes a look down; the same one by the same account within a minute is one look.
    ///
    /// # Errors
    ///
    /// [`Problem`] 503 when it cannot be written down: then nothing is shown.
    pub(crate) async fn look(&self, note: Note) -> Result<(), Problem> {
        let look = (note.actor.to_string(), note.action, note.subject.clone());
        let told = || self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told().has(&look, Instant::now()) {
            return Ok(());
        }
        self.note(note).await?;
        told().add(look, Instant::now());
        Ok(())
    }

    /// Writes something down.
    ///
    /// # Errors
    ///
    /// [`Problem`] 503 when it cannot be written down: then it must not happen.
    pub(crate) async fn note(&self, note: Note) -> Result<(), Problem> {
        let (written, done) = oneshot::channel();
        let wait = async {
            self.notes.send((note, written)).await.ok()?;
            done.await.ok().filter(|written| *written)
        };
        let written = tokio::time::timeout(PATIENCE, wait).await.ok().flatten();
        let detail = "this cannot be written down in the audit log, so it is not done: ask again, then tell \
                      whoever keeps the server";
        let refused = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail);
        written.map(|_| ()).ok_or_else(refused)
    }
}

async fn write(store: Store, mut waiting: mpsc::Receiver<(Note, Written)>) {
    while let Some(first) = waiting.recv().await {
        let mut some = vec![first];
        while let (true, Ok(next)) = (some.len() < TOGETHER, waiting.try_recv()) {
            some.push(next);
        }
        let (notes, written): (Vec<Note>, Vec<Written>) = some.into_iter().unzip();
        let together = store.note(&notes).await;
        for (note, written) in notes.iter().zip(written) {
            // One that is refused does not take the others with it.
            let alone = match &together {
                Ok(()) => Ok(()),
                Err(_) => store.note(std::slice::from_ref(note)).await,
            };
            if let Err(error) = &alone {
                tracing::error!(%error, action = note.action, "the audit log takes no entry");
            }
            let _ = written.send(alone.is_ok());
        }
    }
}

#[cfg(test)]
mod tests;

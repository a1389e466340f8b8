//! Tends the loop while a record is served: brings outcomes back, makes the reminders that are due, and carries messages out.

use std::{path::PathBuf, time::Duration};

use anyhow::Context;
use cathartes_release::remind::Reminders;
use cathartes_store::{Actor, Store};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::{
    outbox,
    remind::{self, Making},
    returned::Returning,
    work,
};

/// How often it is looked at: nothing here is sooner than hours.
const LOOK: Duration = Duration::from_secs(60);

/// What is tended, and where messages go.
#[derive(Debug, Clone)]
pub struct Tending {
    /// The rules of asking again.
    pub rules: Reminders,
    /// The folder of the outbox; none: messages wait for `cathartes remind --outbox` elsewhere.
    pub outbox: Option<PathBuf>,
}

impl Tending {
    /// With the rules that come with the program, or those of a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or says nothing usable.
    pub fn new(rules: Option<&std::path::Path>, outbox: Option<PathBuf>) -> anyhow::Result<Self> {
        Ok(Self { rules: rules_of(rules)?, outbox })
    }
}

/// The rules of a file, or those that come with the program.
///
/// # Errors
///
/// When the file cannot be read or says nothing usable.
pub fn rules_of(file: Option<&std::path::Path>) -> anyhow::Result<Reminders> {
    let Some(file) = file else { return Ok(cathartes_release::remind::builtin()?) };
    let named = || file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(named)?;
    Reminders::read(&text).with_context(named)
}

/// Tends until it is stopped. Several processes may do so at a time.
pub async fn run(store: &Store, tending: &Tending, mut stop: watch::Receiver<bool>) {
    let mut returning = Returning::default();
    while !*stop.borrow() {
        if let Err(error) = once(store, tending, &mut returning).await {
            tracing::warn!(error = format!("{error:#}"), "the loop is not tended");
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

async fn once(store: &Store, tending: &Tending, returning: &mut Returning) -> anyhow::Result<()> {
    let carrier = work::name(0);
    let actor = Actor::Worker(carrier.clone());
    let now = Timestamp::now();
    let returned = returning.bring(store, &actor).await?;
    let asked = remind::due(store, &actor, (&tending.rules, now), Making::Make).await?;
    let made = asked.iter().filter(|one| one.message.is_some()).count();
    if returned.new + made > 0 {
        tracing::info!(observations = returned.new, messages = made, "the loop was tended");
    }
    if let Some(folder) = &tending.outbox {
        let carried = outbox::carry(store, (folder, &carrier), now).await?;
        if carried.sent + carried.failed > 0 {
            tracing::info!(sent = carried.sent, failed = carried.failed, "messages carried");
        }
    }
    Ok(())
}

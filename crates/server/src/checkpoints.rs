//! Checkpoints of the audit log: signed and kept, before every release, once a day, and when somebody asks.

use std::time::Duration;

use cathartes_release::seal::{self, SecretKey};
use cathartes_store::{Actor, SignedCheckpoint, Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// How often it is asked whether a day is over.
const ASK: Duration = Duration::from_secs(600);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Signs the log as it is now and keeps what was signed; where nothing was written since the last, that one.
///
/// # Errors
///
/// [`StoreError`] when the database does not answer.
pub async fn checkpoint(
    store: &Store,
    actor: &Actor,
    key: &SecretKey,
) -> Result<SignedCheckpoint, StoreError> {
    let kept = store.last_checkpoint().await?;
    let checkpoint = store.checkpoint(None).await?;
    // Keeping one is an entry too, which alone is no news.
    let news = |kept: &SignedCheckpoint| checkpoint.entries > kept.checkpoint.entries + 1;
    if let Some(kept) = kept.filter(|kept| !news(kept)) {
        return Ok(kept);
    }
    let signature =
        seal::sign(key, checkpoint.to_string().as_bytes(), "checkpoint of the audit log");
    store.keep_checkpoint(actor, &checkpoint, &signature).await?;
    Ok(SignedCheckpoint { checkpoint, signature, by: actor.to_string() })
}

/// Makes one a day, for as long as the server runs.
pub(crate) async fn daily(store: Store, key: SecretKey, mut stopped: watch::Receiver<bool>) {
    loop {
        if let Err(error) = once_a_day(&store, &key).await {
            tracing::error!(%error, "no checkpoint of the audit log was made");
        }
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            () = tokio::time::sleep(ASK) => {}
        }
    }
}

async fn once_a_day(store: &Store, key: &SecretKey) -> Result<(), StoreError> {
    let kept = store.last_checkpoint().await?;
    let due = kept.is_none_or(|kept| Timestamp::now().duration_since(kept.checkpoint.at) >= DAY);
    if due {
        checkpoint(store, &Actor::Server, key).await?;
    }
    Ok(())
}

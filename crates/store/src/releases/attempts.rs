//! Attempts at a door that asks for a PIN or a code: counted before they are looked at, so that many at once are not
//! more than one after the other.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::at_most;
use crate::{Actor, Store, StoreError, audit::Entry, database::sql, time};

/// How many attempts are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptRule {
    /// So many may fail …
    pub most: u32,
    /// … in this time; then nobody is let in …
    pub within: Duration,
    /// … for this one.
    pub locked_for: Duration,
}

impl Store {
    /// Counts an attempt at the door of this key, before it is looked at. Until when nobody is let in, when it is
    /// one too many; then it is not to be looked at.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn count_attempt(
        &self,
        actor: &Actor,
        key: &str,
        rule: AttemptRule,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        at_most("the key of an attempt", key, 200)?;
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let text = "SELECT count, since_us, locked_until_us FROM attempt WHERE key = $1";
        let row = change.row(sql(text, [key.into()])).await?;
        let now_us = now.as_microsecond();
        let (mut count, mut since) = (0, now_us);
        if let Some(row) = row {
            let locked = row.maybe_int(2)?;
            if let Some(until) = locked.filter(|until| *until > now_us) {
                return time::from_us(until).map(Some);
            }
            let begun = row.int(1)?;
            let fresh = time::after(time::from_us(begun)?, rule.within) > now_us;
            if locked.is_none() && fresh {
                (count, since) = (row.int(0)?, begun);
            }
        }
        count += 1;
        let over = count > i64::from(rule.most);
        let until = over.then(|| time::after(now, rule.locked_for));
        // Whoever can choose keys must not fill the table with them.
        let old =
            "DELETE FROM attempt WHERE since_us < $1 AND COALESCE(locked_until_us, since_us) < $1";
        let stale = time::from_us(now_us)?.saturating_sub(jiff::SignedDuration::from_hours(24));
        let stale = stale.map_or(now_us, Timestamp::as_microsecond);
        change.run(sql(old, [stale.into()])).await?;
        let text = "INSERT INTO attempt (key, count, since_us, locked_until_us) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (key) DO UPDATE SET count = $2, since_us = $3, locked_until_us = $4";
        change.run(sql(text, [key.into(), count.into(), since.into(), until.into()])).await?;
        let until = time::maybe_from_us(until)?;
        let action = if over { "door.locked" } else { "door.tried" };
        change.commit(Entry::new(action, key, json!({ "count": count, "until": until }))).await?;
        Ok(until)
    }

    /// Until when nobody is let in at the door of this key.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn locked_until(
        &self,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let text = "SELECT locked_until_us FROM attempt WHERE key = $1 AND locked_until_us > $2";
        let row = self.pool.row(sql(text, [key.into(), now.as_microsecond().into()])).await?;
        row.map(|row| time::from_us(row.int(0)?)).transpose()
    }

    /// Forgets the attempts at a door that opened, or that somebody unlocks.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn forget_attempts(&self, actor: &Actor, key: &str) -> Result<(), StoreError> {
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let text = "DELETE FROM attempt WHERE key = $1";
        if change.run(sql(text, [key.into()])).await? == 0 {
            return Ok(());
        }
        change.commit(Entry::new("door.opened", key, json!({}))).await
    }
}

//! What a shift leaves to the next: words, and what it was looking at. Never changed; that it was taken is a row of its
//! own.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Actor, Claim, Store, StoreError, Subject,
    audit::{Change, Entry},
    claims,
    database::{Row, composed, sql},
    time,
};

/// How long what is handed over waits for whom it was left to.
const KEPT: Duration = Duration::from_secs(12 * 3_600);

/// A handover to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHandover {
    /// To whom, by the name of the account; to whoever comes when absent.
    pub to: Option<String>,
    /// What is to be said.
    pub text: String,
    /// What whoever writes looks at.
    pub items: Vec<Subject>,
}

/// A handover that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Its id.
    pub id: Uuid,
    /// What it says.
    pub what: NewHandover,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// When somebody took it, and who.
    pub taken: Option<(Timestamp, String)>,
}

/// A subject as a row holds it.
#[derive(Serialize, Deserialize)]
struct ItemRow {
    kind: String,
    id: Uuid,
}

pub(crate) const SELECT: &str = "SELECT h.id, h.recipient, h.text, h.items, h.created_us, h.created_by, t.created_us, \
     t.created_by FROM handover h LEFT JOIN handover_taken t ON t.handover = h.id";

impl Store {
    /// Keeps a handover; what it names goes to whom it is for, for twelve hours, or is free, all or nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for one that says and names nothing; [`StoreError::Conflict`] when
    /// whoever writes does not look at what it names.
    pub async fn hand_over(
        &self,
        actor: &Actor,
        new: &NewHandover,
        now: Timestamp,
    ) -> Result<Handover, StoreError> {
        if new.text.trim().is_empty() && new.items.is_empty() {
            return Err(StoreError::Refused("a handover says or names something".to_owned()));
        }
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let by = change.actor().to_owned();
        let until = time::from_us(time::after(now, KEPT))?;
        for (at, subject) in new.items.iter().enumerate() {
            let held = claims::held(&mut change, *subject, now).await?;
            if held.is_none_or(|claim| claim.by != by) || new.items[..at].contains(subject) {
                let (what, id) = (subject.word(), subject.id().to_string());
                return Err(StoreError::Conflict {
                    what,
                    id,
                    state: "is not being looked at by you",
                });
            }
        }
        for subject in new.items.iter().copied() {
            match &new.to {
                Some(name) => {
                    let by = Actor::Account(name.clone()).to_string();
                    claims::put(&mut change, &Claim { subject, by, until }).await?;
                }
                None => claims::end(&mut change, subject).await.map(|_| ())?,
            }
        }
        let (id, at) = (Uuid::now_v7(), time::from_us(change.at_us)?);
        let kept = Handover { id, what: new.clone(), at, by, taken: None };
        insert(&mut change, &kept).await?;
        let detail = json!({ "to": new.to, "items": new.items.len() });
        change.commit(Entry::new("handover.made", id, detail)).await?;
        Ok(kept)
    }

    /// Notes that somebody took a handover; the same by the same again changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::Absent`] when there is none; [`StoreError::Refused`] when it is for somebody else;
    /// [`StoreError::Conflict`] when somebody else took it.
    pub async fn take_handover(&self, actor: &Actor, id: Uuid) -> Result<Handover, StoreError> {
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let text = format!("{SELECT} WHERE h.id = $1");
        let row = change.row(composed(text, vec![id.into()])).await?;
        let absent = || StoreError::Absent { what: "handover", id: id.to_string() };
        let mut kept = handover(&row.ok_or_else(absent)?)?;
        let by = change.actor().to_owned();
        if let Some((_, other)) = &kept.taken {
            let (what, id) = ("handover", format!("{id} (taken by {other})"));
            let taken = StoreError::Conflict { what, id, state: "was taken already" };
            return if *other == by { Ok(kept) } else { Err(taken) };
        }
        let meant = kept.what.to.clone().map(|name| Actor::Account(name).to_string());
        if meant.is_some_and(|meant| meant != by) {
            let to = kept.what.to.unwrap_or_default();
            return Err(StoreError::Refused(format!("this handover is for {to}")));
        }
        let text =
            "INSERT INTO handover_taken (handover, created_us, created_by) VALUES ($1, $2, $3)";
        let at_us = change.at_us;
        change.run(sql(text, [id.into(), at_us.into(), by.as_str().into()])).await?;
        change.commit(Entry::new("handover.taken", id, json!({}))).await?;
        kept.taken = Some((time::from_us(at_us)?, by));
        Ok(kept)
    }

    /// Handovers, the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn handovers(&self, limit: u32) -> Result<Vec<Handover>, StoreError> {
        let text = format!("{SELECT} ORDER BY h.id DESC LIMIT $1");
        let rows = self.pool.rows(composed(text, vec![i64::from(limit).into()])).await?;
        rows.iter().map(handover).collect()
    }
}

async fn insert(change: &mut Change, kept: &Handover) -> Result<(), StoreError> {
    let item = |subject: &Subject| ItemRow { kind: subject.word().to_owned(), id: subject.id() };
    let items: Vec<ItemRow> = kept.what.items.iter().map(item).collect();
    let text = "INSERT INTO handover (id, recipient, text, items, created_us, created_by) \
                VALUES ($1, $2, $3, $4, $5, $6)";
    let args = [
        kept.id.into(),
        kept.what.to.clone().into(),
        kept.what.text.as_str().into(),
        json!(items).to_string().into(),
        kept.at.as_microsecond().into(),
        kept.by.as_str().into(),
    ];
    change.run(sql(text, args)).await.map(|_| ())
}

pub(crate) fn handover(row: &Row) -> Result<Handover, StoreError> {
    let items: Vec<ItemRow> = serde_json::from_str(&row.text(3)?)
        .map_err(|error| StoreError::damaged("a handover", error))?;
    let items = items.iter().map(|item| Subject::new(&item.kind, item.id));
    let taken = row.maybe_int(6)?.zip(row.maybe_text(7)?);
    let taken = taken.map(|(at_us, by)| Ok::<_, StoreError>((time::from_us(at_us)?, by)));
    Ok(Handover {
        id: row.id(0)?,
        what: NewHandover {
            to: row.maybe_text(1)?,
            text: row.text(2)?,
            items: items.collect::<Result<_, _>>()?,
        },
        at: time::from_us(row.int(4)?)?,
        by: row.text(5)?,
        taken: taken.transpose()?,
    })
}

//! Partner bodies. What they are is JSON of another room; here is what tells them apart and lets them in.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{absent, conflict, noted_at, refused, says};
use crate::{
    Actor, Store, StoreError,
    audit::{Change, Entry},
    database::{Row, composed, sql},
};

/// What the names are made of that a recipient knows things by. It is shown to nobody.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret(pub [u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A recipient to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRecipient {
    /// What markings name it by: letters, digits and `-`.
    pub code: String,
    /// All that is said of it.
    pub body: Value,
    /// Makes its names for things; the same for ever.
    pub secret: Secret,
    /// SHA-256 of the key in its link.
    pub link_sha256: [u8; 32],
    /// Its PIN, hashed.
    pub pin_hash: String,
    /// Whether it receives anything.
    pub active: bool,
    /// The row that whoever writes has seen; none for a new one.
    pub supersedes: Option<Uuid>,
}

/// A recipient that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptRecipient {
    /// The id of this row.
    pub id: Uuid,
    /// What it is.
    pub what: NewRecipient,
    /// When it was said.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

pub(crate) const SELECT: &str = "SELECT r.id, r.code, r.body, r.secret, r.link_sha256, r.pin_hash, r.active, \
     r.supersedes, r.created_us, r.created_by FROM recipient r";
const HOLDS: &str = "NOT EXISTS (SELECT 1 FROM recipient s WHERE s.supersedes = r.id)";

impl Store {
    /// Keeps a recipient, in the place of the row that it supersedes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for a code that is none, another secret than before, or the link of another;
    /// [`StoreError::Conflict`] when the code is taken, or somebody was faster.
    pub async fn put_recipient(
        &self,
        actor: &Actor,
        new: &NewRecipient,
        now: Timestamp,
    ) -> Result<KeptRecipient, StoreError> {
        check_code(&new.code)?;
        says("the hash of a PIN", &new.pin_hash, 1_000)?;
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let last = latest(&mut change, &new.code).await?;
        if last.as_ref().map(|last| last.id) != new.supersedes {
            let state = if last.is_some() { "was changed meanwhile" } else { "is not there yet" };
            return Err(conflict("recipient", &new.code, state));
        }
        if last.is_some_and(|last| last.what.secret != new.secret) {
            let what = "the secret of a recipient stays: all names it knows things by hang on it";
            return Err(refused(what));
        }
        own_link(&mut change, new).await?;
        let (id, by) = (Uuid::now_v7(), change.actor().to_owned());
        let kept = KeptRecipient { id, what: new.clone(), at: now, by };
        insert(&mut change, &kept).await?;
        let detail = json!({
            "code": new.code, "recipient": id, "active": new.active, "supersedes": new.supersedes,
        });
        change.commit(Entry::new("recipient.kept", &new.code, detail)).await?;
        Ok(kept)
    }

    /// A recipient as it is now.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn recipient(&self, code: &str) -> Result<Option<KeptRecipient>, StoreError> {
        let text = format!("{SELECT} WHERE r.code = $1 AND {HOLDS}");
        self.pool.row(composed(text, vec![code.into()])).await?.as_ref().map(recipient).transpose()
    }

    /// All of them as they are now, by code.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn recipients(&self) -> Result<Vec<KeptRecipient>, StoreError> {
        let text = format!("{SELECT} WHERE {HOLDS} ORDER BY r.code");
        self.pool.rows(composed(text, vec![])).await?.iter().map(recipient).collect()
    }

    /// Whose link this is, when it receives anything.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn recipient_by_link(
        &self,
        link_sha256: &[u8; 32],
    ) -> Result<Option<KeptRecipient>, StoreError> {
        let text = format!("{SELECT} WHERE r.link_sha256 = $1 AND r.active = 1 AND {HOLDS}");
        let row = self.pool.row(composed(text, vec![(*link_sha256).into()])).await?;
        row.as_ref().map(recipient).transpose()
    }
}

fn check_code(code: &str) -> Result<(), StoreError> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    if (1..=40).contains(&code.len()) && code.bytes().all(fits) {
        return Ok(());
    }
    Err(refused(format!("`{code}` is no code: up to 40 letters, digits and `-`")))
}

async fn latest(change: &mut Change, code: &str) -> Result<Option<KeptRecipient>, StoreError> {
    let text = format!("{SELECT} WHERE r.code = $1 AND {HOLDS}");
    change.row(composed(text, vec![code.into()])).await?.as_ref().map(recipient).transpose()
}

async fn own_link(change: &mut Change, new: &NewRecipient) -> Result<(), StoreError> {
    let text = "SELECT 1 FROM recipient WHERE link_sha256 = $1 AND code <> $2";
    let args = [new.link_sha256.into(), new.code.as_str().into()];
    match change.row(sql(text, args)).await? {
        None => Ok(()),
        Some(_) => Err(refused("this link is of another recipient: make another key")),
    }
}

async fn insert(change: &mut Change, kept: &KeptRecipient) -> Result<(), StoreError> {
    let text = "INSERT INTO recipient (id, code, body, secret, link_sha256, pin_hash, active, supersedes, \
                created_us, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let new = &kept.what;
    let args = [
        kept.id.into(),
        new.code.as_str().into(),
        new.body.to_string().into(),
        new.secret.0.into(),
        new.link_sha256.into(),
        new.pin_hash.as_str().into(),
        i64::from(new.active).into(),
        new.supersedes.into(),
        kept.at.as_microsecond().into(),
        kept.by.as_str().into(),
    ];
    change.run(sql(text, args)).await.map(|_| ())
}

pub(crate) fn recipient(row: &Row) -> Result<KeptRecipient, StoreError> {
    let damaged = |why: &str| StoreError::damaged("a recipient", why);
    let bytes = |at| row.bytes(at)?.try_into().map_err(|_| damaged("a key is not of 32 bytes"));
    let body = serde_json::from_str(&row.text(2)?).map_err(|error| damaged(&error.to_string()))?;
    let (at, by) = noted_at(row, 8)?;
    let what = NewRecipient {
        code: row.text(1)?,
        body,
        secret: Secret(bytes(3)?),
        link_sha256: bytes(4)?,
        pin_hash: row.text(5)?,
        active: row.int(6)? == 1,
        supersedes: row.maybe_id(7)?,
    };
    Ok(KeptRecipient { id: row.id(0)?, what, at, by })
}

/// A recipient that has to be there.
pub(super) async fn known(change: &mut Change, code: &str) -> Result<KeptRecipient, StoreError> {
    latest(change, code).await?.ok_or_else(|| absent("recipient", code))
}

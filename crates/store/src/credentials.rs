//! What proves who somebody is besides a password: who an issuer says they are, and passkeys.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::{
    Account, Actor, Store, StoreError,
    audit::{Change, Entry},
    database::{Row, composed, sql},
    time,
};

/// How somebody is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    /// Another issuer answers for them; the subject is its address and their number there.
    Identity,
    /// A key that their device keeps; the subject is the number of the key.
    Passkey,
}

impl CredentialKind {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Passkey => "passkey",
        }
    }
}

impl fmt::Display for CredentialKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for CredentialKind {
    type Err = StoreError;

    fn from_str(word: &str) -> Result<Self, StoreError> {
        let known = [Self::Identity, Self::Passkey].into_iter().find(|kind| kind.word() == word);
        known.ok_or_else(|| StoreError::Refused(format!("`{word}` is no kind of credential")))
    }
}

/// What is to be kept of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCredential {
    /// How.
    pub kind: CredentialKind,
    /// What tells it from all others.
    pub subject: String,
    /// What its owner calls it.
    pub label: String,
    /// The public half of a passkey.
    pub detail: String,
}

/// One that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub what: NewCredential,
    /// Since when.
    pub created: Timestamp,
}

const COLUMNS: &str = "id, kind, subject, label, detail, created_us";

impl Store {
    /// Keeps one for an account.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when somebody has it already.
    pub async fn add_credential(
        &self,
        account: &Account,
        new: &NewCredential,
    ) -> Result<Credential, StoreError> {
        let mut change = self.change(&Actor::Account(account.name.clone())).await?;
        let kept = insert(&mut change, account, new).await?;
        let detail = json!({ "kind": new.kind.word(), "credential": kept.id });
        change.commit(Entry::new("credential.added", account.id, detail)).await?;
        Ok(kept)
    }

    /// Those of an account, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn credentials(&self, account: &Account) -> Result<Vec<Credential>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM credential WHERE account = $1 ORDER BY id");
        let rows = self.pool.rows(composed(text, vec![account.id.into()])).await?;
        rows.iter().map(read).collect()
    }

    /// Whose account one opens, when that may be used.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn holder(
        &self,
        kind: CredentialKind,
        subject: &str,
    ) -> Result<Option<Account>, StoreError> {
        let text = "SELECT a.name FROM credential c JOIN account a ON a.id = c.account \
                    WHERE c.kind = $1 AND c.subject = $2";
        let row = self.pool.row(sql(text, [kind.word().into(), subject.into()])).await?;
        let Some(name) = row.map(|row| row.text(0)).transpose()? else { return Ok(None) };
        Ok(self.account(&name).await?.filter(|account| account.active))
    }

    /// Notes what a passkey says after a use of it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Absent`] when it was taken back meanwhile.
    pub async fn used_credential(
        &self,
        account: &Account,
        id: Uuid,
        detail: &str,
    ) -> Result<(), StoreError> {
        let text = "UPDATE credential SET detail = $1 WHERE id = $2 AND account = $3";
        let args = [detail.into(), id.into(), account.id.into()];
        let mut change = self.change(&Actor::Account(account.name.clone())).await?;
        found(change.run(sql(text, args)).await?, id)?;
        let what = json!({ "credential": id });
        change.commit(Entry::new("credential.used", account.id, what)).await
    }

    /// Takes one back, with what it opened: all sessions of the account end.
    ///
    /// # Errors
    ///
    /// [`StoreError::Absent`] when the account has no such one.
    pub async fn remove_credential(&self, account: &Account, id: Uuid) -> Result<(), StoreError> {
        let mut change = self.change(&Actor::Account(account.name.clone())).await?;
        let text = "DELETE FROM credential WHERE id = $1 AND account = $2";
        found(change.run(sql(text, [id.into(), account.id.into()])).await?, id)?;
        change.run(sql("DELETE FROM session WHERE account = $1", [account.id.into()])).await?;
        let what = json!({ "credential": id });
        change.commit(Entry::new("credential.removed", account.id, what)).await
    }
}

fn found(rows: u64, id: Uuid) -> Result<(), StoreError> {
    if rows == 0 {
        return Err(StoreError::Absent { what: "credential", id: id.to_string() });
    }
    Ok(())
}

/// Within a change.
pub(crate) async fn insert(
    change: &mut Change,
    account: &Account,
    new: &NewCredential,
) -> Result<Credential, StoreError> {
    let text = "INSERT INTO credential (id, account, kind, subject, label, detail, created_us) \
                VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (kind, subject) DO NOTHING";
    let id = Uuid::now_v7();
    let args = [
        id.into(),
        account.id.into(),
        new.kind.word().into(),
        new.subject.as_str().into(),
        new.label.as_str().into(),
        new.detail.as_str().into(),
        change.at_us.into(),
    ];
    if change.run(sql(text, args)).await? == 0 {
        let (what, id) = (new.kind.word(), new.label.clone());
        return Err(StoreError::Conflict { what, id, state: "opens an account already" });
    }
    Ok(Credential { id, what: new.clone(), created: time::from_us(change.at_us)? })
}

fn read(row: &Row) -> Result<Credential, StoreError> {
    Ok(Credential {
        id: row.id(0)?,
        what: NewCredential {
            kind: row.text(1)?.parse()?,
            subject: row.text(2)?,
            label: row.text(3)?,
            detail: row.text(4)?,
        },
        created: time::from_us(row.int(5)?)?,
    })
}

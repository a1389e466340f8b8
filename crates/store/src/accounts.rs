//! Who may do what: local accounts, how they prove who they are, and for how long.
//!
//! Tokens are kept as their SHA-256 only: who reads the database cannot act as anybody.

use std::{fmt, str::FromStr, time::Duration};

use cathartes_core::provenance::hexadecimal;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    NewCredential, Store,
    audit::{Actor, Change, Entry},
    credentials,
    database::{Row, composed, sql},
    error::StoreError,
    time,
};

/// What an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks at scenes and plumes, imports, judges.
    Analyst,
    /// An analyst whose second look counts.
    Senior,
    /// Sends copies to recipients.
    ReleasingOfficer,
    /// Says where to fly.
    CollectionManager,
    /// Reads everything, the audit log too; changes nothing.
    Inspector,
    /// Makes accounts.
    Administrator,
}

impl Role {
    /// All there are.
    pub const ALL: [Self; 6] = [
        Self::Analyst,
        Self::Senior,
        Self::ReleasingOfficer,
        Self::CollectionManager,
        Self::Inspector,
        Self::Administrator,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Analyst => "analyst",
            Self::Senior => "senior",
            Self::ReleasingOfficer => "releasing_officer",
            Self::CollectionManager => "collection_manager",
            Self::Inspector => "inspector",
            Self::Administrator => "administrator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = StoreError;

    fn from_str(word: &str) -> Result<Self, StoreError> {
        let known = Self::ALL.into_iter().find(|role| role.word() == word);
        known.ok_or_else(|| {
            let all = Self::ALL.map(Self::word).join(", ");
            StoreError::Refused(format!("`{word}` is no role: {all}"))
        })
    }
}

/// An account as it stands now.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// Whether it may be used.
    pub active: bool,
    /// The password's hash, in the PHC form; empty when no password opens it.
    pub password_hash: String,
}

impl fmt::Debug for Account {
    /// Without the hash, which has no place in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, name, role, active, .. } = self;
        write!(f, "Account {{ {id} {name} {role} active: {active} }}")
    }
}

/// What is to change of an account; the rest stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// Another role.
    pub role: Option<Role>,
    /// Whether it may be used.
    pub active: Option<bool>,
}

/// How somebody new will prove who they are.
#[derive(Debug, Clone, Copy)]
pub enum Proof<'a> {
    /// By a password, whose hash this is, in the PHC form.
    Password(&'a str),
    /// By an identity that another issuer answers for.
    Identity(&'a NewCredential),
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub account: Account,
    /// What a browser must say with every change; absent for programs, which send no cookie.
    pub csrf: Option<String>,
    /// When it ends.
    pub expires: Timestamp,
}

const LONGEST_NAME: usize = 64;
const COLUMNS: &str = "a.id, a.name, s.role, s.active, s.password_hash";
/// Accounts with their newest state, which is the one that holds.
const FROM: &str = "account a JOIN account_state s ON s.id = (SELECT t.id FROM account_state t \
     WHERE t.account = a.id ORDER BY t.id DESC LIMIT 1)";

impl Store {
    /// Whether there is any account yet.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn has_accounts(&self) -> Result<bool, StoreError> {
        Ok(self.pool.row(sql("SELECT 1 FROM account LIMIT 1", [])).await?.is_some())
    }

    /// Makes a token that lets one account of this role be made, once.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn invite(
        &self,
        actor: &Actor,
        role: Role,
        now: Timestamp,
        lasting: Duration,
    ) -> Result<String, StoreError> {
        let token = token()?;
        let mut change = self.change(actor).await?;
        let text = "INSERT INTO invitation (token_sha256, role, expires_us) VALUES ($1, $2, $3)";
        let args = [digest(&token).into(), role.word().into(), time::after(now, lasting).into()];
        change.run(sql(text, args)).await?;
        change.commit(Entry::new("account.invited", role, json!({}))).await?;
        Ok(token)
    }

    /// Makes the account of an invitation, which is used up by it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for a token that is unknown, used or too old, or a name that is none;
    /// [`StoreError::Conflict`] for a name or an identity that is taken.
    pub async fn accept(
        &self,
        token: &str,
        now: Timestamp,
        name: &str,
        proof: Proof<'_>,
    ) -> Result<Account, StoreError> {
        check_account_name(name)?;
        let mut change = self.change(&Actor::Account(name.to_owned())).await?;
        let text =
            "DELETE FROM invitation WHERE token_sha256 = $1 AND expires_us > $2 RETURNING role";
        let row =
            change.row(sql(text, [digest(token).into(), now.as_microsecond().into()])).await?;
        let used = "this invitation is unknown, used or too old: ask for another";
        let role = row.ok_or_else(|| StoreError::Refused(used.to_owned()))?.text(0)?.parse()?;
        let password_hash = match proof {
            Proof::Password(hash) => hash.to_owned(),
            Proof::Identity(_) => String::new(),
        };
        let (id, name) = (Uuid::now_v7(), name.to_owned());
        let account = Account { id, name, role, active: true, password_hash };
        let text = "INSERT INTO account (id, name, created_us) VALUES ($1, $2, $3) \
                    ON CONFLICT (name) DO NOTHING";
        let args = [account.id.into(), account.name.as_str().into(), change.at_us.into()];
        if change.run(sql(text, args)).await? == 0 {
            let (what, id) = ("account", account.name);
            return Err(StoreError::Conflict { what, id, state: "is taken" });
        }
        insert_state(&mut change, &account).await?;
        if let Proof::Identity(identity) = proof {
            credentials::insert(&mut change, &account, identity).await?;
        }
        change.commit(Entry::new("account.made", account.id, json!({ "role": role }))).await?;
        Ok(account)
    }

    /// Gives an account another role or standing; what it was stays on record, and what another
    /// administrator changes at the same moment stays changed. Sessions of an account that may no
    /// longer be used end.
    ///
    /// # Errors
    ///
    /// [`StoreError::Absent`] when there is no such account.
    pub async fn change_account(
        &self,
        actor: &Actor,
        id: Uuid,
        wanted: AccountChange,
    ) -> Result<Account, StoreError> {
        let mut change = self.change(actor).await?;
        // The row itself never changes; its lock has changes of one account wait for each other.
        let lock = change.dialect().pick("", " FOR UPDATE");
        change
            .rows(composed(format!("SELECT 1 FROM account WHERE id = $1{lock}"), vec![id.into()]))
            .await?;
        let text = format!("SELECT {COLUMNS} FROM {FROM} WHERE a.id = $1");
        let row = change.row(composed(text, vec![id.into()])).await?;
        let absent = || StoreError::Absent { what: "account", id: id.to_string() };
        let mut account = read(&row.ok_or_else(absent)?)?;
        account.role = wanted.role.unwrap_or(account.role);
        account.active = wanted.active.unwrap_or(account.active);
        insert_state(&mut change, &account).await?;
        if !account.active {
            let text = "DELETE FROM session WHERE account = $1";
            change.run(sql(text, [account.id.into()])).await?;
        }
        let detail = json!({ "role": account.role, "active": account.active });
        change.commit(Entry::new("account.changed", account.id, detail)).await?;
        Ok(account)
    }

    /// An account by its name.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM {FROM} WHERE a.name = $1");
        self.pool.row(composed(text, vec![name.into()])).await?.as_ref().map(read).transpose()
    }

    /// All accounts by name.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM {FROM} ORDER BY a.name");
        self.pool.rows(composed(text, Vec::new())).await?.iter().map(read).collect()
    }

    /// Signs somebody in who has proved who they are. The token is told once; with it goes what a
    /// browser must say with every change.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn sign_in(
        &self,
        account: &Account,
        browser: bool,
        now: Timestamp,
        lasting: Duration,
    ) -> Result<(String, Session), StoreError> {
        let (secret, csrf) = (token()?, browser.then(token).transpose()?);
        let expires_us = time::after(now, lasting);
        let mut change = self.change(&Actor::Account(account.name.clone())).await?;
        let old = "DELETE FROM session WHERE expires_us <= $1";
        change.run(sql(old, [now.as_microsecond().into()])).await?;
        let text = "INSERT INTO session (token_sha256, account, csrf, created_us, expires_us) \
                    VALUES ($1, $2, $3, $4, $5)";
        let args = [
            digest(&secret).into(),
            account.id.into(),
            csrf.clone().into(),
            now.as_microsecond().into(),
            expires_us.into(),
        ];
        change.run(sql(text, args)).await?;
        change
            .commit(Entry::new("session.begun", account.id, json!({ "browser": browser })))
            .await?;
        let expires = time::from_us(expires_us)?;
        Ok((secret, Session { account: account.clone(), csrf, expires }))
    }

    /// Whose a token is, when it is somebody's now.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn session(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS}, x.csrf, x.expires_us FROM {FROM} JOIN session x ON x.account = a.id \
             WHERE x.token_sha256 = $1 AND x.expires_us > $2 AND s.active = 1"
        );
        let args = vec![digest(token).into(), now.as_microsecond().into()];
        let Some(row) = self.pool.row(composed(text, args)).await? else { return Ok(None) };
        let expires = time::from_us(row.int(6)?)?;
        Ok(Some(Session { account: read(&row)?, csrf: row.maybe_text(5)?, expires }))
    }

    /// Ends a session.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn sign_out(&self, account: &Account, token: &str) -> Result<(), StoreError> {
        let mut change = self.change(&Actor::Account(account.name.clone())).await?;
        let text = "DELETE FROM session WHERE token_sha256 = $1";
        change.run(sql(text, [digest(token).into()])).await?;
        change.commit(Entry::new("session.ended", account.id, json!({}))).await
    }
}

fn check_account_name(name: &str) -> Result<(), StoreError> {
    let usual = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.@".contains(c);
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(usual) {
        return Err(StoreError::Refused(format!(
            "`{}` is no account name: 1 to {LONGEST_NAME} of a to z, 0 to 9, and - _ . @",
            name.escape_debug()
        )));
    }
    Ok(())
}

async fn insert_state(change: &mut Change, account: &Account) -> Result<(), StoreError> {
    let text = "INSERT INTO account_state (id, account, role, password_hash, active, at_us) \
                VALUES ($1, $2, $3, $4, $5, $6)";
    let args = [
        Uuid::now_v7().into(),
        account.id.into(),
        account.role.word().into(),
        account.password_hash.as_str().into(),
        i64::from(account.active).into(),
        change.at_us.into(),
    ];
    change.run(sql(text, args)).await?;
    Ok(())
}

fn read(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        id: row.id(0)?,
        name: row.text(1)?,
        role: row.text(2)?.parse()?,
        active: row.int(3)? == 1,
        password_hash: row.text(4)?,
    })
}

/// 256 random bits, as text.
fn token() -> Result<String, StoreError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|e| StoreError::Refused(format!("no random numbers: {e}")))?;
    Ok(hexadecimal(&bytes))
}

fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

//! Recipients, as whoever looks after them makes them. The key of a link and a PIN are drawn here, shown once, and kept
//! as digests alone.

use argon2::{Argon2, password_hash::PasswordHasher};
use cathartes_release::rules::Rules;
use cathartes_store::{Actor, KeptRecipient, NewRecipient, Secret, Store, StoreError, digest_of};
use jiff::Timestamp;
use serde_json::json;

pub use cathartes_core::marking::Classification;
pub use cathartes_release::recipient::{Language, Recipient, Tlp};

/// Bytes of the key in a link: nobody finds one by trying.
const KEY_BYTES: usize = 16;
/// PINs there are: eight digits. A door that closes for a while after five wrong ones is not opened by trying.
const PINS: u64 = 100_000_000;

/// Why a recipient could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RecipientError {
    /// The record refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is said of it cannot be.
    #[error("recipient {code}: {why}")]
    Refused {
        /// Its code.
        code: String,
        /// What is wrong with it.
        why: String,
    },
    /// The machine draws no numbers.
    #[error("no random numbers: {0}")]
    Random(String),
}

/// What opens the page of a recipient. It is shown once and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnKeys {
    /// The key in its link.
    pub key: String,
    /// Its PIN, which goes another way than the link.
    pub pin: String,
}

impl DrawnKeys {
    /// The link, where the server is known by this address.
    #[must_use]
    pub fn link(&self, address: &str) -> String {
        format!("{}/p/{}", address.trim_end_matches('/'), self.key)
    }
}

/// Keeps a new recipient; what opens its page.
///
/// # Errors
///
/// [`RecipientError`] when its code is taken, its rules are none, or the record refuses.
pub async fn add_recipient(
    store: &Store,
    actor: &Actor,
    body: &Recipient,
    now: Timestamp,
) -> Result<DrawnKeys, RecipientError> {
    check(body)?;
    if store.recipient(&body.code).await?.is_some() {
        return Err(refused(&body.code, "it is there already: `key` draws other keys for it"));
    }
    let drawn = drawn_keys()?;
    let new = NewRecipient {
        code: body.code.clone(),
        body: json!(body),
        secret: Secret(random()?),
        link_sha256: link_digest(&drawn.key),
        pin_hash: hashed(&drawn.pin)?,
        active: true,
        supersedes: None,
    };
    store.put_recipient(actor, &new, now).await?;
    Ok(drawn)
}

/// Says something else of a recipient that is there; whether anything is other than before.
///
/// # Errors
///
/// [`RecipientError`] when there is none, its rules are none, or somebody was faster.
pub async fn change_recipient(
    store: &Store,
    actor: &Actor,
    body: &Recipient,
    now: Timestamp,
) -> Result<bool, RecipientError> {
    check(body)?;
    let kept = known(store, &body.code).await?;
    if kept.what.body == json!(body) {
        return Ok(false);
    }
    let new = NewRecipient { body: json!(body), supersedes: Some(kept.id), ..kept.what };
    store.put_recipient(actor, &new, now).await?;
    Ok(true)
}

/// Draws another link and PIN; those before open nothing any more.
///
/// # Errors
///
/// [`RecipientError`] when there is no such recipient, or somebody was faster.
pub async fn renew_keys(
    store: &Store,
    actor: &Actor,
    code: &str,
    now: Timestamp,
) -> Result<DrawnKeys, RecipientError> {
    let kept = known(store, code).await?;
    let drawn = drawn_keys()?;
    let new = NewRecipient {
        link_sha256: link_digest(&drawn.key),
        pin_hash: hashed(&drawn.pin)?,
        supersedes: Some(kept.id),
        ..kept.what
    };
    store.put_recipient(actor, &new, now).await?;
    Ok(drawn)
}

/// Says that a recipient receives nothing any more, or does again; its link opens nothing meanwhile.
///
/// # Errors
///
/// [`RecipientError`] when there is no such recipient, or somebody was faster.
pub async fn activate_recipient(
    store: &Store,
    actor: &Actor,
    (code, active): (&str, bool),
    now: Timestamp,
) -> Result<(), RecipientError> {
    let kept = known(store, code).await?;
    if kept.what.active == active {
        return Ok(());
    }
    let new = NewRecipient { active, supersedes: Some(kept.id), ..kept.what };
    store.put_recipient(actor, &new, now).await?;
    Ok(())
}

/// All recipients, by code, each with whether it receives anything.
///
/// # Errors
///
/// [`RecipientError`] when the record does not answer or holds what is no recipient.
pub async fn recipients(store: &Store) -> Result<Vec<(Recipient, bool)>, RecipientError> {
    let read = |kept: KeptRecipient| {
        let body = serde_json::from_value(kept.what.body);
        let body = body.map_err(|error| refused(&kept.what.code, &error.to_string()))?;
        Ok((body, kept.what.active))
    };
    store.recipients().await?.into_iter().map(read).collect()
}

async fn known(store: &Store, code: &str) -> Result<KeptRecipient, RecipientError> {
    let absent = || StoreError::Absent { what: "recipient", id: code.to_owned() };
    Ok(store.recipient(code).await?.ok_or_else(absent)?)
}

fn check(body: &Recipient) -> Result<(), RecipientError> {
    if body.name.trim().is_empty() {
        return Err(refused(&body.code, "it has no name"));
    }
    let rules = Rules::shipped(&body.rules);
    rules.map(|_| ()).map_err(|error| refused(&body.code, &error.to_string()))
}

fn refused(code: &str, why: &str) -> RecipientError {
    RecipientError::Refused { code: code.to_owned(), why: why.to_owned() }
}

fn random<const N: usize>() -> Result<[u8; N], RecipientError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| RecipientError::Random(error.to_string()))?;
    Ok(bytes)
}

fn drawn_keys() -> Result<DrawnKeys, RecipientError> {
    let key = format!("{:032x}", u128::from_le_bytes(random::<KEY_BYTES>()?));
    let pin = format!("{:08}", u64::from_le_bytes(random()?) % PINS);
    Ok(DrawnKeys { key, pin })
}

/// What the record knows a link by.
fn link_digest(key: &str) -> [u8; 32] {
    let digest = digest_of(key.as_bytes()).0;
    let byte =
        |at: usize| u8::from_str_radix(digest.get(2 * at..2 * at + 2).unwrap_or_default(), 16);
    std::array::from_fn(|at| byte(at).unwrap_or_default())
}

fn hashed(pin: &str) -> Result<String, RecipientError> {
    let hash = Argon2::default().hash_password(pin.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| RecipientError::Random(error.to_string()))
}

#[cfg(test)]
mod tests;

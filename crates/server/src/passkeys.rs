//! Passkeys: keys that a device keeps, and answers challenges with (`WebAuthn`, level 2).
//!
//! A ceremony has two halves. What the server has to remember between them waits in memory for a few
//! minutes, so that both halves go to the same server. A key answers for one site only, which has to have a
//! name: at a bare number such as 127.0.0.1 browsers make none.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use cathartes_store::{Account, Credential, CredentialKind};
use serde_json::Value;
use webauthn_rs::prelude::{
    CredentialID, Passkey, PasskeyAuthentication, PasskeyRegistration, Url, Uuid, Webauthn,
    WebauthnBuilder, WebauthnError,
};

use crate::problem::Problem;

/// How long a ceremony may take.
const LONGEST: Duration = Duration::from_secs(300);
/// No more at a time.
const MOST: usize = 10_000;

/// Ceremonies under way.
#[derive(Debug)]
pub(crate) struct Passkeys {
    webauthn: Webauthn,
    open: Mutex<HashMap<Uuid, Ceremony>>,
}

#[derive(Debug)]
struct Ceremony {
    begun: Instant,
    half: Half,
}

/// What waits for its other half.
#[derive(Debug)]
enum Half {
    /// Whose it is to be.
    Making(Box<PasskeyRegistration>, Uuid),
    /// Who wants in, by name, and the keys of that account.
    Using(Box<PasskeyAuthentication>, String, Vec<(Uuid, Passkey)>),
}

/// A new key, as it is to be kept.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) subject: String,
    pub(crate) detail: String,
}

/// A key that was used, and what it says now when that has changed.
#[derive(Debug)]
pub(crate) struct Used {
    pub(crate) subject: String,
    pub(crate) changed: Option<(Uuid, String)>,
}

impl Passkeys {
    /// None where the server has no name.
    pub(crate) fn new(base: &str) -> Option<Self> {
        let origin = Url::parse(base).ok()?;
        let builder = WebauthnBuilder::new(origin.domain()?, &origin).ok()?;
        let webauthn = builder.rp_name("Cathartes").build().ok()?;
        Some(Self { webauthn, open: Mutex::default() })
    }

    /// Asks a browser for a new key, other than those the account has.
    pub(crate) fn make(
        &self,
        account: &Account,
        has: &[Credential],
    ) -> Result<(Uuid, Value), Problem> {
        let has = keys(has)?.iter().map(|(_, key)| key.cred_id().clone()).collect();
        let name = &account.name;
        let begun = self.webauthn.start_passkey_registration(account.id, name, name, Some(has));
        let (options, state) = begun.map_err(|error| refused(&error))?;
        Ok((self.wait(Half::Making(Box::new(state), account.id))?, said(&options)?))
    }

    /// Takes the new key.
    pub(crate) fn made(&self, account: &Account, id: Uuid, answer: Value) -> Result<Made, Problem> {
        let Half::Making(state, whose) = self.take(id)? else { return Err(lost()) };
        if whose != account.id {
            return Err(lost());
        }
        let answer = serde_json::from_value(answer).map_err(|error| odd(&error))?;
        let key = self
            .webauthn
            .finish_passkey_registration(&answer, &state)
            .map_err(|error| refused(&error))?;
        Ok(Made { subject: subject(key.cred_id())?, detail: said(&key)?.to_string() })
    }

    /// Asks a browser for one of the keys of an account.
    pub(crate) fn ask(
        &self,
        account: &Account,
        has: &[Credential],
    ) -> Result<(Uuid, Value), Problem> {
        let keys = keys(has)?;
        let all: Vec<Passkey> = keys.iter().map(|(_, key)| key.clone()).collect();
        let begun =
            self.webauthn.start_passkey_authentication(&all).map_err(|error| refused(&error))?;
        let (options, state) = begun;
        Ok((self.wait(Half::Using(Box::new(state), account.name.clone(), keys))?, said(&options)?))
    }

    /// Who wants in by a ceremony that is open.
    pub(crate) fn who(&self, id: Uuid) -> Option<String> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match &open.get(&id)?.half {
            Half::Using(_, name, _) => Some(name.clone()),
            Half::Making(..) => None,
        }
    }

    /// Takes the answer of a key.
    pub(crate) fn used(&self, id: Uuid, answer: Value) -> Result<Used, Problem> {
        let Half::Using(state, _, keys) = self.take(id)? else { return Err(lost()) };
        let answer = serde_json::from_value(answer).map_err(|error| odd(&error))?;
        let used = self.webauthn.finish_passkey_authentication(&answer, &state);
        let used = used.map_err(|error| refused(&error))?;
        let mut changed = None;
        for (id, mut key) in keys {
            if key.update_credential(&used) == Some(true) {
                changed = Some((id, said(&key)?.to_string()));
            }
        }
        Ok(Used { subject: subject(used.cred_id())?, changed })
    }

    fn wait(&self, half: Half) -> Result<Uuid, Problem> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, ceremony| ceremony.begun.elapsed() < LONGEST);
        if open.len() >= MOST {
            let detail = "too many sign in at the moment: try again in a few minutes";
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, detail));
        }
        let id = Uuid::new_v4();
        open.insert(id, Ceremony { begun: Instant::now(), half });
        Ok(id)
    }

    /// Each ceremony has one second half.
    fn take(&self, id: Uuid) -> Result<Half, Problem> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = open.remove(&id).filter(|ceremony| ceremony.begun.elapsed() < LONGEST);
        taken.map(|ceremony| ceremony.half).ok_or_else(lost)
    }
}

/// The passkeys among what an account has.
fn keys(has: &[Credential]) -> Result<Vec<(Uuid, Passkey)>, Problem> {
    let passkeys = has.iter().filter(|has| has.what.kind == CredentialKind::Passkey);
    let read = |has: &Credential| Ok((has.id, serde_json::from_str(&has.what.detail)?));
    let damaged = |_: serde_json::Error| {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "a passkey of the record cannot be read")
    };
    passkeys.map(read).collect::<Result<_, _>>().map_err(damaged)
}

/// What the record knows a key by.
fn subject(id: &CredentialID) -> Result<String, Problem> {
    Ok(said(id)?.to_string())
}

fn said(what: &impl serde::Serialize) -> Result<Value, Problem> {
    serde_json::to_value(what)
        .map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "a passkey cannot be written"))
}

fn odd(error: &serde_json::Error) -> Problem {
    Problem::bad_request(format!("`credential` is not what a browser answers: {error}"))
}

fn lost() -> Problem {
    Problem::bad_request("this ceremony is unknown, used or too old: ask for a challenge again")
}

fn refused(error: &WebauthnError) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, format!("the passkey is not believed: {error}"))
}

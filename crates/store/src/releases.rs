//! The loop: who may receive what, what is to leave and who approved it, what left, what was told of it, and what came
//! back. Only ever added to; where something stands follows from what was added.
//!
//! Every time here is an argument: a year of it can be played in a minute.
//!
//! ```text
//! draft --approve (two people, the digest they saw)--> --seal--> release + message, in one transaction
//! message --take (a lease)--> sent | failed, again later          receipt, answers, replies <-- recipient
//! ```

pub(crate) mod answers;
mod approvals;
mod attempts;
mod basis;
mod carriage;
mod disputes;
pub(crate) mod drafts;
mod facts;
pub(crate) mod markings;
pub(crate) mod messages;
mod outbox;
mod recalls;
pub(crate) mod recipients;
pub(crate) mod released;
mod tended;
mod timeline;
mod waiting;

pub use answers::{Answer, AnswerState, NewAnswer, Opened, Outcome, Via};
pub use approvals::{Approval, Refusal};
pub use attempts::AttemptRule;
pub use basis::Basis;
pub use disputes::{Dispute, Reply};
pub use drafts::{Draft, DraftQuery, DraftState, NewDraft};
pub use facts::ReleaseFacts;
pub use markings::{KeptMarking, NewMarking};
pub use messages::{Message, MessageKind, MessageState, NewMessage, message_key};
pub use outbox::MessageLease;
pub use recalls::{NewRecall, Recall};
pub use recipients::{KeptRecipient, NewRecipient, Secret};
pub use released::{NewRelease, Release, ReleaseQuery};
pub use timeline::{Event, EventKind};
pub(crate) use waiting::what_waits;

use cathartes_core::provenance::Digest;
use jiff::Timestamp;

use crate::{
    Actor, Blob, StoreError,
    audit::Change,
    database::{Row, sql},
    time,
};

/// Words that stand for the variants of an enum, in tables and on the wire.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal {
        $($(#[$of_one:meta])* $one:ident = $word:literal,)*
    }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        pub enum $name {
            $($(#[$of_one])* #[serde(rename = $word)] $one,)*
        }

        impl $name {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$one,)*];

            /// The word for it.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$one => $word,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::StoreError;

            fn from_str(word: &str) -> Result<Self, crate::StoreError> {
                let known = Self::ALL.iter().copied().find(|one| one.word() == word);
                let what = || format!("`{word}` is no {}", $what);
                known.ok_or_else(|| crate::StoreError::Refused(what()))
            }
        }
    };
}
use words;

/// A sentence to refuse with.
fn refused(what: impl Into<String>) -> StoreError {
    StoreError::Refused(what.into())
}

fn absent(what: &'static str, id: impl std::fmt::Display) -> StoreError {
    StoreError::Absent { what, id: id.to_string() }
}

fn conflict(what: &'static str, id: impl std::fmt::Display, state: &'static str) -> StoreError {
    StoreError::Conflict { what, id: id.to_string(), state }
}

/// Whoever decides has an account: workers and commands of the machine decide nothing that leaves.
fn somebody(actor: &Actor) -> Result<(), StoreError> {
    match actor {
        Actor::Account(_) => Ok(()),
        other => Err(refused(format!("{other} cannot decide this: somebody with an account does"))),
    }
}

/// A text that has to say something, and is no longer than this.
fn says(what: &str, text: &str, most_bytes: usize) -> Result<(), StoreError> {
    if text.trim().is_empty() {
        return Err(refused(format!("{what} is empty: write it")));
    }
    at_most(what, text, most_bytes)
}

fn at_most(what: &str, text: &str, most_bytes: usize) -> Result<(), StoreError> {
    if text.len() > most_bytes {
        let now = text.len();
        return Err(refused(format!("{what} has {now} bytes: at most {most_bytes} are kept")));
    }
    Ok(())
}

/// A digest as the tables hold it.
fn digest(what: &str, digest: &Digest) -> Result<(), StoreError> {
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if digest.0.len() == 64 && digest.0.bytes().all(hex) {
        return Ok(());
    }
    Err(refused(format!("{what}: `{}` is no SHA-256: 64 digits and letters a to f", digest.0)))
}

/// Digest and size, one after the other.
fn blob_at(row: &Row, at: usize) -> Result<Blob, StoreError> {
    Ok(Blob { sha256: Digest(row.text(at)?), size_bytes: row.int(at + 1)? as u64 })
}

/// When and by whom, one after the other.
fn noted_at(row: &Row, at: usize) -> Result<(Timestamp, String), StoreError> {
    Ok((time::from_us(row.int(at)?)?, row.text(at + 1)?))
}

fn maybe_noted_at(row: &Row, at: usize) -> Result<Option<(Timestamp, String)>, StoreError> {
    row.maybe_int(at)?.map(|_| noted_at(row, at)).transpose()
}

/// Refuses a recipient that is not there or receives nothing any more.
async fn receives(change: &mut Change, code: &str) -> Result<(), StoreError> {
    let text = "SELECT r.active FROM recipient r WHERE r.code = $1 \
                AND NOT EXISTS (SELECT 1 FROM recipient s WHERE s.supersedes = r.id)";
    let row = change.row(sql(text, [code.into()])).await?;
    let row = row.ok_or_else(|| absent("recipient", code))?;
    if row.int(0)? == 1 {
        return Ok(());
    }
    Err(refused(format!("{code} receives nothing any more: choose another, or make it active")))
}

#[cfg(test)]
mod tests;

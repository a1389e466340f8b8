//! Why the store refused.

use uuid::Uuid;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The tables could not be brought to this version.
    #[error(
        "tables of the database: {0}; use the version of the program that made them, or a newer one"
    )]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The place of blobs.
    #[error("blobs: {0}")]
    Blobs(#[from] object_store::Error),
    /// The disk.
    #[error("{what}: {source}")]
    Disk {
        /// The file or folder.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Nothing of this id.
    #[error("there is no {what} `{id}`")]
    Absent {
        /// What was looked for.
        what: &'static str,
        /// Its id as it was given.
        id: String,
    },
    /// Somebody was faster.
    #[error("{what} `{id}` {state}: read it again, then decide")]
    Conflict {
        /// What was to change.
        what: &'static str,
        /// Its id.
        id: String,
        /// What it is now.
        state: &'static str,
    },
    /// The lease of a job ran out or went to another worker.
    #[error("the lease of job {0} is lost: its result is not taken")]
    LeaseLost(Uuid),
    /// A value that the store does not take.
    #[error("{0}")]
    Refused(String),
    /// What stands in the database is not what this program writes.
    #[error("{what} in the database is damaged: {why}; run `cathartes check`")]
    Damaged {
        /// Where.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

impl StoreError {
    pub(crate) fn disk(what: impl std::fmt::Display) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Disk { what: what.to_string(), source }
    }

    pub(crate) fn damaged(what: &'static str, why: impl std::fmt::Display) -> Self {
        Self::Damaged { what, why: why.to_string() }
    }
}

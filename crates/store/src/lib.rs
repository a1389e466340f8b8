//! The only SQL: scenes, findings, observations, sites, reviews, releases, blobs, the queue of jobs, accounts, the audit log.
//!
//! One [`Store`] speaks to `SQLite` (a file, one machine) or `PostgreSQL` (shared), and keeps large files
//! in a folder or an S3 bucket. Both pass one suite of tests. What it promises:
//!
//! - No write without an [`Actor`]; a change and its audit entry commit together or not at all.
//! - What was measured is never updated: triggers refuse it, a correction supersedes.
//! - What returned `Ok` is on the disk.

mod accounts;
mod acts;
mod assessments;
mod audit;
mod backup;
mod blobs;
mod cells;
mod check;
mod claims;
mod conditions;
mod credentials;
mod database;
mod error;
mod findings;
mod flights;
mod fold;
mod handovers;
mod jobs;
mod map_file;
mod near;
mod observations;
mod points;
mod query;
mod queue;
mod releases;
mod results;
mod reviews;
mod scenes;
mod sites;
mod stages;
mod standings;
mod statistics;
mod tally;
mod time;
mod uploads;
mod work;

use std::path::{Path, PathBuf};

pub use accounts::{Account, AccountChange, Proof, Role, Session};
pub use acts::{ActState, AskedAct, KeptAct};
pub use assessments::{Assessment, Confidence, NewAssessment, Source};
pub use audit::{
    Actor, AuditEntry, AuditLine, AuditQuery, EntryProof, ExportHead, GrowthProof, LogCheck, Note,
    SignedCheckpoint,
};
pub use backup::BackupSummary;
pub use blobs::{Blob, BlobReader, Blobs, digest_of};
pub use check::{CheckSummary, Damage};
pub use claims::Claim;
pub use credentials::{Credential, CredentialKind, NewCredential};
pub use error::StoreError;
pub use findings::{Finding, Kind, NewFinding};
pub use flights::{KeptAuthority, KeptSortie, NewAuthority, NewSortie};
pub use fold::{Folded, LastFold, News, SiteMark};
pub use handovers::{Handover, NewHandover};
pub use jobs::{Counts, Job, JobFailure, JobState, Lease};
pub use map_file::MapFile;
pub use near::Around;
pub use observations::{Added, KeptObservation, TakenFrom};
pub use points::{PointQuery, SitePoint, SitePoints};
pub use query::{Bbox, Cursor, Page, Query, TimeRange};
pub use queue::{QueueQuery, Queued, Waiting};
pub use releases::{
    Answer, AnswerState, Approval, AttemptRule, Basis, Dispute, Draft, DraftQuery, DraftState,
    Event, EventKind, KeptMarking, KeptRecipient, Message, MessageKind, MessageLease, MessageState,
    NewAnswer, NewDraft, NewMarking, NewMessage, NewRecall, NewRecipient, NewRelease, Opened,
    Outcome, Recall, Refusal, Release, ReleaseFacts, ReleaseQuery, Reply, Secret, Via, message_key,
};
pub use results::Results;
pub use reviews::{NewReview, Review, Subject, Verdict};
pub use scenes::{Asset, NewScene, Scene, SceneQuery};
pub use sites::SiteQuery;
pub use stages::{ReviewRule, SecondLook, Stage};
pub use standings::{Sort, Standing};
pub use statistics::{Arrivals, Decision, StageCount};
pub use tally::Tally;
pub use uploads::{Upload, UploadState};
pub use work::{Extent, SceneFile, Work};

use database::Pool;

/// Where a store is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The folder of this machine: the database and blobs when they are nowhere else, and uploads that
    /// are not complete.
    pub folder: PathBuf,
    /// `postgres://…`; a file in the folder when absent.
    pub database: Option<String>,
    /// `s3://bucket/prefix`; a folder in the folder when absent.
    pub blobs: Option<String>,
}

impl Location {
    /// Everything in one folder.
    #[must_use]
    pub fn folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), database: None, blobs: None }
    }
}

/// The record: one database and one place for blobs.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: Pool,
    pub(crate) blobs: Blobs,
    pub(crate) incoming: PathBuf,
}

impl Store {
    /// Opens the record; makes it when it is not there, and brings its tables to this version.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the folder, the database or the bucket refuses, or the tables are of a newer
    /// version.
    pub async fn open(location: &Location) -> Result<Self, StoreError> {
        let folder = &location.folder;
        let incoming = folder.join("incoming");
        let shown = incoming.display().to_string();
        tokio::fs::create_dir_all(&incoming).await.map_err(StoreError::disk(shown))?;
        let blobs = match &location.blobs {
            Some(url) => Blobs::bucket(url)?,
            None => Blobs::folder(&folder.join("blobs"))?,
        };
        let pool = match &location.database {
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Pool::postgres(url).await?
            }
            Some(url) => {
                return Err(StoreError::Refused(format!(
                    "`{url}` is no database: write postgres://USER@HOST/NAME, or leave it out for a \
                     file in the data folder"
                )));
            }
            None => Pool::sqlite(&folder.join("cathartes.db")).await?,
        };
        audit::catch_up(&pool).await?;
        Ok(Self { pool, blobs, incoming })
    }

    /// The large files.
    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// Ends all connections; what is in the making is undone.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

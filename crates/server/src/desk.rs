//! The desk of release: from something confirmed to what leaves, the same by interface, by command and on the screen.
//!
//! ```text
//! subject --known--> Product --gate--> Content, Differences --dossier--> Unsealed      order -> draft
//! draft --approve (two others, the digest they saw)--> --send (not outdated, key)--> release, message
//! ```
//!
//! What is shown is kept with the draft, byte for byte; what is sent is that and its seal. Before somebody approves and
//! before anything is sent the product is put together once more: when something else would leave by now, nothing does.

use cathartes_core::provenance::Digest;
use cathartes_release::{
    gate::GateError,
    policy::{Permission, Permit, Policies, PolicyError, ReleaseState, Stage, What, Who},
    rules::RulesError,
    seal::SecretKey,
};
use cathartes_store::{
    Account, Actor, Draft, DraftState, KeptRecipient, Release, Store, StoreError,
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{checkpoints::checkpoint, product::Told};

mod drafting;
mod files;
mod now;
mod sending;

pub use drafting::{Order, Prepared};
pub use files::Kept;
pub(crate) use files::json;
pub(crate) use sending::written;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The record.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The gate.
    #[error(transparent)]
    Gate(#[from] GateError),
    /// The policies of release.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The rules of a recipient.
    #[error("the rules of {recipient} cannot be used: {error}")]
    Rules {
        /// The code of the recipient.
        recipient: String,
        /// What is wrong with them.
        error: RulesError,
    },
    /// The dossier.
    #[error("the dossier of {of} cannot be made: {why}")]
    Dossier {
        /// Of what.
        of: String,
        /// What is wrong.
        why: String,
    },
    /// There is nothing to sign with.
    #[error(
        "nothing can be sealed without a key: `cathartes key new DIR` makes one, `--seal-key FILE` names it"
    )]
    NoKey,
    /// What would leave is not what was shown.
    #[error("draft {draft} is outdated, make another: {}", why.join("; "))]
    Outdated {
        /// Which.
        draft: Uuid,
        /// What is different.
        why: Vec<String>,
    },
    /// Chance gave nothing.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
}

impl DeskError {
    /// Whether the answer is no, and nothing is broken.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Gate(_)
                | Self::Policy(PolicyError::Refused { .. })
                | Self::NoKey
                | Self::Outdated { .. }
                | Self::Store(StoreError::Refused(_) | StoreError::Conflict { .. })
        )
    }
}

/// Drafts, approves and sends.
#[derive(Debug)]
pub struct Desk {
    store: Store,
    policies: Policies,
    key: Option<SecretKey>,
    base: String,
}

impl Desk {
    /// At a record, sealing with a key, for a server that partners reach at this address.
    ///
    /// # Errors
    ///
    /// [`DeskError::Policy`] when the policies cannot be read.
    pub fn new(store: Store, key: Option<SecretKey>, base: &str) -> Result<Self, DeskError> {
        let base = base.trim_end_matches('/').to_owned();
        Ok(Self { store, policies: Policies::new()?, key, base })
    }

    /// Who may do what with releases.
    pub(crate) fn policies(&self) -> &Policies {
        &self.policies
    }

    /// Approves what was shown, which its digest says.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when this account may not, somebody else was faster, or something else would leave by now.
    pub async fn approve(
        &self,
        who: &Account,
        id: Uuid,
        shown: &Digest,
        now: Timestamp,
    ) -> Result<Draft, DeskError> {
        let draft = self.draft(id).await?;
        // The same by the same again is no second look: what they did stands.
        if !draft.approvals.iter().any(|one| named(&one.by) == who.name) {
            self.permit(who, Permission::Approve, &draft)?;
            self.holds(&draft).await?;
        }
        Ok(self.store.approve_draft(&actor(who), id, shown, now).await?)
    }

    /// Refuses a draft.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when this account may not, or the draft waits for nobody.
    pub async fn refuse(
        &self,
        who: &Account,
        id: Uuid,
        reason: &str,
        now: Timestamp,
    ) -> Result<Draft, DeskError> {
        let draft = self.draft(id).await?;
        // Whoever may approve may refuse; also a second time, and what they drafted themselves.
        let state = ReleaseState {
            drafted_by: String::new(),
            first: None,
            second: None,
            ..state_of(&draft)
        };
        self.policies.permit(officer(who), Permission::Approve, What::Release(&state))?;
        Ok(self.store.refuse_draft(&actor(who), id, reason, now).await?)
    }

    /// The words of an earlier draft.
    ///
    /// # Errors
    ///
    /// [`StoreError::Absent`] when there is none.
    pub async fn words_of(&self, id: Uuid) -> Result<Told, StoreError> {
        let draft = self.draft(id).await?;
        Ok(now::told(&files::json(&self.store, &draft.what.product, "a product").await?))
    }

    /// Whether an account may do something with a release.
    ///
    /// # Errors
    ///
    /// [`DeskError::Policy`] when it may not.
    pub async fn may(
        &self,
        who: &Account,
        permission: Permission,
        release: &Release,
    ) -> Result<Permit, DeskError> {
        let draft = self.draft(release.draft).await?;
        let stage = if release.recalled.is_some() { Stage::Recalled } else { Stage::Released };
        Ok(self.permit_at(who, permission, &draft, stage)?)
    }

    /// The state of the audit log, as briefs print it; signed and kept where there is a key.
    async fn checkpoint(&self, who: &Account) -> Result<String, StoreError> {
        let checkpoint = match &self.key {
            Some(key) => checkpoint(&self.store, &actor(who), key).await?.checkpoint,
            None => self.store.checkpoint(None).await?,
        };
        Ok(checkpoint.short())
    }

    /// One draft.
    ///
    /// # Errors
    ///
    /// [`StoreError::Absent`] when there is none.
    pub async fn draft(&self, id: Uuid) -> Result<Draft, StoreError> {
        let absent = || StoreError::Absent { what: "draft", id: id.to_string() };
        self.store.draft(id).await?.ok_or_else(absent)
    }

    /// One release.
    ///
    /// # Errors
    ///
    /// [`StoreError::Absent`] when there is none.
    pub async fn release(&self, id: Uuid) -> Result<Release, StoreError> {
        let absent = || StoreError::Absent { what: "release", id: id.to_string() };
        self.store.release(id).await?.ok_or_else(absent)
    }

    async fn recipient(&self, code: &str) -> Result<KeptRecipient, StoreError> {
        let absent = || StoreError::Absent { what: "recipient", id: code.to_owned() };
        self.store.recipient(code).await?.ok_or_else(absent)
    }

    fn permit(
        &self,
        who: &Account,
        permission: Permission,
        draft: &Draft,
    ) -> Result<Permit, PolicyError> {
        self.permit_at(who, permission, draft, Stage::Draft)
    }

    fn permit_at(
        &self,
        who: &Account,
        permission: Permission,
        draft: &Draft,
        stage: Stage,
    ) -> Result<Permit, PolicyError> {
        let state = ReleaseState { stage, ..state_of(draft) };
        self.policies.permit(officer(who), permission, What::Release(&state))
    }
}

/// Where a draft stands, as policies ask.
fn state_of(draft: &Draft) -> ReleaseState {
    let by = |n: usize| draft.approvals.get(n).map(|one| named(&one.by).to_owned());
    ReleaseState {
        release: draft.what.alias.clone(),
        to: draft.what.recipient.clone(),
        stage: if draft.state == DraftState::Sealed { Stage::Released } else { Stage::Draft },
        drafted_by: named(&draft.by).to_owned(),
        first: by(0),
        second: by(1),
    }
}

fn officer(who: &Account) -> Who<'_> {
    Who::Officer { name: &who.name, role: who.role.word() }
}

fn actor(who: &Account) -> Actor {
    Actor::Account(who.name.clone())
}

/// The record writes `account:ana`.
fn named(by: &str) -> &str {
    by.strip_prefix("account:").unwrap_or(by)
}

fn dossier(draft: &Draft, error: &impl std::fmt::Display) -> DeskError {
    DeskError::Dossier { of: format!("draft {}", draft.id), why: error.to_string() }
}

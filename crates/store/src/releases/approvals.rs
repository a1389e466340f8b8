//! Approvals and refusals of drafts: two people, neither of them its author, each of the bytes that they were shown.

use cathartes_core::provenance::Digest;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    conflict,
    drafts::{self, Draft, DraftState},
    refused, says, somebody,
};
use crate::{Actor, Store, StoreError, audit::Entry, database::sql};

/// That somebody approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
}

/// That somebody refused a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
}

impl Store {
    /// Approves a draft: the digest says what whoever approves was shown. The same by the same again changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for another digest, whoever made the draft, or nobody with an account;
    /// [`StoreError::Conflict`] when it is past approving; [`StoreError::Absent`] when there is none.
    pub async fn approve_draft(
        &self,
        actor: &Actor,
        id: Uuid,
        shown: &Digest,
        now: Timestamp,
    ) -> Result<Draft, StoreError> {
        somebody(actor)?;
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let mut draft = drafts::of(&mut change, id).await?;
        let by = change.actor().to_owned();
        if *shown != draft.what.manifest_sha256 {
            return Err(refused(format!(
                "what was shown is {}, draft {id} is {}: look at it again",
                shown.0, draft.what.manifest_sha256.0
            )));
        }
        if draft.by == by {
            return Err(refused("whoever made a draft does not approve it: ask two others"));
        }
        if draft.approvals.iter().any(|approval| approval.by == by) {
            return Ok(draft);
        }
        waits(&draft)?;
        if draft.approvals.len() == 2 {
            return Err(conflict("draft", id, "is approved by two already"));
        }
        draft.approvals.push(Approval { at: now, by });
        let text = "INSERT INTO approval (draft, number, manifest_sha256, created_us, created_by) \
                    VALUES ($1, $2, $3, $4, $5)";
        let number = draft.approvals.len() as i64;
        let by = change.actor().into();
        let args =
            [id.into(), number.into(), shown.0.as_str().into(), now.as_microsecond().into(), by];
        change.run(sql(text, args)).await?;
        draft.state = if number == 2 { DraftState::Approved } else { DraftState::ApprovedOnce };
        let detail = json!({ "approval": number, "manifest_sha256": shown });
        change.commit(Entry::new("draft.approved", id, detail)).await?;
        Ok(draft)
    }

    /// Refuses a draft, with the reason; also one that was approved and is not sealed yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] without a reason; [`StoreError::Conflict`] when it is sealed, stale or refused
    /// already; [`StoreError::Absent`] when there is none.
    pub async fn refuse_draft(
        &self,
        actor: &Actor,
        id: Uuid,
        reason: &str,
        now: Timestamp,
    ) -> Result<Draft, StoreError> {
        somebody(actor)?;
        says("the reason of a refusal", reason, 2_000)?;
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let mut draft = drafts::of(&mut change, id).await?;
        let by = change.actor().to_owned();
        if draft.refusal.as_ref().is_some_and(|kept| kept.by == by && kept.reason == reason) {
            return Ok(draft);
        }
        waits(&draft)?;
        let text =
            "INSERT INTO refusal (draft, reason, created_us, created_by) VALUES ($1, $2, $3, $4)";
        let args = [id.into(), reason.into(), now.as_microsecond().into(), by.as_str().into()];
        change.run(sql(text, args)).await?;
        drafts::waits_no_more(&mut change, id).await?;
        draft.refusal = Some(Refusal { reason: reason.to_owned(), at: now, by });
        draft.state = DraftState::Refused;
        change.commit(Entry::new("draft.refused", id, json!({ "reason": reason }))).await?;
        Ok(draft)
    }
}

/// Refuses one that nobody can decide on any more.
pub(super) fn waits(draft: &Draft) -> Result<(), StoreError> {
    let state = match draft.state {
        DraftState::Open | DraftState::ApprovedOnce | DraftState::Approved => return Ok(()),
        DraftState::Sealed => "is a release already",
        DraftState::Refused => "was refused: make another",
        DraftState::Stale => "is stale, there is a later one",
    };
    Err(conflict("draft", draft.id, state))
}

//! Drafts: what one recipient is to get of a thing, byte for byte as it is shown to those who approve it.

use cathartes_core::provenance::Digest;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::{
    Approval, Basis, Refusal, absent, basis, blob_at, conflict, digest, maybe_noted_at, noted_at,
    receives, says, words,
};
use crate::{
    Actor, Blob, Store, StoreError, Subject,
    audit::{Change, Entry},
    database::{Arg, Row, Sql, add, composed, sql},
    reviews::{there, used},
    scenes::insert_blob,
    time,
};

words! {
    /// How far a draft has come.
    DraftState, "state of a draft" {
        /// Nobody has approved it.
        Open = "open",
        /// One has.
        ApprovedOnce = "approved_once",
        /// Two have: it can be sealed.
        Approved = "approved",
        /// It is a release.
        Sealed = "sealed",
        /// Somebody refused it.
        Refused = "refused",
        /// There is a later one of the same thing for the same recipient.
        Stale = "stale",
    }
}

/// A draft to be kept, whose files are in their place.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDraft {
    /// Of what.
    pub subject: Subject,
    /// For whom, by code.
    pub recipient: String,
    /// What the recipient is to know the release by.
    pub alias: String,
    /// What it types in to answer.
    pub answer_code: String,
    /// Everything that could be told.
    pub product: Blob,
    /// What is left of it.
    pub content: Blob,
    /// What became of every field.
    pub differences: Blob,
    /// What could still be inferred.
    pub residual: Blob,
    /// The dossier without its seal.
    pub dossier: Blob,
    /// What is approved: the digest of the dossier's manifest.
    pub manifest_sha256: Digest,
    /// The rules that made it, by name.
    pub rules: String,
    /// Their file.
    pub rules_sha256: Digest,
    /// The earlier release that it is to take the place of.
    pub supersedes: Option<Uuid>,
    /// What figures are made of.
    pub basis: Basis,
    /// Chosen by whoever asks: the same asked again with it is the same draft.
    pub key: Option<Uuid>,
}

/// A draft that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its id.
    pub id: Uuid,
    /// Which draft it is of this thing for this recipient, from 1.
    pub number: i64,
    /// What it holds.
    pub what: NewDraft,
    /// When it was made.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// How far it has come.
    pub state: DraftState,
    /// Who approved, at most two.
    pub approvals: Vec<Approval>,
    /// Who refused it.
    pub refusal: Option<Refusal>,
    /// The release that was made of it.
    pub release: Option<Uuid>,
}

/// Which drafts, the newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DraftQuery {
    /// Only those that wait to be approved or sealed.
    pub waiting: bool,
    /// Of this thing alone.
    pub subject: Option<Subject>,
    /// For this recipient alone.
    pub recipient: Option<String>,
    /// Older than this one.
    pub before: Option<Uuid>,
    /// At most so many.
    pub limit: u32,
}

pub(crate) fn select() -> String {
    select_from("release_draft d")
}

fn select_from(from: &str) -> String {
    let basis = basis::COLUMNS;
    format!(
        "SELECT d.id, d.number, d.subject_kind, d.subject, d.recipient, d.alias, d.answer_code, \
         d.product_sha256, b1.size_bytes, d.content_sha256, b2.size_bytes, d.differences_sha256, b3.size_bytes, \
         d.residual_sha256, b4.size_bytes, d.dossier_sha256, b5.size_bytes, d.manifest_sha256, d.rules, \
         d.rules_sha256, d.supersedes, d.key, d.created_us, d.created_by, a1.created_us, a1.created_by, \
         a2.created_us, a2.created_by, x.created_us, x.created_by, x.reason, r.id, \
         (SELECT COUNT(*) FROM release_draft n WHERE n.subject_kind = d.subject_kind AND n.subject = d.subject \
          AND n.recipient = d.recipient AND n.number = d.number + 1), {basis} \
         FROM {from} JOIN blob b1 ON b1.sha256 = d.product_sha256 \
         JOIN blob b2 ON b2.sha256 = d.content_sha256 JOIN blob b3 ON b3.sha256 = d.differences_sha256 \
         JOIN blob b4 ON b4.sha256 = d.residual_sha256 JOIN blob b5 ON b5.sha256 = d.dossier_sha256 \
         LEFT JOIN approval a1 ON a1.draft = d.id AND a1.number = 1 \
         LEFT JOIN approval a2 ON a2.draft = d.id AND a2.number = 2 \
         LEFT JOIN refusal x ON x.draft = d.id LEFT JOIN release r ON r.draft = d.id"
    )
}
const STALE_AT: usize = 32;

impl Store {
    /// Keeps a draft; the one before of the same thing for the same recipient is stale from now on. One that was
    /// kept with the same key is given again, and nothing is written.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for what cannot be, [`StoreError::Absent`] when there is no such subject,
    /// recipient or earlier release; [`StoreError::Conflict`] when its name, code or key is taken.
    pub async fn add_draft(
        &self,
        actor: &Actor,
        new: &NewDraft,
        now: Timestamp,
    ) -> Result<Draft, StoreError> {
        check(new)?;
        let mut change = self.change(actor).await?;
        change.alone().await?;
        if let Some(kept) = kept_with(&mut change, new.key).await? {
            let same = kept.what == *new && kept.by == change.actor();
            return if same { Ok(kept) } else { Err(used(new.key.unwrap_or_default())) };
        }
        there(&mut change, new.subject).await?;
        receives(&mut change, &new.recipient).await?;
        free(&mut change, new).await?;
        if let Some(earlier) = new.supersedes {
            super::released::may_be_superseded(&mut change, earlier, &new.recipient).await?;
        }
        let number = next_number(&mut change, new).await?;
        let (id, by) = (Uuid::now_v7(), change.actor().to_owned());
        for blob in [&new.product, &new.content, &new.differences, &new.residual, &new.dossier] {
            insert_blob(&mut change, blob).await?;
        }
        insert(&mut change, (id, number, now), new).await?;
        wait(&mut change, id, number, new).await?;
        let detail = json!({
            "draft": id, "subject": new.subject.to_string(), "recipient": new.recipient, "alias": new.alias,
            "number": number, "manifest_sha256": new.manifest_sha256, "rules": new.rules,
            "rules_sha256": new.rules_sha256, "supersedes": new.supersedes,
        });
        change.commit(Entry::new("draft.made", id, detail)).await?;
        Ok(Draft {
            id,
            number,
            what: new.clone(),
            at: now,
            by,
            state: DraftState::Open,
            approvals: vec![],
            refusal: None,
            release: None,
        })
    }

    /// One draft.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn draft(&self, id: Uuid) -> Result<Option<Draft>, StoreError> {
        let text = format!("{} WHERE d.id = $1", select());
        self.pool.row(composed(text, vec![id.into()])).await?.as_ref().map(draft).transpose()
    }

    /// Drafts, the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn drafts(&self, query: &DraftQuery) -> Result<Vec<Draft>, StoreError> {
        self.pool.rows(page(query)).await?.iter().map(draft).collect()
    }
}

/// A page of drafts, along those that wait or along all.
pub(super) fn page(query: &DraftQuery) -> Sql {
    let (mut text, walked) = if query.waiting {
        let from = select_from("waiting_draft w CROSS JOIN release_draft d");
        (from + " WHERE d.id = w.draft", "w.draft")
    } else {
        (select() + " WHERE 1 = 1", "d.id")
    };
    let mut args = Vec::<Arg>::new();
    if let Some(subject) = query.subject {
        add(&mut text, " AND d.subject_kind = $1 AND d.subject = $2");
        args.extend([subject.word().into(), subject.id().into()]);
    }
    if let Some(code) = &query.recipient {
        args.push(code.as_str().into());
        add(&mut text, &format!(" AND d.recipient = ${}", args.len()));
    }
    if let Some(before) = query.before {
        args.push(before.into());
        add(&mut text, &format!(" AND {walked} < ${}", args.len()));
    }
    args.push(i64::from(query.limit).into());
    add(&mut text, &format!(" ORDER BY {walked} DESC LIMIT ${}", args.len()));
    composed(text, args)
}

fn check(new: &NewDraft) -> Result<(), StoreError> {
    says("the name of a release", &new.alias, 100)?;
    says("an answer code", &new.answer_code, 100)?;
    says("the name of rules", &new.rules, 200)?;
    digest("the manifest", &new.manifest_sha256)?;
    digest("the rules", &new.rules_sha256)?;
    basis::check(&new.basis)
}

async fn kept_with(change: &mut Change, key: Option<Uuid>) -> Result<Option<Draft>, StoreError> {
    let Some(key) = key else { return Ok(None) };
    let text = format!("{} WHERE d.key = $1", select());
    change.row(composed(text, vec![key.into()])).await?.as_ref().map(draft).transpose()
}

/// Whether its name and its answer code are nobody else's.
async fn free(change: &mut Change, new: &NewDraft) -> Result<(), StoreError> {
    let text = "SELECT 1 FROM release_draft WHERE recipient = $1 AND alias = $2";
    let args = [new.recipient.as_str().into(), new.alias.as_str().into()];
    if change.row(sql(text, args)).await?.is_some() {
        return Err(conflict("name", &new.alias, "is of another release already"));
    }
    let text = "SELECT 1 FROM release_draft WHERE answer_code = $1";
    if change.row(sql(text, [new.answer_code.as_str().into()])).await?.is_some() {
        return Err(conflict("answer code", &new.answer_code, "is of another release already"));
    }
    Ok(())
}

async fn next_number(change: &mut Change, new: &NewDraft) -> Result<i64, StoreError> {
    let text = "SELECT COALESCE(MAX(number), 0) + 1 FROM release_draft \
                WHERE subject_kind = $1 AND subject = $2 AND recipient = $3";
    let args = [new.subject.word().into(), new.subject.id().into(), new.recipient.as_str().into()];
    change.row(sql(text, args)).await?.map_or(Ok(1), |row| row.int(0))
}

async fn insert(
    change: &mut Change,
    (id, number, now): (Uuid, i64, Timestamp),
    new: &NewDraft,
) -> Result<(), StoreError> {
    let text = "INSERT INTO release_draft (id, subject_kind, subject, recipient, number, alias, answer_code, \
                product_sha256, content_sha256, differences_sha256, residual_sha256, dossier_sha256, \
                manifest_sha256, rules, rules_sha256, supersedes, detected_us, reviewed_us, priority, reason, \
                gas, instrument, source, analyst_band, probability, key, created_us, created_by) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, \
                $20, $21, $22, $23, $24, $25, $26, $27, $28)";
    let basis = &new.basis;
    let by = change.actor().to_owned();
    let args = [
        id.into(),
        new.subject.word().into(),
        new.subject.id().into(),
        new.recipient.as_str().into(),
        number.into(),
        new.alias.as_str().into(),
        new.answer_code.as_str().into(),
        new.product.sha256.0.as_str().into(),
        new.content.sha256.0.as_str().into(),
        new.differences.sha256.0.as_str().into(),
        new.residual.sha256.0.as_str().into(),
        new.dossier.sha256.0.as_str().into(),
        new.manifest_sha256.0.as_str().into(),
        new.rules.as_str().into(),
        new.rules_sha256.0.as_str().into(),
        new.supersedes.into(),
        time::maybe_us(basis.detected).into(),
        time::maybe_us(basis.reviewed).into(),
        i64::from(basis.priority).into(),
        basis.reason.as_str().into(),
        basis.gas.clone().into(),
        basis.instrument.clone().into(),
        basis.source.clone().into(),
        basis.analyst_band.clone().into(),
        basis.probability.into(),
        new.key.into(),
        now.as_microsecond().into(),
        by.into(),
    ];
    change.run(sql(text, args)).await.map(|_| ())
}

/// Puts a draft among those that wait, in the place of the one before.
async fn wait(
    change: &mut Change,
    id: Uuid,
    number: i64,
    new: &NewDraft,
) -> Result<(), StoreError> {
    let text = "DELETE FROM waiting_draft WHERE draft = (SELECT id FROM release_draft \
                WHERE subject_kind = $1 AND subject = $2 AND recipient = $3 AND number = $4)";
    let recipient = new.recipient.as_str().into();
    let args = [new.subject.word().into(), new.subject.id().into(), recipient, (number - 1).into()];
    change.run(sql(text, args)).await?;
    change.run(sql("INSERT INTO waiting_draft (draft) VALUES ($1)", [id.into()])).await.map(|_| ())
}

pub(super) async fn waits_no_more(change: &mut Change, id: Uuid) -> Result<(), StoreError> {
    change.run(sql("DELETE FROM waiting_draft WHERE draft = $1", [id.into()])).await.map(|_| ())
}

/// A draft that has to be there.
pub(super) async fn of(change: &mut Change, id: Uuid) -> Result<Draft, StoreError> {
    let text = format!("{} WHERE d.id = $1", select());
    let row = change.row(composed(text, vec![id.into()])).await?;
    draft(&row.ok_or_else(|| absent("draft", id))?)
}

pub(crate) fn draft(row: &Row) -> Result<Draft, StoreError> {
    let approvals = [maybe_noted_at(row, 24)?, maybe_noted_at(row, 26)?];
    let approvals = approvals.into_iter().flatten().map(|(at, by)| Approval { at, by });
    let approvals: Vec<_> = approvals.collect();
    let refusal = maybe_noted_at(row, 28)?;
    let refusal =
        refusal.map(|(at, by)| Ok::<_, StoreError>(Refusal { reason: row.text(30)?, at, by }));
    let (release, stale) = (row.maybe_id(31)?, row.int(STALE_AT)? > 0);
    let state = match (release, &refusal, stale, approvals.len()) {
        (Some(_), ..) => DraftState::Sealed,
        (_, Some(_), ..) => DraftState::Refused,
        (_, _, true, _) => DraftState::Stale,
        (_, _, _, 0) => DraftState::Open,
        (_, _, _, 1) => DraftState::ApprovedOnce,
        _ => DraftState::Approved,
    };
    let (at, by) = noted_at(row, 22)?;
    let what = NewDraft {
        subject: Subject::new(&row.text(2)?, row.id(3)?)?,
        recipient: row.text(4)?,
        alias: row.text(5)?,
        answer_code: row.text(6)?,
        product: blob_at(row, 7)?,
        content: blob_at(row, 9)?,
        differences: blob_at(row, 11)?,
        residual: blob_at(row, 13)?,
        dossier: blob_at(row, 15)?,
        manifest_sha256: Digest(row.text(17)?),
        rules: row.text(18)?,
        rules_sha256: Digest(row.text(19)?),
        supersedes: row.maybe_id(20)?,
        basis: basis::read(row, STALE_AT + 1)?,
        key: row.maybe_id(21)?,
    };
    let refusal = refusal.transpose()?;
    Ok(Draft {
        id: row.id(0)?,
        number: row.int(1)?,
        what,
        at,
        by,
        state,
        approvals,
        refusal,
        release,
    })
}

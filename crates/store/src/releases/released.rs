//! Releases: sealed dossiers that left, and what was called back of them.

use cathartes_core::provenance::Digest;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Recall, absent, answers, approvals,
    basis::{self, Basis},
    blob_at, carriage, conflict,
    drafts::{self, Draft, DraftState},
    maybe_noted_at,
    messages::{self, MessageKind, NewMessage, message_key},
    noted_at, receives, refused, somebody,
};
use crate::{
    Actor, Blob, Store, StoreError, Subject,
    audit::{Change, Entry},
    database::{Arg, Row, Sql, add, composed, sql},
    scenes::insert_blob,
    time,
};

/// A sealed draft, whose file is in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRelease {
    /// The draft, approved by two.
    pub draft: Uuid,
    /// What was sealed: the digest that both approved.
    pub manifest_sha256: Digest,
    /// The dossier with its seal.
    pub dossier: Blob,
    /// Until when it holds.
    pub expires: Timestamp,
    /// What the message says that goes with it.
    pub body: Value,
}

/// A release, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// Its id.
    pub id: Uuid,
    /// The draft that it was.
    pub draft: Uuid,
    /// Of what.
    pub subject: Subject,
    /// To whom, by code.
    pub recipient: String,
    /// What the recipient knows it by.
    pub alias: String,
    /// What the recipient types in to answer.
    pub answer_code: String,
    /// What figures are made of.
    pub basis: Basis,
    /// What was approved and sealed.
    pub manifest_sha256: Digest,
    /// The dossier with its seal.
    pub dossier: Blob,
    /// Until when it holds.
    pub expires: Timestamp,
    /// The earlier release that it takes the place of.
    pub supersedes: Option<Uuid>,
    /// When it was sealed.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// That it was called back.
    pub recalled: Option<Recall>,
    /// The later release that takes its place.
    pub superseded_by: Option<Uuid>,
    /// When it went out.
    pub sent: Option<Timestamp>,
    /// When its recipient first opened it.
    pub opened: Option<Timestamp>,
    /// The answer that holds: the latest by what the recipient says of its time.
    pub answer: Option<answers::Answer>,
}

/// Which releases, the newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReleaseQuery {
    /// Only those that hold and had no outcome yet.
    pub open: bool,
    /// Of this thing alone.
    pub subject: Option<Subject>,
    /// To this recipient alone.
    pub recipient: Option<String>,
    /// Older than this one.
    pub before: Option<Uuid>,
    /// At most so many.
    pub limit: u32,
}

pub(crate) fn select() -> String {
    select_from("release r")
}

fn select_from(from: &str) -> String {
    let basis = basis::COLUMNS;
    let answer = answers::columns("n");
    format!(
        "SELECT r.id, r.draft, d.subject_kind, d.subject, r.recipient, d.alias, d.answer_code, d.manifest_sha256, \
         r.dossier_sha256, b.size_bytes, r.expires_us, r.supersedes, r.created_us, r.created_by, c.created_us, \
         c.created_by, c.reason, s.id, (SELECT MIN(v.created_us) FROM message m JOIN delivery v \
         ON v.message = m.id AND v.result = 'sent' WHERE m.release = r.id AND m.kind IN ('release', 'supersede')), \
         o.created_us, c.dossier_sha256, {basis}, {answer} \
         FROM {from} JOIN release_draft d ON d.id = r.draft JOIN blob b ON b.sha256 = r.dossier_sha256 \
         LEFT JOIN recall c ON c.release = r.id LEFT JOIN release s ON s.supersedes = r.id \
         LEFT JOIN receipt o ON o.release = r.id AND o.opened = 'release' \
         LEFT JOIN answer n ON n.id = (SELECT l.id FROM answer l WHERE l.release = r.id \
         ORDER BY l.at_us DESC, l.number DESC LIMIT 1)"
    )
}
const BASIS_AT: usize = 21;

impl Store {
    /// Makes a release of a draft that two approved, and the message that carries it, in one transaction. The same
    /// again is the same release.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for another digest than was approved, or one that is not in force any more;
    /// [`StoreError::Conflict`] when the draft is not approved by two, stale, refused, or sealed otherwise;
    /// [`StoreError::Absent`] when there is none.
    pub async fn seal_release(
        &self,
        actor: &Actor,
        new: &NewRelease,
        now: Timestamp,
    ) -> Result<Release, StoreError> {
        somebody(actor)?;
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let draft = drafts::of(&mut change, new.draft).await?;
        if let Some(id) = draft.release {
            let kept = of(&mut change, id).await?;
            let same = kept.dossier == new.dossier && kept.expires == new.expires;
            return if same {
                Ok(kept)
            } else {
                Err(conflict("draft", draft.id, "is sealed already"))
            };
        }
        may_be_sealed(&draft, new, now)?;
        receives(&mut change, &draft.what.recipient).await?;
        if let Some(earlier) = draft.what.supersedes {
            may_be_superseded(&mut change, earlier, &draft.what.recipient).await?;
        }
        let id = Uuid::now_v7();
        insert_blob(&mut change, &new.dossier).await?;
        insert(&mut change, (id, now), (new, &draft)).await?;
        drafts::waits_no_more(&mut change, draft.id).await?;
        begin(&mut change, id, draft.what.supersedes, now).await?;
        let kind = match draft.what.supersedes {
            Some(_) => MessageKind::Supersede,
            None => MessageKind::Release,
        };
        let message = told(&draft.what.recipient, id, kind, &new.body, now);
        let message = messages::put(&mut change, &message, now).await?;
        let kept = of(&mut change, id).await?;
        let detail = json!({
            "draft": draft.id, "subject": kept.subject.to_string(), "recipient": kept.recipient,
            "alias": kept.alias, "manifest_sha256": kept.manifest_sha256, "dossier_sha256": kept.dossier.sha256,
            "expires": kept.expires, "supersedes": kept.supersedes, "message": message.id,
            "approved_by": draft.approvals.iter().map(|approval| &approval.by).collect::<Vec<_>>(),
        });
        change.commit(Entry::new("release.sealed", id, detail)).await?;
        Ok(kept)
    }

    /// One release.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn release(&self, id: Uuid) -> Result<Option<Release>, StoreError> {
        self.one_release("r.id = $1", vec![id.into()]).await
    }

    /// The release that an answer code is of.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn release_by_answer_code(&self, code: &str) -> Result<Option<Release>, StoreError> {
        self.one_release("d.answer_code = $1", vec![code.into()]).await
    }

    /// The release that a recipient knows by this name.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn release_by_alias(
        &self,
        recipient: &str,
        alias: &str,
    ) -> Result<Option<Release>, StoreError> {
        let args = vec![recipient.into(), alias.into()];
        self.one_release("d.recipient = $1 AND d.alias = $2", args).await
    }

    async fn one_release(
        &self,
        which: &'static str,
        args: Vec<Arg>,
    ) -> Result<Option<Release>, StoreError> {
        let text = format!("{} WHERE {which}", select());
        self.pool.row(composed(text, args)).await?.as_ref().map(release).transpose()
    }

    /// Releases, the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn releases(&self, query: &ReleaseQuery) -> Result<Vec<Release>, StoreError> {
        self.pool.rows(page(query)).await?.iter().map(release).collect()
    }
}

/// A page of releases. Of those that are open only they are looked at, in the order that is written: among all that
/// ever left they are few.
pub(super) fn page(query: &ReleaseQuery) -> Sql {
    let mut text = if query.open {
        select_from("open_release w CROSS JOIN release r") + " WHERE r.id = w.release"
    } else {
        select() + " WHERE 1 = 1"
    };
    let walked = if query.open { "w.release" } else { "r.id" };
    let mut args = Vec::<Arg>::new();
    if let Some(subject) = query.subject {
        add(&mut text, " AND d.subject_kind = $1 AND (d.subject = $2");
        if let Subject::Site(_) = subject {
            // What went into a site has left what it left.
            let others = "SELECT g.id FROM merged_site g WHERE g.stands_as = $2";
            add(&mut text, &format!(" OR d.subject IN ({others})"));
        }
        add(&mut text, ")");
        args.extend([subject.word().into(), subject.id().into()]);
    }
    if let Some(code) = &query.recipient {
        args.push(code.as_str().into());
        add(&mut text, &format!(" AND r.recipient = ${}", args.len()));
    }
    if let Some(before) = query.before {
        args.push(before.into());
        add(&mut text, &format!(" AND {walked} < ${}", args.len()));
    }
    args.push(i64::from(query.limit).into());
    add(&mut text, &format!(" ORDER BY {walked} DESC LIMIT ${}", args.len()));
    composed(text, args)
}

/// The message that tells of a release itself.
pub(super) fn told(
    recipient: &str,
    release: Uuid,
    kind: MessageKind,
    body: &Value,
    due: Timestamp,
) -> NewMessage {
    NewMessage {
        key: message_key(release, kind, 1),
        recipient: recipient.to_owned(),
        release: Some(release),
        kind,
        body: body.clone(),
        needs_approval: false,
        due,
    }
}

fn may_be_sealed(draft: &Draft, new: &NewRelease, now: Timestamp) -> Result<(), StoreError> {
    approvals::waits(draft)?;
    if draft.state != DraftState::Approved {
        return Err(conflict("draft", draft.id, "is not approved by two yet"));
    }
    if new.manifest_sha256 != draft.what.manifest_sha256 {
        return Err(refused(format!(
            "what was sealed is {}, what was approved is {}: seal draft {} itself",
            new.manifest_sha256.0, draft.what.manifest_sha256.0, draft.id
        )));
    }
    if new.expires <= now {
        return Err(refused("a release that has expired is not sent: make another draft"));
    }
    Ok(())
}

/// Whether a later release to a recipient may take the place of this one.
pub(super) async fn may_be_superseded(
    change: &mut Change,
    earlier: Uuid,
    recipient: &str,
) -> Result<(), StoreError> {
    let earlier = of(change, earlier).await?;
    if earlier.recipient != recipient {
        return Err(refused("a release takes the place of one to the same recipient only"));
    }
    if earlier.superseded_by.is_some() {
        return Err(conflict("release", earlier.id, "is superseded already"));
    }
    Ok(())
}

async fn insert(
    change: &mut Change,
    (id, now): (Uuid, Timestamp),
    (new, draft): (&NewRelease, &Draft),
) -> Result<(), StoreError> {
    let text = "INSERT INTO release (id, draft, recipient, dossier_sha256, expires_us, supersedes, created_us, \
                created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let by = change.actor().to_owned();
    let args = [
        id.into(),
        draft.id.into(),
        draft.what.recipient.as_str().into(),
        new.dossier.sha256.0.as_str().into(),
        new.expires.as_microsecond().into(),
        draft.what.supersedes.into(),
        now.as_microsecond().into(),
        by.into(),
    ];
    change.run(sql(text, args)).await.map(|_| ())
}

/// A release begins to hold, and the one that it takes the place of holds no more.
async fn begin(
    change: &mut Change,
    id: Uuid,
    earlier: Option<Uuid>,
    now: Timestamp,
) -> Result<(), StoreError> {
    change.run(sql("INSERT INTO open_release (release) VALUES ($1)", [id.into()])).await?;
    if let Some(earlier) = earlier {
        ends(change, earlier).await?;
        carriage::drop_unsent(change, earlier, ("the release was superseded", now)).await?;
    }
    Ok(())
}

/// Nothing more is waited for.
pub(super) async fn ends(change: &mut Change, id: Uuid) -> Result<(), StoreError> {
    change.run(sql("DELETE FROM open_release WHERE release = $1", [id.into()])).await.map(|_| ())
}

/// A release that has to be there.
pub(super) async fn of(change: &mut Change, id: Uuid) -> Result<Release, StoreError> {
    let text = format!("{} WHERE r.id = $1", select());
    let row = change.row(composed(text, vec![id.into()])).await?;
    release(&row.ok_or_else(|| absent("release", id))?)
}

pub(crate) fn release(row: &Row) -> Result<Release, StoreError> {
    let recalled = maybe_noted_at(row, 14)?;
    let recalled = recalled.map(|(at, by)| {
        let dossier = row.maybe_text(20)?.map(Digest);
        Ok::<_, StoreError>(Recall { reason: row.text(16)?, dossier, at, by })
    });
    let (at, by) = noted_at(row, 12)?;
    Ok(Release {
        id: row.id(0)?,
        draft: row.id(1)?,
        subject: Subject::new(&row.text(2)?, row.id(3)?)?,
        recipient: row.text(4)?,
        alias: row.text(5)?,
        answer_code: row.text(6)?,
        basis: basis::read(row, BASIS_AT)?,
        manifest_sha256: Digest(row.text(7)?),
        dossier: blob_at(row, 8)?,
        expires: time::from_us(row.int(10)?)?,
        supersedes: row.maybe_id(11)?,
        at,
        by,
        recalled: recalled.transpose()?,
        superseded_by: row.maybe_id(17)?,
        sent: time::maybe_from_us(row.maybe_int(18)?)?,
        opened: time::maybe_from_us(row.maybe_int(19)?)?,
        answer: answers::maybe_answer(row, BASIS_AT + basis::COUNT)?,
    })
}

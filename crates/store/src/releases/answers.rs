//! What recipients say: that they opened something, what they do, what came of it, or that we are wrong; and what we
//! say to that.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{absent, at_most, carriage, conflict, noted_at, refused, released, says, words};
use crate::{
    Actor, Store, StoreError,
    audit::{Change, Entry},
    database::{Row, composed, sql},
    time,
};

/// The longest note and the longest details that are kept.
const NOTE_BYTES: usize = 1_000;
const DETAILS_BYTES: usize = 4_000;

words! {
    /// What a recipient says of a release.
    AnswerState, "answer" {
        /// It came.
        Received = "received",
        /// Somebody has it.
        Assigned = "assigned",
        /// They are on the way.
        OnTheWay = "on_the_way",
        /// What came of it.
        Outcome = "outcome",
        /// We are wrong, and they can show it.
        Dispute = "dispute",
    }
}

words! {
    /// What came of a release.
    Outcome, "outcome" {
        /// What was there is no more.
        Dismantled = "dismantled",
        /// Things were seized.
        Seized = "seized",
        /// There were arrests.
        Arrests = "arrests",
        /// There was nothing.
        NothingFound = "nothing_found",
        /// It is elsewhere.
        WrongPlace = "wrong_place",
        /// They knew of it.
        AlreadyKnown = "already_known",
        /// They cannot act.
        CannotAct = "cannot_act",
    }
}

words! {
    /// Which way something came back.
    Via, "way" {
        /// The page behind the link.
        Page = "page",
        /// A signed file.
        File = "file",
        /// A code that was typed in.
        Code = "code",
    }
}

words! {
    /// What a recipient opened.
    Opened, "thing to open" {
        /// The release.
        Release = "release",
        /// That it was called back.
        Recall = "recall",
        /// What we said to a dispute.
        Reply = "reply",
    }
}

/// An answer to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAnswer {
    /// To which release.
    pub release: Uuid,
    /// Chosen where it is made: the same answer on two ways is one.
    pub key: String,
    /// What it says.
    pub state: AnswerState,
    /// What came of it; of [`AnswerState::Outcome`] alone.
    pub outcome: Option<Outcome>,
    /// Quantities and counts, by name.
    pub details: Value,
    /// The code of a reason.
    pub reason: Option<String>,
    /// In their words.
    pub note: String,
    /// Which way it came.
    pub via: Via,
    /// When, as the recipient says.
    pub at: Timestamp,
    /// Until when we answer; of [`AnswerState::Dispute`] alone.
    pub due: Option<Timestamp>,
}

/// An answer that is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Its id.
    pub id: Uuid,
    /// To which release.
    pub release: Uuid,
    /// Which answer to it in the order they came, from 1.
    pub number: i64,
    /// What tells it from all others.
    pub key: String,
    /// What it says.
    pub state: AnswerState,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// Quantities and counts, by name.
    pub details: Value,
    /// The code of a reason.
    pub reason: Option<String>,
    /// In their words.
    pub note: String,
    /// Which way it came.
    pub via: Via,
    /// When, as the recipient says; never after it came.
    pub at: Timestamp,
    /// Until when we answer.
    pub due: Option<Timestamp>,
    /// When it came.
    pub received: Timestamp,
    /// Who brought it.
    pub by: String,
}

pub(super) const COLUMNS: [&str; 14] = [
    "id",
    "release",
    "number",
    "key",
    "state",
    "outcome",
    "details",
    "reason",
    "note",
    "via",
    "at_us",
    "due_us",
    "created_us",
    "created_by",
];

/// The columns of an answer under the name of its table in a query.
pub(super) fn columns(table: &str) -> String {
    COLUMNS.map(|column| format!("{table}.{column}")).join(", ")
}

pub(crate) fn select() -> String {
    format!("SELECT {} FROM answer n", columns("n"))
}

impl Store {
    /// Notes that a recipient opened something, the first time; whether it was that.
    ///
    /// # Errors
    ///
    /// [`StoreError::Absent`] when there is no such release; [`StoreError::Refused`] when it is not its recipient's.
    pub async fn add_receipt(
        &self,
        actor: &Actor,
        (release, opened): (Uuid, Opened),
        via: Via,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        // Most openings are not the first, and those write nothing and wait for nobody.
        let known = "SELECT 1 FROM receipt WHERE release = $1 AND opened = $2";
        let args = || [release.into(), opened.word().into()];
        if self.pool.row(sql(known, args())).await?.is_some() {
            return Ok(false);
        }
        let mut change = self.change(actor).await?;
        change.alone().await?;
        theirs(actor, &released::of(&mut change, release).await?)?;
        if change.row(sql(known, args())).await?.is_some() {
            return Ok(false);
        }
        let text = "INSERT INTO receipt (release, opened, via, created_us, created_by) VALUES ($1, $2, $3, $4, $5)";
        let by = change.actor().into();
        let args = [
            release.into(),
            opened.word().into(),
            via.word().into(),
            now.as_microsecond().into(),
            by,
        ];
        change.run(sql(text, args)).await?;
        let detail = json!({ "opened": opened, "via": via });
        change.commit(Entry::new("release.opened", release, detail)).await?;
        Ok(true)
    }

    /// Keeps an answer, and whether it is new: the same again with its key is the same. An answer to a release that
    /// was called back, superseded or has expired is kept as well. An outcome ends what is asked of the release.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for one that is not whole, too long, or of another recipient;
    /// [`StoreError::Absent`] when there is no such release; [`StoreError::Conflict`] when its key was used for
    /// something else.
    pub async fn add_answer(
        &self,
        actor: &Actor,
        new: &NewAnswer,
        now: Timestamp,
    ) -> Result<(Answer, bool), StoreError> {
        check(new)?;
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let release = released::of(&mut change, new.release).await?;
        theirs(actor, &release)?;
        if let Some(kept) = kept_with(&mut change, &new.key).await? {
            let used = || conflict("key", &new.key, "was used for something else");
            return if same(&kept, new) { Ok((kept, false)) } else { Err(used()) };
        }
        let kept = insert(&mut change, new, now).await?;
        if new.state == AnswerState::Outcome {
            released::ends(&mut change, new.release).await?;
            carriage::drop_asking(&mut change, new.release, ("the outcome came", now)).await?;
        }
        let detail = json!({
            "answer": kept.id, "state": new.state, "outcome": new.outcome, "reason": new.reason, "via": new.via,
            "said": kept.at, "due": new.due,
        });
        change.commit(Entry::new("answer.received", new.release, detail)).await?;
        Ok((kept, true))
    }

    /// All answers to a release, in the order they came.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn answers(&self, release: Uuid) -> Result<Vec<Answer>, StoreError> {
        let text = format!("{} WHERE n.release = $1 ORDER BY n.number", select());
        self.pool.rows(composed(text, vec![release.into()])).await?.iter().map(read).collect()
    }
}

fn check(new: &NewAnswer) -> Result<(), StoreError> {
    says("the key of an answer", &new.key, 200)?;
    at_most("the note of an answer", &new.note, NOTE_BYTES)?;
    at_most("the reason of an answer", new.reason.as_deref().unwrap_or_default(), 100)?;
    at_most("the details of an answer", &new.details.to_string(), DETAILS_BYTES)?;
    if !new.details.is_object() {
        return Err(refused("the details of an answer are an object of JSON"));
    }
    if (new.state == AnswerState::Outcome) != new.outcome.is_some() {
        return Err(refused("an outcome says what came of it, and nothing else does"));
    }
    if (new.state == AnswerState::Dispute) != new.due.is_some() {
        return Err(refused(
            "a dispute has a day until which it is answered, and nothing else has",
        ));
    }
    Ok(())
}

/// Nobody answers for another recipient; our own may bring what came on paper.
fn theirs(actor: &Actor, release: &released::Release) -> Result<(), StoreError> {
    match actor {
        Actor::Recipient(code) if *code != release.recipient => {
            Err(refused(format!("release {} did not go to {code}", release.id)))
        }
        _ => Ok(()),
    }
}

/// Whether an answer says what one says that is kept: it may have come another way, another time.
fn same(kept: &Answer, new: &NewAnswer) -> bool {
    kept.release == new.release
        && kept.state == new.state
        && kept.outcome == new.outcome
        && kept.details == new.details
        && kept.reason == new.reason
        && kept.note == new.note
}

async fn kept_with(change: &mut Change, key: &str) -> Result<Option<Answer>, StoreError> {
    let text = format!("{} WHERE n.key = $1", select());
    change.row(composed(text, vec![key.into()])).await?.as_ref().map(read).transpose()
}

async fn insert(
    change: &mut Change,
    new: &NewAnswer,
    now: Timestamp,
) -> Result<Answer, StoreError> {
    let (id, at, by) = (Uuid::now_v7(), new.at.min(now), change.actor().to_owned());
    let last = "SELECT COALESCE(MAX(number), 0) + 1 FROM answer WHERE release = $1";
    let number =
        change.row(sql(last, [new.release.into()])).await?.map_or(Ok(1), |row| row.int(0))?;
    let text = "INSERT INTO answer (id, release, number, key, state, outcome, details, reason, note, via, at_us, due_us, \
                created_us, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let args = [
        id.into(),
        new.release.into(),
        number.into(),
        new.key.as_str().into(),
        new.state.word().into(),
        new.outcome.map(Outcome::word).into(),
        new.details.to_string().into(),
        new.reason.clone().into(),
        new.note.as_str().into(),
        new.via.word().into(),
        at.as_microsecond().into(),
        time::maybe_us(new.due).into(),
        now.as_microsecond().into(),
        by.into(),
    ];
    change.run(sql(text, args)).await?;
    let text = format!("{} WHERE n.id = $1", select());
    let row = change.row(composed(text, vec![id.into()])).await?;
    read(&row.ok_or_else(|| absent("answer", id))?)
}

pub(crate) fn read(row: &Row) -> Result<Answer, StoreError> {
    maybe_answer(row, 0)?.ok_or_else(|| StoreError::damaged("an answer", "it has no id"))
}

/// The answer that begins at a column, when there is one.
pub(super) fn maybe_answer(row: &Row, at: usize) -> Result<Option<Answer>, StoreError> {
    let Some(id) = row.maybe_id(at)? else { return Ok(None) };
    let (received, by) = noted_at(row, at + 12)?;
    let details = serde_json::from_str(&row.text(at + 6)?);
    Ok(Some(Answer {
        id,
        release: row.id(at + 1)?,
        number: row.int(at + 2)?,
        key: row.text(at + 3)?,
        state: row.text(at + 4)?.parse()?,
        outcome: row.maybe_text(at + 5)?.map(|word| word.parse()).transpose()?,
        details: details.map_err(|error| StoreError::damaged("an answer", error))?,
        reason: row.maybe_text(at + 7)?,
        note: row.text(at + 8)?,
        via: row.text(at + 9)?.parse()?,
        at: time::from_us(row.int(at + 10)?)?,
        due: time::maybe_from_us(row.maybe_int(at + 11)?)?,
        received,
        by,
    }))
}

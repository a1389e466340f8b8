//! Observations of any origin, in the order in which they count, and the register that explains gas away.
//! Neither is ever changed: what was said stays said, and another register stands in the place of the last.

use std::collections::BTreeSet;

use cathartes_core::{
    observation::{Observation, ObservationId},
    provenance::Digest,
    site::LicensedEmitter,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    Store,
    audit::{Actor, Change, Entry},
    database::{Arg, Row, composed, sql},
    error::StoreError,
    jobs, time,
};

/// What an observation was taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenFrom {
    /// A row of a file, which itself is not kept.
    File {
        /// Of the file.
        sha256: Digest,
        /// Row, feature, placemark, event or object, from 1.
        row: u64,
    },
    /// A finding of our own.
    Finding(Uuid),
    /// A scene that was searched.
    Scene(Uuid),
}

/// An observation as the record keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptObservation {
    /// Its number.
    pub id: ObservationId,
    /// What it says.
    pub observation: Observation,
    /// What it was taken from.
    pub taken_from: TakenFrom,
    /// When it was recorded.
    pub created: Timestamp,
    /// By whom.
    pub created_by: String,
}

/// What became of observations that were brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Added {
    /// Those that are new, in the order they came.
    pub new: Vec<ObservationId>,
    /// How many were there already.
    pub known: u64,
}

/// What `kept` reads, in its order.
pub(crate) const COLUMNS: &str =
    "seq, id, draft, finding, scene, file_sha256, file_row, created_us, created_by";
/// Rows of one statement.
const ROWS: usize = 100;
const WRITTEN: usize = 11;

impl Store {
    /// Records observations and asks for a fold of the sites, all or nothing. One that says the same as one
    /// that is here is not recorded again.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn add_observations(
        &self,
        actor: &Actor,
        observations: &[(Observation, TakenFrom)],
    ) -> Result<Added, StoreError> {
        let mut change = self.change(actor).await?;
        let added = insert(&mut change, observations, None).await?;
        let Some(first) = added.new.first() else { return Ok(added) };
        let detail = json!({ "count": added.new.len(), "last": added.new.last() });
        let entry = Entry::new("observation.recorded", first, detail);
        jobs::ask_for_fold(&mut change).await?;
        change.commit(entry).await?;
        Ok(added)
    }

    /// Puts a register of licensed emitters in the place of the last, whole, and asks for a fold; `false` when it
    /// says what the last one says.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database refuses.
    pub async fn replace_register(
        &self,
        actor: &Actor,
        emitters: &[LicensedEmitter],
        file: &Digest,
    ) -> Result<bool, StoreError> {
        let text = json!(emitters).to_string();
        let key = key(&text);
        let mut change = self.change(actor).await?;
        change.alone().await?;
        let last = "SELECT key FROM register ORDER BY seq DESC LIMIT 1";
        let last = change.row(sql(last, [])).await?.map(|row| row.bytes(0)).transpose()?;
        if last.as_ref() == Some(&key) {
            return Ok(false);
        }
        let seq = last_of(&mut change, "register").await? + 1;
        let insert = "INSERT INTO register (seq, key, emitters, file_sha256, created_us, created_by) \
                      VALUES ($1, $2, $3, $4, $5, $6)";
        let (at, by) = (change.at_us, change.actor().to_owned());
        let args =
            [seq.into(), key.into(), text.into(), file.0.clone().into(), at.into(), by.into()];
        change.run(sql(insert, args)).await?;
        jobs::ask_for_fold(&mut change).await?;
        let detail = json!({ "emitters": emitters.len(), "file_sha256": file });
        change.commit(Entry::new("register.replaced", seq, detail)).await?;
        Ok(true)
    }

    /// Observations by their numbers, in the order in which they count; numbers that are none are passed over.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn observations(
        &self,
        ids: &[ObservationId],
    ) -> Result<Vec<KeptObservation>, StoreError> {
        let these = self.pool.dialect().pick(
            "SELECT unhex(value) FROM json_each($1)",
            "SELECT value::uuid FROM json_array_elements_text($1::json)",
        );
        let text = format!("SELECT {COLUMNS} FROM observation WHERE id IN ({these}) ORDER BY seq");
        let ids: Vec<String> = ids.iter().map(|id| format!("{:032x}", id.0)).collect();
        let rows = self.pool.rows(composed(text, vec![json!(ids).to_string().into()])).await?;
        rows.iter().map(|row| kept(row).map(|(_, kept)| kept)).collect()
    }
}

/// By which one that says the same is known.
pub(crate) fn key(said: &str) -> Vec<u8> {
    Sha256::digest(said.as_bytes()).to_vec()
}

/// The last number of a table that has no gaps; 0 when it is empty.
pub(crate) async fn last_of(change: &mut Change, table: &str) -> Result<i64, StoreError> {
    let text = format!("SELECT COALESCE(MAX(seq), 0) FROM {table}");
    let row = change.row(composed(text, Vec::new())).await?;
    row.ok_or_else(|| StoreError::damaged("a table", "it counts nothing"))?.int(0)
}

pub(crate) async fn insert(
    change: &mut Change,
    observations: &[(Observation, TakenFrom)],
    job: Option<Uuid>,
) -> Result<Added, StoreError> {
    if observations.is_empty() {
        return Ok(Added::default());
    }
    // Numbers without gaps, in the order of commits: nobody else may be between.
    change.alone().await?;
    let mut seq = last_of(change, "observation").await?;
    let mut added = Added::default();
    for some in observations.chunks(ROWS) {
        let mut args: Vec<Arg> = Vec::with_capacity(some.len() * WRITTEN);
        let mut keys = BTreeSet::new();
        for (observation, taken_from) in some {
            let (finding, scene, file) = match taken_from {
                TakenFrom::File { sha256, row } => (None, None, Some((sha256, *row))),
                TakenFrom::Finding(id) => (Some(*id), None, None),
                TakenFrom::Scene(id) => (None, Some(*id), None),
            };
            let draft = json!(observation).to_string();
            let key = key(&draft);
            let known = sql("SELECT 1 FROM observation WHERE key = $1", [key.clone().into()]);
            if !keys.insert(key.clone()) || change.row(known).await?.is_some() {
                added.known += 1;
                continue;
            }
            seq += 1;
            let id = Uuid::now_v7();
            added.new.push(ObservationId(id.as_u128()));
            let row: [Arg; WRITTEN] = [
                seq.into(),
                id.into(),
                key.into(),
                draft.into(),
                finding.into(),
                scene.into(),
                file.map(|(sha256, _)| sha256.0.clone()).into(),
                file.map(|(_, row)| row as i64).into(),
                job.into(),
                change.at_us.into(),
                change.actor().into(),
            ];
            args.extend(row);
        }
        if !args.is_empty() {
            change.run(composed(statement(args.len() / WRITTEN), args)).await?;
        }
    }
    Ok(added)
}

fn statement(rows: usize) -> String {
    let row = |n: usize| {
        let places: Vec<String> =
            (n * WRITTEN + 1..=(n + 1) * WRITTEN).map(|place| format!("${place}")).collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!(
        "INSERT INTO observation (seq, id, key, draft, finding, scene, file_sha256, file_row, job, \
         created_us, created_by) VALUES {}",
        rows.join(", ")
    )
}

/// One row, with its place in the order.
pub(crate) fn kept(row: &Row) -> Result<(i64, KeptObservation), StoreError> {
    let damaged = |error| StoreError::damaged("an observation", error);
    let taken_from = match (row.maybe_id(3)?, row.maybe_id(4)?, row.maybe_text(5)?) {
        (Some(finding), _, _) => TakenFrom::Finding(finding),
        (None, Some(scene), _) => TakenFrom::Scene(scene),
        (None, None, Some(sha256)) => {
            TakenFrom::File { sha256: Digest(sha256), row: row.int(6)? as u64 }
        }
        (None, None, None) => {
            return Err(StoreError::damaged("an observation", "it was taken from nothing"));
        }
    };
    let observation = KeptObservation {
        id: ObservationId(row.id(1)?.as_u128()),
        observation: serde_json::from_str(&row.text(2)?).map_err(damaged)?,
        taken_from,
        created: time::from_us(row.int(7)?)?,
        created_by: row.text(8)?,
    };
    Ok((row.int(0)?, observation))
}

/// A register as a row holds it.
pub(crate) fn emitters(row: &Row) -> Result<(i64, Vec<LicensedEmitter>), StoreError> {
    let emitters: Vec<LicensedEmitter> = serde_json::from_str(&row.text(1)?)
        .map_err(|error| StoreError::damaged("a register", error))?;
    Ok((row.int(0)?, emitters))
}

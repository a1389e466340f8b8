//! Findings: the plumes and sources that our own searches found. They are never changed; a correction supersedes.

use std::{fmt, str::FromStr};

use cathartes_core::{geometry::LatLon, provenance::Provenance, units::Degrees};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    Store,
    audit::{Actor, Change, Entry},
    cells,
    database::{Arg, Row, composed, sql},
    error::StoreError,
    standings,
    tally::{self, Counted},
    time,
};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A plume that an imager saw.
    Plume,
    /// A source located from gas measured along a track.
    Source,
}

impl Kind {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::Plume, Self::Source];

    /// The word for it in tables and addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Plume => "plume",
            Self::Source => "source",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Kind {
    type Err = StoreError;

    fn from_str(word: &str) -> Result<Self, StoreError> {
        let known = Self::ALL.into_iter().find(|kind| kind.word() == word);
        known.ok_or_else(|| StoreError::Refused(format!("`{word}` is no kind: plume or source")))
    }
}

/// A finding to be recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewFinding {
    /// What it is.
    pub kind: Kind,
    /// Slug of the gas, when it is about one.
    pub gas: Option<String>,
    /// Where, as a point; absent when nobody knows where the image lies.
    pub place: Option<LatLon>,
    /// When it began, as far as known.
    pub begins: Option<Timestamp>,
    /// When it ended; the same moment for a picture.
    pub ends: Option<Timestamp>,
    /// Its shape as a `GeoJSON` geometry; the point when absent.
    pub geometry: Option<Value>,
    /// Everything else, each quantity with its unit in the name.
    pub properties: Map<String, Value>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// The scene it was seen in.
    pub scene: Option<Uuid>,
    /// The finding that this one corrects.
    pub supersedes: Option<Uuid>,
}

/// A finding of the record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Its id; later ones sort after earlier ones.
    pub id: Uuid,
    /// What was recorded.
    #[serde(flatten)]
    pub found: NewFinding,
    /// The job it came of.
    pub job: Option<Uuid>,
    /// When it was recorded.
    pub created: Timestamp,
    /// By whom.
    pub created_by: String,
    /// The one that corrects it.
    pub superseded_by: Option<Uuid>,
}

/// What `read` reads, in its order.
pub(crate) const COLUMNS: &str = "o.id, o.kind, o.gas, o.latitude_deg, o.longitude_deg, \
     o.begins_us, o.ends_us, o.geometry, o.properties, o.provenance, o.scene, o.job, o.supersedes, \
     o.created_us, o.created_by, \
     (SELECT s.id FROM finding s WHERE s.supersedes = o.id)";
/// Columns that a finding is written to.
const WRITTEN: &str = "id, kind, gas, latitude_deg, longitude_deg, cell, begins_us, ends_us, \
     geometry, properties, provenance, scene, job, supersedes, created_us, created_by";
const WRITTEN_COUNT: usize = 16;
/// Rows a statement. For every value SQLite walks the list of all their names, so many rows cost by their square.
const ROWS: usize = 20;

impl NewFinding {
    fn counted(&self) -> Counted<'_> {
        (self.kind, self.place.zip(self.geometry.as_ref()))
    }

    fn check(&self) -> Result<(), StoreError> {
        let refuse = |what: String| Err(StoreError::Refused(what));
        if let Some(place) = self.place {
            let (latitude, longitude) = (place.latitude.0, place.longitude.0);
            if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
                return refuse(format!(
                    "latitude {latitude}, longitude {longitude} is nowhere on Earth: degrees \
                     within ±90 and ±180"
                ));
            }
        }
        match (self.begins, self.ends) {
            (Some(begins), Some(ends)) if ends < begins => {
                refuse(format!("it ends at {ends}, before it begins at {begins}"))
            }
            (Some(_), None) | (None, Some(_)) => {
                refuse("give both ends of its time, or neither".to_owned())
            }
            _ => Ok(()),
        }
    }
}

impl Store {
    /// Records findings, all or none; their ids in the same order.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] when one corrects a finding that another has corrected already;
    /// [`StoreError::Refused`] for a place or time that cannot be.
    pub async fn add_findings(
        &self,
        actor: &Actor,
        findings: &[NewFinding],
    ) -> Result<Vec<Uuid>, StoreError> {
        let mut change = self.change(actor).await?;
        let ids = insert(&mut change, findings, None).await?;
        let subject = ids.first().map(Uuid::to_string).unwrap_or_default();
        let detail = json!({ "count": ids.len(), "last": ids.last() });
        change.commit(Entry::new("finding.recorded", subject, detail)).await?;
        Ok(ids)
    }

    /// One finding, corrected or not.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn finding(&self, id: Uuid) -> Result<Option<Finding>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM finding o WHERE o.id = $1");
        let row = self.pool.row(composed(text, vec![id.into()])).await?;
        row.as_ref().map(read).transpose()
    }
}

pub(crate) async fn insert(
    change: &mut Change,
    findings: &[NewFinding],
    job: Option<Uuid>,
) -> Result<Vec<Uuid>, StoreError> {
    let mut ids = Vec::with_capacity(findings.len());
    if findings.iter().any(|finding| finding.supersedes.is_some()) {
        // Whoever reviews what is corrected holds the same lock before its row.
        change.alone().await?;
    }
    for some in findings.chunks(ROWS) {
        let mut args = Vec::with_capacity(some.len() * WRITTEN_COUNT);
        for finding in some {
            finding.check()?;
            if let Some(before) = finding.supersedes {
                free_to_supersede(change, before).await?;
            }
            let id = Uuid::now_v7();
            ids.push(id);
            args.extend(arguments(change, id, finding, job));
        }
        change.run(composed(statement(some.len()), args)).await?;
    }
    tally::count(change, findings.iter().map(NewFinding::counted)).await?;
    standings::record(change, ids.iter().copied().zip(findings)).await?;
    Ok(ids)
}

/// Says who was faster before the unique index would, in words.
async fn free_to_supersede(change: &mut Change, before: Uuid) -> Result<(), StoreError> {
    let lock = change.dialect().pick("", " FOR UPDATE");
    let text = format!("SELECT 1 FROM finding WHERE id = $1{lock}");
    if change.rows(composed(text, vec![before.into()])).await?.is_empty() {
        return Err(StoreError::Absent { what: "finding", id: before.to_string() });
    }
    let text = "SELECT id FROM finding WHERE supersedes = $1";
    if change.row(sql(text, [before.into()])).await?.is_some() {
        let (what, id) = ("finding", before.to_string());
        return Err(StoreError::Conflict { what, id, state: "is corrected already" });
    }
    Ok(())
}

fn statement(rows: usize) -> String {
    let row = |n: usize| {
        let first = n * WRITTEN_COUNT + 1;
        let places: Vec<String> =
            (first..first + WRITTEN_COUNT).map(|place| format!("${place}")).collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("INSERT INTO finding ({WRITTEN}) VALUES {}", rows.join(", "))
}

fn arguments(
    change: &Change,
    id: Uuid,
    finding: &NewFinding,
    job: Option<Uuid>,
) -> [Arg; WRITTEN_COUNT] {
    let text = |value: &Value| value.to_string();
    [
        id.into(),
        finding.kind.word().into(),
        finding.gas.clone().into(),
        finding.place.map(|p| p.latitude.0).into(),
        finding.place.map(|p| p.longitude.0).into(),
        finding.place.and_then(cells::of).into(),
        time::maybe_us(finding.begins).into(),
        time::maybe_us(finding.ends).into(),
        finding.geometry.as_ref().map(text).into(),
        Value::Object(finding.properties.clone()).to_string().into(),
        json!(finding.provenance).to_string().into(),
        finding.scene.into(),
        job.into(),
        finding.supersedes.into(),
        change.at_us.into(),
        change.actor().into(),
    ]
}

pub(crate) fn read(row: &Row) -> Result<Finding, StoreError> {
    let damaged = |error| StoreError::damaged("a finding", error);
    let place = row.maybe_real(3)?.zip(row.maybe_real(4)?).map(|(latitude, longitude)| LatLon {
        latitude: Degrees(latitude),
        longitude: Degrees(longitude),
    });
    let geometry = row.maybe_text(7)?.map(|text| serde_json::from_str(&text)).transpose();
    Ok(Finding {
        id: row.id(0)?,
        found: NewFinding {
            kind: row.text(1)?.parse()?,
            gas: row.maybe_text(2)?,
            place,
            begins: time::maybe_from_us(row.maybe_int(5)?)?,
            ends: time::maybe_from_us(row.maybe_int(6)?)?,
            geometry: geometry.map_err(damaged)?,
            properties: serde_json::from_str(&row.text(8)?).map_err(damaged)?,
            provenance: serde_json::from_str(&row.text(9)?).map_err(damaged)?,
            scene: row.maybe_id(10)?,
            supersedes: row.maybe_id(12)?,
        },
        job: row.maybe_id(11)?,
        created: time::from_us(row.int(13)?)?,
        created_by: row.text(14)?,
        superseded_by: row.maybe_id(15)?,
    })
}

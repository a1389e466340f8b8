//! Where every plume, source and site stands in its review, and what a look at it is worth.
//!
//! One row a subject, written in the transaction of what it follows from: a finding is recorded, sites are
//! folded, somebody reviews. A round ends when it is decided; another begins when a site is another than
//! it was, or something new came of what was to be measured.

use std::{fmt, str::FromStr};

use cathartes_core::{
    geometry::LatLon,
    look::Look,
    site::Site,
    units::{Degrees, KgPerHour},
};
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    NewFinding, Store, StoreError, Subject, Verdict,
    audit::Change,
    database::{Arg, Row, composed, sql},
    stages::Stage,
    time,
};

/// What sort of thing stands in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A plume.
    Plume,
    /// A source.
    Source,
    /// A site.
    Site,
}

impl Sort {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Plume, Self::Source, Self::Site];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Plume => "plume",
            Self::Source => "source",
            Self::Site => "site",
        }
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Sort {
    type Err = StoreError;

    fn from_str(word: &str) -> Result<Self, StoreError> {
        let known = Self::ALL.into_iter().find(|sort| sort.word() == word);
        let what = || format!("`{word}` stands in no queue: plume, source or site");
        known.ok_or_else(|| StoreError::Refused(what()))
    }
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// What it is.
    pub sort: Sort,
    /// Slugs of its gases, with `;` between them.
    pub gas: Option<String>,
    /// Where.
    pub place: Option<LatLon>,
    /// At which stage.
    pub stage: Stage,
    /// The round, from 1.
    pub round: i64,
    /// When the round began.
    pub round_began: Timestamp,
    /// Since when at this stage.
    pub since: Timestamp,
    /// What was decided.
    pub verdict: Option<Verdict>,
    /// What a look depends on.
    pub look: Look,
    /// What comes out of a finding.
    pub rate: Option<KgPerHour>,
    /// How many observations count for a site.
    pub observations: Option<i64>,
}

/// What `standing` reads, in its order, after the subject.
pub(crate) const COLUMNS: &str = "o.subject_kind, o.subject, o.what, o.gas, o.latitude_deg, o.longitude_deg, \
     o.stage, o.round, o.round_us, o.since_us, o.verdict, o.uncertainty, o.consequence, o.seen_us, \
     o.rate_kg_per_h, o.observations, o.rank";
/// Rows of one statement, few as of findings.
const ROWS: usize = 20;

impl Store {
    /// Where a subject stands; none when there is no such thing.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn standing(&self, subject: Subject) -> Result<Option<Standing>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM standing o WHERE o.subject_kind = $1 AND o.subject = $2"
        );
        let args = vec![subject.word().into(), subject.id().into()];
        self.pool.row(composed(text, args)).await?.as_ref().map(standing).transpose()
    }
}

pub(crate) fn standing(row: &Row) -> Result<Standing, StoreError> {
    let place = row.maybe_real(4)?.zip(row.maybe_real(5)?).map(|(latitude, longitude)| LatLon {
        latitude: Degrees(latitude),
        longitude: Degrees(longitude),
    });
    Ok(Standing {
        sort: row.text(2)?.parse()?,
        gas: row.maybe_text(3)?,
        place,
        stage: row.text(6)?.parse()?,
        round: row.int(7)?,
        round_began: time::from_us(row.int(8)?)?,
        since: time::from_us(row.int(9)?)?,
        verdict: row.maybe_text(10)?.map(|word| word.parse()).transpose()?,
        look: Look {
            uncertainty_weight: row.real(11)?,
            consequence_weight: row.real(12)?,
            seen: time::from_us(row.int(13)?)?,
        },
        rate: row.maybe_real(14)?.map(KgPerHour),
        observations: row.maybe_int(15)?,
    })
}

/// Puts findings that are recorded in the same change at the first stage, and takes those that they correct
/// out of the queue.
pub(crate) async fn record(
    change: &mut Change,
    findings: impl Iterator<Item = (Uuid, &NewFinding)>,
) -> Result<(), StoreError> {
    let mut rows = Rows::default();
    let at = time::from_us(change.at_us)?;
    let mut corrected = Vec::new();
    for (id, found) in findings {
        corrected.extend(found.supersedes);
        rows.push(Subject::Finding(id), finding(found, at));
        if rows.count == ROWS {
            rows.insert(change).await?;
        }
    }
    rows.insert(change).await?;
    for before in corrected {
        let text = "UPDATE standing SET stage = 'corrected', verdict = NULL, since_us = $2 \
                    WHERE subject_kind = 'finding' AND subject = $1";
        change.run(sql(text, [before.into(), change.at_us.into()])).await?;
    }
    Ok(())
}

/// A finding at its first stage.
fn finding(found: &NewFinding, recorded: Timestamp) -> Standing {
    let (properties, kind) = (&found.properties, found.kind.word());
    let rates = ["rate_kg_per_h", "rate_by_mass_kg_per_h", "rate_by_sections_kg_per_h"];
    let rate = rates.into_iter().find_map(|name| number(properties, name)).map(KgPerHour);
    // A time ahead of the clock is worth no more than now.
    let seen = found.ends.unwrap_or(recorded).min(recorded);
    let look = Look::at_finding(probability(properties), rate, seen);
    let sort = if kind == Sort::Plume.word() { Sort::Plume } else { Sort::Source };
    let place = found.place;
    Standing {
        gas: found.gas.clone(),
        place,
        rate,
        observations: None,
        ..new(sort, look, recorded)
    }
}

/// That a finding exists, and is what is looked for where that was judged.
fn probability(properties: &Map<String, Value>) -> Option<f64> {
    let number = |name| number(properties, name);
    let exists = number("existence_probability")
        .or_else(|| number("false_alarm_probability").map(|alarm| 1.0 - alarm));
    match (exists, number("of_interest_probability")) {
        (Some(exists), Some(of_interest)) => Some(exists * of_interest),
        (exists, of_interest) => exists.or(of_interest),
    }
}

fn number(properties: &Map<String, Value>, name: &str) -> Option<f64> {
    properties.get(name)?.as_f64()
}

fn new(sort: Sort, look: Look, at: Timestamp) -> Standing {
    Standing {
        sort,
        gas: None,
        place: None,
        stage: Stage::First,
        round: 1,
        round_began: at,
        since: at,
        verdict: None,
        look,
        rate: None,
        observations: None,
    }
}

/// What sites are as a fold leaves them. One that was decided on begins a new round when the odds are another
/// threefold, one of which more was to be measured when something was.
pub(crate) async fn fold(change: &mut Change, sites: &[Site]) -> Result<(), StoreError> {
    let mut rows = Rows::default();
    let at = time::from_us(change.at_us)?;
    for site in sites {
        let evidence = (site.observations.len(), site.gases.len());
        let seen = site.observed().to.min(at);
        let look = Look::at_site(Some(site.ledger.probability()), Some(evidence), seen);
        let standing = Standing {
            gas: (!site.gases.is_empty()).then(|| site.gases.join(";")),
            place: Some(site.place),
            observations: Some(site.observations.len() as i64),
            ..new(Sort::Site, look, at)
        };
        rows.push(Subject::Site(site.id), standing);
        rows.args.pop();
        rows.args.push(site.ledger.ln_odds().into());
    }
    if rows.count == 0 {
        return Ok(());
    }
    // ln 3
    let again = "(standing.stage = 'decided' \
                 AND ABS(excluded.ln_odds - COALESCE(standing.decided_ln_odds, excluded.ln_odds)) > 1.0986122886681098 \
                 OR standing.stage = 'collecting' \
                 AND excluded.observations > COALESCE(standing.decided_observations, 0))";
    let when = |then: &str, column: &str| {
        format!("{column} = CASE WHEN {again} THEN {then} ELSE standing.{column} END")
    };
    let renewed = [
        when("'first'", "stage"),
        when("standing.round + 1", "round"),
        when("excluded.since_us", "round_us"),
        when("excluded.since_us", "since_us"),
        when("NULL", "verdict"),
    ];
    let text = format!(
        "{} ON CONFLICT (subject_kind, subject) DO UPDATE SET {}, gas = excluded.gas, \
         latitude_deg = excluded.latitude_deg, longitude_deg = excluded.longitude_deg, \
         rank = excluded.rank, uncertainty = excluded.uncertainty, \
         consequence = excluded.consequence, seen_us = excluded.seen_us, \
         observations = excluded.observations, ln_odds = excluded.ln_odds",
        rows.text(),
        renewed.join(", ")
    );
    change.run(composed(text, rows.args)).await.map(|_| ())
}

/// Where findings of a backup stand that knew of no stages: as the tables say it that were brought forward.
pub(crate) async fn from_what_is_here(change: &mut Change) -> Result<(), StoreError> {
    let (least, text) = (change.dialect().pick("MIN", "LEAST"), include_str!("standings/here.sql"));
    for statement in text.replace("LEAST", least).split(';').filter(|s| !s.trim().is_empty()) {
        change.run(composed(statement.to_owned(), Vec::new())).await?;
    }
    Ok(())
}

/// Takes sites out that are no more.
pub(crate) async fn gone(change: &mut Change, site: Uuid) -> Result<(), StoreError> {
    let text = "DELETE FROM standing WHERE subject_kind = 'site' AND subject = $1";
    change.run(sql(text, [site.into()])).await.map(|_| ())
}

/// Takes sites out that a fold from nothing did not find again.
pub(crate) async fn only_sites_there(change: &mut Change) -> Result<(), StoreError> {
    let text = "DELETE FROM standing WHERE subject_kind = 'site' \
                AND NOT EXISTS (SELECT 1 FROM site WHERE site.id = standing.subject)";
    change.run(sql(text, [])).await.map(|_| ())
}

/// Where a review leads: the stage, and the verdict where it is decided.
pub(crate) async fn lead(
    change: &mut Change,
    subject: Subject,
    (stage, verdict): (Stage, Option<Verdict>),
) -> Result<(), StoreError> {
    let text = "UPDATE standing SET since_us = CASE WHEN stage = $3 THEN since_us ELSE $5 END, \
                stage = $3, verdict = $4, decided_ln_odds = ln_odds, \
                decided_observations = observations WHERE subject_kind = $1 AND subject = $2";
    let args = [
        subject.word().into(),
        subject.id().into(),
        stage.word().into(),
        verdict.map(Verdict::word).map(str::to_owned).into(),
        change.at_us.into(),
    ];
    change.run(sql(text, args)).await.map(|_| ())
}

const WRITTEN: &str = "subject_kind, subject, what, gas, latitude_deg, longitude_deg, stage, round, round_us, \
     since_us, rank, uncertainty, consequence, seen_us, rate_kg_per_h, observations, ln_odds";
const WRITTEN_COUNT: usize = 17;

/// Rows of one statement; the last value of each is ln of the odds.
#[derive(Default)]
struct Rows {
    args: Vec<Arg>,
    count: usize,
}

impl Rows {
    fn push(&mut self, subject: Subject, standing: Standing) {
        let row: [Arg; WRITTEN_COUNT] = [
            subject.word().into(),
            subject.id().into(),
            standing.sort.word().into(),
            standing.gas.into(),
            standing.place.map(|p| p.latitude.0).into(),
            standing.place.map(|p| p.longitude.0).into(),
            standing.stage.word().into(),
            standing.round.into(),
            standing.round_began.as_microsecond().into(),
            standing.since.as_microsecond().into(),
            standing.look.rank_level().into(),
            standing.look.uncertainty_weight.into(),
            standing.look.consequence_weight.into(),
            standing.look.seen.as_microsecond().into(),
            standing.rate.map(|rate| rate.0).into(),
            standing.observations.into(),
            Arg::Real(None),
        ];
        self.args.extend(row);
        self.count += 1;
    }

    fn text(&self) -> String {
        let row = |n: usize| {
            let places = n * WRITTEN_COUNT + 1..=(n + 1) * WRITTEN_COUNT;
            let places: Vec<String> = places.map(|place| format!("${place}")).collect();
            format!("({})", places.join(", "))
        };
        let rows: Vec<String> = (0..self.count).map(row).collect();
        format!("INSERT INTO standing ({WRITTEN}) VALUES {}", rows.join(", "))
    }

    async fn insert(&mut self, change: &mut Change) -> Result<(), StoreError> {
        if self.count == 0 {
            return Ok(());
        }
        let text = self.text();
        self.count = 0;
        change.run(composed(text, std::mem::take(&mut self.args))).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests;

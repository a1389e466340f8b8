//! The fold of observations, acts and the register into sites: what it reads, and what it leaves.
//!
//! Sites are a function of these three, in the order in which they were committed. So what a fold leaves is no
//! record: it is replaced by the next, is in no backup, and can be made again from nothing.

use std::collections::BTreeMap;

use cathartes_core::{
    geometry::LatLon,
    observation::{Observation, ObservationId},
    site::{LicensedEmitter, Site, SiteId},
    units::Degrees,
};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::{
    Store,
    acts::{self, ActState, KeptAct},
    audit::Change,
    database::{Arg, Row, composed, sql},
    error::StoreError,
    observations, standings, time,
    work::Extent,
};

/// How far the last fold went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastFold {
    /// How many there were.
    pub number: i64,
    /// What it took in.
    pub to: Extent,
    /// The moment for which it judged; none before the first.
    pub as_of: Option<Timestamp>,
}

/// What came after an extent, all of one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct News {
    /// Observations, with their place in the order.
    pub observations: Vec<(i64, ObservationId, Observation)>,
    /// Acts, in their order; each comes after as many observations as it says.
    pub acts: Vec<KeptAct>,
    /// The register, where another is in force.
    pub register: Option<(i64, Vec<LicensedEmitter>)>,
    /// Whether there are more observations.
    pub more: bool,
}

/// As much of a site as it takes to see whether it changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SiteMark {
    /// Where it was.
    pub place: LatLon,
    /// ln of its odds.
    pub ln_odds: f64,
    /// How many observations its ledger had.
    pub observations: i64,
}

/// What a fold leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Folded {
    /// The number of the fold that it follows; another in between, and it is not taken.
    pub follows: i64,
    /// What it took in.
    pub to: Extent,
    /// The moment for which it judged.
    pub as_of: Timestamp,
    /// Sites that are new or changed.
    pub changed: Vec<Site>,
    /// Sites that are no more.
    pub gone: Vec<SiteId>,
    /// Every site that was merged into another, with the one that stands; none where they are as they were.
    pub merged: Option<Vec<(SiteId, SiteId)>>,
    /// Acts by their numbers, and what came of them; others stay as they are.
    pub states: Vec<(i64, ActState)>,
}

pub(crate) const EXTENT: &str = "SELECT (SELECT COALESCE(MAX(seq), 0) FROM observation), \
     (SELECT COALESCE(MAX(seq), 0) FROM act), (SELECT COALESCE(MAX(seq), 0) FROM register)";
/// Rows of one statement.
const ROWS: usize = 100;

impl Store {
    /// How many observations, acts and registers there are.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn extent(&self) -> Result<Extent, StoreError> {
        extent(self.pool.row(sql(EXTENT, [])).await?)
    }

    /// How far the last fold went.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn last_fold(&self) -> Result<LastFold, StoreError> {
        let text = "SELECT number, observations, acts, registers, as_of_us FROM fold WHERE one = 1";
        let row = self.pool.row(sql(text, [])).await?;
        let row = row.ok_or_else(|| StoreError::damaged("fold", "it is empty"))?;
        let (observations, acts, registers) = (row.int(1)?, row.int(2)?, row.int(3)?);
        let to = Extent { observations, acts, registers };
        let as_of = time::maybe_from_us(row.maybe_int(4)?)?;
        Ok(LastFold { number: row.int(0)?, to, as_of })
    }

    /// What there is beyond an extent: at most `limit` observations, and the acts that come before the next one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn news(&self, since: Extent, limit: u32) -> Result<News, StoreError> {
        let mut snapshot = self.pool.snapshot().await?;
        let columns = observations::COLUMNS;
        let text =
            format!("SELECT {columns} FROM observation WHERE seq > $1 ORDER BY seq LIMIT $2");
        let args = vec![since.observations.into(), (i64::from(limit) + 1).into()];
        let rows = snapshot.rows(composed(text, args)).await?;
        let one = |row| observations::kept(row).map(|(seq, kept)| (seq, kept.id, kept.observation));
        let mut news = News { more: rows.len() > limit as usize, ..News::default() };
        let rows = rows.iter().take(limit as usize);
        news.observations = rows.map(one).collect::<Result<_, _>>()?;
        let last = news.observations.last().map_or(since.observations, |(seq, _, _)| *seq);
        let text =
            format!("{} WHERE a.seq > $1 AND a.observations <= $2 ORDER BY a.seq", acts::SELECT);
        let rows = snapshot.rows(composed(text, vec![since.acts.into(), last.into()])).await?;
        news.acts = rows.iter().map(acts::kept).collect::<Result<_, _>>()?;
        let text = "SELECT seq, emitters FROM register WHERE seq > $1 ORDER BY seq DESC LIMIT 1";
        let row = snapshot.row(sql(text, [since.registers.into()])).await?;
        news.register = row.as_ref().map(observations::emitters).transpose()?;
        Ok(news)
    }

    /// Every site as the last fold left it, in short.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn site_marks(&self) -> Result<BTreeMap<SiteId, SiteMark>, StoreError> {
        let text = "SELECT id, latitude_deg, longitude_deg, ln_odds, observations FROM site";
        let mark = |row: &Row| {
            let damaged = || StoreError::damaged("a site", "it is nowhere");
            let real = |at: usize| row.maybe_real(at)?.ok_or_else(damaged);
            let place = LatLon { latitude: Degrees(real(1)?), longitude: Degrees(real(2)?) };
            let mark = SiteMark { place, ln_odds: real(3)?, observations: row.int(4)? };
            Ok((SiteId(row.id(0)?.as_u128()), mark))
        };
        self.pool.rows(sql(text, [])).await?.iter().map(mark).collect()
    }
}

pub(crate) fn extent(row: Option<Row>) -> Result<Extent, StoreError> {
    let row = row.ok_or_else(|| StoreError::damaged("a table", "it counts nothing"))?;
    Ok(Extent { observations: row.int(0)?, acts: row.int(1)?, registers: row.int(2)? })
}

/// Puts what a fold leaves in the place of what the last one left.
pub(crate) async fn put(change: &mut Change, folded: &Folded) -> Result<(), StoreError> {
    // Whoever reviews a site holds the same lock before its row.
    change.alone().await?;
    let text = "UPDATE fold SET number = number + 1, observations = $2, acts = $3, registers = $4, \
                as_of_us = $5 WHERE one = 1 AND number = $1";
    let Extent { observations, acts, registers } = folded.to;
    let as_of = folded.as_of.as_microsecond();
    let args =
        [folded.follows.into(), observations.into(), acts.into(), registers.into(), as_of.into()];
    if change.run(sql(text, args)).await? == 0 {
        let (what, id) = ("fold", folded.follows.to_string());
        return Err(StoreError::Conflict { what, id, state: "was followed by another" });
    }
    let number = folded.follows + 1;
    for id in &folded.gone {
        change.run(sql("DELETE FROM site WHERE id = $1", [uuid(*id).into()])).await?;
        let text = "INSERT INTO gone_site (id, fold) VALUES ($1, $2) \
                    ON CONFLICT (id) DO UPDATE SET fold = excluded.fold";
        change.run(sql(text, [uuid(*id).into(), number.into()])).await?;
        standings::gone(change, uuid(*id)).await?;
    }
    for some in folded.changed.chunks(ROWS) {
        put_sites(change, some, number).await?;
        standings::fold(change, some).await?;
    }
    let back =
        "DELETE FROM gone_site WHERE id IN (SELECT o.id FROM site o WHERE o.id = gone_site.id)";
    change.run(sql(back, [])).await?;
    if folded.follows == 0 {
        standings::only_sites_there(change).await?;
    }
    if let Some(merged) = &folded.merged {
        change.run(sql("DELETE FROM merged_site", [])).await?;
        for (id, stands_as) in merged {
            let text = "INSERT INTO merged_site (id, stands_as) VALUES ($1, $2)";
            change.run(sql(text, [uuid(*id).into(), uuid(*stands_as).into()])).await?;
        }
    }
    for (act, state) in &folded.states {
        let text = "INSERT INTO act_state (act, state) VALUES ($1, $2) \
                    ON CONFLICT (act) DO UPDATE SET state = excluded.state";
        change.run(sql(text, [(*act).into(), json!(state).to_string().into()])).await?;
    }
    Ok(())
}

const WRITTEN: usize = 11;

async fn put_sites(change: &mut Change, sites: &[Site], number: i64) -> Result<(), StoreError> {
    let mut args: Vec<Arg> = Vec::with_capacity(sites.len() * WRITTEN);
    let mut rows = Vec::with_capacity(sites.len());
    for site in sites {
        let observed = site.observed();
        let properties = json!({
            "probability": site.ledger.probability(),
            "observations": site.observations.len(),
            "ellipse_semi_major_m": site.ellipse.semi_major.0,
            "ellipse_semi_minor_m": site.ellipse.semi_minor.0,
            "ellipse_bearing_deg": site.ellipse.bearing.0,
        });
        let places: Vec<String> =
            (args.len() + 1..=args.len() + WRITTEN).map(|place| format!("${place}")).collect();
        rows.push(format!("({})", places.join(", ")));
        let row: [Arg; WRITTEN] = [
            uuid(site.id).into(),
            (!site.gases.is_empty()).then(|| site.gases.join(";")).into(),
            site.place.latitude.0.into(),
            site.place.longitude.0.into(),
            observed.from.as_microsecond().into(),
            observed.to.as_microsecond().into(),
            site.ledger.ln_odds().into(),
            (site.observations.len() as i64).into(),
            properties.to_string().into(),
            json!(site).to_string().into(),
            number.into(),
        ];
        args.extend(row);
    }
    let text = format!(
        "INSERT INTO site (id, gas, latitude_deg, longitude_deg, begins_us, ends_us, ln_odds, \
         observations, properties, body, fold) VALUES {} ON CONFLICT (id) DO UPDATE SET \
         gas = excluded.gas, latitude_deg = excluded.latitude_deg, \
         longitude_deg = excluded.longitude_deg, begins_us = excluded.begins_us, \
         ends_us = excluded.ends_us, ln_odds = excluded.ln_odds, \
         observations = excluded.observations, properties = excluded.properties, \
         body = excluded.body, fold = excluded.fold",
        rows.join(", ")
    );
    change.run(composed(text, args)).await.map(|_| ())
}

fn uuid(site: SiteId) -> Uuid {
    Uuid::from_u128(site.0)
}

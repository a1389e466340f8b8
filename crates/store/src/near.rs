//! What lies around a place, the nearest first.
//!
//! Places are read along the same indices that boxes walk; only what is near enough to be told is read whole.

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance},
    observation::{Observation, ObservationId, Whereabouts},
    site::{LicensedEmitter, Site},
    units::{Degrees, Metres},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Bbox, Finding, KeptObservation, Kind, Store, StoreError, TimeRange, cells,
    conditions::{Conditions, On},
    database::{Row, composed, sql},
    findings::{self, COLUMNS},
    observations::emitters,
    query::{cells_select, chosen},
    sites,
};

/// Places read at most: beyond, some that are near may be missed.
const MOST_PLACES: i64 = 20_000;
/// Observations read at most of one neighbourhood: the newest.
const MOST_OBSERVATIONS: usize = 500;
const METRES_PER_DEGREE: f64 = 110_000.0;

/// Around where, how far, when, and how many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Around {
    /// The middle.
    pub place: LatLon,
    /// No farther than this.
    pub radius: Metres,
    /// Only what touches this time; sites of any.
    pub time: TimeRange,
    /// At most so many.
    pub limit: usize,
}

impl Around {
    /// A box that holds the circle.
    fn bbox(&self) -> Bbox {
        let (latitude, longitude) = (self.place.latitude.0, self.place.longitude.0);
        let up = self.radius.0 / METRES_PER_DEGREE;
        let (south, north) = ((latitude - up).max(-90.0), (latitude + up).min(90.0));
        let shrink = south.to_radians().cos().min(north.to_radians().cos());
        let aside = up / shrink.max(1e-9);
        let (west, east) = if aside >= 180.0 {
            (-180.0, 180.0)
        } else {
            (wrapped(longitude - aside), wrapped(longitude + aside))
        };
        let [west, south, east, north] = [west, south, east, north].map(Degrees);
        Bbox { west, south, east, north }
    }

    /// Those within the circle, the nearest first.
    fn nearest<T>(&self, all: impl Iterator<Item = (T, LatLon)>) -> Vec<(T, Metres)> {
        let apart = |place| bearing_and_distance(self.place, place).1;
        let mut near: Vec<(T, Metres)> = all
            .map(|(one, place)| (one, apart(place)))
            .filter(|(_, distance)| distance.0 <= self.radius.0)
            .collect();
        near.sort_by(|one, other| one.1.0.total_cmp(&other.1.0));
        near.truncate(self.limit);
        near
    }
}

fn wrapped(longitude: f64) -> f64 {
    (longitude + 180.0).rem_euclid(360.0) - 180.0
}

impl Store {
    /// Findings around a place with how far they are, the nearest first; corrected ones are left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn findings_around(
        &self,
        around: &Around,
    ) -> Result<Vec<(Finding, Metres)>, StoreError> {
        let near = around.nearest(self.places(around).await?.into_iter());
        let ids: Vec<Uuid> = near.iter().map(|(id, _)| *id).collect();
        let text = format!("SELECT {COLUMNS} FROM finding o WHERE o.id IN ({})", self.these());
        let rows = self.pool.rows(composed(text, vec![listed(&ids).into()])).await?;
        let mut found = rows.iter().map(findings::read).collect::<Result<Vec<_>, _>>()?;
        let whole = |(id, distance)| {
            let at = found.iter().position(|finding: &Finding| finding.id == id)?;
            Some((found.swap_remove(at), distance))
        };
        Ok(near.into_iter().filter_map(whole).collect())
    }

    async fn places(&self, around: &Around) -> Result<Vec<(Uuid, LatLon)>, StoreError> {
        let (mut all, dialect, bbox) =
            (Conditions::on(On::Findings), self.pool.dialect(), around.bbox());
        // The index of cells begins with the kind.
        let kinds = Kind::ALL.map(|kind| all.put(kind.word())).join(", ");
        all.and(&format!("o.kind IN ({kinds})"));
        chosen(&mut all, dialect, (Some(bbox), Some(around.time), None))?;
        let conditions =
            format!("NOT EXISTS (SELECT 1 FROM finding s WHERE s.supersedes = o.id){}", all.text);
        let limit = all.put(MOST_PLACES);
        let columns = "o.id, o.latitude_deg, o.longitude_deg";
        let text = match cells::cover(bbox) {
            Some(ranges) => {
                let ranges = all.put(json!(ranges).to_string());
                cells_select(dialect, (columns, &ranges), &conditions, &limit)
            }
            None => {
                format!("SELECT {columns} FROM finding o WHERE {conditions} LIMIT {limit}")
            }
        };
        self.pool.rows(composed(text, all.args)).await?.iter().map(place).collect()
    }

    /// Sites around a place with how far they are, the nearest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn sites_around(&self, around: &Around) -> Result<Vec<(Site, Metres)>, StoreError> {
        let mut all = Conditions::on(On::Sites);
        let within = all.within(around.bbox().area());
        let limit = all.put(MOST_PLACES);
        let along = self.pool.dialect().pick("INDEXED BY site_place", "");
        let text = format!(
            "SELECT o.id, o.latitude_deg, o.longitude_deg FROM site o {along} WHERE {within} \
             LIMIT {limit}"
        );
        let rows = self.pool.rows(composed(text, all.args)).await?;
        let places = rows.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        let near = around.nearest(places.into_iter());
        let ids: Vec<Uuid> = near.iter().map(|(id, _)| *id).collect();
        let text = format!("SELECT o.body FROM site o WHERE o.id IN ({})", self.these());
        let rows = self.pool.rows(composed(text, vec![listed(&ids).into()])).await?;
        let mut found = rows.iter().map(sites::site).collect::<Result<Vec<_>, _>>()?;
        let whole = |(id, distance): (Uuid, Metres)| {
            let at = found.iter().position(|site: &Site| site.id.0 == id.as_u128())?;
            Some((found.swap_remove(at), distance))
        };
        Ok(near.into_iter().filter_map(whole).collect())
    }

    /// Of observations those around a place and of its time, with how far they are, the nearest first. Only the
    /// newest five hundred are looked at.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn observations_around(
        &self,
        around: &Around,
        of: &[ObservationId],
    ) -> Result<Vec<(KeptObservation, Metres)>, StoreError> {
        let mut newest = of.to_vec();
        newest.sort_unstable_by(|one, other| other.cmp(one));
        newest.dedup();
        newest.truncate(MOST_OBSERVATIONS);
        let (from, to) = (around.time.from, around.time.to);
        let then = |said: &Observation| {
            let when = said.when();
            from.is_none_or(|from| when.to >= from) && to.is_none_or(|to| when.from <= to)
        };
        let kept = self.observations(&newest).await?.into_iter();
        let kept = kept.filter(|kept| then(&kept.observation));
        let placed = kept.filter_map(|kept| {
            let middle = middle(kept.observation.place())?;
            Some((kept, middle))
        });
        Ok(around.nearest(placed))
    }

    /// The register in force: its number and its emitters; none before the first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn register(&self) -> Result<Option<(i64, Vec<LicensedEmitter>)>, StoreError> {
        let text = "SELECT seq, emitters FROM register ORDER BY seq DESC LIMIT 1";
        self.pool.row(sql(text, [])).await?.as_ref().map(emitters).transpose()
    }

    /// What an `IN` chooses, of ids as `listed` writes them.
    pub(crate) fn these(&self) -> &'static str {
        self.pool.dialect().pick(
            "SELECT unhex(value) FROM json_each($1)",
            "SELECT value::uuid FROM json_array_elements_text($1::json)",
        )
    }
}

pub(crate) fn listed(ids: &[Uuid]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
    json!(ids).to_string()
}

/// Where an observation is, as one place.
fn middle(place: &Whereabouts) -> Option<LatLon> {
    match place {
        Whereabouts::Point { place, .. } => Some(*place),
        Whereabouts::Area { ring } => Bbox::around(ring).map(|bbox| bbox.middle()),
        Whereabouts::Bearing { from, .. } => Some(*from),
    }
}

fn place(row: &Row) -> Result<(Uuid, LatLon), StoreError> {
    let damaged = || StoreError::damaged("a place", "it is nowhere");
    let degrees =
        |at: usize| Ok::<_, StoreError>(Degrees(row.maybe_real(at)?.ok_or_else(damaged)?));
    Ok((row.id(0)?, LatLon { latitude: degrees(1)?, longitude: degrees(2)? }))
}

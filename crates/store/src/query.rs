//! Which findings of a kind: by place, time and gas, a page at a time.
//!
//! A query walks along one index and never sorts: by cell where there is a box of less than a
//! continent, by the end of the time where there is only a time, else by id. A cursor says how far
//! the walk is, so a later page costs what the first did. A page is one statement: a box of a hundred
//! stretches would else be a hundred ways to the database and back.

use std::{fmt, str::FromStr};

use cathartes_core::{
    filter::{Area, Condition},
    geometry::LatLon,
    units::Degrees,
};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::{
    Store, cells,
    conditions::{Conditions, On},
    database::{Dialect, Sql, composed, sql},
    error::StoreError,
    findings::{COLUMNS, Finding, Kind, read},
};

/// A box of longitudes and latitudes; one whose west is east of its east goes over the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bbox {
    /// Western edge.
    pub west: Degrees,
    /// Southern edge.
    pub south: Degrees,
    /// Eastern edge.
    pub east: Degrees,
    /// Northern edge.
    pub north: Degrees,
}

impl Bbox {
    /// A box, when these are its edges.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for edges that are nowhere on Earth.
    pub fn new(
        west: Degrees,
        south: Degrees,
        east: Degrees,
        north: Degrees,
    ) -> Result<Self, StoreError> {
        let within = |value: Degrees, most: f64| (-most..=most).contains(&value.0);
        let there = within(west, 180.0)
            && within(east, 180.0)
            && within(south, 90.0)
            && within(north, 90.0);
        if there && south.0 <= north.0 {
            return Ok(Self { west, south, east, north });
        }
        Err(StoreError::Refused(format!(
            "{},{},{},{} is no box: write west,south,east,north in degrees, south not above north",
            west.0, south.0, east.0, north.0
        )))
    }

    /// The box around places, the short way round; `None` around nothing.
    #[must_use]
    pub fn around(places: &[LatLon]) -> Option<Self> {
        let over = |pick: fn(&LatLon) -> f64| {
            let values = places.iter().map(pick);
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
                (low.min(v), high.max(v))
            })
        };
        let (south, north) = over(|p| p.latitude.0);
        let (mut west, mut east) = over(|p| p.longitude.0);
        if east - west > 180.0 {
            let eastern = places.iter().map(|p| p.longitude.0).filter(|l| *l >= 0.0);
            let western = places.iter().map(|p| p.longitude.0).filter(|l| *l < 0.0);
            (west, east) = (eastern.fold(180.0, f64::min), western.fold(-180.0, f64::max));
        }
        let sides = [west, south, east, north];
        sides.iter().all(|side| side.is_finite()).then_some(Self {
            west: Degrees(west),
            south: Degrees(south),
            east: Degrees(east),
            north: Degrees(north),
        })
    }

    pub(crate) fn area(self) -> Area {
        let Self { west, south, east, north } = self;
        Area { west, south, east, north }
    }

    /// Its middle.
    #[must_use]
    pub fn middle(&self) -> LatLon {
        let east = self.west.0 + 0.5 * self.width().0;
        LatLon {
            latitude: Degrees(f64::midpoint(self.south.0, self.north.0)),
            longitude: Degrees(if east > 180.0 { east - 360.0 } else { east }),
        }
    }

    /// Degrees of longitude from west to east.
    #[must_use]
    pub fn width(&self) -> Degrees {
        let width = self.east.0 - self.west.0;
        Degrees(if width < 0.0 { width + 360.0 } else { width })
    }
}

/// A time with open ends where they are absent; both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRange {
    /// Not before this.
    pub from: Option<Timestamp>,
    /// Not after this.
    pub to: Option<Timestamp>,
}

/// How far a walk has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cursor {
    /// Everything up to this id.
    Id(Uuid),
    /// Everything up to this cell and, in it, this id.
    Cell(i64, Uuid),
    /// Everything that ended up to this moment (microseconds since 1970) and, in it, this id.
    Time(i64, Uuid),
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "i.{}", id.simple()),
            Self::Cell(cell, id) => write!(f, "c.{cell}.{}", id.simple()),
            Self::Time(us, id) => write!(f, "t.{us}.{}", id.simple()),
        }
    }
}

impl FromStr for Cursor {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let parts: Vec<&str> = text.split('.').collect();
        let known = match parts.as_slice() {
            ["i", id] => id.parse().ok().map(Self::Id),
            ["c", cell, id] => {
                cell.parse().ok().zip(id.parse().ok()).map(|(c, i)| Self::Cell(c, i))
            }
            ["t", us, id] => us.parse().ok().zip(id.parse().ok()).map(|(t, i)| Self::Time(t, i)),
            _ => None,
        };
        let what = || format!("`{text}` is no cursor: take the `next` link as it is");
        known.ok_or_else(|| StoreError::Refused(what()))
    }
}

/// Which findings; corrected ones are left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Of this kind.
    pub kind: Kind,
    /// Only of this gas.
    pub gas: Option<String>,
    /// Only those whose point lies in this box.
    pub bbox: Option<Bbox>,
    /// Only those whose time touches this one.
    pub time: Option<TimeRange>,
    /// Only those of which this holds.
    pub filter: Option<Condition>,
    /// From here on.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: u32,
}

impl Query {
    /// All of a kind, at most so many.
    #[must_use]
    pub fn of(kind: Kind, limit: u32) -> Self {
        Self { kind, gas: None, bbox: None, time: None, filter: None, after: None, limit }
    }
}

/// One page, and where the next one begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Absent on the last page.
    pub next: Option<Cursor>,
}

impl Store {
    /// Findings, a page at a time; no two pages share one, and one that is recorded meanwhile may
    /// or may not be among them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for a cursor of another query; else when the database does not answer.
    pub async fn findings(&self, query: &Query) -> Result<Page<Finding>, StoreError> {
        let enough = query.limit as usize;
        let walk = self.bounded(query, walk(query)?).await?;
        let mut rows = self.pool.rows(select(query, &walk, self.pool.dialect())?).await?;
        let more = rows.len() > enough;
        rows.truncate(enough);
        let items = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let next = items.last().filter(|_| more).map(|last| cursor(query, last));
        Ok(Page { items, next })
    }

    /// What began by the end of a time ended no later than the longest of all after it; without this
    /// end the last page of an old time would walk on until today.
    async fn bounded(&self, query: &Query, walk: Walk) -> Result<Walk, StoreError> {
        let to = query.time.and_then(|time| time.to);
        let (Walk::Times(None), Some(to)) = (&walk, to) else { return Ok(walk) };
        let longest = "SELECT ends_us - begins_us FROM finding \
                       WHERE (ends_us - begins_us) >= 0 ORDER BY (ends_us - begins_us) DESC LIMIT 1";
        let longest_us = match self.pool.row(sql(longest, [])).await? {
            Some(row) => row.int(0)?,
            None => 0,
        };
        Ok(Walk::Times(Some(to.as_microsecond().saturating_add(longest_us))))
    }
}

/// The way along an index.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Walk {
    Ids,
    /// By the end of the time, up to a moment.
    Times(Option<i64>),
    /// Stretches of cells, first and last, in ascending order.
    Cells(Vec<(i64, i64)>),
}

/// What of the way of a query its cursor has not passed yet.
fn walk(query: &Query) -> Result<Walk, StoreError> {
    let cover = query.bbox.and_then(cells::cover);
    let timed = timed(query);
    match (cover, query.after) {
        (Some(ranges), None) => Ok(Walk::Cells(ranges)),
        (Some(ranges), Some(Cursor::Cell(cell, _))) => {
            let left = ranges.into_iter().filter(|(_, last)| *last >= cell);
            Ok(Walk::Cells(left.map(|(first, last)| (first.max(cell), last)).collect()))
        }
        (None, None | Some(Cursor::Time(..))) if timed => Ok(Walk::Times(None)),
        (None, None | Some(Cursor::Id(_))) if !timed => Ok(Walk::Ids),
        (_, Some(cursor)) => {
            let what = format!("`{cursor}` is of another query: take the `next` link as it is");
            Err(StoreError::Refused(what))
        }
        (None, None) => Ok(Walk::Ids),
    }
}

fn timed(query: &Query) -> bool {
    query.time.is_some_and(|time| time.from.is_some() || time.to.is_some())
}

fn cursor(query: &Query, last: &Finding) -> Cursor {
    let cell = last.found.place.and_then(cells::of);
    match (query.bbox.and_then(cells::cover), cell, last.found.ends) {
        (Some(_), Some(cell), _) => Cursor::Cell(cell, last.id),
        (None, _, Some(ends)) if timed(query) => Cursor::Time(ends.as_microsecond(), last.id),
        _ => Cursor::Id(last.id),
    }
}

fn select(query: &Query, walk: &Walk, dialect: Dialect) -> Result<Sql, StoreError> {
    let mut all = Conditions::on(On::Findings);
    asked(query, dialect, &mut all)?;
    passed(query, &mut all);
    let limit = all.put(i64::from(query.limit) + 1);
    let uncorrected = "NOT EXISTS (SELECT 1 FROM finding s WHERE s.supersedes = o.id)";
    let text = match walk {
        Walk::Cells(ranges) => {
            let ranges = all.put(json!(ranges).to_string());
            let conditions = format!("{uncorrected}{}", all.text);
            cells_select(dialect, (COLUMNS, &ranges), &conditions, &limit)
        }
        Walk::Times(last) => {
            let end = match last {
                Some(last) => format!("o.ends_us <= {}", all.put(*last)),
                None => "o.ends_us IS NOT NULL".to_owned(),
            };
            all.and(&end);
            let conditions = &all.text;
            // Without the word SQLite takes another index of kinds and sorts all of one.
            let along = dialect.pick("INDEXED BY finding_ends", "");
            format!(
                "SELECT {COLUMNS} FROM finding o {along} WHERE {uncorrected}{conditions} \
                 ORDER BY o.ends_us, o.id LIMIT {limit}"
            )
        }
        Walk::Ids => {
            let conditions = &all.text;
            format!(
                "SELECT {COLUMNS} FROM finding o WHERE {uncorrected}{conditions} \
                 ORDER BY o.id LIMIT {limit}"
            )
        }
    };
    Ok(composed(text, all.args))
}

/// One stretch after the other, each along the index, until there are enough. Nothing sorts the whole:
/// a loop within a loop is the only way to do either statement, and it goes in order.
pub(crate) fn cells_select(
    dialect: Dialect,
    (columns, ranges): (&str, &str),
    conditions: &str,
    limit: &str,
) -> String {
    match dialect {
        Dialect::Sqlite => format!(
            "SELECT {columns} FROM json_each({ranges}) r \
             CROSS JOIN finding o INDEXED BY finding_cell \
             WHERE o.cell BETWEEN json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]') \
             AND {conditions} LIMIT {limit}"
        ),
        Dialect::Postgres => format!(
            "SELECT {columns} FROM json_array_elements({ranges}::json) r CROSS JOIN LATERAL (\
             SELECT * FROM finding o \
             WHERE o.cell BETWEEN (r.value ->> 0)::bigint AND (r.value ->> 1)::bigint \
             AND {conditions} ORDER BY o.cell, o.id LIMIT {limit}) o LIMIT {limit}"
        ),
    }
}

/// What is asked for.
fn asked(query: &Query, dialect: Dialect, all: &mut Conditions) -> Result<(), StoreError> {
    let kind = all.put(query.kind.word());
    all.and(&format!("o.kind = {kind}"));
    if let Some(gas) = &query.gas {
        let gas = all.put(gas.as_str());
        all.and(&format!("o.gas = {gas}"));
    }
    chosen(all, dialect, (query.bbox, query.time, query.filter.as_ref()))
}

/// What every query may ask for: a box, a time, a condition.
pub(crate) fn chosen(
    all: &mut Conditions,
    dialect: Dialect,
    (bbox, time, filter): (Option<Bbox>, Option<TimeRange>, Option<&Condition>),
) -> Result<(), StoreError> {
    if let Some(bbox) = bbox {
        let within = all.within(bbox.area());
        all.and(&within);
    }
    let [begins, ends] = all.times();
    if let Some(from) = time.and_then(|time| time.from) {
        let from = all.put(from.as_microsecond());
        all.and(&format!("{ends} >= {from}"));
    }
    if let Some(to) = time.and_then(|time| time.to) {
        let to = all.put(to.as_microsecond());
        all.and(&format!("{begins} <= {to}"));
    }
    if let Some(filter) = filter {
        let filter = all.filter(dialect, filter)?;
        all.and(&filter);
    }
    Ok(())
}

/// What earlier pages had is left out.
fn passed(query: &Query, all: &mut Conditions) {
    match query.after {
        Some(Cursor::Id(id)) => {
            let id = all.put(id);
            all.and(&format!("o.id > {id}"));
        }
        Some(Cursor::Cell(cell, id)) => {
            // The stretches begin at this cell already.
            let (cell, id) = (all.put(cell), all.put(id));
            all.and(&format!("(o.cell > {cell} OR o.id > {id})"));
        }
        Some(Cursor::Time(us, id)) => {
            let (us, id) = (all.put(us), all.put(id));
            all.and(&format!("(o.ends_us, o.id) > ({us}, {id})"));
        }
        None => {}
    }
}

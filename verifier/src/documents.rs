//! The documents as they stand, what of them is refused, and when clauses are in force, in nanoseconds since 1970.

use crate::polygon::Polygon;
use jiff::{Timestamp, civil::Time};
use serde::Deserialize;
use serde_json::Value;

const PURPOSES: [&str; 4] = ["chemical survey", "imagery", "signals", "maritime"];
/// The first of 1970 was a Thursday.
const DAYS: [&str; 7] = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"];
const DAY: i128 = 86_400_000_000_000;

/// Each document by its fields, as the page has them.
macro_rules! documents {
    ($($(#[$of:meta])* $name:ident { $($(#[$at:meta])? $field:ident: $type:ty),* })*) => {
        $(#[derive(Deserialize)] $(#[$of])*
        pub(crate) struct $name { $($(#[$at])? pub(crate) $field: $type),* })*
    };
}

documents! {
    #[serde(deny_unknown_fields)] Authority { form: String, issuer: String, number: String, valid: Valid,
        #[serde(default)] operators: Vec<String>, #[serde(default)] aircraft: Vec<String>, clauses: Vec<Clause> }
    #[serde(deny_unknown_fields)] Valid { from: Timestamp, to: Timestamp }
    #[serde(deny_unknown_fields)] Clause { number: String, rule: String, #[serde(default)] purposes: Vec<String>,
        operators: Option<Vec<String>>, aircraft: Option<Vec<String>>, volume: Volume, when: Option<Vec<When>> }
    #[serde(deny_unknown_fields)] Volume { polygons: Vec<Polygon>, floor: Limit, ceiling: Option<Limit> }
    #[serde(deny_unknown_fields)] Limit { amsl_m: Option<f64>, agl_m: Option<f64>, flight_level: Option<f64> }
    #[serde(deny_unknown_fields)] #[derive(Default)] When { from: Option<Timestamp>, to: Option<Timestamp>, weekly: Option<Vec<Weekly>> }
    #[serde(deny_unknown_fields)] Weekly { days: Vec<String>, from: String, to: String }
    #[serde(deny_unknown_fields)] Track { form: String, kind: String, sortie: String, operator: String, aircraft: String,
        purpose: String, allowances: Allowances, most_speed_m_s: f64, most_climb_m_s: f64, fixes: Vec<Fix> }
    #[serde(deny_unknown_fields)] Allowances { navigation_m: f64, drift_m: f64, overshoot_m: f64, lost_link_m: f64,
        height_m: f64, time_s: f64 }
    #[serde(deny_unknown_fields)] Fix { time: Timestamp, longitude_deg: f64, latitude_deg: f64, height_m: f64,
        pressure_altitude_m: Option<f64> }
    Certificate { form: String, authorities: Vec<Value>, track: Value, ground: Option<Value>, allowances: Allowed,
        verdict: String, legs: Vec<LegClaim> }
    #[derive(Debug, PartialEq, Clone, Copy)] Allowed { plane_m: f64, height_m: f64, time_s: f64 }
    LegClaim { leg: usize, reach_m: f64, climb_reach_m: f64, verdict: String, pieces: Vec<PieceClaim> }
    PieceClaim { from: f64, to: f64, verdict: String, permit: Option<Claim>, forbids: Vec<Claim> }
    Claim { clause: String, in_force: bool, plane_m: f64, height_m: Option<f64> }
}

pub(crate) fn must(so: bool, what: &str) -> Result<(), String> {
    if so { Ok(()) } else { Err(what.to_owned()) }
}

impl Track {
    pub(crate) fn check(&self) -> Result<(), String> {
        must(self.form == "cathartes-track-1", "track: form: is another")?;
        must(["plan", "flown"].contains(&self.kind.as_str()), "track: kind: not plan or flown")?;
        let (a, most) = (&self.allowances, [self.most_speed_m_s, self.most_climb_m_s]);
        let sizes = [a.navigation_m, a.drift_m, a.overshoot_m, a.lost_link_m, a.height_m, a.time_s];
        let sane = sizes.iter().chain(&most).all(|size| (0.0..=1e9).contains(size));
        must(sane, "track: allowances or most: not within 0 to 1e9")?;
        let lies = |fix: &Fix| fix.longitude_deg.abs() <= 180.0 && fix.latitude_deg.abs() <= 90.0;
        let whole = self.fixes.len() > 1 && self.fixes.iter().all(lies);
        must(whole, "track: fixes: fewer than two, or one beyond 180° or 90°")?;
        must(self.fixes.is_sorted_by_key(|fix| fix.time), "track: fixes: time goes back")
    }
}

impl Authority {
    /// The clauses that are of a track, under their full names; permissions are in force only while it is valid.
    pub(crate) fn laws(mut self, track: &Track) -> Result<Vec<Clause>, String> {
        must(self.form == "cathartes-authority-1", "form: is another")?;
        for law in &mut self.clauses {
            let (permits, purposes) = (law.permits(), &law.purposes);
            law.number = format!("{}/{}", self.number, law.number);
            must(permits || law.rule == "forbid", "rule: neither permit nor forbid")?;
            let known = purposes.iter().all(|purpose| PURPOSES.contains(&purpose.as_str()));
            must(known && !(permits && purposes.is_empty()), "purposes: none, or not known")?;
            law.volume.floor.agl_m.take_if(|above| *above <= 0.0);
            for when in law.when.get_or_insert_with(|| vec![When::default()]) {
                let mut weekly = when.weekly.iter().flatten();
                must(weekly.all(|weekly| weekly.span().is_some()), "when: no day or no time")?;
                if permits {
                    when.from = when.from.max(Some(self.valid.from));
                    when.to = when.to.into_iter().chain([self.valid.to]).min();
                }
            }
        }
        self.clauses.retain(|law| {
            let names = |own: &Option<Vec<String>>, all: &Vec<String>, who| {
                let own = own.as_ref().filter(|own| law.permits() || !own.is_empty());
                own.or(law.permits().then_some(all)).is_none_or(|names| names.contains(who))
            };
            names(&law.operators, &self.operators, &track.operator)
                && names(&law.aircraft, &self.aircraft, &track.aircraft)
                && (law.purposes.is_empty() || law.purposes.contains(&track.purpose))
        });
        Ok(self.clauses)
    }
}

impl Weekly {
    /// From the beginning of its day; None where it cannot be read.
    fn span(&self) -> Option<[i128; 2]> {
        let clock = |text: &str| match text {
            "24:00" => Some(DAY),
            _ if text.len() != 5 => None,
            _ => Some(Time::midnight().duration_until(text.parse().ok()?).as_nanos()),
        };
        let [from, to] = [clock(&self.from)?, clock(&self.to)?];
        let known = self.days.iter().all(|day| DAYS.contains(&day.as_str()));
        known.then_some([from, if to > from { to } else { to + DAY }])
    }
}

impl Clause {
    pub(crate) fn permits(&self) -> bool {
        self.rule == "permit"
    }

    /// All has to hold for a permission to be kept to, any for a prohibition to be kept clear of.
    pub(crate) fn join(&self, margins: impl Iterator<Item = f64>) -> f64 {
        let first = if self.permits() { f64::INFINITY } else { -f64::INFINITY };
        margins.fold(first, if self.permits() { f64::min } else { f64::max })
    }

    /// A prohibition is where the time touches a window, ends included; a permission where all of it lies before the
    /// ends of windows that follow each other without a gap.
    pub(crate) fn in_force(&self, from: i128, to: i128) -> bool {
        let mut windows = vec![];
        for when in self.when.iter().flatten() {
            let first = when.from.map_or(i128::MIN, Timestamp::as_nanosecond);
            let last = when.to.map_or(i128::MAX, Timestamp::as_nanosecond);
            windows.extend(when.weekly.is_none().then_some([first, last]));
            for day in from.div_euclid(DAY) - 2..=to.div_euclid(DAY) {
                let name = DAYS[day.rem_euclid(7) as usize];
                let weekly =
                    when.weekly.iter().flatten().filter(|w| w.days.iter().any(|d| d == name));
                let spans =
                    weekly.filter_map(Weekly::span).map(|span| span.map(|at| at + day * DAY));
                windows.extend(spans.map(|[begin, end]| [begin.max(first), end.min(last)]));
            }
        }
        windows.retain(|[begin, end]| begin <= end);
        windows.sort_unstable();
        if !self.permits() {
            return windows.iter().any(|[begin, end]| *begin <= to && from <= *end);
        }
        windows
            .iter()
            .fold(from, |till, [begin, end]| if *begin > till { till } else { till.max(*end) })
            > to
    }
}

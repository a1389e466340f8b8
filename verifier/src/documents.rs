//! The documents as they stand, and what of them is refused.

use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{polygon::Polygon, window::When};

const PURPOSES: [&str; 4] = ["chemical survey", "imagery", "signals", "maritime"];

macro_rules! documents {
    ($($(#[$of:meta])* $name:ident { $($(#[$at:meta])* $field:ident: $type:ty,)* })*) => {
        $(#[derive(Deserialize)] $(#[$of])*
        pub(crate) struct $name { $($(#[$at])* pub(crate) $field: $type,)* })*
    };
}

documents! {
    #[serde(deny_unknown_fields)] Authority {
        form: String, issuer: String, number: String, valid: When, clauses: Vec<Clause>,
        #[serde(default)] operators: Vec<String>, #[serde(default)] aircraft: Vec<String>,
    }
    #[serde(deny_unknown_fields)] Clause {
        number: String, rule: String, volume: Volume, when: Option<Vec<When>>,
        #[serde(default)] purposes: Vec<String>, operators: Option<Vec<String>>, aircraft: Option<Vec<String>>,
    }
    #[serde(deny_unknown_fields)] Volume {
        polygons: Vec<Vec<Vec<[f64; 2]>>>, floor: Limit, ceiling: Option<Limit>,
    }
    #[serde(deny_unknown_fields)] Track {
        form: String, kind: String, sortie: String, operator: String, aircraft: String, purpose: String,
        allowances: Allowances, most_speed_m_s: f64, most_climb_m_s: f64, fixes: Vec<Fix>,
    }
    #[serde(deny_unknown_fields)] Allowances {
        navigation_m: f64, drift_m: f64, overshoot_m: f64, lost_link_m: f64, height_m: f64, time_s: f64,
    }
    #[serde(deny_unknown_fields)] Fix {
        time: Timestamp, longitude_deg: f64, latitude_deg: f64, height_m: f64, pressure_altitude_m: Option<f64>,
    }
    Certificate {
        form: String, #[serde(rename = "version")] _version: String, authorities: Vec<AuthorityClaim>,
        track: TrackClaim, ground: Option<GroundClaim>, allowances: AllowanceClaim, verdict: String,
        legs: Vec<LegClaim>,
    }
    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord)] AuthorityClaim { number: String, issuer: String, sha256: String, }
    TrackClaim { sortie: String, kind: String, sha256: String, }
    GroundClaim { sha256: String, }
    AllowanceClaim { plane_m: f64, height_m: f64, time_s: f64, }
    LegClaim { leg: usize, reach_m: f64, climb_reach_m: f64, verdict: String, pieces: Vec<PieceClaim>, }
    PieceClaim { from: f64, to: f64, verdict: String, permit: Option<Claim>, forbids: Vec<Claim>, }
    Claim {
        clause: String, in_force: bool, plane_m: f64,
        // A null has to be written.
        #[serde(deserialize_with = "Option::deserialize")] height_m: Option<f64>,
    }
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Limit {
    AmslM(f64),
    AglM(f64),
    FlightLevel(f64),
}

/// A clause as it binds a track, or does not; validity is in its windows.
pub(crate) struct Law {
    pub(crate) name: String,
    pub(crate) permits: bool,
    pub(crate) binds: bool,
    pub(crate) polygons: Vec<Polygon>,
    /// None where it is the ground.
    pub(crate) floor: Option<Limit>,
    pub(crate) ceiling: Option<Limit>,
    pub(crate) when: Vec<When>,
}

pub(crate) fn read<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|why| format!("{what}: {why}"))
}

/// Refuses what is not so.
pub(crate) fn must(so: bool, what: &str) -> Result<(), String> {
    if so { Ok(()) } else { Err(what.to_owned()) }
}

impl Authority {
    pub(crate) fn laws(&self, track: &Track) -> Result<Vec<Law>, String> {
        must(self.form == "cathartes-authority-1", "form: not cathartes-authority-1")?;
        let ends = (self.valid.from, self.valid.to, &self.valid.weekly);
        must(matches!(ends, (Some(_), Some(_), None)), "valid: not `from` and `to`")?;
        let law = |clause: &Clause| self.law(clause, track);
        let named = |clause| law(clause).map_err(|why| format!("clause {}: {why}", clause.number));
        self.clauses.iter().map(named).collect()
    }

    fn law(&self, clause: &Clause, track: &Track) -> Result<Law, String> {
        let (permits, purposes) = (clause.rule == "permit", &clause.purposes);
        must(permits || clause.rule == "forbid", "rule: neither permit nor forbid")?;
        let known = purposes.iter().all(|purpose| PURPOSES.contains(&purpose.as_str()));
        must(known && !(permits && purposes.is_empty()), "purposes: none, or none that is known")?;
        let whom = |own: &Option<Vec<String>>, all: &[String], who| match own {
            Some(own) if permits || !own.is_empty() => own.contains(who),
            _ => !permits || all.contains(who),
        };
        let binds = whom(&clause.operators, &self.operators, &track.operator)
            && whom(&clause.aircraft, &self.aircraft, &track.aircraft)
            && (purposes.is_empty() || purposes.contains(&track.purpose));
        let Volume { polygons, floor, ceiling } = &clause.volume;
        let is_ground = |floor: &Limit| matches!(floor, Limit::AglM(height) if *height <= 0.0);
        let floor = Some(*floor).filter(|floor| !is_ground(floor));
        must(!polygons.is_empty(), "volume: no polygon")?;
        let numbered = polygons.iter().enumerate();
        let polygon = |(at, rings): (usize, &Vec<_>)| {
            Polygon::read(rings).map_err(|why| format!("polygon {at}, {why}"))
        };
        let polygons = numbered.map(polygon).collect::<Result<_, _>>()?;
        let mut when = clause.when.clone().unwrap_or_else(|| vec![When::default()]);
        must(
            !when.is_empty() && when.iter().all(When::is_whole),
            "when: empty, or no day or time",
        )?;
        for window in when.iter_mut().filter(|_| permits) {
            window.from = window.from.max(self.valid.from);
            window.to = window.to.into_iter().chain(self.valid.to).min();
        }
        let name = format!("{}/{}", self.number, clause.number);
        Ok(Law { name, permits, binds, polygons, floor, ceiling: *ceiling, when })
    }
}

impl Track {
    pub(crate) fn checked(self) -> Result<Self, String> {
        must(self.form == "cathartes-track-1", "track: form: not cathartes-track-1")?;
        must(
            ["plan", "flown"].contains(&self.kind.as_str()),
            "track: kind: neither plan nor flown",
        )?;
        must(PURPOSES.contains(&self.purpose.as_str()), "track: purpose: none that is known")?;
        let a = &self.allowances;
        let sizes = [a.navigation_m, a.drift_m, a.overshoot_m, a.lost_link_m, a.height_m, a.time_s];
        let most = [self.most_speed_m_s, self.most_climb_m_s];
        let sane = |size: &f64| (0.0..=1e9).contains(size);
        must(
            sizes.iter().chain(&most).all(sane),
            "track: allowances or most: not within 0 to 1e9",
        )?;
        must(self.fixes.len() > 1, "track: fewer than two fixes")?;
        for (at, fix) in self.fixes.iter().enumerate() {
            let inside = fix.longitude_deg.abs() <= 180.0 && fix.latitude_deg.abs() <= 90.0;
            let high = fix.height_m.abs().max(fix.pressure_altitude_m.unwrap_or(0.0).abs());
            must(inside && high <= 1e9, &format!("track: fix {at}: out of range"))?;
            let back = at > 0 && fix.time < self.fixes[at - 1].time;
            must(!back, &format!("track: fix {at}: time goes back"))?;
        }
        Ok(self)
    }
}

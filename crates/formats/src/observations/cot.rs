//! Observations as Cursor-on-Target events.
//!
//! ```text
//! <event version="2.0" uid="spot-17" type="b-m-p-s-p-i" time="..." start="..." stale="..." how="h-e">
//!   <point lat="40.2" lon="-3.1" hae="640" ce="25" le="9999999"/>
//!   <detail/>
//! </event>
//! ```
//!
//! `start` (else `time`) is when, `uid` the collection, `ce` one standard deviation either way: the ellipse that
//! holds nine in ten is 2.146 times as wide. 9999999 means unknown, and `radius_90_m` of the mapping counts. When
//! the mapping names no collector, one without a `how` of its own is `cot-h` for people, `cot-m` for machines.
//!
//! | type | is |
//! |---|---|
//! | `b-…` | a report, a mark on the map: taken |
//! | `a-?-G-I…` | an installation on the ground: taken |
//! | other `a-…` | people, vehicles, vessels: refused, nobody is tracked here |
//! | `t-…` | orders: refused |
//!
//! Details are passed over, unless one is about a person: then the event is refused.

use std::collections::BTreeMap;

use cathartes_core::{geometry::LatLon, units::Degrees};

use super::{
    Imported, Mapping, door,
    geo_json::point,
    markup::{Step, walk},
    row::Row,
};

/// Nine in ten of a circle, in deviations: √(−2 ln 0.1).
const NINE_IN_TEN: f64 = 2.145_966_026_289_347;
const UNKNOWN: f64 = 9_999_999.0;

pub(super) fn read(bytes: &[u8], mapping: &Mapping) -> Imported {
    let mut imported = Imported::default();
    let mut row = 0;
    let mut open: Option<Cot> = None;
    let walked = walk(bytes, |step| match step {
        Step::Open(name, attributes) if name == "event" => {
            row += 1;
            open = Some(Cot { event: attributes.into_iter().collect(), ..Cot::default() });
        }
        Step::Open(name, attributes) => {
            if let Some(event) = &mut open {
                event.holds(&name, attributes);
            }
        }
        Step::Close(name) if name == "event" => {
            if let Some(event) = open.take() {
                imported.add(row, event.observation(mapping));
            }
        }
        Step::Text(_) | Step::Close(_) => {}
    });
    if let Err(damage) = walked {
        imported.add(row + 1, Err(damage));
    }
    imported
}

#[derive(Default)]
struct Cot {
    event: BTreeMap<String, String>,
    point: BTreeMap<String, String>,
    somebody: Option<String>,
}

impl Cot {
    fn holds(&mut self, name: &str, attributes: Vec<(String, String)>) {
        let names =
            attributes.iter().filter(|(_, value)| !value.is_empty()).map(|(key, _)| key.as_str());
        let about = names.chain([name]).find(|name| door::names_somebody(name)).map(str::to_owned);
        if self.somebody.is_none() {
            self.somebody = about;
        }
        if name == "point" && self.point.is_empty() {
            self.point = attributes.into_iter().collect();
        }
    }

    fn observation(self, mapping: &Mapping) -> Result<super::Observation, String> {
        if let Some(name) = &self.somebody {
            return Err(format!("`{}`: {}", super::first_line(name), door::EXPLANATION));
        }
        let get = |name: &str| self.event.get(name).map(String::as_str);
        takes(get("type").unwrap_or_default())?;
        let number = |name: &str| -> Result<f64, String> {
            let text = self.point.get(name).ok_or(format!("point has no `{name}`; give it"))?;
            text.trim().parse().map_err(|_| {
                format!("`{name}` is `{}`; write a number with a point", super::first_line(text))
            })
        };
        let (latitude, longitude) = (Degrees(number("lat")?), Degrees(number("lon")?));
        let ce = number("ce").ok().filter(|ce| *ce > 0.0 && *ce < UNKNOWN);
        let mut row = Row::of(mapping, &BTreeMap::new());
        row.also("radius_90_m", ce.map(|ce| (ce * NINE_IN_TEN).to_string()));
        row.also("time", get("start").or(get("time")).map(str::to_owned));
        row.also("collection", get("uid").map(str::to_owned));
        if !mapping.constants.contains_key("collector") {
            let machine = get("how").is_some_and(|how| how.starts_with('m'));
            row.also("collector", Some(if machine { "cot-m" } else { "cot-h" }.into()));
        }
        row.observation(Some(Ok(point(LatLon { latitude, longitude }))))
    }
}

fn takes(kind: &str) -> Result<(), String> {
    let mut parts = kind.split('-');
    let shown = super::first_line(kind);
    match parts.next() {
        Some("b") => Ok(()),
        Some("a") => {
            let installation = parts.nth(1) == Some("G") && parts.next() == Some("I");
            if installation { Ok(()) } else { Err(format!("type `{shown}`: {}", door::NOBODY)) }
        }
        Some("t") => Err(format!("type `{shown}`: {}", door::ORDERS)),
        _ => Err(format!(
            "type `{shown}`: no report; installations (a-?-G-I) and reports (b-) are taken"
        )),
    }
}

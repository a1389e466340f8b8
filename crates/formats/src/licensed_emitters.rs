//! Registers of licensed emitters, which explain gas away: CSV with a header, or `GeoJSON`.
//!
//! | our name | holds |
//! |---|---|
//! | `name` | what the register calls it: one line of at most 160 characters |
//! | `latitude`, `longitude` | degrees on WGS 84; of `GeoJSON` its geometry: a point, or a polygon that encloses it |
//! | `radius_m` | its ground lies within this; of a polygon taken from its corners |
//! | `gases` | slugs with `;` between; missing: it may emit anything |
//!
//! A [`Mapping`] names columns as in [`observations`](crate::observations), with `radius_90_m` for `radius_m` and `gas`
//! for `gases`. What names persons is refused, and rows that cannot be are left out with their fault.

use std::collections::BTreeMap;

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance},
    observation::Whereabouts,
    site::LicensedEmitter,
    units::{Degrees, Metres},
};

use crate::observations::{
    Fault, Feature, Form, ImportError, MOST_FAULTS, Mapping, each_row, features, first_line, fits,
    form, unmarked,
};

const LONGEST_NAME: usize = 160;
const MOST_GASES: usize = 64;
/// Larger than any plant.
const WIDEST_M: f64 = 50_000.0;

/// What a register gives.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Register {
    /// In the order of the file.
    pub emitters: Vec<LicensedEmitter>,
    /// The first [`MOST_FAULTS`].
    pub faults: Vec<Fault>,
    /// Rows left out, all of them.
    pub left_out: u64,
}

impl Register {
    fn add(&mut self, row: u64, read: Result<LicensedEmitter, String>) {
        match read {
            Ok(emitter) => self.emitters.push(emitter),
            Err(what) => {
                self.left_out += 1;
                if self.faults.len() < MOST_FAULTS {
                    self.faults.push(Fault { row, what });
                }
            }
        }
    }
}

/// Reads either; what begins with a brace is `GeoJSON`.
///
/// # Errors
///
/// [`ImportError`] as of the format.
pub fn read(bytes: &[u8], mapping: &Mapping) -> Result<Register, ImportError> {
    match form(bytes) {
        Form::Json => geojson(unmarked(bytes), mapping),
        Form::Xml | Form::Text => csv(bytes, mapping),
    }
}

/// Reads a table.
///
/// # Errors
///
/// [`ImportError`] when the header is not right or the file is no table.
pub fn csv(bytes: &[u8], mapping: &Mapping) -> Result<Register, ImportError> {
    let mut register = Register::default();
    each_row(fits(bytes)?, mapping, |row, fields| {
        let emitter = fields.and_then(|fields| {
            let place = LatLon {
                latitude: Degrees(number(&fields, mapping.theirs("latitude"))?),
                longitude: Degrees(number(&fields, mapping.theirs("longitude"))?),
            };
            emitter(&fields, mapping, place, None)
        });
        register.add(row, emitter);
    })?;
    Ok(register)
}

/// Reads `GeoJSON`.
///
/// # Errors
///
/// [`ImportError`] when it is no `GeoJSON`.
pub fn geojson(bytes: &[u8], mapping: &Mapping) -> Result<Register, ImportError> {
    let mut register = Register::default();
    for (row, Feature { shape, properties }) in (1..).zip(features(fits(bytes)?)?) {
        let shape = shape.unwrap_or_else(|| Err("no geometry; give a point or a polygon".into()));
        let emitter = shape.and_then(|shape| {
            let (place, radius) = middle(&shape)?;
            emitter(&properties?, mapping, place, radius)
        });
        register.add(row, emitter);
    }
    Ok(register)
}

/// Middle of a polygon and how far its corners are from it.
fn middle(shape: &Whereabouts) -> Result<(LatLon, Option<f64>), String> {
    match shape {
        Whereabouts::Point { place, .. } => Ok((*place, None)),
        Whereabouts::Area { ring } => {
            let first = ring.first().ok_or("a polygon without corners")?;
            if !ring.iter().all(|p| on_earth(*p)) {
                return Err(
                    "a polygon that is not on the Earth; write [longitude, latitude]".into()
                );
            }
            let n = ring.len() as f64;
            let turned =
                |p: &LatLon| (p.longitude.0 - first.longitude.0 + 540.0).rem_euclid(360.0) - 180.0;
            let latitude = ring.iter().map(|p| p.latitude.0).sum::<f64>() / n;
            let longitude = first.longitude.0 + ring.iter().map(turned).sum::<f64>() / n;
            let place = LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) };
            let away = ring.iter().map(|p| bearing_and_distance(place, *p).1.0);
            Ok((place, Some(away.fold(1.0, f64::max))))
        }
        Whereabouts::Bearing { .. } => Err("a line; give a point or a polygon".into()),
    }
}

fn on_earth(place: LatLon) -> bool {
    place.latitude.0.abs() <= 90.0 && (-180.0..=360.0).contains(&place.longitude.0)
}

fn number(fields: &BTreeMap<String, String>, name: &str) -> Result<f64, String> {
    let text = fields.get(name).map(|t| t.trim()).unwrap_or_default();
    let number: Option<f64> = text.parse().ok().filter(|n: &f64| n.is_finite());
    number.ok_or_else(|| format!("`{name}` is `{}`; write a number with a point", first_line(text)))
}

fn emitter(
    fields: &BTreeMap<String, String>,
    mapping: &Mapping,
    place: LatLon,
    radius_m: Option<f64>,
) -> Result<LicensedEmitter, String> {
    if !on_earth(place) {
        return Err(
            "a place that is not on the Earth; latitude -90 to 90, longitude -180 to 180".into()
        );
    }
    let named = |ours: &str, own: &str| {
        mapping.columns.get(ours).cloned().unwrap_or_else(|| own.to_owned())
    };
    let radius_name = named("radius_90_m", "radius_m");
    let radius = match radius_m {
        Some(radius) => radius,
        None => number(fields, &radius_name)?,
    };
    if !(1.0..=WIDEST_M).contains(&radius) {
        return Err(format!("`{radius_name}` is {radius}; write metres, 1 to 50000"));
    }
    let text = |name: String| fields.get(&name).map(|t| t.trim().to_owned()).unwrap_or_default();
    let gases: Vec<String> = text(named("gas", "gases"))
        .split(';')
        .map(|gas| gas.trim().to_lowercase())
        .filter(|gas| !gas.is_empty())
        .collect();
    let slug = |gas: &String| {
        gas.len() <= 40 && gas.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if gases.len() > MOST_GASES || !gases.iter().all(slug) {
        return Err("`gases` are no slugs; write ch4;nh3".into());
    }
    let name = text(named("name", "name"));
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count());
    if !fits || name.chars().any(char::is_control) {
        return Err("`name` is missing or longer than a line of 160; write one".into());
    }
    Ok(LicensedEmitter { name, gases, place, radius: Metres(radius) })
}

#[cfg(test)]
mod tests;

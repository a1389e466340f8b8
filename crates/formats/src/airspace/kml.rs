//! KML: polygons with what an authority says of them as data.
//!
//! ```text
//! <Placemark>
//!   <name>LER 12</name>
//!   <TimeSpan><begin>2026-10-01T00:00:00Z</begin><end>…</end></TimeSpan>
//!   <ExtendedData>
//!     <Data name="floor_agl_m"><value>0</value></Data>         or floor_amsl_m, floor_flight_level; the same of ceiling
//!     <Data name="ceiling_m"><value>1200</value></Data>        above what the altitudeMode says; ceiling: endless
//!     <Data name="when"><value>[{"weekly": […]}]</value></Data>   as in an authority
//!   </ExtendedData>
//!   <Polygon>…</Polygon>                                       or several in a MultiGeometry
//! </Placemark>
//! ```
//!
//! `SimpleData` counts as `Data`. Placemarks without a polygon are passed over and told. Edges are geodesics.

use cathartes_core::{
    airspace::{Limit, Polygon, TimeWindow, Volume},
    geometry::LatLon,
    units::Metres,
};

use super::{
    AirspaceError, Imported, Intent, MAX_BYTES,
    error::{inside, within},
    json, rings, straight, when,
    zone::{Lacking, Zone, Zones},
};
use crate::observations::{first_line, markup};

mod placemark;
mod written;

use placemark::{Placemark, Placemarks, Shape};
pub use written::write;

/// What the caller says of placemarks that do not say it themselves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heights {
    /// From here up.
    pub floor: Limit,
    /// Up to here; endless where there is none.
    pub ceiling: Option<Limit>,
}

/// Reads placemarks.
///
/// # Errors
///
/// [`AirspaceError`] with the placemark and vertex: one zone that cannot be read is none that could be left out.
pub fn read(
    bytes: &[u8],
    intent: &Intent,
    stated: Option<Heights>,
) -> Result<Imported, AirspaceError> {
    intent.checked()?;
    if bytes.len() > MAX_BYTES {
        return Err(AirspaceError::TooLarge { bytes: bytes.len() });
    }
    let mut placemarks = Placemarks::default();
    markup::walk(bytes, |step| placemarks.step(step)).map_err(AirspaceError::new)?;
    let mut zones = Zones::default();
    for (i, placemark) in placemarks.done.into_iter().enumerate() {
        let name = first_line(&placemark.name);
        if placemark.shapes.is_empty() {
            zones.note(format!("placemark {} `{name}` has no polygon and is passed over", i + 1));
            continue;
        }
        let added = zone(&placemark, Zone::intended(&name, intent), stated, &mut zones);
        added.map_err(within("placemark", i))?;
    }
    Ok(zones.done())
}

fn zone(
    placemark: &Placemark,
    mut zone: Zone,
    stated: Option<Heights>,
    zones: &mut Zones,
) -> Result<(), AirspaceError> {
    let floor = match limit(placemark, "floor")? {
        Some(Said::At(floor)) => Some(floor),
        Some(Said::Endless) => {
            return Err(AirspaceError::new("an endless floor; write its height"));
        }
        None => stated.map(|stated| stated.floor),
    };
    let lacking = Lacking { what: "no floor", remedy: "write floor_amsl_m or floor_agl_m" };
    let floor = zone.floor(floor, lacking)?;
    let ceiling = match (limit(placemark, "ceiling")?, stated) {
        (Some(Said::At(ceiling)), _) => Some(ceiling),
        (Some(Said::Endless), _) => None,
        (None, Some(stated)) => stated.ceiling,
        (None, None) => {
            let lacking =
                Lacking { what: "no ceiling", remedy: "write ceiling_amsl_m or ceiling_agl_m" };
            zone.ceiling(None, lacking)?
        }
    };
    let windows = windows(placemark, &mut zone)?;
    let polygons = placemark.shapes.iter().enumerate();
    let polygons = polygons.map(|(i, shape)| polygon(shape).map_err(within("polygon", i)));
    let polygons = polygons.collect::<Result<_, _>>()?;
    zones.add(zone, Volume { polygons, floor, ceiling }, windows)
}

enum Said {
    At(Limit),
    Endless,
}

/// What a placemark says of one of its limits, in any of the ways.
fn limit(placemark: &Placemark, which: &str) -> Result<Option<Said>, AirspaceError> {
    if placemark.fields.get(which).is_some_and(|value| value == "endless") {
        return Ok(Some(Said::Endless));
    }
    let number = |behind: &str| {
        let name = format!("{which}_{behind}");
        let Some(text) = placemark.fields.get(&name) else { return Ok(None) };
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        let fault = || {
            inside(&format!("`{name}`"))(AirspaceError::new("no number; write one with a point"))
        };
        number.map(Some).ok_or_else(fault)
    };
    let level = |n| Limit::Pressure(Metres(n * Limit::FLIGHT_LEVEL.0));
    let given = [
        number("amsl_m")?.map(|height| Limit::Amsl(Metres(height))),
        number("agl_m")?.map(|height| Limit::Agl(Metres(height))),
        number("flight_level")?.map(level),
        number("m")?.map(|height| by_mode(placemark, Metres(height))).transpose()?,
    ];
    let mut given = given.into_iter().flatten();
    match (given.next(), given.next()) {
        (limit, None) => Ok(limit.map(Said::At)),
        _ => Err(AirspaceError::new(format!("the {which} is given twice; leave one"))),
    }
}

/// A height above what the altitude mode of the polygons says.
fn by_mode(placemark: &Placemark, height: Metres) -> Result<Limit, AirspaceError> {
    let mut modes = placemark.shapes.iter().map(|shape| shape.mode.as_str());
    let mode = modes.next().unwrap_or_default();
    match (mode, modes.all(|other| other == mode)) {
        ("absolute", true) => Ok(Limit::Amsl(height)),
        ("relativeToGround", true) => Ok(Limit::Agl(height)),
        _ => {
            let what = "a height above nobody says what; write altitudeMode absolute or relativeToGround, or \
                        floor_amsl_m and its kin";
            Err(AirspaceError::new(what))
        }
    }
}

fn windows(placemark: &Placemark, zone: &mut Zone) -> Result<Vec<TimeWindow>, AirspaceError> {
    if let Some(text) = placemark.fields.get("when") {
        let value = json::parse(text.as_bytes())?;
        return when::windows(&value).map_err(inside("`when`"));
    }
    let mut moment = |text: &Option<String>| {
        let Some(text) = text else { return Ok(None) };
        let time = text.parse().ok();
        if time.is_none() {
            let what = format!("`{}` is no moment", first_line(text));
            zone.widen(&what, "without it", "write it as 2026-05-03T18:00:00Z")?;
        }
        Ok(time)
    };
    let (from, to) = (moment(&placemark.begin)?, moment(&placemark.end)?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(AirspaceError::new("it begins after its end; exchange or mend them"));
    }
    let window = TimeWindow { from, to, weekly: Vec::new() };
    Ok(Some(window).filter(|window| *window != TimeWindow::default()).into_iter().collect())
}

fn polygon(shape: &Shape) -> Result<Polygon, AirspaceError> {
    let Some(outline) = &shape.outline else {
        return Err(AirspaceError::new("no outerBoundaryIs; give the polygon an outline"));
    };
    let rings = std::iter::once(outline).chain(&shape.holes).enumerate();
    let ring = |(i, text): (usize, &String)| {
        let places = places(text).and_then(rings::checked);
        places.map_err(within("ring", i))
    };
    Ok(Polygon { rings: rings.map(ring).collect::<Result<_, _>>()? })
}

fn places(text: &str) -> Result<Vec<LatLon>, AirspaceError> {
    let place = |(i, text): (usize, &str)| {
        let mut numbers = text.split(',').map(|number| number.parse::<f64>().ok());
        let pair = numbers.next().flatten().zip(numbers.next().flatten());
        let fault = || {
            let text = first_line(text);
            AirspaceError::new(format!(
                "`{text}` is no place; write longitude,latitude with points in numbers"
            ))
        };
        let place = pair.ok_or_else(fault).and_then(|(x, y)| straight::on_map(x, y));
        place.map_err(within("vertex", i))
    };
    text.split_whitespace().enumerate().map(place).collect()
}

#[cfg(test)]
mod tests;

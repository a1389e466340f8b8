//! One country out of a `TopoJSON` file: rings are arcs behind each other, an arc is written once for both its sides.

use std::cell::Cell;

use cathartes_core::geometry::LatLon;

use super::{Border, Builder, mend};
use crate::{
    airspace::{
        AirspaceError,
        error::within,
        json::{self, Fields, Json, each},
        straight,
    },
    observations::first_line,
};

/// Places of one country: a short list of rings may name a long arc any number of times.
const MOST_PLACES: usize = 2_000_000;
/// Names told where none fits.
const NAMES: usize = 8;

/// Reads the border of one country, by its name in the file or by its number of ISO 3166-1.
///
/// # Errors
///
/// [`AirspaceError`] when there is no such country, and with polygon, ring and vertex or arc where its rings are none.
pub fn topojson(bytes: &[u8], country: &str) -> Result<Border, AirspaceError> {
    let document = json::parse(bytes)?;
    let topology = Topology::of(&document)?;
    let geometries = document.object()?.need("objects", |objects| {
        objects
            .object()?
            .need("countries", |countries| countries.object()?.need("geometries", Json::list))
    })?;
    let found = find(geometries, country)?;
    topology
        .border(found)
        .map_err(super::super::error::inside(&format!("`{}`", first_line(country))))
}

/// Every coast and border of a file once, as lines to be drawn: nothing is put right, whatever they enclose.
///
/// # Errors
///
/// [`AirspaceError`] when this is no such file, with arc and vertex where a line is none.
pub fn lines(bytes: &[u8]) -> Result<Vec<Vec<LatLon>>, AirspaceError> {
    let document = json::parse(bytes)?;
    let topology = Topology::of(&document)?;
    let arc = |index| topology.arc(index as f64).map_err(within("arc", index));
    (0..topology.arcs.len()).map(arc).collect()
}

fn find<'a>(geometries: &'a [Json], country: &str) -> Result<Fields<'a>, AirspaceError> {
    let wanted = country.trim();
    let number: Option<u32> = wanted.parse().ok();
    for geometry in geometries {
        let fields = geometry.object()?;
        let right = match number {
            Some(number) => fields.get("id").and_then(code) == Some(number),
            None => name(fields).is_some_and(|name| name.to_lowercase() == wanted.to_lowercase()),
        };
        if right {
            return Ok(fields);
        }
    }
    let begins = |name: &&str| {
        let first = |text: &str| text.chars().next().map(|c| c.to_lowercase().to_string());
        first(name) == first(wanted)
    };
    let names = geometries.iter().filter_map(|g| name(g.object().ok()?)).filter(begins).take(NAMES);
    let names: Vec<String> = names.map(first_line).collect();
    let like = if names.is_empty() { String::new() } else { format!(", as {}", names.join(", ")) };
    let remedy = format!("write its number of ISO 3166, or its name in the file{like}");
    Err(AirspaceError::new(format!("no country `{}`; {remedy}", first_line(wanted))))
}

fn name(fields: Fields<'_>) -> Option<&str> {
    fields.get("properties")?.object().ok()?.get("name")?.text().ok()
}

/// `076`, or 76.
fn code(id: &Json) -> Option<u32> {
    match id {
        Json::Text(text) => text.parse().ok(),
        Json::Number(number) => Some(*number as u32).filter(|code| f64::from(*code) == *number),
        _ => None,
    }
}

/// From the whole numbers of a file to degrees.
#[derive(Debug, Clone, Copy)]
struct Transform {
    scale: [f64; 2],
    offset: [f64; 2],
    /// Whether each place is told from the one before it.
    deltas: bool,
}

impl Transform {
    const NONE: Self = Self { scale: [1.0; 2], offset: [0.0; 2], deltas: false };
}

fn transform(value: &Json) -> Result<Transform, AirspaceError> {
    let fields = value.object()?;
    let (scale, offset) = (fields.need("scale", pair)?, fields.need("translate", pair)?);
    Ok(Transform { scale, offset, deltas: true })
}

fn pair(value: &Json) -> Result<[f64; 2], AirspaceError> {
    match value.list()? {
        [x, y, ..] => Ok([x.number()?, y.number()?]),
        _ => Err(AirspaceError::new("no two numbers; write [x, y]")),
    }
}

struct Topology<'a> {
    arcs: &'a [Json],
    transform: Transform,
    /// How many were read.
    places: Cell<usize>,
}

impl<'a> Topology<'a> {
    fn of(document: &'a Json) -> Result<Self, AirspaceError> {
        let fields = document.object()?;
        let arcs = fields.need("arcs", Json::list)?;
        let transform = fields.maybe("transform", transform)?.unwrap_or(Transform::NONE);
        Ok(Self { arcs, transform, places: Cell::new(0) })
    }

    fn border(&self, country: Fields<'_>) -> Result<Border, AirspaceError> {
        let mut border = Builder { coarse: true, rounds: mend::ROUNDS, ..Builder::default() };
        match country.need("type", Json::text)? {
            "Polygon" => border.add(country.need("arcs", |rings| self.rings(rings))?)?,
            "MultiPolygon" => {
                for (i, rings) in country.need("arcs", Json::list)?.iter().enumerate() {
                    let added = self.rings(rings).and_then(|rings| border.add(rings));
                    added.map_err(within("polygon", i))?;
                }
            }
            _ => return Err(AirspaceError::new("no polygon; give a file with borders")),
        }
        border.done()
    }

    fn rings(&self, value: &Json) -> Result<Vec<Vec<LatLon>>, AirspaceError> {
        each(value.list()?, "ring", |ring| self.ring(ring))
    }

    fn ring(&self, value: &Json) -> Result<Vec<LatLon>, AirspaceError> {
        let mut ring: Vec<LatLon> = Vec::new();
        for (i, index) in value.list()?.iter().enumerate() {
            let mut arc = self.arc(index.number()?).map_err(within("arc", i))?;
            // An arc begins where the one before it ends.
            if !ring.is_empty() && !arc.is_empty() {
                arc.remove(0);
            }
            self.places.set(self.places.get() + arc.len());
            ring.append(&mut arc);
            if self.places.get() > MOST_PLACES {
                return Err(AirspaceError::new("more than two million places; is it one country?"));
            }
        }
        Ok(ring)
    }

    /// An arc by its index; one below zero is that arc of all ones' complement, backwards.
    fn arc(&self, index: f64) -> Result<Vec<LatLon>, AirspaceError> {
        let backwards = index < 0.0;
        let at = if backwards { -1.0 - index } else { index };
        let arc = self.arcs.get(at as usize).filter(|_| at.fract() == 0.0);
        let arc = arc
            .ok_or_else(|| AirspaceError::new(format!("there is no arc {index}; mend the file")))?;
        let mut sum = [0.0; 2];
        let mut places = each(arc.list()?, "vertex", pair)?
            .into_iter()
            .map(|step| {
                sum =
                    if self.transform.deltas { [sum[0] + step[0], sum[1] + step[1]] } else { step };
                let Transform { scale, offset, .. } = self.transform;
                straight::on_map(sum[0] * scale[0] + offset[0], sum[1] * scale[1] + offset[1])
            })
            .collect::<Result<Vec<_>, _>>()?;
        if backwards {
            places.reverse();
        }
        Ok(places)
    }
}

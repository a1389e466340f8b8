//! Borders of countries as polygons, from whatever the user holds to be right: `GeoJSON`, or a country out of a file of
//! `TopoJSON` such as those of world-atlas.
//!
//! ```text
//! GeoJSON:  FeatureCollection | Feature | GeometryCollection | Polygon | MultiPolygon | LineString that ends where it
//!           begins; all that it holds is one border
//! TopoJSON: {"type": "Topology", "transform": {"scale": [x, y], "translate": [x, y]}?,
//!            "arcs": [[[x, y], [Δx, Δy] …] …],
//!            "objects": {"countries": {"geometries": [{"type": "Polygon", "arcs": [[0, ~1] …], "id": "076",
//!                                                      "properties": {"name": "Brazil"}} …]}}}
//! ```
//!
//! The maps of world-atlas are rounded to a grid of 400 m. Where that lets a border cross itself, it is put right, and
//! islands that vanish are left out; both is told. `GeoJSON` is taken as it is or refused.
//!
//! Flat maps are cut at 180° and run along the pole: of a ring that does, the pole is left out where the rest goes round
//! it, for such a ring encloses the pole. An edge along 180° is told, because it may be such a cut and no border.

use cathartes_core::{
    airspace::{Limit, Polygon, Volume},
    geometry::LatLon,
    units::Metres,
};

use super::{
    AirspaceError,
    error::within,
    json::{self, Json, each},
    rings,
    straight::{self, Followed},
    when::filled,
};

mod mend;
mod topology;

pub use topology::{lines, topojson};

/// No vertex of an authority lies farther north or south, degrees.
const FARTHEST_DEG: f64 = 89.99;

/// A border.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Border {
    /// What lies within.
    pub polygons: Vec<Polygon>,
    /// What is not as it stands in the file.
    pub notes: Vec<String>,
}

impl Border {
    /// All air over the land within, between two limits.
    #[must_use]
    pub fn volume(self, floor: Limit, ceiling: Option<Limit>) -> Volume {
        Volume { polygons: self.polygons, floor, ceiling }
    }
}

/// A border that is being read.
#[derive(Default)]
struct Builder {
    border: Border,
    /// Whether the places are rounded so much that rings may cross themselves or vanish.
    coarse: bool,
    moved: Metres,
    /// How often rings may still be mended.
    rounds: usize,
}

impl Builder {
    fn add(&mut self, rings: Vec<Vec<LatLon>>) -> Result<(), AirspaceError> {
        let mut checked = Vec::with_capacity(rings.len());
        for (i, ring) in rings.into_iter().enumerate() {
            match self.ring(ring).map_err(within("ring", i))? {
                Some(ring) => checked.push(ring),
                None if i == 0 => return Ok(()),
                None => {}
            }
        }
        self.border.polygons.push(Polygon { rings: checked });
        Ok(())
    }

    /// A ring, or nothing where the map is too coarse to have it.
    fn ring(&mut self, places: Vec<LatLon>) -> Result<Option<Vec<LatLon>>, AirspaceError> {
        if self.coarse && places.iter().all(at_pole) {
            self.tell("a ring that is nothing but the pole of the map is left out");
            return Ok(None);
        }
        let places = self.without_pole(places)?;
        let cut = |pair: &[LatLon]| {
            let at = |place: LatLon| place.longitude.0.abs() == 180.0;
            at(pair[0]) && at(pair[1]) && pair[0].latitude != pair[1].latitude
        };
        if places.windows(2).any(cut) {
            self.tell("an edge runs along 180°; see whether it is a cut of the map and no border");
        }
        let followed = straight::ring_of_map(places)?;
        if followed.put() > 0 {
            self.tell("vertices were put into edges that are long and straight on the map");
        }
        if self.coarse { self.mended(followed) } else { followed.checked().map(Some) }
    }

    fn mended(&mut self, followed: Followed) -> Result<Option<Vec<LatLon>>, AirspaceError> {
        let (ring, moved) = mend::untangled(followed.ring, &mut self.rounds);
        if !rings::three(&ring) {
            self.tell("islands or holes smaller than the grid of the map are left out");
            return Ok(None);
        }
        rings::whole(&ring, |vertex| vertex)?;
        self.moved = Metres(self.moved.0.max(moved.0));
        Ok(Some(ring))
    }

    fn without_pole(&mut self, places: Vec<LatLon>) -> Result<Vec<LatLon>, AirspaceError> {
        let Some(first) = places.iter().position(at_pole) else { return Ok(places) };
        let rest: Vec<LatLon> = places.into_iter().filter(|place| !at_pole(place)).collect();
        if (turns_deg(&rest).abs() - 360.0).abs() > 1.0 {
            let what = "it ends in the pole, where an authority has no vertex; end it at 89.99°";
            return Err(within("vertex", first)(AirspaceError::new(what)));
        }
        self.tell(
            "a ring runs along the pole on the map; it is taken as one that encloses the pole",
        );
        Ok(rest)
    }

    fn tell(&mut self, what: &str) {
        if !self.border.notes.iter().any(|note| note == what) {
            self.border.notes.push(what.to_owned());
        }
    }

    fn done(mut self) -> Result<Border, AirspaceError> {
        if self.border.polygons.is_empty() {
            return Err(AirspaceError::new("there is no polygon; give the border of a country"));
        }
        if self.moved.0 > 0.0 {
            let most = self.moved.0.ceil();
            self.tell(&format!(
                "where the border crosses itself it is put right, which moves it by up to {most} m"
            ));
        }
        Ok(self.border)
    }
}

fn at_pole(place: &LatLon) -> bool {
    place.latitude.0.abs() > FARTHEST_DEG
}

/// How far a ring turns about the axis of the Earth.
fn turns_deg(ring: &[LatLon]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| straight::turned(b.longitude.0 - a.longitude.0)).sum()
}

/// Reads a border from `GeoJSON`.
///
/// # Errors
///
/// [`AirspaceError`] with the feature, polygon, ring and vertex.
pub fn geojson(bytes: &[u8]) -> Result<Border, AirspaceError> {
    let mut border = Builder::default();
    take(&json::parse(bytes)?, &mut border)?;
    border.done()
}

fn take(value: &Json, border: &mut Builder) -> Result<(), AirspaceError> {
    let fields = value.object()?;
    let all = |name: &str, entry: &str, border: &mut Builder| {
        let mut list = fields.need(name, Json::list)?.iter().enumerate();
        list.try_for_each(|(i, value)| take(value, border).map_err(within(entry, i)))
    };
    match fields.need("type", Json::text)? {
        "FeatureCollection" => all("features", "feature", border),
        "GeometryCollection" => all("geometries", "geometry", border),
        "Feature" => fields.need("geometry", |geometry| take(geometry, border)),
        "Polygon" => polygon(fields.need("coordinates", Ok)?, border),
        "MultiPolygon" => {
            let mut list = fields.need("coordinates", Json::list)?.iter().enumerate();
            list.try_for_each(|(i, value)| polygon(value, border).map_err(within("polygon", i)))
        }
        "LineString" => {
            let line = fields.need("coordinates", straight::places)?;
            if line.first() != line.last() {
                return Err(AirspaceError::new("the line does not end where it begins; close it"));
            }
            border.add(vec![line])
        }
        _ => Err(AirspaceError::new("no border; give a Polygon, a MultiPolygon or a LineString")),
    }
}

fn polygon(value: &Json, border: &mut Builder) -> Result<(), AirspaceError> {
    border.add(each(filled(value)?, "ring", straight::places)?)
}

#[cfg(test)]
mod tests;

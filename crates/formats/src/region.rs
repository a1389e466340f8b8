//! A part of the Earth as `GeoJSON` says it (RFC 7946): any geometry, longitude before latitude.
//!
//! ```text
//! geometry = {"type": "Point", "coordinates": position}
//!          | {"type": "MultiPoint" | "LineString", "coordinates": [position …]}
//!          | {"type": "MultiLineString" | "Polygon", "coordinates": [[position …] …]}
//!          | {"type": "MultiPolygon", "coordinates": [[[position …] …] …]}
//!          | {"type": "GeometryCollection", "geometries": [geometry …]}
//! position = [longitude, latitude, …]        what stands behind is not looked at
//! ```

use cathartes_core::{filter::Area, geometry::LatLon, units::Degrees};
use geo::{
    BoundingRect, Coord, CoordsIter, Geometry, GeometryCollection, Intersects, LineString,
    MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, Translate,
};
use serde::Deserialize;
use serde_json::Value;

/// Why a value is no region.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RegionError {
    /// Not a geometry.
    #[error("no GeoJSON geometry: {0}")]
    Form(String),
    /// Nowhere on Earth.
    #[error("{0:?} is no position: write longitude and latitude in degrees, in this order")]
    Position(Vec<f64>),
    /// A ring that is none.
    #[error("a ring has four positions or more, the last the same as the first")]
    Ring,
    /// Nothing in it.
    #[error("the geometry has no position")]
    Empty,
}

/// A part of the Earth; what goes over the antimeridian is in two, as the standard wants it.
#[derive(Debug, Clone, PartialEq)]
pub struct Region(Geometry<f64>);

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Said {
    Point { coordinates: Vec<f64> },
    MultiPoint { coordinates: Vec<Vec<f64>> },
    LineString { coordinates: Vec<Vec<f64>> },
    MultiLineString { coordinates: Vec<Vec<Vec<f64>>> },
    Polygon { coordinates: Vec<Vec<Vec<f64>>> },
    MultiPolygon { coordinates: Vec<Vec<Vec<Vec<f64>>>> },
    GeometryCollection { geometries: Vec<Said> },
}

impl Region {
    /// Reads a geometry.
    ///
    /// # Errors
    ///
    /// [`RegionError`] for a value that is none.
    pub fn read(value: &Value) -> Result<Self, RegionError> {
        let said =
            Said::deserialize(value).map_err(|error| RegionError::Form(error.to_string()))?;
        let geometry = said.geometry()?;
        if geometry.coords_count() == 0 { Err(RegionError::Empty) } else { Ok(Self(geometry)) }
    }

    /// How many positions it has.
    #[must_use]
    pub fn positions(&self) -> usize {
        self.0.coords_count()
    }

    /// The box around it, which does not go over the antimeridian.
    #[must_use]
    pub fn area(&self) -> Option<Area> {
        let around = self.0.bounding_rect()?;
        Some(Area {
            west: Degrees(around.min().x),
            south: Degrees(around.min().y),
            east: Degrees(around.max().x),
            north: Degrees(around.max().y),
        })
    }

    /// Whether it touches a polygon of these corners, which may go over the antimeridian.
    #[must_use]
    pub fn touches(&self, corners: &[LatLon]) -> bool {
        let all = || corners.iter().map(|corner| corner.longitude.0);
        let (west, east) =
            (all().fold(f64::INFINITY, f64::min), all().fold(-f64::INFINITY, f64::max));
        let over = east - west > 180.0;
        let corner = |p: &LatLon| {
            let turned = over && p.longitude.0 < 0.0;
            Coord { x: p.longitude.0 + if turned { 360.0 } else { 0.0 }, y: p.latitude.0 }
        };
        let ring: LineString<f64> = corners.iter().map(corner).collect();
        let ground = Polygon::new(ring, Vec::new());
        self.0.intersects(&ground) || (over && self.0.intersects(&ground.translate(-360.0, 0.0)))
    }

    /// The polygons in it, each its rings of places, the outer one first.
    #[must_use]
    pub fn polygons(&self) -> Vec<Vec<Vec<LatLon>>> {
        let mut all = Vec::new();
        gather(&self.0, &mut all);
        all
    }
}

fn gather(geometry: &Geometry<f64>, all: &mut Vec<Vec<Vec<LatLon>>>) {
    let place = |c: &Coord<f64>| LatLon { latitude: Degrees(c.y), longitude: Degrees(c.x) };
    let ring = |ring: &LineString<f64>| ring.0.iter().map(place).collect();
    let rings = |polygon: &Polygon<f64>| {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect()
    };
    match geometry {
        Geometry::Polygon(polygon) => all.push(rings(polygon)),
        Geometry::MultiPolygon(many) => all.extend(many.0.iter().map(rings)),
        Geometry::GeometryCollection(many) => many.0.iter().for_each(|one| gather(one, all)),
        _ => {}
    }
}

impl Said {
    fn geometry(self) -> Result<Geometry<f64>, RegionError> {
        Ok(match self {
            Self::Point { coordinates } => Point::from(position(coordinates)?).into(),
            Self::MultiPoint { coordinates } => {
                let points = each(coordinates, position)?;
                MultiPoint::new(points.into_iter().map(Point::from).collect()).into()
            }
            Self::LineString { coordinates } => line(coordinates)?.into(),
            Self::MultiLineString { coordinates } => {
                MultiLineString::new(each(coordinates, line)?).into()
            }
            Self::Polygon { coordinates } => polygon(coordinates)?.into(),
            Self::MultiPolygon { coordinates } => MultiPolygon(each(coordinates, polygon)?).into(),
            Self::GeometryCollection { geometries } => {
                let all = each(geometries, Self::geometry)?;
                Geometry::GeometryCollection(GeometryCollection::from(all))
            }
        })
    }
}

fn each<T, U>(
    values: Vec<T>,
    one: impl Fn(T) -> Result<U, RegionError>,
) -> Result<Vec<U>, RegionError> {
    values.into_iter().map(one).collect()
}

fn position(numbers: Vec<f64>) -> Result<Coord<f64>, RegionError> {
    match numbers[..] {
        [x, y, ..] if (-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y) => {
            Ok(Coord { x, y })
        }
        _ => Err(RegionError::Position(numbers)),
    }
}

fn line(positions: Vec<Vec<f64>>) -> Result<LineString<f64>, RegionError> {
    Ok(LineString::new(each(positions, position)?))
}

fn polygon(rings: Vec<Vec<Vec<f64>>>) -> Result<Polygon<f64>, RegionError> {
    let mut rings = each(rings, line)?;
    let closed = |ring: &LineString<f64>| ring.0.len() >= 4 && ring.is_closed();
    if rings.is_empty() || !rings.iter().all(closed) {
        return Err(RegionError::Ring);
    }
    let outer = rings.remove(0);
    Ok(Polygon::new(outer, rings))
}

#[cfg(test)]
mod tests;

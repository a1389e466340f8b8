//! Rings of pixel corners into rings of longitude and latitude.

use cathartes_core::{geometry::Geometry, plume::PixelPlace};
use geo::{
    BooleanOps, BoundingRect, Coord, LineString, MapCoords, MultiPolygon, Orient, Polygon, Rect,
    orient::Direction,
};
use serde_json::{Value, json};

/// Where the plane of longitudes ends: a ring across the antimeridian is drawn on beyond 180°.
const WORLD_DEG: f64 = 180.0;
/// 1e-7° is a centimetre on the ground, far below a pixel.
const PLACES: f64 = 1e7;

/// The outline as a geometry, or `None` when nobody said where the pixels are.
pub(super) fn geometry(outline: &[Vec<PixelPlace>], geometry: &Geometry) -> Option<Value> {
    let mut rings = Vec::with_capacity(outline.len());
    for ring in outline {
        rings.push(on_the_ground(ring, geometry)?);
    }
    let mut rings = rings.into_iter();
    let polygon = continuous(&Polygon::new(rings.next()?, rings.collect()));
    let parts = cut(polygon).orient(Direction::Default);
    let mut coordinates: Vec<Value> = parts.iter().map(polygon_coordinates).collect();
    Some(match coordinates.len() {
        0 => return None,
        1 => json!({ "type": "Polygon", "coordinates": coordinates.pop() }),
        _ => json!({ "type": "MultiPolygon", "coordinates": coordinates }),
    })
}

/// A place in pixels as [line, sample].
pub(super) fn pixel_pair(place: &PixelPlace) -> Value {
    json!([place.line_px, place.sample_px])
}

/// Degrees to the last useful figure.
pub(super) fn rounded(degrees: f64) -> f64 {
    (degrees * PLACES).round() / PLACES
}

fn on_the_ground(ring: &[PixelPlace], geometry: &Geometry) -> Option<LineString> {
    ring.iter()
        .map(|&place| geometry.locate(place))
        .map(|place| place.map(|p| Coord { x: p.longitude.0, y: p.latitude.0 }))
        .collect()
}

/// The polygon with no jump: longitudes within half a turn of its first corner.
fn continuous(polygon: &Polygon) -> Polygon {
    let first = polygon.exterior().0.first().map_or(0.0, |corner| corner.x);
    polygon.map_coords(|Coord { x, y }| Coord { x: first + wrapped(x - first), y })
}

/// A difference of longitudes, −180 to 180.
fn wrapped(degrees: f64) -> f64 {
    (degrees + WORLD_DEG).rem_euclid(2.0 * WORLD_DEG) - WORLD_DEG
}

/// Cut along the antimeridian where the polygon crosses it, each part within ±180°.
fn cut(polygon: Polygon) -> MultiPolygon {
    // The knives reach no farther than the polygon: the overlay counts in steps of their size.
    let Some(bounds) = polygon.bounding_rect() else { return MultiPolygon(vec![polygon]) };
    let (low, high) = (bounds.min(), bounds.max());
    if -WORLD_DEG <= low.x && high.x <= WORLD_DEG {
        return MultiPolygon(vec![polygon]);
    }
    let parts = [-1.0, 0.0, 1.0].into_iter().flat_map(|turn| {
        let middle = turn * 2.0 * WORLD_DEG;
        let (west, east) = (low.x.max(middle - WORLD_DEG), high.x.min(middle + WORLD_DEG));
        let part = (west < east).then(|| {
            let world = Rect::new(Coord { x: west, y: low.y }, Coord { x: east, y: high.y });
            polygon.intersection(&world.to_polygon())
        });
        part.into_iter()
            .flatten()
            .map(move |p| p.map_coords(|Coord { x, y }| Coord { x: x - middle, y }))
    });
    MultiPolygon(parts.collect())
}

fn polygon_coordinates(polygon: &Polygon) -> Value {
    let ring = |ring: &LineString| -> Value {
        ring.coords().map(|corner| json!([rounded(corner.x), rounded(corner.y)])).collect()
    };
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect()
}

//! The ground that a sortie searched, as few polygons as it takes: the union of its footprints, by how weak a source it would have found.

use cathartes_core::{
    geometry::LatLon,
    units::{Degrees, KgPerHour, SquareMetres},
};
use geo::{Area, BooleanOps, BoundingRect, MultiPolygon, Polygon, Rect, unary_union};
use geographiclib_rs::{Geodesic, PolygonArea, Winding};
use jiff::Timestamp;

/// Cuts through one polygon at most, one inside the other.
const DEEPEST: u32 = 24;

/// One look at the ground.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// When.
    pub time: Timestamp,
    /// Corners in order.
    pub corners: [LatLon; 4],
    /// The weakest source it would have found nine times in ten.
    pub limit: Option<KgPerHour>,
}

/// Ground that was searched at one detection limit.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchedArea {
    /// The weakest source that would have been found nine times in ten.
    pub limit: Option<KgPerHour>,
    /// First look.
    pub from: Timestamp,
    /// Last look.
    pub to: Timestamp,
    /// Looks that make it up.
    pub looks: usize,
    /// Polygons without holes, each a ring that is not closed: what has a hole was cut through it.
    pub polygons: Vec<Vec<LatLon>>,
    /// Of all of them.
    pub area: SquareMetres,
}

/// What was searched, one area a limit, the lowest limit first. Limits are told apart by tenths of their decade, so that a
/// climbing aircraft does not make one a second.
#[must_use]
pub fn searched(looks: &[Look]) -> Vec<SearchedArea> {
    let Some(first) = looks.first() else { return Vec::new() };
    let west = first.corners[0].longitude.0;
    let class = |look: &Look| look.limit.map(|limit| (limit.0.log10() * 10.0).ceil() as i64);
    let mut classes: Vec<Option<i64>> = looks.iter().map(class).collect();
    classes.sort_unstable();
    classes.dedup();
    let area = |of: Option<i64>| {
        let some: Vec<&Look> = looks.iter().filter(|look| class(look) == of).collect();
        let limit = of.map(|tenths| KgPerHour(10_f64.powf(tenths as f64 / 10.0)));
        one(&some, limit, west)
    };
    classes.into_iter().filter_map(area).collect()
}

fn one(looks: &[&Look], limit: Option<KgPerHour>, west: f64) -> Option<SearchedArea> {
    let prints: Vec<Polygon> = looks.iter().map(|look| flat(&look.corners, west)).collect();
    let union: MultiPolygon = unary_union(&prints);
    let solid = union.0.into_iter().filter(|polygon| polygon.unsigned_area() > 0.0);
    let whole: Vec<Polygon> = solid.flat_map(|polygon| without_holes(polygon, DEEPEST)).collect();
    let polygons: Vec<Vec<LatLon>> = whole.iter().map(|polygon| round(polygon, west)).collect();
    let area_m2 = polygons.iter().map(|ring| area_m2(ring)).sum();
    let times = || looks.iter().map(|look| look.time);
    Some(SearchedArea {
        limit,
        from: times().min()?,
        to: times().max()?,
        looks: looks.len(),
        polygons,
        area: SquareMetres(area_m2),
    })
}

/// Longitudes near the first, so that the antimeridian is no edge.
fn flat(corners: &[LatLon; 4], west: f64) -> Polygon {
    let aside = |longitude: f64| (longitude - west + 180.0).rem_euclid(360.0) - 180.0;
    let ring = corners.iter().map(|at| (aside(at.longitude.0), at.latitude.0));
    Polygon::new(ring.collect(), Vec::new())
}

/// Cuts a polygon through its holes from north to south, until none is left.
fn without_holes(polygon: Polygon, deepest: u32) -> Vec<Polygon> {
    let hole = polygon.interiors().first().and_then(BoundingRect::bounding_rect);
    let (Some(hole), Some(all)) = (hole, polygon.bounding_rect()) else { return vec![polygon] };
    if deepest == 0 {
        // Of so many holes nobody can say what was seen: nothing is claimed.
        return Vec::new();
    }
    let (middle, low, high) = (hole.center().x, all.min(), all.max());
    let halves = [(low.x, middle), (middle, high.x)];
    let half = |(from, to)| Rect::new((from, low.y), (to, high.y)).to_polygon();
    let cut = halves.into_iter().flat_map(|sides| polygon.intersection(&half(sides)).0);
    cut.flat_map(|part| without_holes(part, deepest - 1)).collect()
}

fn round(polygon: &Polygon, west: f64) -> Vec<LatLon> {
    let place = |(aside, latitude): (f64, f64)| LatLon {
        latitude: Degrees(latitude),
        longitude: Degrees((west + aside + 180.0).rem_euclid(360.0) - 180.0),
    };
    let line = &polygon.exterior().0;
    let open = line.split_last().map_or(line.as_slice(), |(_, before)| before);
    open.iter().map(|point| place((point.x, point.y))).collect()
}

/// On the ellipsoid (Karney 2013, section 6).
fn area_m2(ring: &[LatLon]) -> f64 {
    let earth = Geodesic::wgs84();
    let mut polygon = PolygonArea::new(&earth, Winding::CounterClockwise);
    for place in ring {
        polygon.add_point(place.latitude.0, place.longitude.0);
    }
    polygon.compute(true).1.abs()
}

#[cfg(test)]
mod tests;

//! What permits and forbids a sortie as polygons without height and time.

use cathartes_core::{
    airspace::{Clause, Polygon, Rule},
    geometry::LatLon,
    units::Degrees,
};
use geo::{BooleanOps, Contains, Intersects, LineString, MultiPolygon, Point};

use super::Outgoing;

/// A polygon of a geofence, its corners not closed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fence {
    pub(super) inclusion: bool,
    pub(super) corners: Vec<LatLon>,
}

pub(super) fn fences(out: &Outgoing<'_>) -> Vec<Fence> {
    let place = |fix: &cathartes_core::track::Fix| (fix.place.longitude.0, fix.place.latitude.0);
    let way: LineString<f64> = out.sortie.track.fixes.iter().map(place).collect();
    let of = |rule: Rule| {
        let clauses = out.authorities.iter().flat_map(move |authority| {
            let all = authority.clauses.iter().filter(move |clause| clause.rule == rule);
            all.filter(move |clause| is_of(out, clause, authority))
        });
        clauses.flat_map(|clause| &clause.volume.polygons)
    };
    let mut within: MultiPolygon<f64> = MultiPolygon::new(Vec::new());
    for polygon in of(Rule::Permit).map(polygon) {
        within = within.union(&polygon);
    }
    let start = way.0.first().map(|first| Point::from(*first));
    let flown = within.into_iter().filter(|one| start.is_some_and(|start| one.contains(&start)));
    let mut fences = Vec::new();
    for one in flown {
        let (outer, holes) = one.into_inner();
        fences.push(Fence { inclusion: true, corners: corners(&outer) });
        let clear = holes.iter().filter(|hole| !way.intersects(*hole));
        fences.extend(clear.map(|hole| Fence { inclusion: false, corners: corners(hole) }));
    }
    for polygon in of(Rule::Forbid).map(polygon).filter(|polygon| !way.intersects(polygon)) {
        let outer = corners(polygon.exterior());
        fences.push(Fence { inclusion: false, corners: outer });
    }
    fences
}

/// Whether a clause is of a sortie, as the airspace holds it.
fn is_of(
    out: &Outgoing<'_>,
    clause: &Clause,
    authority: &cathartes_core::airspace::Authority,
) -> bool {
    let track = &out.sortie.track;
    let permits = clause.rule == Rule::Permit;
    let names = |own: &Option<Vec<String>>, document: &[String], name: &String| match own {
        Some(own) => own.contains(name),
        None => !permits || document.contains(name),
    };
    let purpose =
        clause.purposes.contains(&track.purpose) || clause.purposes.is_empty() && !permits;
    purpose
        && names(&clause.operators, &authority.operators, &track.operator)
        && names(&clause.aircraft, &authority.aircraft, &track.aircraft)
}

fn polygon(polygon: &Polygon) -> geo::Polygon<f64> {
    let ring = |ring: &Vec<LatLon>| -> LineString<f64> {
        ring.iter().map(|place| (place.longitude.0, place.latitude.0)).collect()
    };
    let mut rings = polygon.rings.iter().map(ring);
    let outer = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
    geo::Polygon::new(outer, rings.collect())
}

fn corners(ring: &LineString<f64>) -> Vec<LatLon> {
    let open = ring.0.len().saturating_sub(1);
    let place = |at: &geo::Coord<f64>| LatLon { latitude: Degrees(at.y), longitude: Degrees(at.x) };
    ring.0.iter().take(open).map(place).collect()
}

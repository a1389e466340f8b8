//! Corners, arcs and circles as one ring on the safe side.
//!
//! Where the ring runs round the middle of an arc the way the arc turns, the arc bulges out of the zone, and corners
//! outside of the circle make the zone larger; where it runs the other way the arc is a bay, and corners on the circle
//! itself do.

use cathartes_core::{
    airspace::Rule,
    geometry::{LatLon, bearing_and_distance, destination},
    units::{Degrees, Metres},
};

use crate::airspace::{
    AirspaceError,
    circle::{self, Arc, Side},
    rings,
};

/// Corners of one ring.
const MOST_CORNERS: usize = 200_000;
/// How much the ends of an arc may differ in their distance from its middle: files have them in whole seconds.
const MOST_UNLIKE: f64 = 0.2;

/// Which way arcs turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Clockwise,
    Against,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Piece {
    Corner(LatLon),
    Circle {
        middle: LatLon,
        radius: Metres,
    },
    Bow {
        ends: [LatLon; 2],
        /// From the middle to either end, the smaller first.
        radii: [Metres; 2],
        arc: Arc,
    },
}

impl Piece {
    pub(super) fn by_bearings(
        (middle, radius): (LatLon, Metres),
        [from, to]: [Degrees; 2],
        turn: Turn,
    ) -> Result<Self, AirspaceError> {
        let arc = Arc { middle, radius, from, sweep: sweep(from, to, turn) };
        arc.fits()?;
        let ends = [from, to].map(|bearing| destination(middle, bearing, radius));
        Ok(Self::Bow { ends, radii: [radius; 2], arc })
    }

    pub(super) fn by_places(
        middle: LatLon,
        ends: [LatLon; 2],
        turn: Turn,
    ) -> Result<Self, AirspaceError> {
        let [(from, one), (to, other)] = ends.map(|end| bearing_and_distance(middle, end));
        let radii = if one < other { [one, other] } else { [other, one] };
        if radii[1].0 * (1.0 - MOST_UNLIKE) > radii[0].0 {
            let what = format!(
                "the ends are {:.0} m and {:.0} m from the middle; mend one",
                one.0, other.0
            );
            return Err(AirspaceError::new(what));
        }
        let arc = Arc { middle, radius: radii[1], from, sweep: sweep(from, to, turn) };
        arc.fits()?;
        Ok(Self::Bow { ends, radii, arc })
    }
}

fn sweep(from: Degrees, to: Degrees, turn: Turn) -> Degrees {
    let turned = match turn {
        Turn::Clockwise => (to.0 - from.0).rem_euclid(360.0),
        Turn::Against => (from.0 - to.0).rem_euclid(360.0),
    };
    let turned = if turned == 0.0 { 360.0 } else { turned };
    Degrees(if turn == Turn::Clockwise { turned } else { -turned })
}

/// The ring, and whether any of it was round.
pub(super) fn ring(pieces: &[Piece], rule: Rule) -> Result<(Vec<LatLon>, bool), AirspaceError> {
    if let [Piece::Circle { middle, radius }] = pieces {
        let side = if rule == Rule::Forbid { Side::Outside } else { Side::Inside };
        return Ok((rings::checked(circle::circle(*middle, *radius, side)?)?, true));
    }
    let (plain, _) = corners(pieces, |_| Side::Inside)?;
    let clockwise = clockwise(&plain);
    let larger = rule == Rule::Forbid;
    let (ring, records) = corners(pieces, |arc| {
        let bulges = clockwise == (arc.sweep.0 > 0.0);
        if bulges == larger { Side::Outside } else { Side::Inside }
    })?;
    rings::each_place(&ring)?;
    let ring = rings::open(ring);
    rings::whole(&ring, |i| records.get(i).copied().unwrap_or(i))?;
    Ok((ring, pieces.iter().any(|piece| matches!(piece, Piece::Bow { .. }))))
}

/// All corners, and which record each is of.
fn corners(
    pieces: &[Piece],
    side: impl Fn(&Arc) -> Side,
) -> Result<(Vec<LatLon>, Vec<usize>), AirspaceError> {
    let (mut ring, mut records) = (Vec::new(), Vec::new());
    for (record, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Corner(corner) => ring.push(*corner),
            Piece::Bow { ends: [from, to], radii, arc } => {
                ring.push(*from);
                let side = side(arc);
                let mut between = Arc { radius: radii[usize::from(side == Side::Outside)], ..*arc }
                    .corners(side)?;
                if side == Side::Inside {
                    between.pop();
                    between = between.split_off(1.min(between.len()));
                }
                ring.append(&mut between);
                ring.push(*to);
            }
            Piece::Circle { .. } => {
                return Err(AirspaceError::new(
                    "a circle beside other lines; give it a zone of its own",
                ));
            }
        }
        records.resize(ring.len(), record);
        if ring.len() > MOST_CORNERS {
            return Err(AirspaceError::new("more than 200,000 corners; cut the zone into several"));
        }
    }
    Ok((ring, records))
}

/// Whether a ring runs clockwise as seen from above its middle.
fn clockwise(ring: &[LatLon]) -> bool {
    let directions: Vec<[f64; 3]> = ring.iter().map(|place| direction(*place)).collect();
    let middle = directions.iter().fold([0.0; 3], |sum, d| std::array::from_fn(|i| sum[i] + d[i]));
    let next = directions.iter().cycle().skip(1);
    let turned = directions.iter().zip(next).map(|(a, b)| {
        let across =
            [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
        across.iter().zip(middle).map(|(x, y)| x * y).sum::<f64>()
    });
    turned.sum::<f64>() < 0.0
}

fn direction(place: LatLon) -> [f64; 3] {
    let (sin, cos) = place.latitude.0.to_radians().sin_cos();
    let (east, north) = place.longitude.0.to_radians().sin_cos();
    [cos * north, cos * east, sin]
}

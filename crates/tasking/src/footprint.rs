//! What of the ground a sensor looked at.
//!
//! ```text
//! d = E(place) · Rz(ψ) Ry(θ) Rx(φ) · Rz(α) Ry(ε) Rx(ρ) · (1, u tan(h/2), w tan(v/2)),   u, w = ±1
//! ```
//! | symbol | meaning |
//! |---|---|
//! | ψ, θ, φ | heading, pitch and roll of the aircraft: turns about down, right and forward |
//! | α, ε, ρ | azimuth, elevation and roll of the sensor within the aircraft, likewise |
//! | h, v | horizontal and vertical field of view |
//! | E | from north, east, down at the aircraft to axes from the centre of the Earth |
//!
//! A corner is where d meets the ellipsoid raised to the height of the ground, which is taken as level. A corner that meets nothing,
//! because it looks above the horizon, leaves no footprint: nobody can say how far it saw. (MISB ST 0601 has the turns in this order.)

use cathartes_core::{
    flown::{Attitude, LogFix, View},
    geometry::LatLon,
    units::{Degrees, Metres},
};

use crate::vector::{self, Vector};

/// A sensor that is fixed to its aircraft, for logs that do not say where it looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mount {
    /// Below the nose: -90° looks straight down.
    pub elevation: Degrees,
    /// Across.
    pub horizontal_field: Degrees,
    /// Along.
    pub vertical_field: Degrees,
}

/// A direction in one of the frames of an aircraft: forward, right, down; or north, east, down.
type Turned = [f64; 3];

/// The four corners of the ground that a fix looks at, in order around it; `None` where that is not known or beyond the horizon.
///
/// `height` of the aircraft and `ground` are counted from the same level.
#[must_use]
pub fn footprint(
    fix: &LogFix,
    mount: Option<&Mount>,
    height: Metres,
    ground: Metres,
) -> Option<[LatLon; 4]> {
    let attitude = fix.attitude?;
    let look = Look::new(fix.view.as_deref(), mount)?;
    let level_m = ground.0;
    let from = vector::raised(fix.place, height.0);
    let corner = |(u, w): (f64, f64)| {
        let ned = in_the_world(&attitude, look.ray(u, w));
        vector::met(from, vector::from_north_east_down(fix.place, ned), level_m)
    };
    let [a, b, c, d] = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(corner);
    Some([a?, b?, c?, d?])
}

/// Where a sensor looks within its aircraft, radians.
struct Look {
    azimuth: f64,
    elevation: f64,
    roll: f64,
    across: f64,
    along: f64,
}

impl Look {
    fn new(view: Option<&View>, mount: Option<&Mount>) -> Option<Self> {
        let told = |pick: fn(&View) -> Option<Degrees>| view.and_then(pick).map(|angle| angle.0);
        let fixed = |pick: fn(&Mount) -> Degrees| mount.map(pick).map(|angle| angle.0);
        let elevation = told(|v| v.elevation).or_else(|| fixed(|m| m.elevation))?;
        let across = told(|v| v.horizontal_field).or_else(|| fixed(|m| m.horizontal_field))?;
        let along = told(|v| v.vertical_field).or_else(|| fixed(|m| m.vertical_field))?;
        Some(Self {
            azimuth: told(|v| v.azimuth).unwrap_or(0.0).to_radians(),
            elevation: elevation.to_radians(),
            roll: told(|v| v.roll).unwrap_or(0.0).to_radians(),
            across: (0.5 * across.to_radians()).tan(),
            along: (0.5 * along.to_radians()).tan(),
        })
    }

    /// The ray through a corner of the picture, within the aircraft.
    fn ray(&self, u: f64, w: f64) -> Turned {
        turned([self.azimuth, self.elevation, self.roll], [1.0, u * self.across, w * self.along])
    }
}

fn in_the_world(attitude: &Attitude, direction: Turned) -> Turned {
    let Attitude { heading, pitch, roll } = attitude;
    turned([heading, pitch, roll].map(|angle| angle.0.to_radians()), direction)
}

/// Turns about forward, then right, then down.
fn turned([down, right, forward]: [f64; 3], [x, y, z]: Turned) -> Turned {
    let (sin, cos) = forward.sin_cos();
    let (y, z) = (cos * y - sin * z, sin * y + cos * z);
    let (sin, cos) = right.sin_cos();
    let (x, z) = (cos * x + sin * z, cos * z - sin * x);
    let (sin, cos) = down.sin_cos();
    [cos * x - sin * y, sin * x + cos * y, z]
}

/// The middle of a footprint.
#[must_use]
pub fn middle(corners: &[LatLon; 4]) -> LatLon {
    let sum = corners
        .map(vector::of)
        .into_iter()
        .fold([0.0; 3], |sum: Vector, corner| [0, 1, 2].map(|i| sum[i] + corner[i] / 4.0));
    vector::place(sum)
}

#[cfg(test)]
mod tests;

//! Lines of sight, as a place near them sees them. Bearings are flat: within some 100 km.

use cathartes_core::geometry::LatLon;

use crate::{
    evidence::{Look, LookKind},
    gaussian::Covariance,
    ground::{bearing_rad, offset_m},
};

/// A line of sight as a place sees it.
pub(crate) struct Line {
    /// From the place to the nearest point of the line.
    pub(crate) to_foot: [f64; 2],
    pub(crate) normal: [f64; 2],
    /// Deviation across, at this distance.
    pub(crate) std_m: f64,
    distance_m: f64,
    off_rad: f64,
}

impl Line {
    pub(crate) fn of(look: &Look, place: LatLon) -> Option<Self> {
        let LookKind::Line { from, bearing, bearing_std, reach, .. } = &look.kind else {
            return None;
        };
        let seen = offset_m(*from, place);
        let distance_m = seen[0].hypot(seen[1]);
        let turn = bearing_rad(seen) - bearing.0.to_radians();
        let off_rad = turn.sin().atan2(turn.cos());
        if distance_m > reach.0 || distance_m < 1.0 || off_rad.abs() > 0.5 {
            return None;
        }
        let (sin, cos) = bearing.0.to_radians().sin_cos();
        let normal = [cos, -sin];
        let across = seen[0] * normal[0] + seen[1] * normal[1];
        let to_foot = [-across * normal[0], -across * normal[1]];
        let std_m = distance_m * bearing_std.0.to_radians();
        Some(Self { to_foot, normal, std_m, distance_m, off_rad })
    }

    /// Variance of the angle, with the doubt of the place across the line.
    fn variance_rad2(&self, spread: &Covariance) -> f64 {
        let v = spread.apply(self.normal);
        let across = v[0] * self.normal[0] + v[1] * self.normal[1];
        (self.std_m * self.std_m + across) / (self.distance_m * self.distance_m)
    }

    pub(crate) fn deviations(&self, spread: &Covariance) -> f64 {
        self.off_rad.abs() / self.variance_rad2(spread).sqrt()
    }

    /// Density of the angle, 1/rad.
    pub(crate) fn per_rad(&self, spread: &Covariance) -> f64 {
        let variance = self.variance_rad2(spread);
        (-0.5 * self.off_rad * self.off_rad / variance).exp()
            / (std::f64::consts::TAU * variance).sqrt()
    }
}

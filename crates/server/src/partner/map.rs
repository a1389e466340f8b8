//! Where to look, drawn by ourselves: the area on a grid of latitude and longitude, with a scale and north up.
//!
//! ```text
//! x = (λ − λ0) cos φ0 · m/°,   y = (φ − φ0) · m/°        plane around the middle (λ0, φ0)
//! ```
//!
//! The plane is true to a per cent for areas of up to 100 km that do not lie at a pole; for others nothing is drawn. No
//! picture of the ground comes from elsewhere: whoever serves such pictures would learn what is looked at.

use std::fmt::Write as _;

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance},
    units::{Degrees, Metres},
};
use cathartes_release::{product::Value, recipient::Language};

use super::html::t;

/// Sides of the picture.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 300.0;
/// What the area reaches over, of half the height.
const SHARE: f64 = 0.62;
/// A point is drawn with this around it, at least.
const LEAST_M: f64 = 50.0;
const MOST_M: f64 = 100_000.0;
const MOST_LATITUDE_DEG: f64 = 80.0;
const METRES_A_DEGREE: f64 = 111_195.0;

/// A place to look around, and how far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ground {
    pub(super) middle: LatLon,
    pub(super) reach: Metres,
}

/// Where a value says to look.
pub(super) fn ground(value: &Value) -> Option<Ground> {
    let (middle, reach) = match value {
        Value::Place { place, ellipse } => (*place, ellipse.semi_major),
        Value::Circle { middle, radius } => (*middle, *radius),
        Value::Cell { corners } => {
            let middle = middle_of(corners);
            let (_, half) = bearing_and_distance(middle, corners[0]);
            (middle, half)
        }
        _ => return None,
    };
    let fits = middle.latitude.0.abs() <= 90.0 && middle.longitude.0.abs() <= 180.0;
    (fits && reach.0.is_finite()).then_some(Ground { middle, reach })
}

fn middle_of(corners: &[LatLon; 4]) -> LatLon {
    let mean = |of: fn(&LatLon) -> f64| corners.iter().map(of).sum::<f64>() / 4.0;
    LatLon {
        latitude: Degrees(mean(|corner| corner.latitude.0)),
        longitude: Degrees(mean(|corner| corner.longitude.0)),
    }
}

/// The picture as SVG; none where it would mislead.
pub(super) fn svg(value: &Value, language: Language) -> Option<String> {
    let Ground { middle, reach } = ground(value)?;
    let drawable = middle.latitude.0.abs() <= MOST_LATITUDE_DEG && reach.0 <= MOST_M;
    let plane = drawable.then(|| Plane::around(middle, reach.0.max(LEAST_M)))?;
    let mut drawn = plane.graticule();
    drawn.push_str(&plane.area(value));
    drawn.push_str(&plane.scale());
    let title = t(
        language,
        "Mapa: la zona donde buscar, con el norte arriba",
        "Map: the area to search, north up",
    );
    Some(format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\">{drawn}\
         <text x=\"{}\" y=\"20\" text-anchor=\"end\">N ↑</text></svg>",
        WIDTH - 8.0
    ))
}

/// A plane around a middle.
struct Plane {
    middle: LatLon,
    /// Pixels a metre.
    scale: f64,
    /// Metres a degree of longitude.
    east_m: f64,
}

impl Plane {
    fn around(middle: LatLon, reach_m: f64) -> Self {
        let east_m = METRES_A_DEGREE * middle.latitude.0.to_radians().cos();
        Self { middle, scale: SHARE * HEIGHT / 2.0 / reach_m, east_m }
    }

    fn at(&self, place: LatLon) -> (f64, f64) {
        let across =
            (place.longitude.0 - self.middle.longitude.0 + 540.0).rem_euclid(360.0) - 180.0;
        let up = place.latitude.0 - self.middle.latitude.0;
        (
            WIDTH / 2.0 + across * self.east_m * self.scale,
            HEIGHT / 2.0 - up * METRES_A_DEGREE * self.scale,
        )
    }

    fn graticule(&self) -> String {
        let mut drawn = String::new();
        let half_width_deg = WIDTH / 2.0 / self.scale / self.east_m;
        let half_height_deg = HEIGHT / 2.0 / self.scale / METRES_A_DEGREE;
        let step_deg = step(half_width_deg.max(half_height_deg));
        for (n, longitude) in lines(self.middle.longitude.0, half_width_deg, step_deg) {
            let (x, _) = self.at(LatLon { longitude: Degrees(n), ..self.middle });
            let _ = write!(
                drawn,
                "<path class=\"g\" d=\"M{x:.1} 0V{HEIGHT}\"/><text x=\"{:.1}\" y=\"{}\">{longitude}</text>",
                x + 3.0,
                HEIGHT - 6.0
            );
        }
        for (n, latitude) in lines(self.middle.latitude.0, half_height_deg, step_deg) {
            let (_, y) = self.at(LatLon { latitude: Degrees(n), ..self.middle });
            let _ = write!(
                drawn,
                "<path class=\"g\" d=\"M0 {y:.1}H{WIDTH}\"/><text x=\"3\" y=\"{:.1}\">{latitude}</text>",
                y - 3.0
            );
        }
        drawn
    }

    fn area(&self, value: &Value) -> String {
        let (x, y) = (WIDTH / 2.0, HEIGHT / 2.0);
        match value {
            Value::Place { ellipse, .. } => {
                let [long, short] =
                    [ellipse.semi_major, ellipse.semi_minor].map(|axis| axis.0 * self.scale);
                format!(
                    "<ellipse class=\"a\" cx=\"{x}\" cy=\"{y}\" rx=\"{long:.1}\" ry=\"{short:.1}\" \
                     transform=\"rotate({:.1} {x} {y})\"/><circle class=\"a\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/>",
                    ellipse.bearing.0 - 90.0
                )
            }
            Value::Cell { corners } => {
                let points = corners.map(|corner| self.at(corner));
                let points = points.map(|(x, y)| format!("{x:.1},{y:.1}")).join(" ");
                format!("<polygon class=\"a\" points=\"{points}\"/>")
            }
            Value::Circle { radius, .. } => {
                format!(
                    "<circle class=\"a\" cx=\"{x}\" cy=\"{y}\" r=\"{:.1}\"/>",
                    radius.0 * self.scale
                )
            }
            _ => String::new(),
        }
    }

    fn scale(&self) -> String {
        let metres = round(WIDTH / 3.0 / self.scale);
        let shown = if metres >= 1_000.0 {
            format!("{} km", metres / 1_000.0)
        } else {
            format!("{metres} m")
        };
        // In the corner that has no degrees of the grid.
        let (end, start) = (WIDTH - 10.0, WIDTH - 10.0 - metres * self.scale);
        let (y, above) = (HEIGHT - 30.0, HEIGHT - 38.0);
        format!(
            "<path class=\"s\" d=\"M{start:.1} {y}H{end:.1}\"/>\
             <text x=\"{end:.1}\" y=\"{above}\" text-anchor=\"end\">{shown}</text>"
        )
    }
}

/// Where lines of a grid are within a half range of a middle, and what stands at them.
fn lines(middle_deg: f64, half_deg: f64, step_deg: f64) -> Vec<(f64, String)> {
    let digits = (-step_deg.log10().floor()).max(0.0) as usize;
    let first = ((middle_deg - half_deg) / step_deg).ceil() as i64;
    let last = ((middle_deg + half_deg) / step_deg).floor() as i64;
    (first..=last).map(|n| n as f64 * step_deg).map(|at| (at, format!("{at:.digits$}°"))).collect()
}

/// The step of a grid that has one to three lines within twice a half range.
fn step(half_deg: f64) -> f64 {
    round(half_deg)
}

/// 1, 2 or 5 times a power of ten, at most the value.
fn round(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let lead = value / power;
    power
        * if lead >= 5.0 {
            5.0
        } else if lead >= 2.0 {
            2.0
        } else {
            1.0
        }
}

#[cfg(test)]
mod tests;

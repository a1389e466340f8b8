//! The air that readings were taken in: wind interpolated to their times, and what a rate makes of it.
//!
//! ```text
//! ppm m³ s⁻¹ per kg h⁻¹ = 10⁶ R T / (3.6 M P)       M in g mol⁻¹, P in Pa
//! ```
//!
//! Wind is interpolated linearly, component by component, and held beyond both ends of its record.
//! Turbulence that nobody measured is guessed from the wind speed, as Pasquill's classes for a day
//! of moderate sun have it (EPA-454/R-99-005, tables 6-8 and 6-9).

use cathartes_core::{trace::WindReading, units::GramsPerMole};

use super::way::Way;

/// Gas constant, J mol⁻¹ K⁻¹.
const R: f64 = 8.314_462_618;
/// Air in which nobody measured temperature or pressure: K, kPa.
const STANDARD: (f64, f64) = (288.15, 101.325);
/// Below this no plume has a direction, m s⁻¹.
pub(super) const CALM: f64 = 0.5;
/// U₀: about here gas begins to go any way, m s⁻¹.
const SLOW: f64 = 1.0;

/// The air at one reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Flow {
    /// Unit vector of where the wind blows to.
    pub(super) along: [f64; 2],
    /// U, m s⁻¹, at least [`CALM`].
    pub(super) speed: f64,
    /// Whether it was in truth weaker than that.
    pub(super) calm: bool,
    /// (1 + U₀⁴/U⁴)²: by how much more than noise readings vary, gas that hardly moves going any way.
    pub(super) stray: f64,
    /// Tangents of the turbulence across, and up and down.
    pub(super) spread: [f64; 2],
    /// ppm m³ s⁻¹ of 1 kg h⁻¹.
    pub(super) ppm_m3_s: f64,
    /// How gas came here, where wind is measured often enough to tell.
    pub(super) way: Option<Way>,
}

impl Flow {
    fn new(wind: &WindReading, molar_mass: GramsPerMole) -> Self {
        let (u, v) = (wind.east.0, wind.north.0);
        let speed = u.hypot(v);
        let along = if speed > 0.0 { [u / speed, v / speed] } else { [1.0, 0.0] };
        let temperature = wind.temperature.map_or(STANDARD.0, |t| t.0);
        let pressure = wind.pressure.map_or(STANDARD.1, |p| p.0);
        let guess = by_class(speed);
        Self {
            along,
            speed: speed.max(CALM),
            calm: speed < CALM,
            stray: (1.0 + (SLOW / speed.max(CALM)).powi(4)).powi(2),
            spread: [
                tangent(wind.turbulence_across.map_or(guess[0], |d| d.0)),
                tangent(wind.turbulence_up.map_or(guess[1], |d| d.0)),
            ],
            ppm_m3_s: 1e3 * R * temperature / (3.6 * molar_mass.0 * pressure),
            way: None,
        }
    }
}

/// Deviations of direction across and up, degrees, of Pasquill's A to D by wind speed.
fn by_class(speed: f64) -> [f64; 2] {
    match speed {
        ..2.0 => [25.0, 12.0],
        ..3.0 => [20.0, 10.8],
        ..5.0 => [15.0, 8.9],
        _ => [10.0, 6.4],
    }
}

/// Beyond 45° and below half a degree no plume is a cone.
fn tangent(deg: f64) -> f64 {
    deg.clamp(0.5, 45.0).to_radians().tan()
}

/// The air at a time; the record is not empty and its times rise.
pub(super) fn flow_at(record: &[WindReading], time: f64, molar_mass: GramsPerMole) -> Flow {
    Flow { way: Way::to(record, time), ..Flow::new(&wind_at(record, time), molar_mass) }
}

/// The wind at a time.
pub(super) fn wind_at(record: &[WindReading], time: f64) -> WindReading {
    let next = record.partition_point(|w| w.time.0 <= time);
    let (before, after) = (&record[next.saturating_sub(1)], &record[next.min(record.len() - 1)]);
    let gap = after.time.0 - before.time.0;
    let share = if gap > 0.0 { ((time - before.time.0) / gap).clamp(0.0, 1.0) } else { 0.0 };
    between(before, after, share)
}

fn between(a: &WindReading, b: &WindReading, share: f64) -> WindReading {
    macro_rules! mix {
        ($field:ident) => {{
            let mut mixed = a.$field;
            mixed.0 += share * (b.$field.0 - a.$field.0);
            mixed
        }};
        (? $field:ident) => {
            match (a.$field, b.$field) {
                (Some(mut x), Some(y)) => {
                    x.0 += share * (y.0 - x.0);
                    Some(x)
                }
                (x, y) => x.or(y),
            }
        };
    }
    WindReading {
        time: mix!(time),
        east: mix!(east),
        north: mix!(north),
        turbulence_across: mix!(?turbulence_across),
        turbulence_up: mix!(?turbulence_up),
        temperature: mix!(?temperature),
        pressure: mix!(?pressure),
    }
}

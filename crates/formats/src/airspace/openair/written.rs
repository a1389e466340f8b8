//! Prohibitions as `OpenAir` has them.

use std::fmt::Write;

use cathartes_core::{
    airspace::{Authority, Clause, Limit, Polygon, Rule, Volume},
    geometry::LatLon,
};

use crate::airspace::{
    Exported,
    zone::{FOOT_M, Leaving},
};

/// Writes the prohibitions of an authority as zones of class P. Corners are in seconds with five decimals, which is
/// 0.3 mm; heights in whole feet and whole flight levels.
///
/// Permissions are left out: the form knows where one may not be, and has no word for the contrary.
#[must_use]
pub fn write(authority: &Authority) -> Exported {
    let mut exported = Exported { text: String::new(), notes: Vec::new() };
    for clause in &authority.clauses {
        let mut leaving = Leaving { clause, notes: &mut exported.notes };
        if clause.rule == Rule::Permit {
            leaving.note("a permission, for which the form has no word; it is left out");
            continue;
        }
        told(&mut leaving);
        let (floor, ceiling) = heights(&clause.volume, &mut leaving);
        for polygon in &clause.volume.polygons {
            zone(&mut exported.text, clause, [&floor, &ceiling], polygon);
        }
    }
    exported
}

fn told(leaving: &mut Leaving<'_>) {
    let Clause { volume, windows, .. } = leaving.clause;
    leaving.common();
    if !windows.is_empty() {
        leaving.widen("the form has no times", "as one at all times");
    }
    if volume.polygons.iter().any(|polygon| polygon.rings.len() > 1) {
        leaving.widen("the form has no holes", "without them");
    }
    if volume.polygons.len() > 1 {
        leaving.note("it has several polygons, each of which is a zone of the same name");
    }
}

fn zone(text: &mut String, clause: &Clause, [floor, ceiling]: [&str; 2], polygon: &Polygon) {
    let name: String = clause.number.chars().map(|c| if c == '*' { '-' } else { c }).collect();
    // Writing to a text does not fail.
    let _ = write!(text, "AC P\nAN {name}\nAL {floor}\nAH {ceiling}\n");
    for corner in polygon.rings.first().into_iter().flatten() {
        let _ = writeln!(text, "DP {}", place(*corner));
    }
    text.push('\n');
}

fn place(LatLon { latitude, longitude }: LatLon) -> String {
    let sexagesimal = |degrees: f64| {
        let all = (degrees.abs() * 3600e5).round() as u64;
        let (minutes, rest) = (all / 6_000_000, all % 6_000_000);
        format!(
            "{:02}:{:02}:{:02}.{:05}",
            minutes / 60,
            minutes % 60,
            rest / 100_000,
            rest % 100_000
        )
    };
    let (ns, ew) =
        (if latitude.0 < 0.0 { 'S' } else { 'N' }, if longitude.0 < 0.0 { 'W' } else { 'E' });
    format!("{} {ns} {} {ew}", sexagesimal(latitude.0), sexagesimal(longitude.0))
}

fn heights(volume: &Volume, leaving: &mut Leaving<'_>) -> (String, String) {
    let floor = match volume.floor {
        floor if floor.is_ground() => "SFC".to_owned(),
        Limit::Amsl(height) if height.0 < 0.0 => {
            leaving.widen("a floor below the sea, which the form has not", "from the ground");
            "SFC".to_owned()
        }
        floor => height(floor, f64::floor, leaving),
    };
    let ceiling = volume.ceiling.map(|ceiling| height(ceiling, f64::ceil, leaving));
    (floor, ceiling.unwrap_or_else(|| "UNL".to_owned()))
}

/// A height in whole units, rounded so that the prohibition is no smaller.
fn height(limit: Limit, outwards: fn(f64) -> f64, leaving: &mut Leaving<'_>) -> String {
    let (exact, before, behind) = match limit {
        Limit::Amsl(height) => (height.0 / FOOT_M, "", "ft AMSL"),
        Limit::Agl(height) => (height.0 / FOOT_M, "", "ft AGL"),
        Limit::Pressure(height) => (height.0 / Limit::FLIGHT_LEVEL.0, "FL", ""),
    };
    let near = exact.round();
    let whole = if (exact - near).abs() < 1e-6 { near } else { outwards(exact) };
    if (exact - whole).abs() >= 1e-6 {
        leaving.note(format_args!("{limit} is rounded outwards to {before}{whole}{behind}"));
    }
    // A ceiling below the sea is that of the sea, which is no smaller.
    let whole = whole.max(0.0);
    format!("{before}{whole}{behind}")
}

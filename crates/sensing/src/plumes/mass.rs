//! From ppm m to kilograms.
//!
//! One ppm m at 296 K and 1 atm is 2.4794 × 10¹⁵ molecules a cm², 24.29 L/mol:
//!
//! ```text
//! M = Σ α A · n M_w / N_A,    methane: 6.605 × 10⁻⁷ kg m⁻² per ppm m.
//! ```
//!
//! Who counts with 22.4 L/mol (0 °C) gets 8.4 % more for the same ppm m, with 24.5 L/mol (25 °C)
//! 0.7 % less. The sum runs over the outline grown by [`SKIRT_PX`] pixels, because gas below the
//! threshold lies around it, and because a sum over the pixels that noise helped to choose is too
//! high; the surroundings, no gas in them, say what background is there.

use cathartes_core::units::{GramsPerMole, Kilograms};

/// Gas column of one ppm m at 296 K and 1 atm, molecules cm⁻².
const MOLECULES_PER_CM2: f64 = 2.4794e15;
/// Molecules a mole.
const AVOGADRO: f64 = 6.022_140_76e23;
/// How well the scale of the quantity map is known, relative: the filter's target, saturation and
/// the plume's own share in the background it is compared with. Measured on simulated scenes of
/// 200 lines, seeds below 120.
pub(crate) const SCALE: f64 = 0.21;
/// How far the outline is grown to catch the skirts of a plume, pixels.
pub(crate) const SKIRT_PX: i32 = 3;

/// The mass over an area: of so many ppm m m² of gas.
#[must_use]
pub fn mass(ppmm_m2: f64, molar_mass: GramsPerMole) -> Kilograms {
    Kilograms(ppmm_m2 * MOLECULES_PER_CM2 * 1e4 / AVOGADRO * molar_mass.0 * 1e-3)
}

/// A mask with every pixel within a distance of it added, inside a raster.
pub(crate) fn grown(
    pixels: &[(u32, u32)],
    by: i32,
    lines: usize,
    samples: usize,
) -> Vec<(i32, i32)> {
    let disc: Vec<(i32, i32)> = (-by..=by)
        .flat_map(|l| (-by..=by).map(move |s| (l, s)))
        .filter(|(l, s)| l * l + s * s <= by * by + by)
        .collect();
    let span = |of: fn(&(u32, u32)) -> u32, end: usize| {
        let (low, high) = pixels
            .iter()
            .fold((u32::MAX, 0), |(low, high), pixel| (low.min(of(pixel)), high.max(of(pixel))));
        (low as i32 - by).max(0)..(high as i32 + by + 1).min(end as i32)
    };
    let (rows, columns) = (span(|p| p.0, lines), span(|p| p.1, samples));
    let wide = columns.len();
    let at = |l: i32, s: i32| {
        let inside = rows.contains(&l) && columns.contains(&s);
        inside.then(|| (l - rows.start) as usize * wide + (s - columns.start) as usize)
    };
    let mut inside = vec![false; rows.len() * wide];
    let own = || pixels.iter().map(|&(l, s)| (l as i32, s as i32));
    own().filter_map(|(l, s)| at(l, s)).for_each(|i| inside[i] = true);
    let sides = |l, s| [(l - 1, s), (l + 1, s), (l, s - 1), (l, s + 1)];
    let rim = own()
        .filter(|&(l, s)| !sides(l, s).iter().all(|&(l, s)| at(l, s).is_some_and(|i| inside[i])));
    for (l, s) in rim.collect::<Vec<_>>() {
        for i in disc.iter().filter_map(|(dl, ds)| at(l + dl, s + ds)) {
            inside[i] = true;
        }
    }
    let place = |i: usize| (rows.start + (i / wide) as i32, columns.start + (i % wide) as i32);
    (0..inside.len()).filter(|&i| inside[i]).map(place).collect()
}

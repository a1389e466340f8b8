use std::collections::BTreeSet;

use cathartes_core::units::{Degrees, GramsPerMole, MetresPerSecond};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::maps::Chosen;

pub(crate) const PIXEL_M: f64 = 3.0;

pub(crate) fn methane() -> Gas {
    let [slug, name, formula, cas] = ["ch4", "Methane", "CH4", "74-82-8"].map(str::to_owned);
    Gas { slug, name, formula, cas, molar_mass: GramsPerMole(16.043) }
}

/// North up, 3 m; wind from the west unless said.
pub(crate) fn ground(from_deg: f64) -> Ground {
    let steps = PixelSteps {
        per_sample: Metres(PIXEL_M),
        per_line: Metres(PIXEL_M),
        sample_bearing: Degrees(90.0),
        line_bearing: Degrees(180.0),
    };
    let speed = Estimate { value: MetresPerSecond(4.0), std: MetresPerSecond(0.4) };
    Ground { steps: Some(steps), wind: Some(Wind { speed, from: Degrees(from_deg) }) }
}

/// White noise of deviation `sigma` plus slow background of deviation `slow`, plus `gas`; the
/// decision map is the noise-normalised blur of the same, as a search would make it.
pub(crate) fn maps(
    (lines, samples): (usize, usize),
    seed: u64,
    (sigma, slow): (f32, f32),
    gas: impl Fn(f64, f64) -> f64,
) -> SearchMaps {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut white = || {
        let values = (0..lines * samples).map(|_| StandardNormal.sample(&mut random)).collect();
        Raster { lines, samples, values }
    };
    let (fine, coarse) = (white(), blurred(&white(), 5.0));
    let mut enhancement = Raster::filled(lines, samples, 0.0);
    let mut background = enhancement.clone();
    for i in 0..lines * samples {
        let there = gas((i / samples) as f64 + 0.5, (i % samples) as f64 + 0.5) as f32;
        background.values[i] = sigma * fine.values[i] + slow * coarse.values[i];
        enhancement.values[i] = background.values[i] + there;
    }
    let mut significance = enhancement.clone();
    for value in &mut significance.values {
        *value /= sigma.hypot(slow);
    }
    let still = blurred(&background, 1.5).values;
    let unit = (still.iter().map(|x| x * x).sum::<f32>() / still.len() as f32).sqrt();
    let mut decision = blurred(&enhancement, 1.5);
    for value in &mut decision.values {
        *value /= unit;
    }
    SearchMaps {
        sigma_ppmm: Raster::filled(lines, samples, sigma.hypot(slow)),
        enhancement_ppmm: enhancement,
        significance,
        decision,
        masks: Vec::new(),
        chosen: Chosen { filter: "test".into(), reasons: Vec::new(), bands_nm: Vec::new() },
    }
}

/// Gaussian blur that keeps the variance of white noise.
fn blurred(map: &Raster, width: f64) -> Raster {
    let reach = (3.0 * width) as i64;
    let kernel: Vec<f64> =
        (-reach..=reach).map(|d| (-0.5 * (d as f64 / width).powi(2)).exp()).collect();
    let norm = kernel.iter().map(|k| k * k).sum::<f64>();
    let (lines, samples) = (map.lines as i64, map.samples as i64);
    let pass = |from: &Raster, dl: i64, ds: i64| {
        let at = |l: i64, s: i64| {
            f64::from(from.at(l.rem_euclid(lines) as usize, s.rem_euclid(samples) as usize))
        };
        let value = |i: i64| {
            let (l, s) = (i / samples, i % samples);
            let terms = (-reach..=reach).zip(&kernel).map(|(d, k)| k * at(l + d * dl, s + d * ds));
            (terms.sum::<f64>() / norm.sqrt()) as f32
        };
        Raster { values: (0..lines * samples).map(value).collect(), ..*from }
    };
    pass(&pass(map, 0, 1), 1, 0)
}

/// A Gaussian puff of so many ppm m at its middle.
fn puff(at: (f64, f64), width: f64, top: f64) -> impl Fn(f64, f64) -> f64 {
    move |l, s| top * (-0.5 * ((l - at.0).powi(2) + (s - at.1).powi(2)) / (width * width)).exp()
}

fn options() -> FindOptions {
    FindOptions::new(methane())
}

#[test]
fn background_alone_raises_no_more_false_plumes_than_asked() {
    let strict = FindOptions { expected_false_alarms: 0.3, min_pixels: 1, ..options() };
    let lax = FindOptions { expected_false_alarms: 3.0, ..strict.clone() };
    let found = |asked: &FindOptions| -> usize {
        let scene = |seed| maps((96, 96), seed, (100.0, 0.0), |_, _| 0.0);
        (0..100).map(|seed| find(&scene(seed), &ground(270.0), asked).len()).sum()
    };

    // Ground without clutter: 30 and 300 allowed, fewer come.
    let (few, many) = (found(&strict), found(&lax));
    assert!(few <= 40, "{few}");
    assert!((60..=330).contains(&many), "{many}");
}

#[test]
fn a_false_plume_says_how_likely_it_is() {
    let asked = FindOptions { expected_false_alarms: 3.0, min_pixels: 1, ..options() };
    let strongest = |seed| {
        find(&maps((96, 96), seed, (100.0, 0.0), |_, _| 0.0), &ground(270.0), &asked)
            .first()
            .map_or(1.0, |plume| plume.false_alarm_probability)
    };

    let chances: Vec<f64> = (1000..1150).map(strongest).collect();

    for level in [0.05, 0.2, 0.5] {
        let below = chances.iter().filter(|&&p| p < level).count() as f64 / 150.0;
        let three_sigma = 3.0 * (level * (1.0 - level) / 150.0_f64).sqrt();
        assert!(below < level + three_sigma, "{level}: {below}");
    }
    assert!(chances.iter().any(|&p| p < 0.9));
}

#[test]
fn a_plume_is_found_where_it_is_with_its_mass() {
    let gas = puff((40.0, 60.0), 4.0, 1500.0);
    let truth =
        mass(1500.0 * std::f64::consts::TAU * 16.0 * PIXEL_M * PIXEL_M, GramsPerMole(16.043));

    let found = find(&maps((96, 96), 1, (150.0, 0.0), gas), &ground(270.0), &options());

    let [plume] = &found[..] else { panic!("{found:?}") };
    assert!(plume.false_alarm_probability < 1e-6);
    assert!((plume.origin.line_px - 40.0).abs() < 4.0, "{:?}", plume.origin);
    let mass = plume.mass.unwrap();
    assert!(
        (mass.value.0 - truth.0).abs() < 3.0 * mass.std.0 + 0.03 * truth.0,
        "{mass:?} {truth:?}"
    );
    // Noise adds little to what the scale is uncertain by.
    assert!(mass.std.0 < (mass::SCALE + 0.04) * truth.0, "{mass:?}");
}

#[test]
fn masses_scatter_as_their_deviations_say() {
    for slow in [0.0, 15.0] {
        let truth =
            mass(1500.0 * std::f64::consts::TAU * 9.0 * PIXEL_M * PIXEL_M, GramsPerMole(16.043));
        let z: Vec<f64> = (2000..2080)
            .filter_map(|seed| {
                let maps = maps((96, 96), seed, (100.0, slow), puff((48.0, 48.0), 3.0, 1500.0));
                let found = find(&maps, &ground(270.0), &options());
                let mass = found.first()?.mass?;
                // The scale of these maps is exact; what is left is background.
                let scale = mass::SCALE * mass.value.0;
                Some((mass.value.0 - truth.0) / (mass.std.0.powi(2) - scale * scale).sqrt())
            })
            .collect();

        let n = z.len() as f64;
        let mean = z.iter().sum::<f64>() / n;
        let spread = (z.iter().map(|z| (z - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        assert!(mean.abs() < 0.8, "slow {slow}: mean {mean}, spread {spread}");
        assert!((0.75..1.4).contains(&spread), "slow {slow}: mean {mean}, spread {spread}");
    }
}

#[test]
fn fragments_in_line_with_the_wind_are_one_plume() {
    let gas = |l: f64, s: f64| {
        puff((48.0, 30.0), 3.0, 1500.0)(l, s) + puff((48.0, 52.0), 3.5, 1200.0)(l, s)
    };
    let maps = maps((96, 96), 3, (100.0, 0.0), gas);

    assert_eq!(find(&maps, &ground(270.0), &options()).len(), 1, "wind along");
    assert_eq!(find(&maps, &ground(0.0), &options()).len(), 2, "wind across");
}

#[test]
fn the_head_is_upwind() {
    let streak = |l: f64, s: f64| {
        let x = s - 30.0;
        if x < 0.0 { 0.0 } else { 2000.0 / (1.0 + 0.05 * x) * puff((48.0, s), 2.0, 1.0)(l, s) }
    };
    let maps = maps((96, 96), 4, (100.0, 0.0), streak);

    let origin = |from_deg| find(&maps, &ground(from_deg), &options())[0].origin;

    assert!((origin(270.0).sample_px - 30.0).abs() < 3.0, "{:?}", origin(270.0));
    assert!(origin(90.0).sample_px > 45.0, "{:?}", origin(90.0));
}

#[test]
fn without_a_ground_scale_nothing_has_a_size() {
    let maps = maps((64, 64), 5, (100.0, 0.0), puff((32.0, 32.0), 3.0, 1500.0));

    let found = find(&maps, &Ground::default(), &options());

    assert_eq!(found.len(), 1);
    assert_eq!((found[0].length, found[0].area, found[0].mass), (None, None, None));
}

#[test]
fn a_column_without_numbers_breaks_nothing() {
    let mut maps = maps((64, 64), 6, (100.0, 0.0), puff((32.0, 32.0), 3.0, 1500.0));
    for line in 0..64 {
        for map in [&mut maps.enhancement_ppmm, &mut maps.sigma_ppmm, &mut maps.decision] {
            map.values[line * 64 + 33] = f32::NAN;
        }
    }

    let found = find(&maps, &ground(270.0), &options());

    assert!(!found.is_empty());
    assert!(found.iter().all(|p| p.mass.unwrap().value.0.is_finite()), "{found:?}");
}

#[test]
fn a_chip_of_a_hundred_pixels_is_searched_too() {
    let quiet = maps((10, 10), 7, (100.0, 0.0), |_, _| 0.0);
    assert_eq!(find(&quiet, &ground(270.0), &options()), Vec::new());

    let blank = SearchMaps { decision: Raster::filled(10, 10, f32::NAN), ..quiet };
    assert_eq!(find(&blank, &ground(270.0), &options()), Vec::new());
}

/// Twice the signed area of a closed ring.
fn twice_area(ring: &[PixelPlace]) -> f64 {
    ring.windows(2).map(|e| e[0].sample_px * e[1].line_px - e[1].sample_px * e[0].line_px).sum()
}

proptest! {
    #[test]
    fn an_outline_holds_its_pixels_and_touches_itself_nowhere(bits in proptest::collection::vec(0.0_f32..4.0, 144)) {
        let decision = Raster { lines: 12, samples: 12, values: bits };
        let levels = Levels { seed: 3.0, join: 3.0, grow: 2.2 };
        let lie = Lie { frame: Frame::of(None), downwind: None };
        for patch in segment::patches(segment::Maps { decision: &decision, fine: &decision }, levels, 1, &lie) {
            let rings = outline::rings(&places(&patch.pixels, 12));

            let area = rings.iter().map(|r| twice_area(r)).sum::<f64>() / 2.0;
            prop_assert_eq!(area.abs(), patch.pixels.len() as f64);
            prop_assert!(rings.iter().skip(1).all(|r| twice_area(r) * twice_area(&rings[0]) < 0.0));
            let corners: Vec<_> = rings
                .iter()
                .flat_map(|r| {
                    prop_assert_eq!(r.first(), r.last());
                    Ok(r[1..].iter().map(|p| (p.line_px as u32, p.sample_px as u32)).collect::<Vec<_>>())
                })
                .flatten()
                .collect();
            prop_assert_eq!(corners.iter().collect::<BTreeSet<_>>().len(), corners.len());
        }
    }
}

//! Two pieces of real AVIRIS-NG radiance: what `detect` says of them, and of plumes put into one.
//!
//! They lie in `../shared/data`, outside the project; where they do not, the tests say so and pass.
//! The plumes are put in by Beer-Lambert with a published table of methane at 0.1 cm⁻¹, below the
//! methane of the air; nothing of our signature is used for it. `cargo xtask bench chips` prints the
//! table of docs/validation/chips.md; seeds from 1000 on are scored, `CHIP_SEEDS=1:40` takes others
//! for development.

#![expect(clippy::unwrap_used, reason = "a chip that is there and does not read has failed")]

mod chip;
mod plain;
mod score;

use cathartes_pipeline::detect::Filter;

use chip::{Blob, Chip};
use score::{Row, area_under_curve, deviation};

const LARGE: &str = "ang20160910t185702_2rdn_img";
const SMALL: &str = "ang20170323t202244_rdn_7000-7010";

#[test]
fn no_filter_claims_a_plume_in_untouched_radiance_and_every_one_answers() {
    for name in [LARGE, SMALL] {
        let Some(chip) = Chip::open(name) else { return };
        for (filter, word) in Filter::ALL {
            let found = chip.searched(&chip.radiance, filter);
            let values = &found.maps.enhancement_ppmm.values;
            let finite: Vec<f32> = values.iter().copied().filter(|v| v.is_finite()).collect();
            let sigma = deviation(&finite);
            println!("{name} {word}: background {sigma:.0} ppm-m, {} plumes", found.plumes.len());
            assert!(finite.len() * 20 >= values.len() * 19, "{word}: {} finite", finite.len());
            assert!((20.0..600.0).contains(&sigma), "{word}: {sigma}");
            assert!(found.plumes.is_empty(), "{word} claims {} plumes", found.plumes.len());
        }
    }
}

#[test]
fn a_plume_put_into_real_radiance_is_claimed_and_shows_better_than_in_the_plain_filter() {
    let Some(chip) = Chip::open(LARGE) else { return };
    for peak_ppmm in [750.0, 3000.0] {
        let blob = Blob::drawn(5, &chip, peak_ppmm, [2.0, 1.0]);
        let truth = blob.columns(&chip);
        let cube = chip.with(&truth);
        let found = chip.searched(&cube, Filter::Auto);
        let plain = chip.plain(&cube);

        let ours = area_under_curve(&found.maps.decision.values, &truth, 0.1 * peak_ppmm);
        let theirs = area_under_curve(&plain, &truth, 0.1 * peak_ppmm);
        println!("peak {peak_ppmm} ppm-m: AUC {ours:.3}, plain filter {theirs:.3}");
        let claims = found.plumes.len();
        assert!(ours > theirs && ours > 0.95, "{ours} {theirs}");
        assert_eq!(claims, 1, "{peak_ppmm} ppm-m");
    }
}

#[test]
#[ignore = "minutes; run by `cargo xtask bench chips`"]
fn plumes_put_into_real_radiance() {
    let Some(chip) = Chip::open(LARGE) else { return };
    let seeds = seeds();
    println!("{} plumes a row; plume: pixels above a tenth of the peak", seeds.end - seeds.start);
    println!("{}", Row::HEAD);
    for shape in [[2.0, 1.0], [4.0, 1.5]] {
        for peak_ppmm in [750.0, 1500.0, 3000.0] {
            let mut plain = Row::default();
            let mut rows = Filter::ALL.map(|(filter, word)| (filter, word, Row::default()));
            for seed in seeds.clone() {
                let truth = Blob::drawn(seed, &chip, peak_ppmm, shape).columns(&chip);
                let cube = chip.with(&truth);
                let map = chip.plain(&cube);
                plain.add((&map, &map), &truth, None);
                // One seed in four for the filters that are only compared with.
                let tried = |f: Filter| f == Filter::Auto || seed % 4 == 0;
                for (filter, _, row) in rows.iter_mut().filter(|(f, _, _)| tried(*f)) {
                    let found = chip.searched(&cube, *filter);
                    let maps = (&*found.maps.enhancement_ppmm.values, &*found.maps.decision.values);
                    row.add(maps, &truth, Some(&found.plumes));
                }
            }
            let [along, across] = shape;
            let of = format!("{peak_ppmm} ppm-m, {along} x {across} px");
            println!("| {of} | plain | {plain}");
            for (_, word, row) in &rows {
                println!("| {of} | {word} | {row}");
            }
        }
    }
}

fn seeds() -> std::ops::Range<u64> {
    let text = std::env::var("CHIP_SEEDS").unwrap_or_default();
    let asked = text.split_once(':').and_then(|(a, b)| Some(a.parse().ok()?..b.parse().ok()?));
    asked.unwrap_or(1000..1100)
}

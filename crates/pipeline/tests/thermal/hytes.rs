//! One real `HyTES` spectrum of water, explained by the tables of its air.

use std::fs;

use cathartes_core::{
    radiance::RadianceUnit,
    units::{Kelvin, Nanometres},
};
use cathartes_formats::modtran_channels::{Channels, parse};
use cathartes_sensing::thermal::planck::{band_brightness, band_radiance, band_radiance_slope};

use crate::{least_squares::fit, real};

const WATERS: [f64; 5] = [0.5, 1.0, 2.0, 3.0, 4.0];
const OZONES: [f64; 2] = [0.075, 0.2];

/// Tables by water, then ozone.
struct Tables(Vec<Vec<Channels>>);

impl Tables {
    fn read() -> Option<Self> {
        real("H2OSTR-0.5000_O3STR-0.0750.chn")?;
        let one = |water: f64, ozone: f64| {
            let path = real(&format!("H2OSTR-{water:.4}_O3STR-{ozone:.4}.chn"))?;
            Some(parse(&fs::read_to_string(path).unwrap()).unwrap())
        };
        let row = |&w: &f64| OZONES.iter().map(|&o| one(w, o)).collect::<Option<_>>();
        Some(Self(WATERS.iter().map(row).collect::<Option<_>>()?))
    }

    /// Transmittance (in its logarithm), path and sky between the tables.
    fn between(&self, water: f64, ozone: f64) -> [Vec<f64>; 3] {
        let above = WATERS.partition_point(|&w| w <= water).clamp(1, WATERS.len() - 1);
        let w = (water - WATERS[above - 1]) / (WATERS[above] - WATERS[above - 1]);
        let o = (ozone - OZONES[0]) / (OZONES[1] - OZONES[0]);
        let weights = [[(1.0 - w) * (1.0 - o), (1.0 - w) * o], [w * (1.0 - o), w * o]];
        let mix = |value: &dyn Fn(&Channels, usize) -> f64| -> Vec<f64> {
            (0..self.0[0][0].bands.len())
                .map(|b| {
                    let one =
                        |i: usize, j: usize| weights[i][j] * value(&self.0[above - 1 + i][j], b);
                    one(0, 0) + one(0, 1) + one(1, 0) + one(1, 1)
                })
                .collect()
        };
        let ln = mix(&|c, b| c.transmittance[b].max(1e-6).ln());
        let sky = mix(&|c, b| c.sky_radiance.as_ref().map_or(0.0, |s| s[b]));
        [ln.iter().map(|v| v.exp()).collect(), mix(&|c, b| c.path_radiance[b]), sky]
    }
}

/// The thermal half of the file: nm and uW cm⁻² sr⁻¹ nm⁻¹, told by the temperatures that follow.
fn spectrum() -> Option<Vec<f64>> {
    let text = fs::read_to_string(real("hytes/extracted_points_water_offset_adjust.txt")?).unwrap();
    let pairs = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace().map(|w| w.parse::<f64>().unwrap());
        let (nm, radiance) = (words.next()?, words.next()?);
        let factor = RadianceUnit::MicroWattPerNm.per_um_factor(Nanometres(nm));
        (nm > 5_000.0).then_some(radiance * factor)
    });
    Some(pairs.collect())
}

struct Best {
    rms: f64,
    rms_k: f64,
    water: f64,
    ozone: f64,
    kelvin: f64,
    emissivity: [f64; 2],
    left: Vec<f64>,
}

/// Smallest residual over water, ozone, temperature and a polynomial emissivity below one.
fn explain(tables: &Tables, light: &[f64], used: &[usize], degree: i32) -> Best {
    let bands = &tables.0[0][0].bands;
    let z = |b: usize| (bands[b].center.0 - 9_750.0) / 2_000.0;
    let mut best: Option<Best> = None;
    for w in 0..=14 {
        for ozone in [0.075, 0.1, 0.125, 0.15, 0.2] {
            let water = 0.5 + 0.25 * f64::from(w);
            let [tau, path, sky] = tables.between(water, ozone);
            let y: Vec<f64> = used.iter().map(|&b| light[b] - path[b] - tau[b] * sky[b]).collect();
            for k in 0..=40 {
                let kelvin = 286.0 + 0.5 * f64::from(k);
                let body = |b: usize| tau[b] * (band_radiance(&bands[b], Kelvin(kelvin)) - sky[b]);
                let columns: Vec<Vec<f64>> = (0..=degree)
                    .map(|d| used.iter().map(|&b| body(b) * z(b).powi(d)).collect())
                    .collect();
                let fit = fit(&columns, &y);
                let emissivity = used.iter().map(|&b| {
                    (0..=degree).zip(&fit.coefficients).map(|(d, c)| c * z(b).powi(d)).sum::<f64>()
                });
                let ends = emissivity.fold([f64::MAX, f64::MIN], |[l, h], e| [l.min(e), h.max(e)]);
                if ends[1] < 1.0 && best.as_ref().is_none_or(|b| fit.rms() < b.rms) {
                    let in_k = |(b, r): (&usize, &f64)| {
                        (r / (tau[*b] * band_radiance_slope(&bands[*b], Kelvin(kelvin)))).powi(2)
                    };
                    let rms_k = (used.iter().zip(&fit.left).map(in_k).sum::<f64>()
                        / used.len() as f64)
                        .sqrt();
                    let (rms, left) = (fit.rms(), fit.left);
                    let emissivity = ends;
                    best = Some(Best { rms, rms_k, water, ozone, kelvin, emissivity, left });
                }
            }
        }
    }
    best.unwrap()
}

#[test]
fn a_real_spectrum_of_water_is_explained_to_a_few_tenths_of_a_kelvin() {
    let (Some(tables), Some(light)) = (Tables::read(), spectrum()) else { return };
    let bands = &tables.0[0][0].bands;
    let within = |low: f64, high: f64| {
        (0..bands.len()).filter(move |&b| (low..high).contains(&(bands[b].center.0 * 1e-3)))
    };
    let clear: Vec<usize> = within(8.0, 9.2).chain(within(10.1, 11.3)).collect();
    let broad: Vec<usize> = within(8.0, 11.3).collect();
    let mut said = Vec::new();
    for (name, used) in [("8.0-9.2, 10.1-11.3 um", &clear), ("8.0-11.3 um", &broad)] {
        for degree in [0, 2] {
            let best = explain(&tables, &light, used, degree);
            println!(
                "{name}, emissivity of degree {degree}: rms {:.3} W m-2 sr-1 um-1 = {:.2} K of ground; \
                 water {:.2}, ozone {:.3}, ground {:.1} K, emissivity {:.3} to {:.3}",
                best.rms,
                best.rms_k,
                best.water,
                best.ozone,
                best.kelvin,
                best.emissivity[0],
                best.emissivity[1]
            );
            let mut worst: Vec<(f64, f64)> =
                used.iter().zip(&best.left).map(|(&b, r)| (bands[b].center.0, *r)).collect();
            worst.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
            println!("  worst: {:.2?}", &worst[..6]);
            said.push(best);
        }
    }
    let edge: Vec<f64> = within(11.3, 12.1)
        .step_by(6)
        .map(|b| band_brightness(&bands[b], light[b]).unwrap().0)
        .collect();
    println!("brightness from 11.3 um on, K: {edge:.1?}");

    let (grey, smooth) = (&said[0], &said[1]);
    assert!(grey.rms < 0.08 && smooth.rms < 0.05, "{} {}", grey.rms, smooth.rms);
    assert!((0.96..0.999).contains(&grey.emissivity[0]), "water's emissivity");
    assert!((290.0..294.0).contains(&grey.kelvin));
}

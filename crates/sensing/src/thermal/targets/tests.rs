use cathartes_core::{
    provenance::Provenance,
    spectrum::Band,
    units::{Nanometres, PpmMetres},
};

use super::*;
use crate::thermal::planck::band_radiance;

fn bands() -> Vec<Band> {
    (0..4)
        .map(|i| Band {
            center: Nanometres(10_000.0 + 300.0 * f64::from(i)),
            fwhm: Nanometres(30.0),
        })
        .collect()
}

fn air() -> Air {
    Air {
        bands: bands(),
        transmittance: vec![0.9, 0.8, 0.7, 0.95],
        path_radiance: vec![0.5; 4],
        sky_radiance: None,
        provenance: Provenance {
            inputs: vec![],
            version: String::new(),
            seed: 0,
            parameters: vec![],
        },
    }
}

fn gas() -> Signature {
    let unit: Vec<f64> = vec![-1e-3, 0.0, -5e-4, -2e-3];
    let row = |c: f64| unit.iter().map(|u| u * c).collect();
    Signature {
        gas: "nh3".into(),
        bands: bands(),
        columns: vec![PpmMetres(0.0), PpmMetres(1000.0)],
        table: vec![row(0.0), row(1000.0)],
        unit_per_ppmm: unit,
        air_mass_factor: 1.0,
        coarse_above: None,
    }
}

#[test]
fn the_target_is_the_change_of_the_radiance_of_the_model() {
    let (air, gas) = (air(), gas());
    let (ground, plume) = (Kelvin(300.5), Kelvin(299.5));
    let at_sensor = |column: f64| -> Vec<f64> {
        let t = gas.log_transmittance(PpmMetres(column));
        (0..4)
            .map(|b| {
                let body = |temperature| band_radiance(&air.bands[b], temperature);
                let t = t[b].exp();
                air.transmittance[b] * (t * body(ground) + (1.0 - t) * body(plume))
                    + air.path_radiance[b]
            })
            .collect()
    };

    let target = target(&air, &gas, Kelvin(300.0)).unwrap();

    let (with, without) = (at_sensor(0.01), at_sensor(0.0));
    for b in 0..4 {
        let change = (with[b] - without[b]) / 0.01;
        let said = target.per_ppmm_k[b];
        assert!((change - said).abs() <= 2e-5 * said.abs(), "band {b}: {change} {said}");
        assert!(said <= 0.0, "warm ground behind cool gas is dimmed");
    }
}

#[test]
fn air_of_another_instrument_is_refused_with_the_first_band_that_differs() {
    let mut other = air();
    other.bands[2].fwhm = Nanometres(31.0);

    let said = target(&other, &gas(), Kelvin(300.0)).unwrap_err().to_string();

    assert!(
        said.starts_with("the signature of nh3 has 4 bands, the air 4, or they differ from band 2")
    );
}

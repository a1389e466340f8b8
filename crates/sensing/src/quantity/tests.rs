use cathartes_core::units::PpmMetres;

use super::*;
use crate::{
    filter::Folded,
    signature::transmittances,
    statistics,
    toy::{self, EMPTY},
};

#[test]
fn a_strong_plume_over_dark_and_bright_ground_reads_true() {
    let toy = toy::scene(EMPTY);
    let used = vec![true; toy.truth.len()];
    let moments = statistics::pooled(&statistics::sums(&toy.cube, &used), 3, 0).unwrap();
    let filter = ColumnFilter::new(&moments, &toy.signature.unit_per_ppmm, 0.0).unwrap();
    let inversion = Inversion::new(&filter, &transmittances(&toy.signature));

    for (column, bright) in [(500.0, 0.4), (5_000.0, 1.0), (10_000.0, 2.0)] {
        let transmittance = toy.signature.log_transmittance(PpmMetres(column));
        let pixel: Vec<f32> = moments
            .mean
            .iter()
            .zip(&transmittance)
            .map(|(m, t)| (m * bright * t.exp()) as f32)
            .collect();
        let answer = Folded::from(&filter).score(&pixel) * filter.sigma_ppmm as f32;

        let alpha = inversion.solve(answer, &pixel).0;

        assert!((f64::from(alpha) / column - 1.0).abs() < 0.02, "{column}: {alpha}");
    }
}

#[test]
fn noise_below_zero_is_kept_and_nothing_is_read_beyond_the_table() {
    let inversion = Inversion {
        columns: vec![0.0, 10.0],
        response: vec![0.0, 9.0],
        light: vec![1.0],
        brightening: 0.0,
    };
    assert!(inversion.solve(-4.5, &[1.0]).0 < -4.9);
    assert_eq!(inversion.solve(900.0, &[1.0]).0, 10.0);
}

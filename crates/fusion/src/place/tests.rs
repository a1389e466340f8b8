use proptest::prelude::*;

use super::*;

fn report(e: f64, n: f64, std: f64) -> Report {
    Report { fix: ([e, n], Covariance::circle(std)), odds_km2: 30.0 }
}

#[test]
fn reports_that_agree_are_multiplied() {
    let placed = placed(&[report(0.0, 0.0, 30.0), report(20.0, 0.0, 30.0)]);

    assert!((placed.fix.0[0] - 10.0).abs() < 1.0);
    assert!((placed.fix.1.ee_m2.sqrt() - 30.0 / 2_f64.sqrt()).abs() < 0.5, "{placed:?}");
}

#[test]
fn a_far_report_has_no_weight_wherever_it_stands() {
    let good = [report(0.0, 0.0, 30.0), report(10.0, 0.0, 30.0), report(-10.0, 5.0, 30.0)];
    for at in 0..=3 {
        let mut all = good.to_vec();
        all.insert(at, report(2000.0, 0.0, 30.0));
        let placed = placed(&all);
        assert!(placed.weights[at] < 1e-6 && placed.fix.0[0].abs() < 3.0, "{placed:?}");
    }
}

#[test]
fn the_densities_multiply_to_that_of_all_reports_together() {
    // Three equal circles: ∫ Π N(z_k; x, R) dx in closed form, per km^4.
    let reports = [report(0.0, 0.0, 50.0), report(30.0, 0.0, 50.0), report(0.0, 40.0, 50.0)];
    let densities = densities_per_km2(&reports, &[1.0; 3]);
    let chained: f64 = densities.iter().flatten().product();
    let scatter = {
        let (e, n) = (10.0, 40.0 / 3.0);
        [(0.0, 0.0), (30.0, 0.0), (0.0, 40.0)]
            .map(|(a, b): (f64, f64)| (a - e).powi(2) + (b - n).powi(2))
            .iter()
            .sum::<f64>()
    };
    let one = 1e6 / (std::f64::consts::TAU * 2500.0);
    let exact = one * one / 3.0 * (-0.5 * scatter / 2500.0).exp();

    assert!(densities[0].is_none());
    assert!((chained / exact - 1.0).abs() < 0.02, "{chained} {exact}");
}

proptest! {
    #[test]
    fn a_report_more_makes_a_place_surer(
        places in proptest::collection::vec((-40.0..40.0_f64, -40.0..40.0_f64), 2..10),
    ) {
        let reports: Vec<Report> = places.iter().map(|(e, n)| report(*e, *n, 40.0)).collect();
        let (fewer, all) = (placed(&reports[1..]), placed(&reports));
        prop_assert!(all.fix.1.determinant() <= fewer.fix.1.determinant() * 1.001);
    }
}

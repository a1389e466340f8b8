use cathartes_core::{
    estimate::Interval90,
    source::{Convergence, DensityMap, Ellipse90},
    trace::{LocalPlace, SearchVolume, Span},
    units::{Degrees, KgPerHour, Metres},
};

use super::{table::Share, *};

fn truth(east_m: f64, north_m: f64) -> Truth {
    Truth { east_m, north_m, rate_kg_h: 2.0 }
}

/// A source with an ellipse of 3 m to the east and 1 m to the north, and 1 to 3 kg/h.
fn named(east: f64, north: f64) -> Source {
    Source {
        number: 1,
        place: LocalPlace { east: Metres(east), north: Metres(north), up: Metres(1.0) },
        ellipse: Ellipse90 {
            semi_major: Metres(3.0),
            semi_minor: Metres(1.0),
            bearing: Degrees(90.0),
        },
        up_range: Interval90 { low: Metres(0.0), high: Metres(2.0) },
        rate: KgPerHour(2.5),
        rate_range: Interval90 { low: KgPerHour(1.0), high: KgPerHour(3.0) },
        existence_probability: 1.0,
    }
}

fn located(sources: Vec<Source>, declined: Option<Declined>) -> Location {
    let span = Span { from: Metres(0.0), to: Metres(1.0) };
    let volume = SearchVolume { east: span, north: span, up: span };
    Location {
        gas: "ch4".into(),
        sources,
        declined,
        count_probability: Vec::new(),
        convergence: Convergence { r_hat: 1.0, effective_draws: 1.0, converged: true },
        fit: Vec::new(),
        model_fits: true,
        fitted: Vec::new(),
        density: DensityMap { volume, columns: 0, rows: 0, sources_per_cell: Vec::new() },
        chains: Vec::new(),
        next_leg: None,
    }
}

fn off_m(verdict: &Verdict) -> Vec<Option<f64>> {
    verdict.found.iter().map(|found| found.map(|f| f.off_m)).collect()
}

#[test]
fn pairs_are_those_of_the_least_sum_and_not_the_nearest_first() {
    // The nearest two, 2 m apart, would leave 9 m to the others.
    let truth = [truth(0.0, 0.0), truth(5.0, 0.0)];
    let verdict = judge(&truth, &located(vec![named(3.0, 0.0), named(9.0, 0.0)], None));
    assert_eq!(off_m(&verdict), [Some(3.0), Some(4.0)]);
    assert_eq!(verdict.false_ones, 0);
}

#[test]
fn a_source_beyond_the_gate_is_false_however_large_its_ellipse() {
    let mut far = named(GATE_M + 1.0, 0.0);
    far.ellipse.semi_major = Metres(100.0);
    let verdict = judge(&[truth(0.0, 0.0)], &located(vec![far], None));
    assert!(verdict.found[0].is_none() && verdict.false_ones == 1);
    let tally = Tally::of([&verdict]);
    assert_eq!(tally.ellipses, Share { hits: 0, of: 1 });
    assert_eq!(tally.rates, Share { hits: 0, of: 0 });
}

#[test]
fn a_second_name_for_one_source_is_false() {
    let sources = vec![named(2.0, 0.0), named(0.5, 0.0)];
    let verdict = judge(&[truth(0.0, 0.0)], &located(sources, None));
    assert_eq!(off_m(&verdict), [Some(0.5)]);
    assert_eq!(verdict.false_ones, 1);
}

#[test]
fn an_ellipse_holds_what_lies_along_its_long_axis() {
    let holds = |east, north| {
        let verdict = judge(&[truth(east, north)], &located(vec![named(0.0, 0.0)], None));
        verdict.found[0].is_some_and(|found| found.in_ellipse)
    };
    assert!(holds(2.9, 0.0) && holds(0.0, 0.9) && holds(-2.0, 0.6));
    assert!(!holds(3.1, 0.0) && !holds(0.0, 1.1) && !holds(-2.5, 0.6));
}

#[test]
fn nothing_named_is_nothing_found_and_has_its_reason() {
    let why = Some(Declined::NotConverged);
    let verdict = judge(&[truth(0.0, 0.0), truth(9.0, 0.0)], &located(Vec::new(), why));
    let text = table(&[("beams".into(), verdict)]);
    let rows: Vec<&str> = text.lines().collect();
    assert!(rows[1].starts_with("beams ") && rows[1].ends_with("NotConverged 1"), "{text}");
    let numbers: Vec<&str> = rows[2].split_whitespace().take(7).collect();
    assert_eq!(numbers, ["all", "1", "0", "2", "0", "0", "0"], "{text}");
}

#[test]
fn a_share_has_the_interval_of_wilson() {
    // 90 % of 50 by the closed form, worked by hand to three figures.
    let [low, high] = Share { hits: 45, of: 50 }.interval();
    assert!((low - 0.808).abs() < 1e-3 && (high - 0.950).abs() < 1e-3, "{low} {high}");
    assert!(Share { hits: 3, of: 3 }.interval()[0] < 0.6);
}

#[test]
fn metres_are_told_at_the_half_and_at_nine_of_ten() {
    let sources: Vec<Source> =
        (1..=10).map(|i| named(f64::from(i), 100.0 * f64::from(i))).collect();
    let truth: Vec<Truth> = (1..=10).map(|i| truth(0.0, 100.0 * f64::from(i))).collect();
    let verdict = judge(&truth, &located(sources, None));
    let text = table(&[("masts".into(), verdict)]);
    assert!(text.contains("   5.00    9.00  3/10 30 %"), "{text}");
    assert!(text.contains("10/10 100 %"), "{text}");
}

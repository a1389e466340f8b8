//! Sources located from traces whose truth is known, case by case.

mod cases;

use std::{path::Path, time::Instant};

use cases::{Case, True};
use cathartes_core::{
    source::{Location, Source},
    units::GramsPerMole,
};
use cathartes_sensing::invert::{Options, locate};

fn distance(source: &Source, truth: &True) -> f64 {
    (source.place.east.0 - truth.place[0]).hypot(source.place.north.0 - truth.place[1])
}

/// Whether the ellipse on the ground holds the truth.
fn holds(source: &Source, truth: &True) -> bool {
    let (e, n) = (truth.place[0] - source.place.east.0, truth.place[1] - source.place.north.0);
    let (sin, cos) = source.ellipse.bearing.0.to_radians().sin_cos();
    let (along, across) = (e * sin + n * cos, e * cos - n * sin);
    (along / source.ellipse.semi_major.0).hypot(across / source.ellipse.semi_minor.0) <= 1.0
}

fn line(case: &Case, seed: u64, found: &Location, seconds: f64) -> String {
    let mut text = format!(
        "{:24} seed {seed} true {} named {} {:?} R {:.3} eff {:.0} {:.1}s {:.1}/s P{:.2?}",
        case.name,
        case.truth.len(),
        found.sources.len(),
        found.declined,
        found.convergence.r_hat,
        found.convergence.effective_draws,
        seconds,
        found.convergence.effective_draws / seconds,
        found.count_probability,
    );
    for truth in &case.truth {
        let near =
            found.sources.iter().min_by(|a, b| distance(a, truth).total_cmp(&distance(b, truth)));
        let Some(s) = near else { continue };
        text += &format!(
            "\n      {:.2} m (ellipse {:.1} x {:.1}{}) up {:.1} [{:.1} {:.1}] true {:.1}; rate {:+.0} % of {:.2} [{:.2} {:.2}]{} p {:.2}",
            distance(s, truth),
            s.ellipse.semi_major.0,
            s.ellipse.semi_minor.0,
            if holds(s, truth) { "" } else { " MISS" },
            s.place.up.0,
            s.up_range.low.0,
            s.up_range.high.0,
            truth.place[2],
            100.0 * (s.rate.0 / truth.rate - 1.0),
            truth.rate,
            s.rate_range.low.0,
            s.rate_range.high.0,
            if (s.rate_range.low.0..=s.rate_range.high.0).contains(&truth.rate) {
                ""
            } else {
                " MISS"
            },
            s.existence_probability,
        );
    }
    text
}

#[test]
#[ignore = "minutes, and reads cases that lie beside the project: LOCATE_CASES=name,name LOCATE_SEEDS=n"]
fn sources_are_where_they_are_known_to_be() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/traces");
    let cases = cases::all(&root);
    if cases.is_empty() {
        eprintln!("left out: there are no cases in {}", root.display());
    }
    let wanted = std::env::var("LOCATE_CASES").unwrap_or_default();
    let seeds: u64 = std::env::var("LOCATE_SEEDS").ok().and_then(|s| s.parse().ok()).unwrap_or(3);
    for case in cases.iter().filter(|c| wanted.is_empty() || wanted.split(',').any(|w| w == c.name))
    {
        for seed in 1..=seeds {
            let begun = Instant::now();
            let options = Options::new(GramsPerMole(16.043), seed);
            let found = locate(&case.trace, &case.volume, &options).unwrap();
            println!("{}", line(case, seed, &found, begun.elapsed().as_secs_f64()));
        }
    }
}

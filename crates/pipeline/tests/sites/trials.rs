//! The long runs: two hundred sites, and thirty traces without a source.

use std::{fmt::Write as _, ops::Range, time::Instant};

use cathartes_core::{source::Location, units::GramsPerMole};
use cathartes_sensing::invert::{Options, locate};
use rayon::prelude::*;

use super::{
    judge::{Tally, Verdict, judge, table},
    site::{Case, with_sources, without_source},
};

/// Seeds to score: as many as asked from 1000 on, or those of the environment, FROM:TO.
fn seeds(count: u64) -> Range<u64> {
    let Ok(text) = std::env::var("LOCATE_SITES") else { return 1000..1000 + count };
    let (from, to) = text.split_once(':').unwrap();
    from.parse().unwrap()..to.parse().unwrap()
}

/// Every case, told as soon as it is done; several at once, which changes no answer.
fn each(count: u64, case: fn(u64) -> Case) -> Vec<(Case, Verdict)> {
    let one = |seed| {
        let case = case(seed);
        let begun = Instant::now();
        let options = Options::new(GramsPerMole(16.043), seed);
        let found = locate(&case.trace, &case.volume, &options).unwrap();
        let verdict = judge(&case.truth, &found);
        println!("{}", line((seed, &case), &verdict, &found, begun.elapsed().as_secs_f64()));
        (case, verdict)
    };
    seeds(count).into_par_iter().map(one).collect()
}

fn line((seed, case): (u64, &Case), verdict: &Verdict, found: &Location, seconds: f64) -> String {
    let mut text = format!(
        "{seed:>5} {} {:>4} readings {:<46} true {} named {} false {} {:?} R {:.3} eff {:.0} {seconds:.0} s P{:.2?}",
        case.kind.name(),
        case.trace.readings.len(),
        case.what,
        case.truth.len(),
        found.sources.len(),
        verdict.false_ones,
        found.declined,
        found.convergence.r_hat,
        found.convergence.effective_draws,
        found.count_probability,
    );
    for found in verdict.found.iter().flatten() {
        let word = |holds: bool| if holds { "" } else { " MISS" };
        let _ = write!(
            text,
            "\n        {:.2} m{}, rate {:+.0} %{}",
            found.off_m,
            word(found.in_ellipse),
            100.0 * found.rate_error,
            word(found.in_range)
        );
    }
    text
}

#[test]
#[ignore = "hours; run by `cargo xtask bench sites`"]
fn nine_in_ten_regions_hold_the_source() {
    let all = each(200, with_sources);
    let by = |label: fn(&Case) -> String| -> Vec<(String, Verdict)> {
        all.iter().map(|(case, verdict)| (label(case), verdict.clone())).collect()
    };
    println!("{}", table(&by(|case| case.kind.name().to_owned())));
    println!("{}", table(&by(|case| format!("{} of {}", case.kind.name(), case.truth.len()))));
    let tally = Tally::of(all.iter().map(|(_, verdict)| verdict));
    for (what, share) in [("ellipses", tally.ellipses), ("rates", tally.rates)] {
        assert!((0.85..=0.95).contains(&share.ratio()), "{what}: {share}");
    }
}

#[test]
#[ignore = "many minutes; run by `cargo xtask bench quiet`"]
fn of_thirty_traces_without_a_source_at_most_one_names_one() {
    let all = each(30, without_source);
    let by = |label: fn(&Case) -> String| -> Vec<(String, Verdict)> {
        all.iter().map(|(case, verdict)| (label(case), verdict.clone())).collect()
    };
    let first = |case: &Case| case.what.split(',').next().unwrap_or_default().to_owned();
    println!("{}", table(&by(first)));
    println!("{}", table(&by(|case| case.kind.name().to_owned())));
    let named = all.iter().filter(|(_, verdict)| verdict.false_ones > 0).count();
    assert!(30 * named <= all.len().max(30), "{named} of {} named a source", all.len());
}

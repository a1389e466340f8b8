//! Plumes of known rate, made by the simulator, through the real search: are masses and rates
//! where their ranges say, is a false plume as rare as it says, are look-alikes told apart?
//!
//! `cargo xtask bench plumes` runs this. Seeds from 2000 on are scored; `PLUME_SEEDS=1:60` takes
//! others for development.

#![expect(clippy::unwrap_used, reason = "a trial that cannot be set up has failed")]

mod fits;
mod score;
mod trial;

use std::ops::Range;

use cathartes_sensing::simulate::recipe::PlumeKind;

use cathartes_sensing::look_alike::Verdict;
use score::{Scores, Table};
use trial::{Laboratory, Trial};

/// Seeds to score: as many as asked from 2000 on, or those of the environment.
fn seeds(count: u64) -> Range<u64> {
    let text = std::env::var("PLUME_SEEDS").unwrap_or_default();
    let asked = text.split_once(':').and_then(|(a, b)| Some(a.parse().ok()?..b.parse().ok()?));
    asked.unwrap_or(2000..2000 + count)
}

#[test]
#[ignore = "minutes; run by `cargo xtask bench plumes`"]
fn rates_and_masses_are_where_their_ranges_say() {
    let laboratory = Laboratory::open();
    let mut table = Table::default();
    for seed in seeds(200) {
        let trial = laboratory.with_plume(seed);
        table.add(Scores::of(&trial));
    }
    println!("{table}");
    if std::env::var("PLUME_SEEDS").is_err() {
        for (name, share) in table.coverages() {
            assert!((0.85..=0.95).contains(&share), "{name}: {share}");
        }
    }
}

#[test]
#[ignore = "minutes; run by `cargo xtask bench plumes`"]
fn false_plumes_are_as_rare_as_they_say() {
    let laboratory = Laboratory::open();
    let trials: Vec<Trial> = seeds(100).map(|seed| laboratory.empty(seed)).collect();
    let n = trials.len() as f64;
    let all = || trials.iter().flat_map(|t| t.plumes.iter().zip(&t.verdicts));
    let passes = |v: &Option<Verdict>| v.as_ref().is_none_or(|v| !v.look_alike.flagged);
    let (found, unflagged) = (all().count(), all().filter(|(_, v)| passes(v)).count());
    println!(
        "{n} empty scenes, 0.1 unflagged plumes a scene asked: {found} found, {unflagged} unflagged"
    );
    let chances: Vec<f64> = trials
        .iter()
        .map(|t| t.plumes.iter().map(|p| p.false_alarm_probability).fold(1.0, f64::min))
        .collect();
    for level in [0.1, 0.05, 0.02, 0.01] {
        let below = chances.iter().filter(|&&p| p < level).count() as f64 / n;
        println!("scenes whose strongest, flagged or not, has less than {level}: {below:.3}");
    }
    assert!(unflagged as f64 <= 0.15 * n, "{unflagged} in {n} scenes");
}

#[test]
#[ignore = "minutes; run by `cargo xtask bench plumes`"]
fn painted_roofs_are_flagged_and_plumes_are_not() {
    let laboratory = Laboratory::open();
    let (mut roofs, mut caught, mut plumes, mut blamed) = (0, 0, 0, 0);
    for seed in seeds(40) {
        let painted = laboratory.painted(seed);
        let of_roof =
            painted.plumes.iter().zip(&painted.verdicts).filter(|(p, _)| {
                p.pixels.iter().any(|&(l, s)| trial::on_roof(l as usize, s as usize))
            });
        for (plume, verdict) in of_roof {
            roofs += 1;
            caught += usize::from(verdict.as_ref().is_some_and(|v| v.look_alike.flagged));
            println!(
                "{seed} roof {} px {:?}",
                plume.pixels.len(),
                verdict.as_ref().map(|v| &v.look_alike)
            );
        }
        let true_one = laboratory.with_plume(seed);
        if let Some((plume, Some(verdict))) = true_one.matched()
            && plume.false_alarm_probability <= 1e-6
        {
            plumes += 1;
            blamed += usize::from(verdict.look_alike.flagged);
        }
    }
    println!(
        "roofs found {roofs}, flagged {caught}; strong plumes found {plumes}, flagged {blamed}"
    );
}

/// Every kind scored, in the order of the table.
const KINDS: [PlumeKind; 2] = [PlumeKind::Gaussian, PlumeKind::Puffs];

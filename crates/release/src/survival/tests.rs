use proptest::prelude::*;

use super::*;

fn ended(lasted: f64) -> Wait {
    Wait { lasted: Seconds(lasted), ended: true }
}

fn cut_off(lasted: f64) -> Wait {
    Wait { lasted: Seconds(lasted), ended: false }
}

fn waits() -> impl Strategy<Value = Vec<Wait>> {
    let wait = (0_u32..40, any::<bool>());
    let wait = wait.prop_map(|(lasted, ended)| Wait { lasted: Seconds(f64::from(lasted)), ended });
    prop::collection::vec(wait, 0..60)
}

/// Remission of leukaemia under 6-mercaptopurine and under placebo, weeks: E. J. Freireich and others, Blood 21, 699
/// (1963), as tabulated by Kalbfleisch and Prentice.
fn freireich() -> [Vec<Wait>; 2] {
    let treated = [6, 6, 6, 7, 10, 13, 16, 22, 23].map(|week| ended(f64::from(week)));
    let beyond =
        [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(|week| cut_off(f64::from(week)));
    let placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
    [treated.into_iter().chain(beyond).collect(), placebo.map(|w| ended(f64::from(w))).into()]
}

#[test]
fn the_trial_of_freireich_has_the_curve_that_books_print() {
    let [treated, placebo] = freireich();
    let curve = Curve::of(&treated);

    let printed =
        [(6.0, 0.857), (7.0, 0.807), (10.0, 0.753), (13.0, 0.690), (22.0, 0.538), (23.0, 0.448)];
    for (week, share) in printed {
        assert!((curve.waiting_share(Seconds(week)) - share).abs() < 6e-4, "{week}");
    }
    assert_eq!(curve.median().after, Some(Seconds(23.0)));
    assert_eq!(Curve::of(&placebo).median().after, Some(Seconds(8.0)));
    let apart = log_rank(&treated, &placebo).unwrap();
    assert!((apart.chi2 - 16.79).abs() < 5e-3, "{apart:?}");
    assert!(apart.p < 1e-4);
}

#[test]
fn without_anybody_cut_off_it_is_the_share_that_still_waits() {
    let curve = Curve::of(&[3.0, 1.0, 4.0, 1.0, 5.0].map(ended));

    assert!((curve.waiting_share(Seconds(1.0)) - 0.6).abs() < 1e-12);
    assert!((curve.waiting_share(Seconds(3.5)) - 0.4).abs() < 1e-12);
    assert_eq!(curve.waiting_share(Seconds(0.5)), 1.0);
}

#[test]
fn when_the_last_ends_nobody_knows_how_sure_nought_is() {
    let curve = Curve::of(&[ended(1.0), ended(2.0)]);

    assert_eq!(curve.steps[1].waiting_share, 0.0);
    assert_eq!(curve.steps[1].band_share, None);
    assert_eq!(curve.median().high, None);
}

#[test]
fn where_half_have_not_ended_there_is_no_median() {
    let curve = Curve::of(&[ended(1.0), cut_off(2.0), cut_off(3.0)]);

    assert_eq!(curve.median().after, None);
    assert_eq!(curve.median().high, None);
}

#[test]
fn nothing_watched_is_an_empty_curve() {
    let curve = Curve::of(&[]);

    assert_eq!((curve.count(), curve.ended()), (0, 0));
    assert_eq!(curve.waiting_share(Seconds(1.0)), 1.0);
    assert_eq!(log_rank(&[], &[ended(1.0)]), None);
}

#[test]
fn what_is_no_number_is_left_out_and_what_ends_before_it_begins_ends_at_once() {
    let curve = Curve::of(&[ended(f64::NAN), ended(-4.0), cut_off(2.0)]);

    assert_eq!(curve.count(), 2);
    assert_eq!(curve.waiting_share(Seconds(0.0)), 0.5);
}

proptest! {
    #[test]
    fn a_curve_only_goes_down_and_its_band_holds_it(waits in waits()) {
        let curve = Curve::of(&waits);
        let mut last = 1.0;
        for step in &curve.steps {
            prop_assert!(step.waiting_share <= last && step.waiting_share >= 0.0);
            if let Some(band) = step.band_share {
                prop_assert!(0.0 <= band.low && band.low <= step.waiting_share + 1e-12);
                prop_assert!(step.waiting_share <= band.high + 1e-12 && band.high <= 1.0);
            }
            last = step.waiting_share;
        }
        prop_assert_eq!(curve.count(), waits.len() as u64);
        prop_assert_eq!(curve.ended(), waits.iter().filter(|wait| wait.ended).count() as u64);
    }

    #[test]
    fn the_order_of_waits_does_not_matter(mut waits in waits()) {
        let forwards = Curve::of(&waits);
        waits.reverse();
        prop_assert_eq!(forwards, Curve::of(&waits));
    }

    #[test]
    fn a_group_and_itself_do_not_differ_and_neither_order_is_special(one in waits(), other in waits()) {
        if let Some(same) = log_rank(&one, &one) {
            prop_assert!(same.chi2.abs() < 1e-9 && (same.p - 1.0).abs() < 1e-4);
        }
        match (log_rank(&one, &other), log_rank(&other, &one)) {
            (Some(a), Some(b)) => prop_assert!((a.chi2 - b.chi2).abs() < 1e-9 * a.chi2.max(1.0)),
            (a, b) => prop_assert_eq!(a, b),
        }
    }

    #[test]
    fn being_cut_off_later_never_lowers_the_curve(waits in waits(), longer in 0_u32..30) {
        let later = |wait: &Wait| Wait { lasted: Seconds(wait.lasted.0 + f64::from(longer)), ..*wait };
        let watched: Vec<Wait> = waits.iter().map(|w| if w.ended { *w } else { later(w) }).collect();
        let (before, after) = (Curve::of(&waits), Curve::of(&watched));
        for second in 0..70 {
            let at = Seconds(f64::from(second));
            prop_assert!(before.waiting_share(at) <= after.waiting_share(at) + 1e-12);
        }
    }
}

/// Reads groups of [lasted, ended] and prints for each its curve with its band and its median, then the log-rank test of the
/// first two.
const LIFELINES: &str = r"
import json, sys
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import median_survival_times
groups = json.load(sys.stdin)
told = []
for group in groups:
    fitter = KaplanMeierFitter(alpha=0.1).fit([w[0] for w in group], [w[1] for w in group])
    band = fitter.confidence_interval_
    median = median_survival_times(band).iloc[0]
    rows = [[t, s, *b] for t, s, b in zip(fitter.survival_function_.index, fitter.survival_function_.iloc[:, 0], band.to_numpy())]
    told.append({'rows': rows, 'median': fitter.median_survival_time_, 'low': median.iloc[0], 'high': median.iloc[1]})
a, b = groups[:2]
test = logrank_test([w[0] for w in a], [w[0] for w in b], [w[1] for w in a], [w[1] for w in b])
print(json.dumps({'curves': told, 'chi2': test.test_statistic, 'p': test.p_value}).replace('Infinity', 'null').replace('NaN', 'null'))
";

fn drawn(random: &mut impl rand::Rng, count: usize, mean: f64) -> Vec<Wait> {
    let one = |_| {
        let exponential = |u: f64| (-(1.0 - u).ln() * mean).ceil();
        let [ends, cut] = [1.0, 1.5].map(|by| by * exponential(rand::RngExt::random(random)));
        Wait { lasted: Seconds(ends.min(cut)), ended: ends <= cut }
    };
    (0..count).map(one).collect()
}

#[expect(clippy::disallowed_types, reason = "the reference is a program of others")]
fn by_lifelines(groups: &[Vec<Wait>]) -> serde_json::Value {
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };
    let pairs = |group: &Vec<Wait>| group.iter().map(|w| (w.lasted.0, w.ended)).collect::<Vec<_>>();
    let text = serde_json::to_vec(&groups.iter().map(pairs).collect::<Vec<_>>()).unwrap();
    let clients = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/clients/bin");
    let mut python = Command::new(clients.join("python"));
    let python = python.args(["-c", LIFELINES]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = python.spawn().unwrap();
    child.stdin.take().unwrap().write_all(&text).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
#[ignore = "asks lifelines, which `cargo xtask nightly` installs"]
fn lifelines_draws_the_same_curves_bands_medians_and_test() {
    use rand::SeedableRng as _;
    let mut random = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(55);
    let [treated, placebo] = freireich();
    let mut pairs = vec![[treated, placebo]];
    for (count, mean) in [(5, 10.0), (40, 30.0), (200, 5.0), (1_000, 100.0)] {
        pairs.push([drawn(&mut random, count, mean), drawn(&mut random, count, 1.3 * mean)]);
    }
    for groups in pairs {
        let theirs = by_lifelines(&groups);
        for (group, theirs) in groups.iter().zip(theirs["curves"].as_array().unwrap()) {
            the_same_curve(&Curve::of(group), theirs);
        }
        let ours = log_rank(&groups[0], &groups[1]).unwrap();
        assert!((ours.chi2 - theirs["chi2"].as_f64().unwrap()).abs() < 1e-6 * ours.chi2.max(1.0));
        assert!((ours.p - theirs["p"].as_f64().unwrap()).abs() < 1e-9);
    }
}

fn the_same_curve(ours: &Curve, theirs: &serde_json::Value) {
    let rows = theirs["rows"].as_array().unwrap();
    // Its first row is time 0, before anything.
    let rows: Vec<_> = rows.iter().filter(|row| row[0].as_f64() > Some(0.0)).collect();
    let steps: Vec<_> = ours.steps.iter().filter(|step| step.after.0 > 0.0).collect();
    assert_eq!(steps.len(), rows.len());
    for (step, row) in steps.iter().zip(rows) {
        assert_eq!(Some(step.after.0), row[0].as_f64());
        let near = |ours: f64, theirs: &serde_json::Value| {
            assert!(
                (ours - theirs.as_f64().unwrap()).abs() < 1e-9,
                "{ours} and {theirs} at {step:?}"
            );
        };
        near(step.waiting_share, &row[1]);
        // Where nobody is left lifelines calls the band 0 to 0; here it is not known.
        if let Some(band) = step.band_share {
            near(band.low, &row[2]);
            near(band.high, &row[3]);
        }
    }
    let median = ours.median();
    assert_eq!(median.after.map(|at| at.0), theirs["median"].as_f64());
    assert_eq!(median.low.map(|at| at.0), theirs["low"].as_f64());
    if let Some(high) = median.high {
        assert_eq!(Some(high.0), theirs["high"].as_f64());
    }
}

//! What a trial is worth, and the table of many.

use std::fmt;

use cathartes_core::{
    estimate::{Estimate, Interval90},
    units::{GramsPerMole, KgPerHour},
};
use cathartes_sensing::{plumes::mass, simulate::recipe::PlumeKind};

use crate::trial::Trial;

/// 95 % point of the standard normal.
const Z95: f64 = 1.6449;

/// One way to a rate: over truth, with the error of the wind taken out, and whether the range
/// held the truth.
#[derive(Debug, Clone, Copy)]
struct Told {
    over_truth: f64,
    in_true_wind: f64,
    held: bool,
}

/// One plume.
pub(crate) struct Scores {
    kind: PlumeKind,
    found: Option<Found>,
    false_plumes: usize,
}

struct Found {
    by_mass: Option<Told>,
    by_sections: Option<Told>,
    /// Mass over the truth on the same ground, and its error in deviations.
    mass: (f64, f64),
    origin_px: f64,
    flagged: bool,
}

impl Scores {
    pub(crate) fn of(trial: &Trial) -> Self {
        let truth = trial.truth.as_ref().unwrap();
        let matched = trial.matched();
        let found = matched.map(|(plume, verdict)| {
            let told = |rate: Option<Estimate<KgPerHour>>, range: Option<Interval90<KgPerHour>>| {
                let (rate, range) = rate.zip(range)?;
                let over_truth = rate.value.0 / truth.rate_kg_h;
                Some(Told {
                    over_truth,
                    in_true_wind: over_truth * truth.wind_speed_m_s / trial.wind.speed.value.0,
                    held: (range.low.0..=range.high.0).contains(&truth.rate_kg_h),
                })
            };
            let (dl, ds) = (
                plume.origin.line_px - truth.source.line_px,
                plume.origin.sample_px - truth.source.sample_px,
            );
            Found {
                by_mass: told(plume.rate_by_mass, plume.rate_by_mass_range),
                by_sections: told(plume.rate_by_sections, plume.rate_by_sections_range),
                mass: mass_error(trial, &plume.pixels, plume.mass.unwrap()),
                origin_px: dl.hypot(ds),
                flagged: verdict.is_some_and(|v| v.look_alike.flagged),
            }
        });
        let false_plumes = trial.plumes.len() - usize::from(found.is_some());
        let scores = Self { kind: trial.kind().unwrap(), found, false_plumes };
        if std::env::var("PLUME_SEEDS").is_ok() {
            scores.print(trial);
        }
        scores
    }

    fn print(&self, trial: &Trial) {
        let truth = trial.truth.as_ref().unwrap();
        print!(
            "{} {:?} {:.0} kg/h {:.1} m/s {:.1} m, plumes {}",
            trial.seed,
            self.kind,
            truth.rate_kg_h,
            truth.wind_speed_m_s,
            trial.pixel_m,
            trial.plumes.len()
        );
        let Some(found) = &self.found else { return println!(" missed") };
        let (plume, verdict) = trial.matched().unwrap();
        let spread = |r: Option<Estimate<KgPerHour>>| r.map_or(0.0, |r| r.std.0 / r.value.0);
        println!(
            " px {} p {:.0e} mass {:.2} z {:.1} | rates {:.2} ±{:.2} {:.2} ±{:.2} | head {:.1} px | ln {:.1}",
            plume.pixels.len(),
            plume.false_alarm_probability,
            found.mass.0,
            found.mass.1,
            found.by_mass.map_or(0.0, |t| t.in_true_wind),
            spread(plume.rate_by_mass),
            found.by_sections.map_or(0.0, |t| t.in_true_wind),
            spread(plume.rate_by_sections),
            found.origin_px,
            verdict.map_or(0.0, |v| v.look_alike.ln_evidence_ratio),
        );
    }
}

/// Against the true mass on the outline and three pixels around it.
fn mass_error(
    trial: &Trial,
    pixels: &[(u32, u32)],
    said: Estimate<cathartes_core::units::Kilograms>,
) -> (f64, f64) {
    let truth = trial.enhancement.as_ref().unwrap();
    let near = |l: usize, s: usize| {
        pixels.iter().any(|p| {
            let (dl, ds) = (i64::from(p.0) - l as i64, i64::from(p.1) - s as i64);
            dl * dl + ds * ds <= 12
        })
    };
    let mut sum = 0.0;
    for l in 0..truth.lines {
        for s in 0..truth.samples {
            if truth.at(l, s) > 0.0 && near(l, s) {
                sum += f64::from(truth.at(l, s));
            }
        }
    }
    let kg = mass(sum * trial.pixel_m * trial.pixel_m, GramsPerMole(16.043)).0;
    (said.value.0 / kg, (said.value.0 - kg) / said.std.0)
}

/// Many plumes.
#[derive(Default)]
pub(crate) struct Table(Vec<Scores>);

impl Table {
    pub(crate) fn add(&mut self, scores: Scores) {
        self.0.push(scores);
    }

    fn found(&self, kind: Option<PlumeKind>) -> impl Iterator<Item = &Found> {
        let of = move |s: &&Scores| kind.is_none_or(|k| k == s.kind);
        self.0.iter().filter(of).filter_map(|s| s.found.as_ref())
    }

    /// Share of ranges that held the truth, by both ways.
    pub(crate) fn coverages(&self) -> [(&'static str, f64); 2] {
        let share = |told: &dyn Fn(&Found) -> Option<Told>| {
            let told: Vec<Told> = self.found(None).filter_map(told).collect();
            told.iter().filter(|t| t.held).count() as f64 / told.len() as f64
        };
        [("by mass", share(&|f| f.by_mass)), ("by sections", share(&|f| f.by_sections))]
    }
}

/// Middle and deviation of logarithms, as factor and relative deviation.
fn spread(values: impl Iterator<Item = f64>) -> String {
    let logs: Vec<f64> = values.filter(|v| *v > 0.0).map(f64::ln).collect();
    let n = logs.len() as f64;
    let mean = logs.iter().sum::<f64>() / n;
    let std = (logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    format!("{:.2} ± {std:.2}", mean.exp())
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| kind | found | mass over truth | 90 % of masses | by mass, true wind | held | by sections, true wind | held | head, px | flagged |"
        )?;
        for kind in super::KINDS.map(Some).into_iter().chain([None]) {
            let all = self.0.iter().filter(|s| kind.is_none_or(|k| k == s.kind)).count();
            let n = self.found(kind).count();
            let percent = |k: usize, of: usize| 100.0 * k as f64 / of.max(1) as f64;
            let told = |pick: &dyn Fn(&Found) -> Option<Told>| {
                let told: Vec<Told> = self.found(kind).filter_map(pick).collect();
                let held = told.iter().filter(|t| t.held).count();
                let bias = told.iter().map(|t| t.over_truth.ln()).sum::<f64>() / told.len() as f64;
                let spread = spread(told.iter().map(|t| t.in_true_wind));
                format!("{spread} (bias {:.2}) | {:.0} %", bias.exp(), percent(held, told.len()))
            };
            let held = self.found(kind).filter(|f| f.mass.1.abs() < Z95).count();
            let mut heads: Vec<f64> = self.found(kind).map(|f| f.origin_px).collect();
            heads.sort_by(f64::total_cmp);
            writeln!(
                f,
                "| {} | {n} of {all} | {} | {:.0} % | {} | {} | {:.1} | {} |",
                kind.map_or("all".to_owned(), |k| format!("{k:?}").to_lowercase()),
                spread(self.found(kind).map(|f| f.mass.0)),
                percent(held, n),
                told(&|f| f.by_mass),
                told(&|f| f.by_sections),
                heads.get(heads.len() / 2).copied().unwrap_or(f64::NAN),
                self.found(kind).filter(|f| f.flagged).count(),
            )?;
        }
        let false_plumes: usize = self.0.iter().map(|s| s.false_plumes).sum();
        writeln!(f, "other plumes in {} scenes: {false_plumes}", self.0.len())
    }
}

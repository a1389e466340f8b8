//! Verdicts added up, group by group.

use std::{collections::BTreeMap, fmt};

use super::Verdict;

/// 90 % of a normal distribution lie within this many deviations.
const Z: f64 = 1.644_854;

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Share {
    pub(crate) hits: usize,
    pub(crate) of: usize,
}

impl Share {
    fn add(&mut self, hit: bool) {
        self.hits += usize::from(hit);
        self.of += 1;
    }

    pub(crate) fn ratio(self) -> f64 {
        self.hits as f64 / self.of as f64
    }

    /// Wilson's 90 % interval of the chance behind it.
    pub(crate) fn interval(self) -> [f64; 2] {
        let (n, p, z2) = (self.of as f64, self.ratio(), Z * Z);
        let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        [middle - half, middle + half]
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.of == 0 {
            return f.pad("none");
        }
        let ([low, high], percent) = (self.interval(), 100.0 * self.ratio());
        let Self { hits, of } = self;
        f.pad(&format!("{hits}/{of} {percent:.0} % [{:.0}, {:.0}]", 100.0 * low, 100.0 * high))
    }
}

/// All of one group.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    traces: usize,
    /// Those whose true sources are found and that name no other.
    right: usize,
    true_ones: usize,
    false_ones: usize,
    off_m: Vec<f64>,
    /// Of named sources; a false one is a miss.
    pub(crate) ellipses: Share,
    /// Of found sources.
    pub(crate) rates: Share,
    declined: BTreeMap<String, usize>,
}

impl Tally {
    pub(crate) fn of<'v>(verdicts: impl IntoIterator<Item = &'v Verdict>) -> Self {
        let mut tally = Self::default();
        verdicts.into_iter().for_each(|verdict| tally.add(verdict));
        tally
    }

    fn add(&mut self, verdict: &Verdict) {
        self.traces += 1;
        self.true_ones += verdict.found.len();
        self.false_ones += verdict.false_ones;
        let right = verdict.false_ones == 0 && verdict.found.iter().all(Option::is_some);
        self.right += usize::from(right);
        for found in verdict.found.iter().flatten() {
            self.off_m.push(found.off_m);
            self.ellipses.add(found.in_ellipse);
            self.rates.add(found.in_range);
        }
        (0..verdict.false_ones).for_each(|_| self.ellipses.add(false));
        if let Some(why) = verdict.declined {
            *self.declined.entry(format!("{why:?}")).or_default() += 1;
        }
    }

    /// Metres that this share of the found ones stays within; NaN when none is found.
    fn off_m(&self, share: f64) -> f64 {
        let mut sorted = self.off_m.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (share * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }

    fn row(&self, group: &str) -> String {
        let declined: Vec<String> =
            self.declined.iter().map(|(why, count)| format!("{why} {count}")).collect();
        format!(
            "{group:<22} {:>6} {:>6} {:>5} {:>6} {:>6} {:>6} {:>7.2} {:>7.2}  {:<24} {:<24} {}\n",
            self.traces,
            self.right,
            self.true_ones,
            self.ellipses.of,
            self.off_m.len(),
            self.false_ones,
            self.off_m(0.5),
            self.off_m(0.9),
            self.ellipses,
            self.rates,
            declined.join(", ")
        )
    }
}

/// A row a group, in the order of their names, and one of all.
pub(crate) fn table(verdicts: &[(String, Verdict)]) -> String {
    let mut groups: BTreeMap<&str, Tally> = BTreeMap::new();
    for (group, verdict) in verdicts {
        groups.entry(group).or_default().add(verdict);
    }
    let head = format!(
        "{:<22} {:>6} {:>6} {:>5} {:>6} {:>6} {:>6} {:>7} {:>7}  {:<24} {:<24} declined\n",
        "",
        "traces",
        "right",
        "true",
        "named",
        "found",
        "false",
        "m: half",
        "9 of 10",
        "true in ellipse",
        "rate in range"
    );
    let rows: String = groups.iter().map(|(group, tally)| tally.row(group)).collect();
    head + &rows + &Tally::of(verdicts.iter().map(|(_, verdict)| verdict)).row("all")
}

//! Counting calls.

use std::{collections::BTreeMap, fmt};

use cathartes_core::identification::Identification;

use crate::generator::Plume;

/// Edges of the bins of probability.
const EDGES: [f64; 8] = [0.0, 0.05, 0.2, 0.45, 0.55, 0.8, 0.95, 1.0001];

#[derive(Default)]
pub(crate) struct Table {
    plumes: usize,
    models: usize,
    /// Calls, sum of probabilities and right ones, by bin.
    bins: [(usize, f64, usize); 7],
    groups: [(usize, f64, usize); 7],
    /// Calls between 85 and 95 %, and right ones.
    very_likely: (usize, usize),
    /// Gases there, and those called with at least 80 %, by gases in the plume and ratio.
    found: BTreeMap<(usize, bool), (usize, usize)>,
    /// What was wrongly called with at least 80 % for what.
    confused: BTreeMap<(String, String), usize>,
}

fn bin(probability: f64) -> usize {
    (1..7).filter(|&k| probability >= EDGES[k]).count()
}

impl Table {
    pub(crate) fn add(&mut self, plume: &Plume, said: &Identification) {
        self.plumes += 1;
        self.models += said.models;
        let there = |gas: &String| plume.gases.contains(gas);
        for gas in said.gases.iter().filter(|g| g.group.is_none()) {
            let right = there(&gas.gas);
            count(&mut self.bins[bin(gas.probability)], gas.probability, right);
            if (0.85..0.95).contains(&gas.probability) {
                self.very_likely.0 += 1;
                self.very_likely.1 += usize::from(right);
            }
            if gas.probability >= 0.8 && !right {
                let missed =
                    plume.gases.iter().filter(|g| said.of(g).is_none_or(|s| s.probability < 0.5));
                let instead = missed.min().cloned().unwrap_or_else(|| "nothing".into());
                *self.confused.entry((gas.gas.clone(), instead)).or_default() += 1;
            }
        }
        for group in &said.groups {
            let right = group.gases.iter().any(there);
            count(&mut self.groups[bin(group.probability)], group.probability, right);
        }
        let named: Vec<&str> = said.named(0.8).map(|g| g.gas.as_str()).collect();
        for gas in &plume.gases {
            let found = self.found.entry((plume.gases.len(), plume.snr >= 20.0)).or_default();
            found.0 += 1;
            found.1 += usize::from(named.contains(&gas.as_str()));
        }
    }

    pub(crate) fn right_when_very_likely(&self) -> f64 {
        self.very_likely.1 as f64 / self.very_likely.0.max(1) as f64
    }
}

fn count(bin: &mut (usize, f64, usize), probability: f64, right: bool) {
    bin.0 += 1;
    bin.1 += probability;
    bin.2 += usize::from(right);
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.plumes.max(1);
        writeln!(f, "{} plumes, {} explanations each", self.plumes, self.models / n)?;
        for (what, bins) in [("gases", &self.bins), ("groups", &self.groups)] {
            for (k, (calls, sum, right)) in bins.iter().enumerate().filter(|b| b.1.0 > 0) {
                let (mean, share) = (sum / *calls as f64, *right as f64 / *calls as f64);
                let (low, high) = (EDGES[k], EDGES[k + 1].min(1.0));
                writeln!(
                    f,
                    "{what:<7} {low:.2}-{high:.2}: {calls:>6} calls, said {mean:.3}, right {share:.3}"
                )?;
            }
        }
        let (calls, right) = self.very_likely;
        writeln!(
            f,
            "called with 85 to 95 %: {right} of {calls} right, {:.3}",
            self.right_when_very_likely()
        )?;
        for ((gases, strong), (there, named)) in &self.found {
            let ratio = if *strong { "from 20" } else { "under 20" };
            writeln!(
                f,
                "{gases} gases, signal-to-noise {ratio}: {named} of {there} named with 80 %"
            )?;
        }
        let mut confused: Vec<_> = self.confused.iter().collect();
        confused.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        for ((called, instead), times) in confused.into_iter().take(15) {
            writeln!(f, "wrong: {called} called where {instead} was missed, {times} times")?;
        }
        Ok(())
    }
}

//! Which gases a plume holds, and how sure that is.

use serde::{Deserialize, Serialize};

use crate::{
    estimate::Estimate,
    units::{PpmMetres, PpmMetresKelvin},
};

/// How likely, in the seven terms of ICD 203 (Analytic Standards, 2015). A probability on an edge
/// belongs to the upper term; below 1 % and above 99 % the outermost terms still stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likelihood {
    /// 1 to 5 %.
    AlmostNoChance,
    /// 5 to 20 %.
    VeryUnlikely,
    /// 20 to 45 %.
    Unlikely,
    /// 45 to 55 %.
    RoughlyEvenChance,
    /// 55 to 80 %.
    Likely,
    /// 80 to 95 %.
    VeryLikely,
    /// 95 to 99 %.
    AlmostCertain,
}

impl Likelihood {
    /// The terms with the probability each begins at, by rising probability.
    pub const FROM_PROBABILITY: [(f64, Self); 7] = [
        (0.0, Self::AlmostNoChance),
        (0.05, Self::VeryUnlikely),
        (0.20, Self::Unlikely),
        (0.45, Self::RoughlyEvenChance),
        (0.55, Self::Likely),
        (0.80, Self::VeryLikely),
        (0.95, Self::AlmostCertain),
    ];

    /// The term for a probability; what is no number has almost no chance.
    #[must_use]
    pub fn of(probability: f64) -> Self {
        let reached = Self::FROM_PROBABILITY.iter().rev().find(|(from, _)| probability >= *from);
        reached.map_or(Self::AlmostNoChance, |(_, term)| *term)
    }
}

impl std::fmt::Display for Likelihood {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::AlmostNoChance => "almost no chance",
            Self::VeryUnlikely => "very unlikely",
            Self::Unlikely => "unlikely",
            Self::RoughlyEvenChance => "roughly even chance",
            Self::Likely => "likely",
            Self::VeryLikely => "very likely",
            Self::AlmostCertain => "almost certain",
        })
    }
}

/// One gas of the library, judged against one plume.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GasProbability {
    /// Slug of the gas.
    pub gas: String,
    /// Probability that the plume holds it.
    pub probability: f64,
    /// The same in words.
    pub likelihood: Likelihood,
    /// Column times contrast, mean over the plume, in the best explanation that holds the gas; its
    /// sign is that of the contrast. Absent when no explanation tried holds it.
    pub amplitude: Option<Estimate<PpmMetresKelvin>>,
    /// Mean column, when the contrast is known.
    pub column: Option<Estimate<PpmMetres>>,
    /// Place in `groups` of the gases it cannot be told from here.
    pub group: Option<usize>,
}

/// Gases that this instrument cannot tell apart at this strength: one of them, nobody knows which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GasGroup {
    /// Their slugs, the more probable first.
    pub gases: Vec<String>,
    /// Probability that the plume holds at least one of them.
    pub probability: f64,
    /// The same in words.
    pub likelihood: Likelihood,
}

/// What a plume is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identification {
    /// Every gas looked for, the most probable first.
    pub gases: Vec<GasProbability>,
    /// Gases not to be told apart.
    pub groups: Vec<GasGroup>,
    /// Probability that it is none of them: ground, or a gas that was not looked for.
    pub none_probability: f64,
    /// Probability that it holds a gas that was not looked for, alone or beside listed ones.
    pub unlisted_probability: f64,
    /// What each gas was given before anything was seen.
    pub prior_probability: f64,
    /// Slugs of the best explanation.
    pub best: Vec<String>,
    /// Correlation of the amplitudes of `best`, row by row.
    pub best_correlation: Vec<f64>,
    /// Explanations weighed.
    pub models: usize,
}

impl Identification {
    /// The verdict on one gas.
    #[must_use]
    pub fn of(&self, gas: &str) -> Option<&GasProbability> {
        self.gases.iter().find(|g| g.gas == gas)
    }

    /// Gases that may be named on their own with at least a probability: members of a group may not.
    pub fn named(&self, probability: f64) -> impl Iterator<Item = &GasProbability> {
        self.gases.iter().filter(move |g| g.group.is_none() && g.probability >= probability)
    }
}

#[cfg(test)]
mod tests;

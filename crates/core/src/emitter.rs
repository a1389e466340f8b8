//! Kinds of emitter, by the gases they give off. What is held here says what the air over a place may
//! hold; it never says how anything is made.

use serde::{Deserialize, Serialize};

use crate::identification::Likelihood;

/// A kind of place that gives off gas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmitterKind {
    /// Short lower-case name: `dairy`.
    pub id: String,
    /// What people call it.
    pub name: Names,
    /// Whether anybody looks for it.
    pub standing: Standing,
    /// How common it is among places that give off gas, against the other kinds.
    pub prior_weight: f64,
    /// Gases it may give off; of others it gives off hardly any.
    pub gases: Vec<EmittedGas>,
    /// Titles of the public documents that say so.
    pub sources: Vec<String>,
}

/// A name in two languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// English.
    pub en: String,
    /// Spanish.
    pub es: String,
}

/// Whether a kind of emitter is looked for, or explains a plume away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Licensed or common: explains a plume away.
    Innocent,
    /// Looked for.
    OfInterest,
}

/// One gas of a kind of emitter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmittedGas {
    /// Slug of the gas.
    pub gas: String,
    /// Probability that a plume of such a place holds enough of it to be seen.
    pub presence_probability: f64,
    /// For how long it is given off.
    pub persistence: Persistence,
}

/// For how long a gas is given off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Persistence {
    /// Day and night.
    Continuous,
    /// Every day for hours.
    Daily,
    /// Now and then.
    Occasional,
}

/// What kind of emitter a plume speaks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmitterVerdict {
    /// Every kind asked about, the most probable first.
    pub kinds: Vec<KindProbability>,
    /// Probability that it is a kind of interest.
    pub of_interest_probability: f64,
    /// Kinds between which nothing decides that this instrument sees; empty when the leading kind
    /// stands apart.
    pub not_told_apart: Vec<String>,
    /// Gases of some profile that do not count, because the instrument does not see them.
    pub unseen: Vec<String>,
}

/// One kind of emitter, judged against one plume.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KindProbability {
    /// Which kind.
    pub id: String,
    /// What people call it.
    pub name: Names,
    /// Its standing.
    pub standing: Standing,
    /// Probability that the plume is from such a place.
    pub probability: f64,
    /// The same in words.
    pub likelihood: Likelihood,
    /// What each gas, or group of gases not to be told apart, speaks for the kind, strongest first.
    pub contributions: Vec<Contribution>,
}

/// What one gas says of one kind of emitter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// Slugs: one, or a group.
    pub gases: Vec<String>,
    /// ln of the evidence for the kind over that for a place of which nothing is known.
    pub ln_evidence_ratio: f64,
}

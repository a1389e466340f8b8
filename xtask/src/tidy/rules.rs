//! What the rules need to know of this project: `xtask/tidy.toml`.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::project::Project;

pub(crate) const PATH: &str = "xtask/tidy.toml";

#[derive(Debug, Deserialize)]
pub(crate) struct Rules {
    /// By crate: the crates of ours it may use.
    pub(crate) doors: BTreeMap<String, Vec<String>>,
    /// Crates that may use `anyhow`.
    pub(crate) anyhow: Vec<String>,
    /// By crate of others: the only crate of ours that may use it.
    pub(crate) only: BTreeMap<String, String>,
    /// By pure crate: the crates of others it may use.
    pub(crate) pure: BTreeMap<String, Vec<String>>,
    pub(crate) parsers: Parsers,
    pub(crate) threads: Threads,
    pub(crate) exporters: Exporters,
    pub(crate) budgets: Budgets,
    pub(crate) quantities: Quantities,
    pub(crate) words: Words,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Parsers {
    /// Modules of `formats` that read no bytes from outside, with the reason.
    pub(crate) not_fuzzed: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Threads {
    /// Parallel modules that a test elsewhere runs at 1 and N threads, and where that test is.
    pub(crate) tested_by: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Exporters {
    /// Where what leaves is written, with and without the folder of the same name.
    pub(crate) modules: Vec<String>,
    /// Types whose values can hold what leaves.
    pub(crate) gives: Vec<String>,
    /// Types that an exporter may take beside a `Releasable`: nothing of a product can stand in them.
    pub(crate) beside: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Budgets {
    pub(crate) function_lines: usize,
    pub(crate) median_function_lines: usize,
    pub(crate) file_lines: usize,
    pub(crate) parameters: usize,
    /// The traits of our own, by name.
    pub(crate) traits: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Quantities {
    /// Crates whose public items are checked.
    pub(crate) crates: Vec<String>,
    /// Words of a name that are units.
    pub(crate) units: Vec<String>,
    /// Words of a name that say that the number has no unit.
    pub(crate) pure_numbers: Vec<String>,
    /// Words of a name that make even a whole number a quantity.
    pub(crate) whole: Vec<String>,
    /// `path item`, with the reason why a bare number is right there.
    pub(crate) allowed: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Words {
    /// American spelling to British, in prose.
    pub(crate) british: BTreeMap<String, String>,
    /// Marks of unfinished work.
    pub(crate) unfinished: Vec<String>,
    /// Starts of paths that exist on one machine only.
    pub(crate) foreign_paths: Vec<String>,
    /// Parts of names that the product refuses to have.
    pub(crate) refused: Vec<String>,
}

impl Rules {
    pub(crate) fn of(project: &Project) -> Result<Self> {
        toml::from_str(project.text(PATH)).with_context(|| PATH.to_owned())
    }
}

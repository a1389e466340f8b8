//! `cargo xtask tidy`: the rules of the house that neither compiler nor clippy checks.
//!
//! Each rule reads the project as text and syntax, never builds it, and says of each finding where,
//! what, and what to do. What a rule needs to know of this project stands in `xtask/tidy.toml`.

mod budgets;
mod doors;
mod exporters;
mod fixtures;
mod parsers;
mod project;
mod provenance;
mod purity;
mod quantities;
mod rules;
mod threads;
mod words;

use std::{fmt, path::Path, process::ExitCode};

use anyhow::Result;

use project::Project;
use rules::Rules;

/// One thing to put right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    /// From 1; 1 when the whole file is meant.
    line: usize,
    /// What is wrong and what to do.
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

type Check = fn(&Project, &Rules) -> Vec<Finding>;

/// Name of the rule, and the rule.
const CHECKS: [(&str, Check); 15] = [
    ("doors: who uses whom", doors::arrows),
    ("dependencies: one list, each with its reason, each used", doors::dependencies),
    ("invariant 1: pure crates take no crate that does input or output", purity::manifests),
    ("invariant 1: pure crates read no file, clock or die", purity::sources),
    ("invariant 2: parallel code is tested at 1 and N threads", threads::tested),
    ("invariant 3: every parser is fuzzed", parsers::fuzzed),
    ("invariant 4: exporters take what went through the gate", exporters::gated),
    ("invariant 8: reports carry their provenance", provenance::carried),
    ("invariant 10: no bare quantity crosses a public boundary", quantities::named),
    ("budgets: functions, files, parameters, traits, tests", budgets::kept),
    ("words: British, nothing unfinished, no foreign paths", words::chosen),
    ("words: a word of the glossary has one meaning", words::glossary),
    ("words: what the product never does has no name here", words::refused),
    ("fixtures: each with source, licence and digest", fixtures::listed),
    ("links: every link in the documents leads somewhere", words::links),
];

pub(crate) fn run() -> Result<ExitCode> {
    Ok(if passes(&crate::root())? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs every rule over the project, prints what it finds, and says whether that was nothing.
pub(crate) fn passes(root: &Path) -> Result<bool> {
    let project = Project::read(root)?;
    let rules = Rules::of(&project)?;
    let mut found = 0;
    for (name, check) in CHECKS {
        let mut findings = check(&project, &rules);
        findings.sort();
        found += findings.len();
        if !findings.is_empty() {
            println!("{name}");
            for finding in findings {
                println!("  {finding}");
            }
        }
    }
    println!("{}", budgets::figures(&project));
    println!("{}", exporters::list(&project, &rules));
    println!("tidy: {} rules, {} files, {found} findings", CHECKS.len(), project.files.len());
    Ok(found == 0)
}

#[cfg(test)]
mod tests;

//! The statement for the overseer: what was released in a month, how long everything took, what came of it, how sure that
//! is, and what is missing. In both languages, as pages and as tables.
//!
//! ```text
//! record --histories--> History --figures, survival--> Section{lines, Table, Chart} --pages--> statement.LANGUAGE.pdf
//!                                                                                  --csv----> NAME.LANGUAGE.csv
//! ```
//!
//! Shares are of what was sealed in the month, looked at when the statement was made; curves and scores are of everything
//! up to then, because a month has few. Everything is computed from the record again each time.

use std::{fs, path::Path};

use anyhow::Context;
use cathartes_core::certificate::Verdict;
use cathartes_release::{figures::History, recipient::Language, survival::Curve};
use cathartes_store::{KeptSortie, Store, TimeRange};
use jiff::Timestamp;

use crate::{comply::Month, histories};

mod chart;
mod csv;
mod pages;
mod sections;
mod told;
mod words;

pub use chart::{Chart, Line};

/// Flights of a month that a statement lists at most; more are counted and said to be left out.
const MOST_FLIGHTS: u32 = 5_000;

/// What a statement is made of.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Which month.
    pub month: Month,
    /// When it was made.
    pub made: Timestamp,
    /// Every release up to then.
    pub histories: Vec<History>,
    /// Reminders and escalations that went out about those of the month.
    pub asked: [i64; 2],
    /// Sorties that were flown in the month, as the record has them.
    pub flights: Vec<KeptSortie>,
    /// How many entries the audit log has.
    pub audit_entries: u64,
    /// The last signed checkpoint of the audit log, as it is printed.
    pub checkpoint: Option<String>,
}

/// A column, a row of text below it each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// What its file is called.
    pub(crate) name: &'static str,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A part of a statement, in one language.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) lines: Vec<String>,
    pub(crate) table: Option<Table>,
    pub(crate) charts: Vec<Chart>,
}

impl Statement {
    /// Reads the record.
    ///
    /// # Errors
    ///
    /// When the record does not answer.
    pub async fn read(store: &Store, month: Month, now: Timestamp) -> anyhow::Result<Self> {
        let (from, to) = month.ends()?;
        let made = now;
        let histories = histories::all(store, now).await?;
        let time = TimeRange { from: Some(from), to: Some(to) };
        let flown = store.sorties(time, MOST_FLIGHTS).await?;
        let flights = flown.into_iter().filter(|one| one.sortie.kind == "flown").collect();
        let asked = histories::asked(store, (from, to)).await?;
        let audit_entries = store.audit_seq().await?.unsigned_abs();
        let last = store.last_checkpoint().await?;
        let checkpoint = last.map(|signed| signed.checkpoint.short());
        Ok(Self { month, made, histories, asked, flights, audit_entries, checkpoint })
    }

    /// Those that were sealed in the month.
    pub(crate) fn of_month(&self) -> Vec<&History> {
        let Ok((from, to)) = self.month.ends() else { return Vec::new() };
        let within = |one: &&History| one.released.is_some_and(|at| at >= from && at < to);
        self.histories.iter().filter(within).collect()
    }

    /// Whether nothing was sealed in the month.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.of_month().is_empty()
    }

    /// Flights that did not keep to what held.
    pub(crate) fn not_kept(&self) -> usize {
        self.flights.iter().filter(|one| one.sortie.verdict != Verdict::Kept).count()
    }

    /// Writes it: pages and tables in both languages.
    ///
    /// # Errors
    ///
    /// When there are results already and `force` is not given, or the disk refuses.
    pub fn write(&self, out: &Path, force: bool) -> anyhow::Result<()> {
        let outcome = crate::outcome::Outcome::begin(out, force)?;
        for language in [Language::Es, Language::En] {
            let sections = sections::all(self, language);
            let code = words::code(language);
            let pages = pages::of(self, &sections, language)?;
            put(outcome.folder(), &format!("statement.{code}.pdf"), &pages)?;
            for table in sections.iter().filter_map(|section| section.table.as_ref()) {
                let text = csv::of(table);
                put(
                    outcome.folder(),
                    &format!("statement.{}.{code}.csv", table.name),
                    text.as_bytes(),
                )?;
            }
        }
        outcome.finish()?;
        Ok(())
    }

    /// What is said on the screen.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let sections = sections::all(self, Language::En);
        let one = |section: Section| {
            let title = section.title;
            [title].into_iter().chain(section.lines.into_iter().map(|line| format!("  {line}")))
        };
        sections.into_iter().flat_map(one).collect()
    }
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let path = folder.join(name);
    fs::write(&path, bytes).with_context(|| path.display().to_string())
}

/// The median of a curve with its range, in days, as people read it.
pub(crate) fn median_days(curve: &Curve) -> [Option<f64>; 3] {
    let median = curve.median();
    [median.after, median.low, median.high].map(|at| at.map(|seconds| seconds.0 / DAY_S))
}

pub(crate) const DAY_S: f64 = 86_400.0;

#[cfg(test)]
mod tests;

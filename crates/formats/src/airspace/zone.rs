//! What importers and exporters of others' forms have in common: whatever a form does not say as an authority says it
//! makes a prohibition larger, and is told; a permission is never made larger.

use std::collections::BTreeSet;

use cathartes_core::{
    airspace::{Clause, Limit, Purpose, Rule, TimeWindow, Volume},
    observation::Period,
    units::Metres,
};

use super::{AirspaceError, authority, rings};
use crate::observations::first_line;

/// Feet, metres.
pub(super) const FOOT_M: f64 = 0.3048;
const LONGEST_NUMBER: usize = 100;
/// Vertices of all zones of a file, so that short lines about large circles do not fill the memory.
const MOST_VERTICES: usize = 4_000_000;

/// What zones mean that are not prohibited by their own words: a prohibition of everything, unless somebody says what
/// they permit.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    /// Which of both.
    pub rule: Rule,
    /// For what; a permission needs one.
    pub purposes: Vec<Purpose>,
}

impl Default for Intent {
    fn default() -> Self {
        Self { rule: Rule::Forbid, purposes: Vec::new() }
    }
}

impl Intent {
    pub(super) fn checked(&self) -> Result<(), AirspaceError> {
        if self.rule == Rule::Permit && self.purposes.is_empty() {
            return Err(AirspaceError::new("a permission is for something; name its purposes"));
        }
        Ok(())
    }
}

/// What others' airspace is as clauses.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Imported {
    /// In the order of the file; operators and aircraft are those of the document that takes them in.
    pub clauses: Vec<Clause>,
    /// What was made larger, and what else is not as it stands in the file.
    pub notes: Vec<String>,
}

/// An authority in another form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The file.
    pub text: String,
    /// What the form does not hold: where prohibitions are larger, and which permissions are left out.
    pub notes: Vec<String>,
}

/// One zone on its way in.
#[derive(Debug)]
pub(super) struct Zone {
    pub(super) name: String,
    pub(super) rule: Rule,
    pub(super) purposes: Vec<Purpose>,
    pub(super) notes: Vec<String>,
}

impl Zone {
    /// A zone that is prohibited whatever the intent.
    pub(super) fn prohibited(name: &str) -> Self {
        let name = first_line(name);
        Self { name, rule: Rule::Forbid, purposes: Vec::new(), notes: Vec::new() }
    }

    /// A zone that is what the intent says.
    pub(super) fn intended(name: &str, intent: &Intent) -> Self {
        let Intent { rule, purposes } = intent.clone();
        Self { rule, purposes, ..Self::prohibited(name) }
    }

    pub(super) fn note(&mut self, what: impl std::fmt::Display) {
        self.notes.push(format!("`{}`: {what}", self.name));
    }

    /// Something that cannot be held as it is: a prohibition takes the larger and tells, a permission is refused.
    pub(super) fn widen(
        &mut self,
        what: &str,
        larger: &str,
        remedy: &str,
    ) -> Result<(), AirspaceError> {
        if self.rule == Rule::Permit {
            let what = format!("{what}, and a permission is not made larger; {remedy}");
            return Err(AirspaceError::new(what));
        }
        self.note(format_args!("{what}; the prohibition is taken {larger}"));
        Ok(())
    }
}

/// Why a limit is not known, and what to write.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lacking<'a> {
    pub(super) what: &'a str,
    pub(super) remedy: &'a str,
}

impl Zone {
    /// The floor, or the ground.
    pub(super) fn floor(
        &mut self,
        floor: Option<Limit>,
        lacking: Lacking<'_>,
    ) -> Result<Limit, AirspaceError> {
        if floor.is_none() {
            self.widen(lacking.what, "from the ground", lacking.remedy)?;
        }
        Ok(floor.unwrap_or(Limit::Agl(Metres(0.0))))
    }

    /// The ceiling, or none where it is not known.
    pub(super) fn ceiling(
        &mut self,
        ceiling: Option<Limit>,
        lacking: Lacking<'_>,
    ) -> Result<Option<Limit>, AirspaceError> {
        if ceiling.is_none() {
            self.widen(lacking.what, "without end", lacking.remedy)?;
        }
        Ok(ceiling)
    }
}

/// All zones of a file on their way in.
#[derive(Debug, Default)]
pub(super) struct Zones {
    imported: Imported,
    numbers: BTreeSet<String>,
    vertices: usize,
}

impl Zones {
    pub(super) fn add(
        &mut self,
        zone: Zone,
        volume: Volume,
        windows: Vec<TimeWindow>,
    ) -> Result<(), AirspaceError> {
        authority::upright(&volume)?;
        let rings = volume.polygons.iter().flat_map(|polygon| &polygon.rings);
        self.vertices += rings.map(Vec::len).sum::<usize>();
        if self.vertices > MOST_VERTICES {
            return Err(AirspaceError::new(
                "more than four million vertices; cut the file into several",
            ));
        }
        let Zone { name, rule, purposes, notes } = zone;
        self.imported.notes.extend(notes);
        let number = self.number(&name);
        let clause =
            Clause { number, rule, purposes, operators: None, aircraft: None, volume, windows };
        self.imported.clauses.push(clause);
        Ok(())
    }

    pub(super) fn note(&mut self, what: impl Into<String>) {
        self.imported.notes.push(what.into());
    }

    pub(super) fn done(self) -> Imported {
        self.imported
    }

    /// A number of its own that a clause can have.
    fn number(&mut self, name: &str) -> String {
        let plain = |c: char| if c.is_control() || c == '/' { '-' } else { c };
        let name: String = name.trim().chars().take(LONGEST_NUMBER).map(plain).collect();
        let name = if name.is_empty() { "zone".to_owned() } else { name };
        let free = |numbers: &BTreeSet<String>, number: &String| !numbers.contains(number);
        let mut number = name.clone();
        let mut next = self.imported.clauses.len();
        while !free(&self.numbers, &number) {
            next += 1;
            number = format!("{name}-{next}");
        }
        self.numbers.insert(number.clone());
        number
    }
}

/// One clause on its way out.
pub(super) struct Leaving<'a> {
    pub(super) clause: &'a Clause,
    pub(super) notes: &'a mut Vec<String>,
}

impl Leaving<'_> {
    pub(super) fn note(&mut self, what: impl std::fmt::Display) {
        self.notes.push(format!("clause {}: {what}", self.clause.number));
    }

    /// Something that the form does not hold: whether the clause goes on without it, larger.
    pub(super) fn widen(&mut self, what: &str, larger: &str) -> bool {
        match self.clause.rule {
            Rule::Forbid => self.note(format_args!("{what}; the prohibition is written {larger}")),
            Rule::Permit => self.note(format_args!("{what}; the permission is left out")),
        }
        self.clause.rule == Rule::Forbid
    }

    /// What no form of others holds, and how its rings look on a flat map.
    pub(super) fn common(&mut self) {
        let Clause { purposes, operators, aircraft, volume, .. } = self.clause;
        if self.clause.rule == Rule::Permit {
            self.note(
                "the form does not hold for whom and for what a permission is; say it beside it",
            );
        } else if !purposes.is_empty() || operators.is_some() || aircraft.is_some() {
            self.note("the prohibition is written as one of everybody for everything");
        }
        let rings = volume.polygons.iter().flat_map(|polygon| &polygon.rings);
        if rings.into_iter().any(|ring| rings::jumps(ring)) {
            self.note("it crosses 180° or goes round a pole; programs that draw flat maps may not show it");
        }
    }

    /// When it is in force; a permission only while its document is valid.
    pub(super) fn in_force(&mut self, valid: Period) -> Option<Vec<TimeWindow>> {
        let windows = &self.clause.windows;
        if self.clause.rule == Rule::Forbid {
            return Some(windows.clone());
        }
        let always = [TimeWindow::default()];
        let windows = if windows.is_empty() { &always[..] } else { &windows[..] };
        let within = |window: &TimeWindow| {
            let from = window.from.map_or(valid.from, |from| from.max(valid.from));
            let to = window.to.map_or(valid.to, |to| to.min(valid.to));
            let weekly = window.weekly.clone();
            (from < to).then_some(TimeWindow { from: Some(from), to: Some(to), weekly })
        };
        let windows: Vec<TimeWindow> = windows.iter().filter_map(within).collect();
        if windows.is_empty() {
            self.note(
                "it is never in force while its document is valid; the permission is left out",
            );
            return None;
        }
        Some(windows)
    }
}

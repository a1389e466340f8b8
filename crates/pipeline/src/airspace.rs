//! Authorities from what others publish, and back.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use cathartes_core::airspace::{Clause, Limit, Rule, TimeWindow};
use cathartes_formats::airspace::{
    Exported, Imported, authority, border, ed269, ed318, kml, openair,
};

use crate::{comply::bytes, locate::counted};

pub use cathartes_core::{
    airspace::{Authority, Purpose},
    observation::Period,
    units::Metres,
};
pub use cathartes_formats::airspace::Intent;

/// What others write airspace in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// EUROCAE ED-318, `GeoJSON`.
    Ed318,
    /// EUROCAE ED-269, JSON.
    Ed269,
    /// `OpenAir`.
    OpenAir,
    /// KML polygons.
    Kml,
}

/// What a document says of itself.
#[derive(Debug, Clone)]
pub struct Head {
    /// Its number.
    pub number: String,
    /// Who says it.
    pub issuer: String,
    /// When its permissions hold.
    pub valid: Period,
    /// Whom its permissions are for.
    pub operators: Vec<String>,
    /// Which kinds of aircraft.
    pub aircraft: Vec<String>,
}

impl Head {
    fn authority(self, clauses: Vec<Clause>) -> Authority {
        let Self { number, issuer, valid, operators, aircraft } = self;
        Authority { issuer, number, valid, operators, aircraft, clauses }
    }
}

/// What zones mean that permit these.
#[must_use]
pub fn permitting(purposes: Vec<Purpose>) -> Intent {
    Intent { rule: Rule::Permit, purposes }
}

/// Reads zones of any form, told by what the file holds.
///
/// # Errors
///
/// With the file, the feature and the vertex.
pub fn import(
    files: &[PathBuf],
    head: Head,
    intent: &Intent,
    heights: Option<(Metres, Metres)>,
) -> anyhow::Result<(Authority, Vec<String>)> {
    let (mut clauses, mut notes): (Vec<Clause>, Vec<String>) = (Vec::new(), Vec::new());
    for file in files {
        let name = || file.display().to_string();
        let bytes = bytes(file)?;
        let read = match form(&bytes) {
            Form::Ed318 => ed318::read(&bytes, intent),
            Form::Ed269 => ed269::read(&bytes, intent),
            Form::OpenAir => openair::read(&bytes, intent),
            Form::Kml => kml::read(&bytes, intent, heights.map(stated)),
        };
        let Imported { clauses: more, notes: told } = read.with_context(name)?;
        clauses.extend(more);
        notes.extend(told.into_iter().map(|note| format!("{}: {note}", name())));
    }
    ensure!(!clauses.is_empty(), "there is no zone in these files");
    if files.len() > 1 {
        for (at, clause) in clauses.iter_mut().enumerate() {
            clause.number = format!("{}-{}", at + 1, clause.number);
        }
    }
    Ok((checked(&head.authority(clauses))?, notes))
}

fn stated((floor, ceiling): (Metres, Metres)) -> kml::Heights {
    kml::Heights { floor: Limit::Amsl(floor), ceiling: Some(Limit::Amsl(ceiling)) }
}

/// ED-318 is a `FeatureCollection`, ED-269 is JSON of its own.
fn form(bytes: &[u8]) -> Form {
    let text = bytes.trim_ascii_start();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    match text.first() {
        Some(b'{') => {
            let value: Option<serde_json::Value> = serde_json::from_slice(text).ok();
            let collection = value.is_some_and(|value| value["type"] == "FeatureCollection");
            if collection { Form::Ed318 } else { Form::Ed269 }
        }
        Some(b'<') => Form::Kml,
        _ => Form::OpenAir,
    }
}

/// A country that may not be entered, from the ground up, at any time.
///
/// # Errors
///
/// When the file holds no such border.
pub fn border(
    file: &Path,
    country: Option<&str>,
    head: Head,
) -> anyhow::Result<(Authority, Vec<String>)> {
    let name = || file.display().to_string();
    let bytes = bytes(file)?;
    let read = match country {
        Some(country) => border::topojson(&bytes, country),
        None => border::geojson(&bytes),
    };
    let read = read.with_context(name)?;
    let notes = read.notes.clone();
    let clause = Clause {
        number: "1".to_owned(),
        rule: Rule::Forbid,
        purposes: Vec::new(),
        operators: None,
        aircraft: None,
        volume: read.volume(Limit::Agl(Metres(0.0)), None),
        windows: Vec::new(),
    };
    Ok((checked(&head.authority(vec![clause]))?, notes))
}

/// As it would be read again: what cannot be is no authority.
fn checked(authority: &Authority) -> anyhow::Result<Authority> {
    Ok(authority::read(authority::write(authority).as_bytes())?)
}

/// The file of an authority.
#[must_use]
pub fn written(authority: &Authority) -> String {
    authority::write(authority)
}

/// Reads an authority.
///
/// # Errors
///
/// With the clause and the vertex.
pub fn open(file: &Path) -> anyhow::Result<Authority> {
    authority::read(&bytes(file)?).with_context(|| file.display().to_string())
}

/// An authority in a form of others; `country` is its code of three letters, for those that want one.
///
/// # Errors
///
/// When the form cannot hold it.
pub fn export(
    authority: &Authority,
    form: Form,
    country: &str,
) -> anyhow::Result<(String, Vec<String>)> {
    let Exported { text, notes } = match form {
        Form::Ed318 => ed318::write(authority, country)?,
        Form::Ed269 => ed269::write(authority, country)?,
        Form::OpenAir => openair::write(authority),
        Form::Kml => kml::write(authority),
    };
    Ok((text, notes))
}

/// What it says, a line a clause.
#[must_use]
pub fn words(authority: &Authority) -> Vec<String> {
    let Authority { issuer, number, valid, operators, aircraft, clauses } = authority;
    let named = |names: &[String]| match names {
        [] => "nobody".to_owned(),
        names => names.join(", "),
    };
    let mut lines = vec![format!(
        "{number} of {issuer}, from {} to {}, permits to {} with {}",
        valid.from,
        valid.to,
        named(operators),
        named(aircraft)
    )];
    lines.extend(clauses.iter().map(of_clause));
    lines
}

fn of_clause(clause: &Clause) -> String {
    let purposes: Vec<&str> = clause.purposes.iter().map(|purpose| purpose.word()).collect();
    let purposes = if purposes.is_empty() { "everything".to_owned() } else { purposes.join(", ") };
    let polygons = &clause.volume.polygons;
    let vertices: usize = polygons.iter().flat_map(|one| &one.rings).map(Vec::len).sum();
    let ceiling = clause
        .volume
        .ceiling
        .map_or("without end".to_owned(), |ceiling| format!("up to {ceiling}"));
    let whom =
        clause.operators.as_ref().map_or(String::new(), |all| format!(" to {}", all.join(", ")));
    let when = match clause.windows.as_slice() {
        [] => String::new(),
        windows => format!(", {}", windows.iter().map(when).collect::<Vec<_>>().join(" or ")),
    };
    format!(
        "  {} {}s {purposes}{whom}: {} of {vertices} vertices, from {} {ceiling}{when}",
        clause.number,
        clause.rule.word(),
        counted(polygons.len(), "polygon"),
        clause.volume.floor
    )
}

fn when(window: &TimeWindow) -> String {
    let from = window.from.map(|at| format!("from {at}"));
    let to = window.to.map(|at| format!("to {at}"));
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let weekly = window.weekly.iter().map(|weekly| {
        let days: Vec<String> = weekly.days.iter().map(|day| format!("{day:?}")).collect();
        format!("{} {} to {}", days.join(", "), clock(weekly.from_min), clock(weekly.to_min))
    });
    from.into_iter().chain(to).chain(weekly).collect::<Vec<_>>().join(" ")
}

/// A time as two moments with a slash between them.
///
/// # Errors
///
/// When it is something else.
pub fn period(text: &str) -> anyhow::Result<Period> {
    let what = || format!("`{text}` is no time: write 2026-10-01T00:00:00Z/2027-04-01T00:00:00Z");
    let (from, to) = text.split_once('/').with_context(what)?;
    let (from, to) = (from.parse().with_context(what)?, to.parse().with_context(what)?);
    if from >= to {
        bail!("`{text}` ends before it begins");
    }
    Ok(Period { from, to })
}

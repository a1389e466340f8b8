//! What was flown in a month, and whether it kept to its authorities: a statement, and what it rests on.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    str::FromStr,
};

use anyhow::{Context, ensure};
use cathartes_core::{
    certificate::{Certificate, CertifiedAuthority, CertifiedGround, Verdict, least_margin},
    provenance::Digest,
    track::Track,
    units::{Metres, Seconds},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;

use super::{About, Rules, Told, put, told};
use crate::{locate::counted, outcome::Outcome};

/// A month of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month(Date);

impl FromStr for Month {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let first = format!("{text}-01").parse().ok().filter(|_| text.len() == 7);
        Ok(Self(first.with_context(|| format!("`{text}` is no month: write it as 2026-10"))?))
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl Month {
    /// Its first moment, and the first after it.
    ///
    /// # Errors
    ///
    /// When there is no month after it.
    pub fn ends(self) -> anyhow::Result<(Timestamp, Timestamp)> {
        let first = |date: Date| anyhow::Ok(TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0))?);
        let next = self.0.last_of_month().tomorrow()?;
        Ok((first(self.0)?, first(next)?))
    }

    /// Whether any of a time lies in it.
    fn touches(self, from: Timestamp, to: Timestamp) -> bool {
        let month = |at: Timestamp| TimeZone::UTC.to_datetime(at).date().first_of_month();
        month(from) <= self.0 && self.0 <= month(to)
    }
}

/// What was flown, and what that is known by.
#[derive(Debug, Clone, Serialize)]
pub struct Statement {
    /// Which month.
    pub month: String,
    /// What held.
    pub authorities: Vec<CertifiedAuthority>,
    /// The ground, when one was given.
    pub ground: Option<CertifiedGround>,
    /// Every sortie, in the order of their beginnings.
    pub sorties: Vec<Flown>,
    /// Files that are no track that could be read, and why: of them nothing is said.
    pub left_out: Vec<String>,
}

/// One sortie.
#[derive(Debug, Clone, Serialize)]
pub struct Flown {
    /// Its name.
    pub sortie: String,
    /// Its file.
    pub file: String,
    /// Of its file.
    pub sha256: Digest,
    /// Who flew.
    pub operator: String,
    /// What kind of aircraft.
    pub aircraft: String,
    /// What for.
    pub purpose: &'static str,
    /// First fix.
    pub from: Timestamp,
    /// Last fix.
    pub to: Timestamp,
    /// Fixes.
    pub fixes: usize,
    /// Longest time between two of them.
    pub longest_gap_s: Seconds,
    /// Whether it kept.
    pub verdict: Verdict,
    /// The least that it kept clear of any prohibition by, allowances and reach taken off; none where nothing was forbidden.
    pub least_margin_m: Option<Metres>,
    /// Of which clause.
    pub least_margin_of: Option<String>,
    /// What keeps it from being kept.
    pub why: Vec<String>,
    /// What is wrong with its log.
    pub faults: Vec<String>,
}

/// Certifies every track of a month in a folder and states what was flown.
///
/// # Errors
///
/// When the folder cannot be read or the disk refuses; a file that is no track is told of in the statement.
pub fn statement(
    rules: &Rules,
    folder: &Path,
    month: Month,
    out: Option<(&Path, bool)>,
) -> anyhow::Result<Statement> {
    let outcome = out.map(|(out, force)| Outcome::begin(out, force)).transpose()?;
    let (mut sorties, mut left_out) = (Vec::new(), Vec::new());
    for path in files(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let read = about_of(&path).and_then(|about| told(&path, about.as_ref()));
        let Told { track, bytes, faults, .. } = match read {
            Ok(told) => told,
            Err(error) => {
                left_out.push(format!("{error:#}"));
                continue;
            }
        };
        let (Some(first), Some(last)) = (track.fixes.first(), track.fixes.last()) else { continue };
        if !month.touches(first.time, last.time) {
            continue;
        }
        let certificate = rules.certify(&track, &bytes);
        if let Some(outcome) = &outcome {
            put(outcome.folder(), &format!("{name}."), &bytes, &certificate)?;
        }
        sorties.push(flown((name, &track), certificate, faults));
    }
    sorties.sort_by_key(|one| (one.from, one.sortie.clone()));
    let (authorities, ground) = (rules.authorities.clone(), rules.ground.clone());
    let statement = Statement { month: month.to_string(), authorities, ground, sorties, left_out };
    if let Some(outcome) = outcome {
        let text = serde_json::to_string_pretty(&statement)?;
        fs::write(outcome.folder().join("statement.json"), text + "\n")?;
        outcome.finish()?;
    }
    Ok(statement)
}

/// Tracks and logs of a folder, by name.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let named = || folder.display().to_string();
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(named)? {
        let path = entry.with_context(named)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let ours = name.ends_with("certificate.json") || name == "statement.json";
        if path.is_file() && !name.starts_with('.') && !name.ends_with(".about.toml") && !ours {
            files.push(path);
        }
    }
    files.sort();
    ensure!(!files.is_empty(), "{}: there is no track in this folder", named());
    Ok(files)
}

/// What is to be known of a log stands beside it under its name, as `NAME.about.toml`.
fn about_of(path: &Path) -> anyhow::Result<Option<About>> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".about.toml");
    let beside = PathBuf::from(beside);
    beside.exists().then(|| About::open(&beside)).transpose()
}

fn flown((file, track): (String, &Track), certificate: Certificate, faults: Vec<String>) -> Flown {
    let times: Vec<Timestamp> = track.fixes.iter().map(|fix| fix.time).collect();
    let gaps = times.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_secs_f64());
    let least = least_margin(&certificate.legs, certificate.allowances);
    Flown {
        sortie: track.sortie.clone(),
        file,
        sha256: certificate.track.sha256,
        operator: track.operator.clone(),
        aircraft: track.aircraft.clone(),
        purpose: track.purpose.word(),
        from: times.first().copied().unwrap_or_default(),
        to: times.last().copied().unwrap_or_default(),
        fixes: times.len(),
        longest_gap_s: Seconds(gaps.fold(0.0, f64::max)),
        verdict: certificate.verdict,
        least_margin_m: least.as_ref().map(|(margin, _)| *margin),
        least_margin_of: least.map(|(_, clause)| clause),
        why: certificate.why,
        faults,
    }
}

impl Statement {
    /// How many sorties have a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.sorties.iter().filter(|one| one.verdict == verdict).count()
    }

    /// The statement for people: what holds of whom, what does not, and what that rests on.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "{}: {}, {} kept, {} not proven, {} broken",
            self.month,
            counted(self.sorties.len(), "sortie"),
            self.count(Verdict::Kept),
            self.count(Verdict::NotProven),
            self.count(Verdict::Broken)
        )];
        lines.extend(self.by_aircraft());
        for one in self.sorties.iter().filter(|one| one.verdict != Verdict::Kept) {
            lines.push(format!("{} ({}) is {}", one.sortie, one.file, one.verdict));
            lines.extend(one.why.iter().map(|why| format!("  {why}")));
        }
        lines.extend(self.left_out.iter().map(|why| format!("left out: {why}")));
        lines.extend(self.rests_on());
        lines
    }

    fn by_aircraft(&self) -> Vec<String> {
        let mut groups: BTreeMap<(&str, &str), Vec<&Flown>> = BTreeMap::new();
        for one in &self.sorties {
            groups.entry((&one.operator, &one.aircraft)).or_default().push(one);
        }
        let line = |((operator, aircraft), flown): ((&str, &str), Vec<&Flown>)| {
            let kept = flown.iter().filter(|one| one.verdict == Verdict::Kept).count();
            let sorties = counted(flown.len(), "sortie");
            let margins = flown.iter().filter_map(|one| one.least_margin_m.map(|least| least.0));
            let least = margins.fold(f64::INFINITY, f64::min);
            let by = if least.is_finite() {
                format!(", {least:.0} m to spare at the least")
            } else {
                String::new()
            };
            if kept == flown.len() {
                format!(
                    "{operator}, {aircraft}: never entered what is forbidden to it, in {sorties}{by}"
                )
            } else {
                format!("{operator}, {aircraft}: kept in {kept} of {sorties}")
            }
        };
        groups.into_iter().map(line).collect()
    }

    fn rests_on(&self) -> Vec<String> {
        let fixes: usize = self.sorties.iter().map(|one| one.fixes).sum();
        let gap_s = self.sorties.iter().map(|one| one.longest_gap_s.0).fold(0.0, f64::max);
        let mut lines = vec![format!(
            "it rests on {} of the tracks given, the longest time between two {gap_s:.0} s; of a flight without a track it says nothing",
            counted(fixes, "position")
        )];
        lines.extend(self.authorities.iter().map(|one| {
            format!("  authority {} of {}, SHA-256 {}", one.number, one.issuer, one.sha256.0)
        }));
        lines.extend(self.ground.iter().map(|one| format!("  ground, SHA-256 {}", one.sha256.0)));
        lines
    }
}

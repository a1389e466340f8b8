//! Makes `crates/formats/data/gases.bin` from the collected spectra in `../shared/data/spectra`:
//! `cargo xtask fixtures gas`, or `cargo run -p cathartes-pipeline --example gas-library`.
//!
//! Only tiers whose terms allow it are taken. One gas may have several files; they are laid down in
//! the order of [`sources`], each filling what those before it left untabulated. A file is a
//! sequence of even runs, one sample a cell; every run becomes one segment of the same cells, so
//! integrals are kept. Where two runs of one file meet with more than half a step between their
//! cells, the finer run is continued across.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use cathartes_core::{
    gas::{CrossSection, Gas, Segment},
    units::{Kelvin, PerCm},
};
use cathartes_formats::{formula, gas_library};

mod methane;
mod unlisted;

/// Tiers that may be built in. `nist-srd` and `aer-hitran` may not.
const TIERS: [&str; 2] = ["open", "hitran-facts"];
const SPECTRA: &str = "../shared/data/spectra";
const OUT: &str = "crates/formats/data/gases.bin";

/// One file of the collection: its header and its even runs.
struct Table {
    header: BTreeMap<String, String>,
    segments: Vec<Segment>,
}

/// Makes the library and says what went in.
fn main() -> Result<()> {
    let spectra = Path::new(SPECTRA);
    ensure!(
        spectra.is_dir(),
        "{SPECTRA} is not there; it holds the spectra the library is made of"
    );
    let gases = collect(spectra)?;
    let bytes = gas_library::encode(&gases)?;
    fs::write(OUT, &bytes).with_context(|| format!("writing {OUT}"))?;
    let numbers: usize = gases.iter().flat_map(|g| &g.segments).map(|s| s.sigma_cm2.len()).sum();
    println!("{OUT}: {} gases, {numbers} numbers, {} bytes", gases.len(), bytes.len());
    Ok(())
}

/// Every gas with at least one file of an allowed tier, by slug.
fn collect(spectra: &Path) -> Result<Vec<CrossSection>> {
    let mut gases = BTreeMap::new();
    for (file, paths) in sources(spectra)? {
        let tables = paths.iter().map(|p| read(p)).collect::<Result<Vec<_>>>()?;
        let mut gas = join(&file, &tables).with_context(|| format!("gas `{file}`"))?;
        if file == "methane" {
            methane::refine(&mut gas, &spectra.join("targets"))?;
        }
        unlisted::cut(&mut gas);
        gases.insert(gas.gas.slug.clone(), gas);
    }
    Ok(gases.into_values().collect())
}

/// Files by gas, best first: the library, then the second sources on a fine grid, then narrow-band
/// models, which serve only gases that have nothing else.
fn sources(spectra: &Path) -> Result<BTreeMap<String, Vec<PathBuf>>> {
    let mut sources: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (folder, suffix) in [("library", ""), ("alt", "__seas"), ("alt", "__radcal")] {
        for entry in fs::read_dir(spectra.join(folder))? {
            let path = entry?.path();
            let Some(stem) = path.file_stem().and_then(|s| s.to_str()) else { continue };
            let Some(slug) = stem.strip_suffix(suffix).filter(|s| !s.contains("__")) else {
                continue;
            };
            if !allowed(&path)? || (suffix == "__radcal" && sources.contains_key(slug)) {
                continue;
            }
            sources.entry(slug.to_owned()).or_default().push(path);
        }
    }
    Ok(sources)
}

/// Whether the terms in the header of a file begin with an allowed tier.
fn allowed(path: &Path) -> Result<bool> {
    let text = fs::read_to_string(path)?;
    let terms = text.lines().find_map(|line| line.strip_prefix("# terms:")).unwrap_or_default();
    Ok(TIERS.contains(&terms.split(':').next().unwrap_or_default().trim()))
}

fn read(path: &Path) -> Result<Table> {
    let text = fs::read_to_string(path)?;
    let mut header = BTreeMap::new();
    let mut points: Vec<(f64, f32)> = Vec::new();
    for line in text.lines() {
        if let Some((key, value)) = line.strip_prefix("# ").and_then(|l| l.split_once(':')) {
            header.insert(key.to_owned(), value.trim().to_owned());
        } else if let Some((nu, sigma)) = line.split_once(',')
            && let (Ok(nu), Ok(sigma)) = (nu.parse::<f64>(), sigma.parse::<f32>())
        {
            points.push((nu, sigma.max(0.0)));
        }
    }
    ensure!(points.len() > 2, "{}: no numbers", path.display());
    Ok(Table { header, segments: runs(&points) })
}

/// Cuts points into even runs of at least three, continued across joints.
fn runs(points: &[(f64, f32)]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut first = 0;
    while first + 1 < points.len() {
        let step = points[first + 1].0 - points[first].0;
        let even = |i: &usize| (points[i + 1].0 - points[*i].0 - step).abs() < 0.01 * step;
        let last = (first..points.len() - 1).take_while(even).last().map_or(first, |i| i + 1);
        if last > first + 1 {
            segments.push(Segment {
                start: PerCm((points[first].0 * 1000.0).round() / 1000.0),
                step: PerCm((step * 1000.0).round() / 1000.0),
                sigma_cm2: points[first..=last].iter().map(|p| p.1).collect(),
            });
            first = last + 1;
        } else {
            first += 1;
        }
    }
    for i in 1..segments.len() {
        let next = segments[i].clone();
        bridge(&mut segments[i - 1], &next);
    }
    segments
}

/// Continues a run up to the first cell of the next where the hole is a joint, not a gap.
fn bridge(segment: &mut Segment, next: &Segment) {
    let hole = next.start.0 - next.step.0 / 2.0 - (segment.end().0 + segment.step.0 / 2.0);
    let (Some(&a), Some(&b)) = (segment.sigma_cm2.last(), next.sigma_cm2.first()) else { return };
    if hole > 0.0 && hole < segment.step.0.max(next.step.0) * 1.5 {
        let n = (hole / segment.step.0 + 1e-6) as usize;
        let between = |i: usize| a + (b - a) * (i + 1) as f32 / (n + 1) as f32;
        segment.sigma_cm2.extend((0..n).map(between));
    }
}

fn join(file: &str, tables: &[Table]) -> Result<CrossSection> {
    let Some(best) = tables.first() else { bail!("no file") };
    let text = |key: &str| -> String {
        let mut all: Vec<&str> =
            tables.iter().filter_map(|t| t.header.get(key)).map(String::as_str).collect();
        all.dedup();
        all.join("; then ")
    };
    let named = |key: &str| best.header.get(key).cloned().unwrap_or_default();
    let (name, formula, cas) = identity(file, &named);
    let molar_mass = formula::molar_mass(&formula).context("formula")?;
    let temperature = named("temperature_K").parse().context("temperature")?;
    let mut segments: Vec<Segment> = Vec::new();
    for table in tables {
        for segment in &table.segments {
            lay(&mut segments, segment);
        }
    }
    let slug = slug(file, &formula);
    Ok(CrossSection {
        gas: Gas { slug, name, formula, cas, molar_mass },
        segments,
        temperature: Kelvin(temperature),
        source: format!("{} [{}; {}]", text("source"), text("pressure"), text("resolution")),
        citation: text("cite"),
        terms: text("terms"),
    })
}

/// Name, formula and CAS number; some second-source files leave them out.
fn identity(file: &str, named: &impl Fn(&str) -> String) -> (String, String, String) {
    match file {
        "propylene" => ("Propylene".into(), "C3H6".into(), "115-07-1".into()),
        _ => (named("gas"), named("formula"), named("cas")),
    }
}

/// Small molecules go by their formula, the others by their name.
fn slug(file: &str, formula: &str) -> String {
    let by_formula = !formula.contains('C')
        || formula.contains("Cl") && !formula.replace("Cl", "").contains('C')
        || ["CH4", "CO", "CO2", "HCN", "OCS"].contains(&formula);
    if by_formula { formula.to_lowercase() } else { file.replace('_', "-") }
}

/// Adds the cells of a segment that lie outside all those already there.
fn lay(laid: &mut Vec<Segment>, segment: &Segment) {
    let half = segment.step.0 / 2.0;
    let taken: Vec<(f64, f64)> =
        laid.iter().map(|s| (s.start.0 - s.step.0 / 2.0, s.end().0 + s.step.0 / 2.0)).collect();
    let free = |i: usize| {
        let nu = segment.start.0 + segment.step.0 * i as f64;
        taken.iter().all(|(low, high)| nu + half * 0.5 <= *low || nu - half * 0.5 >= *high)
    };
    let mut i = 0;
    while i < segment.sigma_cm2.len() {
        let run = (i..segment.sigma_cm2.len()).take_while(|&j| free(j)).count();
        if run > 1 {
            laid.push(Segment {
                start: PerCm(segment.start.0 + segment.step.0 * i as f64),
                step: segment.step,
                sigma_cm2: segment.sigma_cm2[i..i + run].to_vec(),
            });
        }
        i += run.max(1);
    }
    laid.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
}

#[cfg(test)]
mod tests;

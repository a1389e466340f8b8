//! What was found of the plumes of a line, against its truth.

use std::{fmt, fs, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{COLUMNS, PIXEL_M, ROWS};

/// A true column that counts as plume when outlines are compared, ppm m: about one deviation.
const OUTLINE_PPMM: f32 = 200.0;
/// A true column that is gas at all, ppm m.
const GAS_PPMM: f32 = 10.0;
/// How far round an outline the true mass is summed, as `detect` does, pixels.
const SKIRT_PX: i64 = 3;

/// All lines so far.
#[derive(Default)]
pub(super) struct Table {
    plumes: Vec<Row>,
    false_alarms: usize,
    flagged: usize,
    parts: usize,
    area_km2: f64,
}

/// One true plume and the plume found on it.
struct Row {
    seed: u64,
    kind: String,
    rate_kg_h: f64,
    found: Option<Found>,
}

struct Found {
    flagged: bool,
    false_alarm_probability: f64,
    /// Found over true.
    mass: f64,
    mass_held: bool,
    overlap: f64,
    /// Over truth, and whether the 90 % range holds the truth: by mass, by sections. None for outlines
    /// of real plumes, whose rate is a convention.
    rates: Option<[(f64, bool); 2]>,
}

/// The truth as a map.
struct Truth {
    lines: usize,
    samples: usize,
    ppmm: Vec<f32>,
    kg_per_ppmm: f64,
}

/// A plume found, on the pixel grid.
struct Claim<'v> {
    properties: &'v Value,
    pixels: Vec<(usize, usize)>,
}

impl Table {
    /// Adds the line in a folder.
    pub(super) fn add(&mut self, seed: u64, folder: &Path) -> Result<()> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read(&path).with_context(|| path.display().to_string())
        };
        let said: Value = serde_json::from_slice(&read("line.truth.json")?)?;
        let claimed: Value = serde_json::from_slice(&read("results/plumes.geojson")?)?;
        let truth = Truth::new(&said, &read("line.truth.ch4.img")?);
        let sources: Vec<&Value> = list(&said["plumes"]).collect();
        let turn = degrees_to_pixels(&sources);
        let claims: Vec<Claim> =
            list(&claimed["features"]).map(|feature| Claim::new(feature, &turn, &truth)).collect();
        let mut taken = vec![false; claims.len()];
        for (cell, source) in sources.iter().enumerate() {
            let held = |claim: &Claim| truth.gas_in(cell, &claim.pixels);
            let best = (0..claims.len())
                .filter(|&i| held(&claims[i]) > 0.0)
                .max_by(|&a, &b| held(&claims[a]).total_cmp(&held(&claims[b])));
            if let Some(best) = best {
                taken[best] = true;
            }
            let found = best.map(|i| truth.compare(cell, source, &claims[i]));
            let (kind, rate_kg_h) = (text(&source["kind"]), number(&source["rate_kg_h"]));
            self.plumes.push(Row { seed, kind, rate_kg_h, found });
        }
        for (claim, _) in claims.iter().zip(&taken).filter(|(_, taken)| !**taken) {
            if truth.near_gas(&claim.pixels) {
                self.parts += 1;
            } else if claim.flagged() {
                self.flagged += 1;
            } else {
                self.false_alarms += 1;
            }
        }
        self.area_km2 += (truth.lines * truth.samples) as f64 * PIXEL_M * PIXEL_M * 1e-6;
        Ok(())
    }
}

impl<'v> Claim<'v> {
    fn new(feature: &'v Value, turn: &[[f64; 2]; 2], truth: &Truth) -> Self {
        let properties = &feature["properties"];
        let at = |key: &str| number(&properties[key]);
        let here = [at("origin_longitude_deg"), at("origin_latitude_deg")];
        let pixel = [at("origin_line_px"), at("origin_sample_px")];
        let place = |corner: &Value| {
            let d = [number(&corner[0]) - here[0], number(&corner[1]) - here[1]];
            [0, 1].map(|k| pixel[k] + turn[k][0] * d[0] + turn[k][1] * d[1])
        };
        let polygons = match text(&feature["geometry"]["type"]).as_str() {
            "MultiPolygon" => list(&feature["geometry"]["coordinates"]).collect(),
            _ => vec![&feature["geometry"]["coordinates"]],
        };
        let rings: Vec<Vec<[f64; 2]>> = polygons
            .into_iter()
            .flat_map(list)
            .map(|ring| list(ring).map(place).collect())
            .collect();
        Self { properties, pixels: filled(&rings, truth) }
    }

    fn flagged(&self) -> bool {
        self.properties["look_alike_flagged"] == true
    }
}

/// Pixels whose centre lies inside an odd number of rings.
fn filled(rings: &[Vec<[f64; 2]>], truth: &Truth) -> Vec<(usize, usize)> {
    let corners = || rings.iter().flatten();
    let span = |k: usize, end: usize| {
        let low = corners().map(|c| c[k]).fold(f64::MAX, f64::min).floor().max(0.0) as usize;
        let high = corners().map(|c| c[k]).fold(0.0, f64::max).ceil() as usize;
        low..high.min(end)
    };
    let inside = |line: usize, sample: usize| {
        let (y, x) = (line as f64 + 0.5, sample as f64 + 0.5);
        let crossed = |pair: &[[f64; 2]]| {
            let ([y0, x0], [y1, x1]) = (pair[0], pair[1]);
            (y0 > y) != (y1 > y) && x < x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        };
        rings.iter().flat_map(|ring| ring.windows(2)).filter(|pair| crossed(pair)).count() % 2 == 1
    };
    span(0, truth.lines)
        .flat_map(|l| span(1, truth.samples).map(move |s| (l, s)))
        .filter(|&(l, s)| inside(l, s))
        .collect()
}

/// Lines and samples a degree of longitude and of latitude, by least squares over the sources.
fn degrees_to_pixels(sources: &[&Value]) -> [[f64; 2]; 2] {
    let n = sources.len() as f64;
    let column = |outer: &str, key: &str| -> Vec<f64> {
        let all: Vec<f64> = sources.iter().map(|s| number(&s[outer][key])).collect();
        let mean = all.iter().sum::<f64>() / n;
        all.iter().map(|v| v - mean).collect()
    };
    let (x, y) = (column("source_place", "longitude"), column("source_place", "latitude"));
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (xx, xy, yy) = (dot(&x, &x), dot(&x, &y), dot(&y, &y));
    let det = xx * yy - xy * xy;
    ["line_px", "sample_px"].map(|key| {
        let p = column("source", key);
        let (px, py) = (dot(&p, &x), dot(&p, &y));
        [(px * yy - py * xy) / det, (py * xx - px * xy) / det]
    })
}

impl Truth {
    fn new(said: &Value, image: &[u8]) -> Self {
        let per_cm2 = number(&said["molecules_per_cm2_per_ppmm"]);
        let kg_per_m2 = per_cm2 * 1e4 / 6.022_140_76e23 * 16.043e-3;
        let (values, _) = image.as_chunks::<4>();
        Self {
            lines: number(&said["lines"]) as usize,
            samples: number(&said["samples"]) as usize,
            ppmm: values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
            kg_per_ppmm: kg_per_m2 * PIXEL_M * PIXEL_M,
        }
    }

    fn at(&self, line: usize, sample: usize) -> f32 {
        self.ppmm.get(line * self.samples + sample).copied().unwrap_or(0.0)
    }

    fn cell(&self, line: usize, sample: usize) -> usize {
        let row = (line / (self.lines / ROWS)).min(ROWS - 1);
        let column = (sample / (self.samples / COLUMNS)).min(COLUMNS - 1);
        row * COLUMNS + column
    }

    /// Gas of the plume of a cell inside some pixels, ppm m summed.
    fn gas_in(&self, cell: usize, pixels: &[(usize, usize)]) -> f64 {
        let own = pixels.iter().filter(|&&(l, s)| self.cell(l, s) == cell);
        own.map(|&(l, s)| f64::from(self.at(l, s))).filter(|v| *v > f64::from(GAS_PPMM)).sum()
    }

    fn grown(&self, pixels: &[(usize, usize)]) -> Vec<(usize, usize)> {
        let reach = SKIRT_PX * SKIRT_PX + SKIRT_PX;
        let near = |l: usize, s: usize| {
            (-SKIRT_PX..=SKIRT_PX).flat_map(move |dl| {
                (-SKIRT_PX..=SKIRT_PX)
                    .filter(move |ds| dl * dl + ds * ds <= reach)
                    .map(move |ds| (l as i64 + dl, s as i64 + ds))
            })
        };
        let mut all: Vec<(usize, usize)> = pixels
            .iter()
            .flat_map(|&(l, s)| near(l, s))
            .filter(|&(l, s)| l >= 0 && s >= 0 && l < self.lines as i64 && s < self.samples as i64)
            .map(|(l, s)| (l as usize, s as usize))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn near_gas(&self, pixels: &[(usize, usize)]) -> bool {
        self.grown(pixels).iter().any(|&(l, s)| self.at(l, s) > GAS_PPMM)
    }

    fn compare(&self, cell: usize, source: &Value, claim: &Claim) -> Found {
        let says = |key: &str| number(&claim.properties[key]);
        let gas: f64 =
            self.grown(&claim.pixels).iter().map(|&(l, s)| f64::from(self.at(l, s))).sum();
        let true_kg = gas * self.kg_per_ppmm;
        let both = claim.pixels.iter().filter(|&&(l, s)| self.at(l, s) > OUTLINE_PPMM).count();
        let own = (0..self.ppmm.len())
            .filter(|&i| self.ppmm[i] > OUTLINE_PPMM)
            .filter(|&i| self.cell(i / self.samples, i % self.samples) == cell)
            .count();
        let rate = number(&source["rate_kg_h"]);
        let told = |way: &str| {
            let key = |which: &str| says(&format!("rate_by_{way}{which}_kg_per_h"));
            let range = key("_low_90_percent")..=key("_high_90_percent");
            (key("") / rate, range.contains(&rate))
        };
        let physical = source["rate_is_physical"] == true;
        Found {
            flagged: claim.flagged(),
            false_alarm_probability: says("false_alarm_probability"),
            mass: says("mass_kg") / true_kg,
            mass_held: (says("mass_kg") - true_kg).abs() < 1.645 * says("mass_sigma_kg"),
            overlap: both as f64 / (claim.pixels.len() + own - both).max(1) as f64,
            rates: physical.then(|| ["mass", "sections"].map(told)),
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| seed | kind | kg/h | found | false-alarm probability | mass | rate by mass | by sections | overlap |\n|---|---|---|---|---|---|---|---|---|"
        )?;
        let mut rows: Vec<&Row> = self.plumes.iter().collect();
        rows.sort_by(|a, b| a.rate_kg_h.total_cmp(&b.rate_kg_h).then(a.seed.cmp(&b.seed)));
        for row in &rows {
            write!(f, "| {} | {} | {:.0} | ", row.seed, row.kind, row.rate_kg_h)?;
            match &row.found {
                None => writeln!(f, "no | | | | | |")?,
                Some(found) => writeln!(f, "{found}")?,
            }
        }
        self.sum_up(&rows, f)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = |held: bool| if held { "" } else { " *" };
        let rate = |way: usize| {
            self.rates
                .map_or("by convention".into(), |r| format!("{:.2}{}", r[way].0, held(r[way].1)))
        };
        write!(
            f,
            "{} | {:.0e} | {:.2}{} | {} | {} | {:.2} |",
            if self.flagged { "flagged" } else { "yes" },
            self.false_alarm_probability,
            self.mass,
            held(self.mass_held),
            rate(0),
            rate(1),
            self.overlap
        )
    }
}

impl Table {
    fn sum_up(&self, rows: &[&Row], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nover truth; * the 90 % range does not hold the truth\n")?;
        let real = |row: &&&Row| row.found.as_ref().is_some_and(|found| !found.flagged);
        for range in [20.0..50.0, 50.0..100.0, 100.0..200.0, 200.0..2001.0] {
            let of = || rows.iter().filter(|row| range.contains(&row.rate_kg_h));
            let (from, to, all) = (range.start, range.end, of().count());
            writeln!(f, "{from:.0} to {to:.0} kg/h: {} of {all} found", of().filter(real).count())?;
        }
        let found: Vec<&Found> =
            rows.iter().filter(real).filter_map(|row| row.found.as_ref()).collect();
        let rates =
            |way: usize| found.iter().filter_map(move |f| f.rates.map(|r| r[way])).collect();
        let ways: [Vec<(f64, bool)>; 2] = [rates(0), rates(1)];
        spread(f, "mass", &found.iter().map(|f| (f.mass, f.mass_held)).collect::<Vec<_>>())?;
        spread(f, "rate by mass", &ways[0])?;
        spread(f, "rate by sections", &ways[1])?;
        let overlap = found.iter().map(|f| f.overlap).sum::<f64>() / found.len().max(1) as f64;
        writeln!(f, "overlap of outlines with truth above {OUTLINE_PPMM} ppm-m: {overlap:.2}")?;
        writeln!(
            f,
            "false alarms {} in {:.1} km2, {:.1} per 100 km2; {} more flagged as look-alikes; {} parts of plumes",
            self.false_alarms,
            self.area_km2,
            100.0 * self.false_alarms as f64 / self.area_km2,
            self.flagged,
            self.parts
        )
    }
}

/// Geometric mean and relative deviation over truth, and how many ranges held it.
fn spread(f: &mut fmt::Formatter<'_>, what: &str, values: &[(f64, bool)]) -> fmt::Result {
    let logs: Vec<f64> = values.iter().map(|v| v.0.max(1e-3).ln()).collect();
    let n = logs.len().max(1) as f64;
    let mean = logs.iter().sum::<f64>() / n;
    let std = (logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    let held = values.iter().filter(|v| v.1).count();
    writeln!(
        f,
        "{what} over truth {:.2}, spread {:.0} %, {held} of {} ranges hold it",
        mean.exp(),
        100.0 * std,
        values.len()
    )
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

//! HITRAN cross-section files: blocks of a fixed-width header line and ten values a line.
//!
//! | columns | field |
//! |---|---|
//! | 1-20 | formula |
//! | 21-30, 31-40 | first and last wavenumber, cm⁻¹ |
//! | 41-47 | number of points |
//! | 48-54 | temperature, K |
//! | 55-60 | pressure, Torr |
//! | 61-70 | largest cross-section |
//! | 71-75 | resolution |
//! | 76-90 | common name |
//! | 95-97 | broadening gas |
//! | 98-100 | reference |
//!
//! Values are Napierian, cm² per molecule. Of several temperatures the one nearest 296 K (or the one
//! asked for) is taken, of several pressures at that temperature the nearest to 1 atm, for every
//! range that is not yet covered.

use cathartes_core::units::Kelvin;

use super::{GasImportError, Given, Raw};

const ATMOSPHERE_TORR: f64 = 760.0;
/// Temperatures so near one another count as one, K.
const SAME: f64 = 3.0;

struct Block<'t> {
    header: &'t str,
    low: f64,
    high: f64,
    temperature: f64,
    pressure_torr: f64,
    values: Vec<f64>,
}

/// Whether a line can be the header of a block.
pub(super) fn is_header(line: &str) -> bool {
    header(line).is_some()
}

/// First, last, count, temperature, pressure.
fn header(line: &str) -> Option<(f64, f64, usize, f64, f64)> {
    let field = |a: usize, b: usize| line.get(a..b.min(line.len())).map(str::trim);
    let number = |a, b| field(a, b)?.parse::<f64>().ok().filter(|v| v.is_finite());
    let formula = field(0, 20)?;
    let count = field(40, 47)?.parse().ok()?;
    let named = formula.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    let head = (number(20, 30)?, number(30, 40)?, count, number(47, 54)?, number(54, 60)?);
    (named && head.1 > head.0).then_some(head)
}

pub(super) fn read(text: &str, given: &Given) -> Result<Raw, GasImportError> {
    let blocks = blocks(text)?;
    let wanted = given.temperature.unwrap_or(Kelvin(296.0)).0;
    let away = |b: &&Block| (b.temperature - wanted).abs();
    let best = blocks
        .iter()
        .min_by(|a, b| away(a).total_cmp(&away(b)))
        .ok_or(GasImportError::UnknownFormat)?;
    let mut near: Vec<&Block> =
        blocks.iter().filter(|b| (b.temperature - best.temperature).abs() < SAME).collect();
    near.sort_by(|a, b| {
        let off = |b: &Block| (b.pressure_torr - ATMOSPHERE_TORR).abs();
        off(a).total_cmp(&off(b))
    });
    let mut taken: Vec<&Block> = Vec::new();
    for block in near {
        if taken.iter().all(|t| block.high < t.low || block.low > t.high) {
            taken.push(block);
        }
    }
    let notes = taken
        .iter()
        .map(|b| {
            format!(
                "took {:.1}-{:.1} cm-1 at {} K and {} Torr, of {} blocks; values are cm2 per molecule (base e)",
                b.low, b.high, b.temperature, b.pressure_torr, blocks.len()
            )
        })
        .collect();
    let field =
        |a: usize, b: usize| best.header.get(a..b.min(best.header.len())).unwrap_or("").trim();
    Ok(Raw {
        name: Some(field(75, 90).to_owned()).filter(|n| !n.is_empty()),
        formula: Some(field(0, 20).to_owned()),
        temperature: Some(Kelvin(best.temperature)),
        source: format!("HITRAN cross-section file, reference {}", field(97, 100)),
        citation: "Kochanov et al. 2019, JQSRT 230, 172, and the paper of the reference number"
            .into(),
        terms: None,
        cas: None,
        runs: taken.iter().map(|b| b.points()).collect(),
        notes,
    })
}

fn blocks(text: &str) -> Result<Vec<Block<'_>>, GasImportError> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut missing = 0;
    for (line, row) in (1..).zip(text.lines()) {
        let at = |fault: String| GasImportError::Line { line, fault };
        if row.trim().is_empty() {
            continue;
        }
        if missing == 0 {
            let (low, high, count, temperature, pressure_torr) =
                header(row).ok_or_else(|| at("not the header of a cross-section block".into()))?;
            if count < 2 || count > text.len() {
                return Err(at(format!(
                    "a block of {count} points in a file of {} bytes",
                    text.len()
                )));
            }
            missing = count;
            let values = Vec::new();
            blocks.push(Block { header: row, low, high, temperature, pressure_torr, values });
        } else if let Some(block) = blocks.last_mut() {
            let mut rest = row;
            while missing > 0 && !rest.trim().is_empty() {
                let width = rest.char_indices().nth(10).map_or(rest.len(), |(i, _)| i);
                let (field, after) = rest.split_at(width);
                let value = field.trim().parse::<f64>();
                block.values.push(value.map_err(|_| at(format!("`{field}` is not a number")))?);
                rest = after;
                missing -= 1;
            }
        }
    }
    if missing > 0 {
        return Err(GasImportError::Points(format!("the file ends {missing} values early")));
    }
    Ok(blocks)
}

impl Block<'_> {
    fn points(&self) -> Vec<(f64, f64)> {
        let step = (self.high - self.low) / (self.values.len() - 1) as f64;
        self.values.iter().enumerate().map(|(i, &v)| (self.low + step * i as f64, v)).collect()
    }
}

#[cfg(test)]
mod tests;

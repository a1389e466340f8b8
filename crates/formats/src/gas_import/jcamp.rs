//! JCAMP-DX infrared spectra, as far as one spectrum in one block goes: `##XYDATA=(X++(Y..Y))` in
//! every packing, or `##XYPOINTS=(XY..XY)`.

use std::collections::HashMap;

use cathartes_core::units::Kelvin;

use super::{GasImportError, Given, Raw, Unit, asdf::Ordinates, unit};

/// Numbers kept for each byte read.
const NUMBERS_A_BYTE: usize = 64;

/// The labelled records of a file: value and line.
struct Records<'t> {
    values: HashMap<String, (&'t str, usize)>,
    data: Option<Data<'t>>,
}

struct Data<'t> {
    label: String,
    form: &'t str,
    /// Line of the first row, from 1.
    line: usize,
    rows: Vec<&'t str>,
}

pub(super) fn read(text: &str, given: &Given) -> Result<Raw, GasImportError> {
    let records = Records::split(text);
    let data = records
        .data
        .as_ref()
        .ok_or(GasImportError::Missing { what: "`##XYDATA=`", remedy: "a file with a spectrum" })?;
    let points = match data.label.as_str() {
        "XYDATA" => records.even(data, text.len())?,
        _ => records.pairs(data, text.len())?,
    };
    let unit_text = match &given.unit {
        Some(unit) => unit.as_str(),
        None => records
            .get("YUNITS")
            .ok_or(GasImportError::Missing { what: "`##YUNITS=`", remedy: "--unit" })?,
    };
    let y = Unit::parse(unit_text)?;
    let x = unit::abscissa(records.get("XUNITS").unwrap_or("1/CM"))?;
    let temperature = records.get("TEMPERATURE").and_then(unit::temperature).or(given.temperature);
    let mut notes = vec![y.sentence(unit_text)];
    let cell = records.cell(y, temperature.unwrap_or(Kelvin(296.0)), &mut notes)?;
    let black = points.iter().filter(|p| y == Unit::Transmittance && p.1 <= 0.0).count();
    if black > 0 {
        return Err(GasImportError::Points(format!(
            "{black} of {} points let no light through, so nothing is known of them; take a \
             spectrum of a shorter path",
            points.len()
        )));
    }
    let text = |label| records.get(label).map(str::to_owned).filter(|t| !t.is_empty());
    Ok(Raw {
        name: text("TITLE").map(|t| t.trim().to_owned()),
        formula: text("MOLFORM").map(|f| f.split_whitespace().collect()),
        cas: text("CASREGISTRYNO").filter(|c| c.contains('-')),
        temperature,
        source: text("ORIGIN").unwrap_or_else(|| "JCAMP-DX file".into()),
        citation: ["SOURCEREFERENCE", "REFERENCE", "OWNER"]
            .iter()
            .find_map(|l| text(l))
            .unwrap_or_default(),
        terms: text("OWNER").map(|owner| format!("imported; owner: {owner}")),
        runs: vec![points.into_iter().map(|(a, b)| (x(a), y.sigma(b, cell))).collect()],
        notes,
    })
}

impl<'t> Records<'t> {
    /// Cuts a file into records; the first data record ends the search.
    fn split(text: &'t str) -> Self {
        let mut records = Self { values: HashMap::new(), data: None };
        for (line, row) in (1..).zip(text.lines()) {
            let row = row.split("$$").next().unwrap_or_default();
            if let Some((label, value)) = row.strip_prefix("##").and_then(|r| r.split_once('=')) {
                if records.data.is_some() {
                    break;
                }
                let label: String = label
                    .chars()
                    .filter(char::is_ascii_alphanumeric)
                    .collect::<String>()
                    .to_uppercase();
                if matches!(label.as_str(), "XYDATA" | "XYPOINTS") {
                    let form = value.trim();
                    records.data = Some(Data { label, form, line: line + 1, rows: Vec::new() });
                } else {
                    records.values.entry(label).or_insert((value.trim(), line));
                }
            } else if let Some(data) = &mut records.data {
                data.rows.push(row.trim());
            }
        }
        records
    }

    fn get(&self, label: &str) -> Option<&'t str> {
        self.values.get(label).map(|(value, _)| *value)
    }

    fn number(&self, label: &'static str) -> Result<Option<f64>, GasImportError> {
        let Some((value, line)) = self.values.get(label) else { return Ok(None) };
        value.parse().ok().filter(|v: &f64| v.is_finite()).map(Some).ok_or_else(|| {
            GasImportError::Line { line: *line, fault: format!("`{label}` cannot be `{value}`") }
        })
    }

    /// `(X++(Y..Y))`: ordinates at even abscissae, which every line's own abscissa confirms.
    fn even(&self, data: &Data, bytes: usize) -> Result<Vec<(f64, f64)>, GasImportError> {
        let at = |line, fault| GasImportError::Line { line, fault };
        if data.form.replace(' ', "").to_uppercase() != "(X++(Y..Y))" {
            return Err(at(
                data.line - 1,
                format!("`XYDATA` in the form `{}` is not read", data.form),
            ));
        }
        let (xfactor, yfactor) =
            (self.number("XFACTOR")?.unwrap_or(1.0), self.number("YFACTOR")?.unwrap_or(1.0));
        let mut ordinates = Ordinates::for_block(&data.rows.join("\n"), bytes * NUMBERS_A_BYTE);
        let mut lines = Vec::new();
        for (i, row) in data.rows.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
            let line = data.line + i;
            lines.push((line, ordinates.line(row).map_err(|fault| at(line, fault))?));
        }
        let count = ordinates.values.len();
        if let Some(points) = self.number("NPOINTS")?
            && points != count as f64
        {
            return Err(GasImportError::Points(format!(
                "`NPOINTS` says {points}, there are {count}"
            )));
        }
        let (first, delta) = self.grid(count, lines.first().map(|(_, l)| l.x * xfactor))?;
        for (line, row) in &lines {
            // A line that holds only the check value of the one before stands on the last point.
            let expected = first + delta * row.index as f64;
            // Files of the NIST database are one step off after their first line.
            if (row.x * xfactor - expected).abs() > 1.6 * delta.abs() + 1e-3 {
                let fault = format!(
                    "begins at {}, point {} should be at {expected:.4}",
                    row.x * xfactor,
                    row.index + 1
                );
                return Err(at(*line, fault));
            }
        }
        let x = |i: usize| first + delta * i as f64;
        Ok(ordinates.values.iter().enumerate().map(|(i, y)| (x(i), y * yfactor)).collect())
    }

    /// First abscissa and spacing: from the ends when they are given, else from `DELTAX`.
    fn grid(&self, count: usize, begins: Option<f64>) -> Result<(f64, f64), GasImportError> {
        let missing = |what| GasImportError::Missing { what, remedy: "a whole file" };
        let first = self.number("FIRSTX")?.or(begins).ok_or(missing("`##FIRSTX=`"))?;
        let delta = match (self.number("LASTX")?, self.number("DELTAX")?) {
            (Some(last), _) if count > 1 => (last - first) / (count - 1) as f64,
            (_, Some(delta)) => delta,
            _ => return Err(missing("`##DELTAX=`")),
        };
        if delta == 0.0 { Err(missing("a `##DELTAX=` other than 0")) } else { Ok((first, delta)) }
    }

    /// `(XY..XY)`: pairs of plain numbers.
    fn pairs(&self, data: &Data, bytes: usize) -> Result<Vec<(f64, f64)>, GasImportError> {
        let (xfactor, yfactor) =
            (self.number("XFACTOR")?.unwrap_or(1.0), self.number("YFACTOR")?.unwrap_or(1.0));
        let mut points = Vec::new();
        for (i, row) in data.rows.iter().enumerate() {
            let fault =
                |what: &str| GasImportError::Line { line: data.line + i, fault: what.into() };
            let numbers: Vec<f64> = row
                .split([' ', ',', ';', '\t'])
                .filter(|field| !field.is_empty())
                .map(|field| {
                    field.parse().map_err(|_| fault(&format!("`{field}` is not a number")))
                })
                .collect::<Result<_, _>>()?;
            if numbers.len() % 2 == 1 {
                return Err(fault("an abscissa without an ordinate"));
            }
            points.extend(numbers.chunks_exact(2).map(|p| (p[0] * xfactor, p[1] * yfactor)));
        }
        if points.len() > bytes { Err(GasImportError::UnknownFormat) } else { Ok(points) }
    }

    /// Molecules per cm² in the cell of a spectrum that needs it.
    fn cell(
        &self,
        y: Unit,
        kelvin: Kelvin,
        notes: &mut Vec<String>,
    ) -> Result<f64, GasImportError> {
        if matches!(y, Unit::Scaled(_)) {
            return Ok(1.0);
        }
        let missing = |what, remedy| GasImportError::Missing { what, remedy };
        let path = self.get("PATHLENGTH").and_then(unit::length_cm);
        let path =
            path.ok_or(missing("the path with its unit", "`##PATH LENGTH= 10 cm` in the file"))?;
        let partial = self.get("PARTIALPRESSURE").and_then(unit::pressure_pa);
        // `GAS (150 mmHg, N2 ADDED, TOTAL PRESSURE 600 mmHg)`: the first is the gas's own.
        let stated = || self.get("STATE")?.split_once('(').and_then(|(_, p)| unit::pressure_pa(p));
        let pressure = partial.or_else(stated).ok_or(missing(
            "the partial pressure of the gas with its unit",
            "`##PARTIAL_PRESSURE= 150 mmHg` in the file",
        ))?;
        let molecules = unit::along_path(path, pressure, kelvin);
        notes.push(format!(
            "cell of {path} cm at {:.3} kPa and {:.2} K: {molecules:.4e} molecules per cm2",
            pressure / 1000.0,
            kelvin.0
        ));
        Ok(molecules)
    }
}

#[cfg(test)]
mod tests;

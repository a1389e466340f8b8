//! Two columns of text, abscissa and value, between commas, semicolons, tabs or blanks.
//!
//! Lines that begin with `#` may say `# key: value` with the keys `gas`, `formula`, `cas`,
//! `temperature_K`, `source`, `cite`, `terms`, `unit`. A first line of words names the columns and
//! with them their units: `wavenumber_cm-1,cross_section_cm2_per_molecule`.

use std::collections::HashMap;

use super::{GasImportError, Given, Raw, Unit, unit};

pub(super) fn read(text: &str, given: &Given) -> Result<Raw, GasImportError> {
    let mut keys: HashMap<String, String> = HashMap::new();
    let mut names: Option<(String, String)> = None;
    let mut rows: Vec<(f64, f64)> = Vec::new();
    for (line, row) in (1..).zip(text.lines()) {
        if let Some(comment) = row.trim_start().strip_prefix('#') {
            if let Some((key, value)) = comment.split_once(':') {
                keys.entry(key.trim().to_lowercase()).or_insert_with(|| value.trim().to_owned());
            }
            continue;
        }
        let fields: Vec<&str> =
            row.split([',', ';', '\t', ' ']).map(str::trim).filter(|f| !f.is_empty()).collect();
        let at = |fault: String| GasImportError::Line { line, fault };
        match fields.as_slice() {
            [] => {}
            [x, y, ..] => match (x.parse::<f64>(), y.parse::<f64>()) {
                (Ok(x), Ok(y)) => rows.push((x, y)),
                _ if rows.is_empty() && names.is_none() => names = Some(columns(row)),
                _ => return Err(at(format!("`{}` is not two numbers", shortened(row)))),
            },
            [_] if rows.is_empty() && names.is_none() => return Err(GasImportError::UnknownFormat),
            [_] => return Err(at(format!("`{}` is not two numbers", shortened(row)))),
        }
    }
    if rows.is_empty() {
        return Err(GasImportError::UnknownFormat);
    }
    convert(&keys, names, rows, given)
}

fn convert(
    keys: &HashMap<String, String>,
    names: Option<(String, String)>,
    rows: Vec<(f64, f64)>,
    given: &Given,
) -> Result<Raw, GasImportError> {
    let missing = |what, remedy| GasImportError::Missing { what, remedy };
    let (x_name, y_name) = names.unzip();
    let x_unit = x_name.ok_or(missing(
        "the unit of the first column",
        "a first line such as `wavenumber_cm-1,cross_section_cm2_per_molecule`",
    ))?;
    let x = unit::abscissa(&x_unit)?;
    let y_text = [given.unit.as_ref(), keys.get("unit"), y_name.as_ref()]
        .into_iter()
        .flatten()
        .next()
        .ok_or(missing("the unit of the second column", "--unit"))?;
    let y = Unit::parse(y_text)?;
    if !matches!(y, Unit::Scaled(_)) {
        return Err(missing(
            "the cell of an absorbance or transmittance",
            "a JCAMP-DX file with path and pressure",
        ));
    }
    let text = |key: &str| keys.get(key).cloned().filter(|v| !v.is_empty());
    let temperature = text("temperature_k").and_then(|t| unit::temperature(&t));
    Ok(Raw {
        name: text("gas"),
        formula: text("formula"),
        cas: text("cas"),
        temperature,
        source: text("source").unwrap_or_else(|| "two-column file".into()),
        citation: text("cite").unwrap_or_default(),
        terms: text("terms"),
        runs: vec![rows.into_iter().map(|(a, b)| (x(a), y.sigma(b, 1.0))).collect()],
        notes: vec![y.sentence(y_text)],
    })
}

/// The names of the first two columns; only the unit in them matters.
fn columns(row: &str) -> (String, String) {
    let by = if row.contains([',', ';', '\t']) { &[',', ';', '\t'][..] } else { &[' '][..] };
    let mut names = row.split(by).map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
    (names.next().unwrap_or_default(), names.next().unwrap_or_default())
}

fn shortened(row: &str) -> String {
    row.chars().take(40).collect()
}

#[cfg(test)]
mod tests;

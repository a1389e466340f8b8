//! The height of the ground: the ASCII grid of ESRI in degrees.
//!
//! ```text
//! ncols 3
//! nrows 2
//! xllcorner -117
//! yllcorner 32
//! cellsize 0.01
//! NODATA_value -9999
//! 120 121 130
//! 118 119 -9999
//! ```
//!
//! Rows go from north to south, heights are metres above mean sea level. `xllcenter` and `yllcenter` say where the centre
//! of the corner is instead; without a `NODATA_value` every cell is known. GDAL writes it as `AAIGrid`.

use cathartes_core::{
    terrain::Terrain,
    units::{Degrees, Metres},
};
use thiserror::Error;

/// Most cells: a third of the Earth at 100 m would be more.
const MOST_CELLS: usize = 200_000_000;
/// No ground is farther from the sea than this.
const BEYOND_EARTH: Metres = Metres(12_000.0);

/// Why bytes are no terrain.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TerrainError {
    /// It is no text.
    #[error("byte {0}: not UTF-8 text; write an ASCII grid (`gdal_translate -of AAIGrid`)")]
    NoText(usize),
    /// The head lacks something.
    #[error(
        "the head has no `{0}`; an ASCII grid begins with ncols, nrows, xllcorner, yllcorner and cellsize"
    )]
    Missing(&'static str),
    /// A line of the head says nothing usable.
    #[error("line {line}: `{key}` cannot be `{value}`; {remedy}")]
    Invalid {
        /// Line, from 1.
        line: usize,
        /// What it is of.
        key: String,
        /// As it stands there.
        value: String,
        /// What to write.
        remedy: &'static str,
    },
    /// Cells are missing, or there are more than said.
    #[error(
        "there are {found} heights where {columns} columns and {rows} rows make {wanted}; was the file cut?"
    )]
    Count {
        /// Heights in the file.
        found: usize,
        /// Columns said.
        columns: usize,
        /// Rows said.
        rows: usize,
        /// Heights it should have.
        wanted: usize,
    },
}

/// Reads a grid; memory is a small multiple of the text.
///
/// # Errors
///
/// [`TerrainError`] with the line and what to do.
pub fn read(bytes: &[u8]) -> Result<Terrain, TerrainError> {
    let text =
        std::str::from_utf8(bytes).map_err(|error| TerrainError::NoText(error.valid_up_to()))?;
    let (head, body, first_line) = head(text)?;
    let (columns, rows) = (head.count("ncols")?, head.count("nrows")?);
    let wanted = columns.checked_mul(rows).filter(|cells| *cells <= MOST_CELLS);
    let wanted =
        wanted.ok_or_else(|| head.invalid("ncols", "a grid has up to 200 million cells"))?;
    let cell = head.number("cellsize")?;
    if !(cell > 0.0 && cell <= 10.0) {
        return Err(head.invalid("cellsize", "write the side of a cell in degrees, above 0"));
    }
    let west = head.corner(["xllcorner", "xllcenter"], cell)?;
    let south = head.corner(["yllcorner", "yllcenter"], cell)?;
    let unknown = head.find("nodata_value").and_then(|(_, value)| value.parse::<f64>().ok());
    let heights_m = heights(body, first_line, unknown)?;
    if heights_m.len() != wanted {
        return Err(TerrainError::Count { found: heights_m.len(), columns, rows, wanted });
    }
    let (west, south, cell) = (Degrees(west), Degrees(south), Degrees(cell));
    Ok(Terrain { west, south, cell, columns, rows, heights_m })
}

/// The lines before the heights: line, key in lower case, value.
struct Head<'a>(Vec<(usize, String, &'a str)>);

fn head(text: &str) -> Result<(Head<'_>, &str, usize), TerrainError> {
    let mut lines = Vec::new();
    let mut rest = text;
    for line in 1.. {
        let (this, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let mut words = this.split_whitespace();
        match (words.next(), words.next()) {
            (Some(key), Some(value)) if key.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                lines.push((line, key.to_ascii_lowercase(), value));
            }
            _ => return Ok((Head(lines), rest, line)),
        }
        rest = after;
    }
    Err(TerrainError::Missing("ncols"))
}

impl Head<'_> {
    fn find(&self, key: &str) -> Option<(usize, &str)> {
        self.0.iter().find(|(_, own, _)| own == key).map(|(line, _, value)| (*line, *value))
    }

    fn invalid(&self, key: &str, remedy: &'static str) -> TerrainError {
        let (line, value) = self.find(key).unwrap_or_default();
        TerrainError::Invalid { line, key: key.to_owned(), value: value.to_owned(), remedy }
    }

    fn number(&self, key: &'static str) -> Result<f64, TerrainError> {
        let (_, value) = self.find(key).ok_or(TerrainError::Missing(key))?;
        let number: Option<f64> = value.parse().ok();
        number
            .filter(|number| number.is_finite())
            .ok_or_else(|| self.invalid(key, "write a number"))
    }

    fn count(&self, key: &'static str) -> Result<usize, TerrainError> {
        let (_, value) = self.find(key).ok_or(TerrainError::Missing(key))?;
        let count: Option<usize> = value.parse().ok();
        count.filter(|count| *count > 0).ok_or_else(|| self.invalid(key, "write a count from 1 on"))
    }

    /// The outer corner, whichever of both is said.
    fn corner(&self, [corner, centre]: [&'static str; 2], cell: f64) -> Result<f64, TerrainError> {
        match self.find(centre) {
            Some(_) => Ok(self.number(centre)? - 0.5 * cell),
            None => self.number(corner),
        }
    }
}

fn heights(body: &str, first_line: usize, unknown: Option<f64>) -> Result<Vec<f32>, TerrainError> {
    let mut heights = Vec::new();
    for (line, text) in (first_line..).zip(body.lines()) {
        for value in text.split_ascii_whitespace() {
            let height: Option<f64> = value.parse().ok();
            let sane = |height: &f64| Some(*height) == unknown || height.abs() <= BEYOND_EARTH.0;
            let height = height.filter(sane).ok_or_else(|| TerrainError::Invalid {
                line,
                key: "height".to_owned(),
                value: value.chars().take(40).collect(),
                remedy: "write metres above mean sea level, or the NODATA_value",
            })?;
            heights.push(if Some(height) == unknown { f32::NAN } else { height as f32 });
        }
    }
    Ok(heights)
}

#[cfg(test)]
mod tests;

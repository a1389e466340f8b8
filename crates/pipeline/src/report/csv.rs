//! Tables as RFC 4180 writes them, after a byte-order mark, so that spreadsheets read accents.

use super::Table;

/// The text of a file.
pub(super) fn of(table: &Table) -> String {
    let rows = std::iter::once(&table.columns).chain(&table.rows);
    let line =
        |row: &Vec<String>| row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",");
    let lines: String = rows.map(|row| line(row) + "\r\n").collect();
    format!("\u{feff}{lines}")
}

/// A cell that begins like a formula is a text all the same.
fn quoted(cell: &str) -> String {
    let number = cell.parse::<f64>().is_ok();
    let formula = !number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', '\n', '\r']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

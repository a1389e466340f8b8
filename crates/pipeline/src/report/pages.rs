//! A statement on paper.

use cathartes_formats::paper::{Column, HEIGHT_PT, Ink, Paper, Running};
use cathartes_release::recipient::Language;

use super::{
    Section, Statement, Table,
    words::{code, say},
};

const WIDE_PT: f32 = 499.0;
/// Of letters as tables have them, bold ones too.
const LETTER_PT: f32 = 5.3;
/// Between columns.
const GAP_PT: f32 = 9.0;
/// Cells with more letters are broken anyhow.
const LONGEST: f32 = 40.0;
const QUIET: Ink = [255, 255, 255];

/// The file.
pub(super) fn of(
    statement: &Statement,
    sections: &[Section],
    language: Language,
) -> anyhow::Result<Vec<u8>> {
    let name = say(language, "Statement for the overseer", "Informe para la supervisión");
    let title = format!("{name}, {}", statement.month);
    let mut paper = Paper::new(&title, code(language));
    let label = say(language, "FOR OVERSIGHT", "PARA SUPERVISIÓN").to_owned();
    let foot = format!("Cathartes {}", env!("CARGO_PKG_VERSION"));
    paper.run(Running { label, ink: QUIET, head: title.clone(), foot });
    paper.heading(&title, 16.0);
    for section in sections {
        paper.room(70.0_f32.min(HEIGHT_PT));
        paper.heading(&section.title, 11.5);
        for line in &section.lines {
            paper.paragraph(line, 9.0);
        }
        if let Some(table) = section.table.as_ref().filter(|table| !table.rows.is_empty()) {
            paper.table(&columns(table), &table.rows, 8.0);
        }
        for chart in &section.charts {
            chart.draw(&mut paper);
        }
    }
    Ok(paper.finish()?)
}

/// Letters of the longest of some texts.
fn longest<'a>(texts: impl Iterator<Item = &'a str>) -> f32 {
    texts.map(|text| text.chars().count()).max().unwrap_or(1).max(1) as f32
}

/// As wide as their longest words at least, as their longest cells where there is room, and together as wide as the page.
fn columns(table: &Table) -> Vec<Column> {
    let cells = |column: usize| {
        let cells = table.rows.iter().filter_map(move |row| row.get(column));
        cells.chain(table.columns.get(column))
    };
    let word =
        |column| LETTER_PT.mul_add(longest(cells(column).flat_map(|cell| cell.split(' '))), GAP_PT);
    let wish = |column| longest(cells(column).map(String::as_str)).min(LONGEST);
    let words: Vec<f32> = (0..table.columns.len()).map(word).collect();
    let wishes: Vec<f32> = (0..table.columns.len()).map(wish).collect();
    // What is left beyond the words is shared by how much each wishes for.
    let left = WIDE_PT - words.iter().sum::<f32>();
    let wished: f32 = wishes.iter().sum();
    let narrow = WIDE_PT / (WIDE_PT - left.min(0.0));
    let numbers = |column: usize| {
        let number =
            |cell: &String| cell.is_empty() || cell.trim_end_matches(" %").parse::<f64>().is_ok();
        table.rows.iter().filter_map(|row| row.get(column)).all(number)
    };
    let one = |(column, name): (usize, &String)| Column {
        name: name.clone(),
        width_pt: narrow * words[column] + left.max(0.0) * wishes[column] / wished,
        right: numbers(column),
    };
    table.columns.iter().enumerate().map(one).collect()
}

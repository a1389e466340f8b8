//! A statement on paper.

use cathartes_formats::paper::{Column, HEIGHT_PT, Ink, Paper, Running};
use cathartes_release::recipient::Language;

use super::{
    Section, Statement, Table,
    words::{code, say},
};

const WIDE_PT: f32 = 499.0;
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

/// As wide as their longest cells, and together as wide as the page.
fn columns(table: &Table) -> Vec<Column> {
    let longest = |column: usize| {
        let cells = table.rows.iter().filter_map(|row| row.get(column));
        let all = cells.chain(table.columns.get(column)).map(|cell| cell.chars().count());
        all.max().unwrap_or(1).clamp(4, 40) as f32
    };
    let lengths: Vec<f32> = (0..table.columns.len()).map(longest).collect();
    let all: f32 = lengths.iter().sum();
    let numbers = |column: usize| {
        let number =
            |cell: &String| cell.is_empty() || cell.trim_end_matches(" %").parse::<f64>().is_ok();
        table.rows.iter().filter_map(|row| row.get(column)).all(number)
    };
    let one = |(column, name): (usize, &String)| Column {
        name: name.clone(),
        width_pt: WIDE_PT * lengths[column] / all,
        right: numbers(column),
    };
    table.columns.iter().enumerate().map(one).collect()
}

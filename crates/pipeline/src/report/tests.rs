use cathartes_release::figures::{Ending, Truth};
use jiff::SignedDuration;

use super::*;

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// One that was sealed on a day of October, and opened and ended so many days after.
fn sealed(day: i64, opened: Option<i64>, ended: Option<(i64, Truth)>) -> History {
    let released = time("2026-10-01T12:00:00Z") + SignedDuration::from_hours(24 * (day - 1));
    let after = |days: i64| released + SignedDuration::from_hours(24 * days);
    History {
        release: format!("release-{day}"),
        recipient: if day % 2 == 0 { "MX-1" } else { "CO-2" }.to_owned(),
        priority: 3,
        reason: "acetone, \"raw\"".to_owned(),
        instrument: (day % 3 > 0).then(|| "imager A".to_owned()),
        source: Some("north wing".to_owned()),
        probability: Some(0.9),
        detected: Some(after(-3)),
        reviewed: Some(after(-1)),
        released: Some(released),
        sent: Some(released),
        received: opened.map(after),
        assigned: opened.map(|days| after(days + 1)),
        answered: opened.map(|days| after(days + 1)),
        ending: ended.map(|(days, truth)| Ending {
            at: after(days),
            outcome: "x".to_owned(),
            truth,
        }),
        closed: None,
    }
}

fn statement() -> Statement {
    let histories = vec![
        sealed(2, Some(1), Some((9, Truth::There))),
        sealed(3, Some(4), Some((20, Truth::NotThere))),
        sealed(4, Some(2), None),
        sealed(9, None, None),
        sealed(-20, Some(1), Some((4, Truth::There))),
    ];
    Statement {
        month: "2026-10".parse().unwrap(),
        made: time("2027-02-01T00:00:00Z"),
        histories,
        asked: [5, 1],
        flights: Vec::new(),
        audit_entries: 1_234,
        checkpoint: None,
    }
}

#[test]
fn a_statement_counts_its_month_and_names_what_is_missing() {
    let words = statement().words();
    let says = |line: &str| {
        assert!(words.iter().any(|w| w.trim().starts_with(line)), "{line}: {words:#?}");
    };

    says("Sealed: 4.");
    says("Opened, of those sent: 3 of 4 (75 %, ");
    says("With an outcome: 2 of 4 (50 %, ");
    says("Not there, of outcomes that tell: 1 of 2 (50 %, ");
    says("Reminders sent: 5.");
    says("Waiting for more than 90 days: 2.");
    says("Releases without an instrument: 3.");
    says("There is no signed checkpoint of the log");
    says("The record has no flights of this month");
}

#[test]
fn what_was_said_is_laid_beside_what_was_for_each_instrument_source_and_band() {
    let sections = sections::all(&statement(), Language::En);
    let tables = sections.iter().filter_map(|section| section.table.as_ref());
    let table = tables.into_iter().find(|table| table.name == "reliability").unwrap();
    let row = |by: &str, which: &str| {
        table.rows.iter().find(|row| row[0] == by && row[1] == which).map(|row| row[4].as_str())
    };

    assert!(row("all", "").unwrap().starts_with("2 of 3"), "{table:?}");
    assert!(row("instrument", "imager A").unwrap().starts_with("1 of 1"), "{table:?}");
    assert!(row("instrument", "unknown").unwrap().starts_with("1 of 2"), "{table:?}");
    assert!(row("source", "north wing").unwrap().starts_with("2 of 3"), "{table:?}");
}

#[test]
fn both_languages_have_the_same_parts_and_as_many_rows() {
    let statement = statement();
    let [es, en] = [Language::Es, Language::En].map(|language| sections::all(&statement, language));

    assert_eq!(es.len(), en.len());
    for (es, en) in es.iter().zip(&en) {
        assert_ne!(es.title, en.title);
        assert_eq!(es.lines.len(), en.lines.len(), "{}", en.title);
        let size = |section: &Section| {
            section.table.as_ref().map(|t| (t.name, t.columns.len(), t.rows.len()))
        };
        assert_eq!(size(es), size(en));
    }
}

#[test]
fn files_are_pages_and_tables_in_both_languages_and_the_same_again() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));

    statement().write(&one, false).unwrap();
    statement().write(&other, false).unwrap();

    let names = |folder: &Path| {
        let all = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut all: Vec<String> = all.collect();
        all.sort();
        all
    };
    assert_eq!(names(&one).len(), 14, "{:?}", names(&one));
    for name in names(&one) {
        assert!(
            fs::read(one.join(&name)).unwrap() == fs::read(other.join(&name)).unwrap(),
            "{name}"
        );
    }
    assert!(fs::read(one.join("statement.es.pdf")).unwrap().starts_with(b"%PDF"));
    assert!(statement().write(&one, false).is_err());
    statement().write(&one, true).unwrap();
}

#[test]
fn a_cell_of_a_table_is_never_a_formula() {
    let table = Table {
        name: "t",
        columns: vec!["a".to_owned(), "b".to_owned()],
        rows: vec![
            vec!["=1+1".to_owned(), "-2.5".to_owned()],
            vec!["a,\"b\"".to_owned(), "@x".to_owned()],
        ],
    };

    assert_eq!(csv::of(&table), "\u{feff}a,b\r\n'=1+1,-2.5\r\n\"a,\"\"b\"\"\",'@x\r\n");
}

#[test]
fn a_month_without_releases_says_so_and_still_has_every_part() {
    let empty = Statement { histories: Vec::new(), ..statement() };

    assert!(empty.is_empty());
    let folder = tempfile::tempdir().unwrap();
    empty.write(&folder.path().join("out"), false).unwrap();
}

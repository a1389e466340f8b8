use cathartes_core::filter::{Area, Literal};
use cathartes_core::units::Degrees;
use proptest::prelude::*;

use super::*;

fn compare(field: &str, how: Comparison, literal: Literal) -> Condition {
    Condition::Compare(field.to_owned(), how, literal)
}

fn text(text: &str) -> Literal {
    Literal::Text(text.to_owned())
}

#[test]
fn and_binds_tighter_than_or_and_brackets_tighter_than_both() {
    let ch4 = || compare("gas", Comparison::Equal, text("ch4"));
    let large = || compare("mass_kg", Comparison::Greater, Literal::Number(12.5));
    let nh3 = || compare("gas", Comparison::Equal, text("nh3"));
    assert_eq!(
        read("gas = 'nh3' OR gas='ch4' AND mass_kg > 12.5").unwrap(),
        Condition::Any(vec![nh3(), Condition::All(vec![ch4(), large()])])
    );
    assert_eq!(
        read("(gas = 'nh3' or \"gas\" = 'ch4') and mass_kg>12.5").unwrap(),
        Condition::All(vec![Condition::Any(vec![nh3(), ch4()]), large()])
    );
    assert_eq!(read("NOT gas='ch4'").unwrap(), Condition::Not(Box::new(ch4())));
}

#[test]
fn every_predicate_of_the_grammar_is_read() {
    let field = || "f".to_owned();
    let moment = |text: &str| Literal::Moment(text.parse().unwrap());
    let not = |condition| Condition::Not(Box::new(condition));
    let noon = "2026-11-26T12:00:00Z";
    for (written, read_as) in [
        ("f <> -1e3", compare("f", Comparison::Unequal, Literal::Number(-1e3))),
        ("f<=2", compare("f", Comparison::AtMost, Literal::Number(2.0))),
        ("f >= .5", compare("f", Comparison::AtLeast, Literal::Number(0.5))),
        ("f < TIMESTAMP('2026-11-26T12:00:00Z')", compare("f", Comparison::Less, moment(noon))),
        ("f = DATE('2026-11-26')", compare("f", Comparison::Equal, moment("2026-11-26T00:00:00Z"))),
        (
            "f BETWEEN 1 AND 2",
            Condition::Between(field(), Literal::Number(1.0), Literal::Number(2.0)),
        ),
        ("f NOT IN ('a','b''s')", not(Condition::OneOf(field(), vec![text("a"), text("b's")]))),
        ("f LIKE 'é%'", Condition::Like(field(), "é%".to_owned())),
        ("f IS NULL", Condition::Absent(field())),
        ("f is not null", not(Condition::Absent(field()))),
    ] {
        assert_eq!(read(written).unwrap(), read_as, "{written}");
    }
    let area = Area {
        west: Degrees(-117.5),
        south: Degrees(26.0),
        east: Degrees(-97.0),
        north: Degrees(32.0),
    };
    let found = read("S_INTERSECTS(geometry, BBOX(-117.5, 26, -97, 32))");
    assert_eq!(found.unwrap(), Condition::Within(area));
    assert!(read("S_INTERSECTS(geometry, POINT(7.5 46))").is_ok());
}

#[test]
fn what_is_no_filter_is_refused_with_its_place() {
    for (written, said) in [
        ("", "character 1: the end where a field was to stand"),
        ("gas", "character 4: the end where a comparison, BETWEEN, IN, LIKE or IS was to stand"),
        ("gas = ", "character 7: the end where a number, a text"),
        ("é = 'a' gas", "character 9: `gas` where AND, OR or the end was to stand"),
        ("gas = 'a", "character 9: the end where a closing quote was to stand"),
        ("gas == 'a'", "character 6: a comparison where a number"),
        ("(gas = 'a'", "character 11: the end where a closing bracket was to stand"),
        ("gas ; 1", "character 5: `;` where a field, a number"),
        ("m > 1e999", "character 5: `1` where a field, a number"),
        ("m > nan", "character 5: `nan` where a number"),
        ("t > TIMESTAMP('yesterday')", "character 15: the text 'yesterday' where a time"),
        ("S_INTERSECTS(geometry, POINT(7 91))", "character 32: 91 where degrees"),
    ] {
        let refused = read(written).unwrap_err().to_string();
        assert!(refused.starts_with(said), "{written}: {refused}");
    }
    let deep = format!("{}a=1{}", "(".repeat(40), ")".repeat(40));
    assert!(matches!(read(&deep), Err(Cql2Error::Deep { .. })));
    assert!(matches!(read(&"NOT ".repeat(40)), Err(Cql2Error::Deep { .. })));
    assert!(matches!(read(&" ".repeat(9_000)), Err(Cql2Error::Long(9_000))));
}

proptest! {
    #[test]
    fn any_text_is_a_filter_or_a_sentence(text in "[ a-zé_<>=()',\"0-9.+NOTANDRIS-]{0,60}") {
        if let Err(error) = read(&text) {
            prop_assert!(error.to_string().len() < 400);
        }
    }
}

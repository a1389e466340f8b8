use cathartes_release::answer::{Answer, OutcomeCode, State};

use super::*;

fn row(alias: &str, second: i64, opened: bool, said: Option<Answer>) -> Row {
    let made = Timestamp::from_second(second).unwrap();
    Row { alias: alias.to_owned(), made, standing: Standing::default(), said, opened }
}

#[test]
fn what_waits_stands_first() {
    let gone =
        Standing { recalled: Some((Timestamp::UNIX_EPOCH, String::new())), ..Standing::default() };
    let mut rows = [
        row("done", 9, true, Some(Answer::outcome(OutcomeCode::NothingFound))),
        Row { standing: gone, ..row("recalled", 8, false, None) },
        row("old and unopened", 1, false, None),
        row("on the way", 7, true, Some(Answer::state(State::OnTheWay))),
        row("new and unopened", 5, false, None),
        Row {
            standing: Standing { expired: true, ..Standing::default() },
            ..row("expired", 6, true, None)
        },
    ];
    rows.sort_by_key(Row::order);
    let names: Vec<_> = rows.iter().map(|row| row.alias.as_str()).collect();
    assert_eq!(
        names,
        ["new and unopened", "old and unopened", "on the way", "expired", "done", "recalled"]
    );
}

#[test]
fn a_list_without_releases_says_so() {
    list(Language::Es, "X", &[], "").body.find("Todavía no hay avisos para usted.").unwrap();
}

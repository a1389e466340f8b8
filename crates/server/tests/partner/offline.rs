use cathartes_release::answer::{
    Answer, OutcomeCode, State,
    code::AnswerCode,
    file::{self, FiledAnswer},
    keys, sheet,
};
use cathartes_server::{Brought, answer_sheet, bring};
use cathartes_store::{Actor, Release, Via};
use jiff::Timestamp;

use super::house::{House, SECRET, Wish};

fn brought(house: &House, text: &str) -> Vec<Brought> {
    let actor = Actor::Command("answer".to_owned());
    house.runtime.block_on(bring(&house.store, &actor, text, Timestamp::now())).unwrap()
}

fn key(release: &Release) -> (AnswerCode, [u8; 32]) {
    let code = release.answer_code.parse().unwrap();
    (code, keys::of_release(&SECRET, &code))
}

fn line(release: &Release, outcome: OutcomeCode) -> String {
    let (code, key) = key(release);
    let lines = sheet::lines(&key);
    let line = lines.iter().find(|line| line.answer.outcome == Some(outcome)).unwrap();
    format!("{code} {}", line.code)
}

#[test]
fn lines_of_a_sheet_are_taken_each_by_itself() {
    let house = House::new();
    let (one, other) = (house.release(Wish::number(1)), house.release(Wish::number(2)));
    let (nothing, seized) =
        (line(&one, OutcomeCode::NothingFound), line(&other, OutcomeCode::Seized));
    let crossed = format!("{} {}", one.answer_code, seized.rsplit_once(' ').unwrap().1);
    let text = format!("# radio, 14:10\n{nothing}\n\n{seized} 40 kg\n{crossed}\nhola\n{nothing}\n");
    let all = brought(&house, &text);
    let said: Vec<_> = all.iter().map(|one| (one.number, one.said.is_ok(), one.new)).collect();
    assert_eq!(
        said,
        [(2, true, true), (4, true, true), (5, false, false), (6, false, false), (7, true, false)]
    );
    assert_eq!(all[1].said.as_deref(), Ok("AVISO-002: Material seized; Other: 40 kg"));
    assert!(all[2].said.as_ref().unwrap_err().contains("does not belong to this sheet"));
    let kept = house.answers(&one);
    assert_eq!((kept.len(), kept[0].via), (1, Via::Code));
    let opened = house.runtime.block_on(house.store.release(one.id)).unwrap().unwrap().opened;
    assert!(opened.is_some(), "who answers has it");
}

#[test]
fn a_signed_file_is_taken_once_and_a_changed_one_not_at_all() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let (code, key) = key(&release);
    let at: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
    let filed = |answer, key: &str| FiledAnswer { answer, at, key: key.to_owned() };
    let answers = [
        filed(Answer::state(State::OnTheWay), "1"),
        filed(Answer::outcome(OutcomeCode::Dismantled), "2"),
    ];
    let text = file::write(&code, &answers, &key).unwrap();
    let forged = brought(&house, &text.replace("dismantled", "already_known"));
    assert!(forged[0].said.as_ref().unwrap_err().contains("the file was changed"));
    assert!(house.answers(&release).is_empty());
    assert!(brought(&house, &text).iter().all(|one| one.said.is_ok() && one.new));
    assert!(brought(&house, &text).iter().all(|one| one.said.is_ok() && !one.new));
    let kept = house.answers(&release);
    assert_eq!((kept.len(), kept[0].at, kept[0].via), (2, at, Via::File));
}

#[test]
fn the_sheet_that_is_printed_says_what_is_taken() {
    let house = House::new();
    let release = house.release(Wish::number(1));
    let printed =
        house.runtime.block_on(answer_sheet(&house.store, &release.answer_code)).unwrap().unwrap();
    let spanish = printed.split_once("Answer without a network").unwrap().0;
    let codes = spanish.lines().filter_map(|line| line.strip_prefix("  "));
    let text: String = codes
        .map(|line| format!("{} {}\n", release.answer_code, &line[..9]))
        .collect::<Vec<_>>()
        .concat();
    let all = brought(&house, &text);
    assert_eq!(all.len(), 18);
    assert!(all.iter().all(|one| one.said.is_ok() && one.new), "{all:?}");
    assert_eq!(house.runtime.block_on(answer_sheet(&house.store, "0000-0000-0000")).unwrap(), None);
}

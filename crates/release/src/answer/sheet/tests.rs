use proptest::prelude::*;

use super::*;
use crate::answer::code::ENTROPY_BYTES;

const SECRET: [u8; 32] = [7; 32];

fn sheet(entropy: [u8; ENTROPY_BYTES]) -> (AnswerCode, Tag, Vec<Line>) {
    let code = AnswerCode::of_entropy(entropy);
    let key = keys::of_release(&SECRET, &code);
    (code, key, lines(&key))
}

fn said(code: &AnswerCode, key: &Tag, line: &Line, more: &str) -> Result<Answer, SheetError> {
    typed(&format!("{code} {} {more}", line.code)).unwrap().answer(key)
}

#[test]
fn a_line_says_what_is_printed_beside_it() {
    let (code, key, lines) = sheet([1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(lines.len(), 18);
    for line in &lines {
        assert_eq!(said(&code, &key, line, "").unwrap(), line.answer);
    }
}

#[test]
fn what_stands_behind_a_line_goes_with_it() {
    let (code, key, lines) = sheet([9; 7]);
    let line = |outcome| lines.iter().find(|line| line.answer.outcome == Some(outcome)).unwrap();
    let answer = |outcome, more| said(&code, &key, line(outcome), more).unwrap();
    let seized = answer(OutcomeCode::Seized, "120,5 kg").details.seized;
    assert_eq!(seized, [Seized { goods: Goods::Other, amount: 120.5, unit: Unit::Kg }]);
    assert_eq!(answer(OutcomeCode::Dismantled, "40 litros").details.seized[0].unit, Unit::L);
    assert_eq!(answer(OutcomeCode::Arrests, "3").details.arrests, Some(3));
    assert_eq!(answer(OutcomeCode::NothingFound, "casa vacía").note, "casa vacía");
    let place = answer(OutcomeCode::WrongPlace, "31.8421, -106.2013").details.place.unwrap();
    assert_eq!(place.latitude.0, 31.8421);
    let odd = said(&code, &key, line(OutcomeCode::Seized), "mucho").unwrap_err();
    assert_eq!(odd.to_string(), "`mucho` is no amount: write digits, as 12.5");
}

#[test]
fn a_line_of_another_sheet_is_refused() {
    let (code, key, _) = sheet([1; 7]);
    let (_, _, others) = sheet([2; 7]);
    for line in &others {
        assert_eq!(said(&code, &key, line, ""), Err(SheetError::Forged));
    }
    assert_eq!(typed(&code.to_string()), Err(SheetError::Form));
}

proptest! {
    #[test]
    fn a_line_that_nobody_printed_is_refused(mac in any::<[u8; MAC]>(), number in 0..32_u8) {
        let (code, key, lines) = sheet([3; 7]);
        let mut line = vec![number];
        line.extend(mac.map(|symbol| symbol & 31));
        line.extend(code::check_of(&line));
        let line = code::written(&line);
        prop_assume!(!lines.iter().any(|ours| ours.code == line));
        let typed = typed(&format!("{code} {line}")).unwrap();
        prop_assert_eq!(typed.answer(&key), Err(SheetError::Forged));
    }

    #[test]
    fn what_people_type_never_panics(text in "\\PC{0,60}", more in "\\PC{0,20}", which in 0..18_usize) {
        let _ = typed(&text);
        let (code, key, lines) = sheet([4; 7]);
        let _ = said(&code, &key, &lines[which], &more);
    }
}

use proptest::prelude::*;

use super::*;
use crate::answer::{OutcomeCode, Reason, State};

const SECRET: [u8; 32] = [5; 32];

fn code() -> AnswerCode {
    AnswerCode::of_entropy([1, 2, 3, 4, 5, 6, 7])
}

fn key() -> Tag {
    keys::of_release(&SECRET, &code())
}

fn filed(answer: Answer, key: &str) -> FiledAnswer {
    FiledAnswer { answer, at: "2026-11-28T12:00:00Z".parse().unwrap(), key: key.to_owned() }
}

fn answers() -> Vec<FiledAnswer> {
    let mut cannot = Answer::outcome(OutcomeCode::CannotAct);
    cannot.reason = Some(Reason::NoOrder);
    cannot.note = "esperamos al juez — «mañana»".to_owned();
    vec![filed(Answer::state(State::Assigned), "a"), filed(cannot, "b")]
}

fn refused(text: &str) -> String {
    read(text).and_then(|file| file.proved(&key())).unwrap_err().to_string()
}

#[test]
fn what_was_written_is_read() {
    let text = write(&code(), &answers(), &key()).unwrap();
    let file = read(&text).unwrap();
    assert_eq!(file.release, code());
    assert_eq!(file.proved(&key()).unwrap(), answers());
}

#[test]
fn the_order_and_the_blanks_of_a_file_do_not_matter() {
    let text = write(&code(), &answers(), &key()).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    assert_eq!(read(&pretty).unwrap().proved(&key()).unwrap(), answers());
}

#[test]
fn says_what_is_wrong_and_where() {
    let good = write(&code(), &answers(), &key()).unwrap();
    assert_eq!(refused("{}"), "`form` is not \"cathartes-answers-1\": this is no file of answers");
    assert!(refused("{\"form\":\n,}").starts_with("line 2, column 1: "));
    let forged =
        "`mac` does not fit: the file was changed, or made without the sheet of this release";
    assert_eq!(refused(&good.replace("assigned", "on_the_way")), forged);
    assert_eq!(refused(&good.replace("no_order", "not_safe")), forged);
    assert_eq!(
        refused(&good.replace("\"mac\":\"", "\"mac\":\"0")),
        "`mac`: write 64 hexadecimal digits"
    );
    let other = AnswerCode::of_entropy([9; 7]).to_string();
    assert_eq!(refused(&good.replace(&code().to_string(), &other)), forged);
    let twisted = good.replace(&code().to_string(), "0000-0000-0010");
    assert_eq!(refused(&twisted), "`release`: the code is not right: look again at symbol 11");
    let long = " ".repeat(MOST_BYTES + 1);
    assert_eq!(refused(&long), "the file has 65537 bytes: answers have 65536 at most");
    let odd = write(&code(), &[filed(Answer::state(State::Outcome), "a")], &key()).unwrap();
    assert_eq!(refused(&odd), "answer 1: an outcome says what came of it, and nothing else does");
}

#[test]
fn a_file_for_another_recipient_is_refused() {
    let text = write(&code(), &answers(), &key()).unwrap();
    let other = keys::of_release(&[6; 32], &code());
    assert!(matches!(read(&text).unwrap().proved(&other), Err(FileError::Forged)));
}

proptest! {
    #[test]
    fn whoever_changes_a_byte_is_refused_or_changed_nothing(at in 0..400_usize, to in any::<u8>()) {
        let good = write(&code(), &answers(), &key()).unwrap();
        let mut bytes = good.into_bytes();
        let at = at % bytes.len();
        bytes[at] = to;
        if let Ok(Ok(read)) = std::str::from_utf8(&bytes).map(|text| read(text).and_then(|file| file.proved(&key()))) {
            prop_assert_eq!(read, answers());
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = read(&text);
    }
}

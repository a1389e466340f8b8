//! The same pages in Debian's Chromium, of the size of a telephone, on a slow network, without scripts. What is done there
//! is written in `web/e2e/partner.mjs`.

use std::{fs, path::Path, process::Command};

use cathartes_server::bring;
use cathartes_store::{Actor, AnswerState};
use jiff::Timestamp;

use super::house::{House, LINK, PIN, Wish};

#[test]
fn an_officer_answers_from_a_telephone_on_a_slow_network() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");
    assert!(web.join("node_modules").is_dir(), "run `cargo xtask web` first");
    let house = House::new();
    let releases: Vec<_> = (1..=3).map(|number| house.release(Wish::number(number))).collect();
    let corrected = house.release(Wish { supersedes: Some(releases[1].id), ..Wish::number(4) });
    let codes: Vec<_> = releases.iter().map(|release| release.answer_code.as_str()).collect();
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter", "spec", "e2e/partner.mjs"]).current_dir(web);
    node.env("BASE", &house.base).env("LINK", LINK).env("PIN", PIN).env("CODES", codes.join(","));
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("answers.json");
    node.env("OUT", &file);
    let output = node.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let states = |at: usize| {
        let answers = house.answers(&releases[at]);
        answers.iter().map(|answer| answer.state).collect::<Vec<_>>()
    };
    assert_eq!(states(0), [AnswerState::OnTheWay, AnswerState::Outcome]);
    assert_eq!(states(2), [AnswerState::Outcome], "sent once, however often the network was cut");
    let text = fs::read_to_string(&file).unwrap();
    let actor = Actor::Command("answer".to_owned());
    let brought = bring(&house.store, &actor, &text, Timestamp::now());
    let brought = house.runtime.block_on(brought).unwrap();
    let taken: Vec<_> = brought.iter().map(|one| one.said.as_deref().unwrap()).collect();
    assert_eq!(
        taken,
        [
            "AVISO-004: Material seized; Product: 0.1 kg; arrests: 0",
            "AVISO-004: Cannot act: People, vehicles or time are missing"
        ]
    );
    assert!(house.answers(&corrected)[0].note.ends_with("ñandú 𝄞 \"x\" \\ fin"));
    // What was measured, for the documents.
    said.lines().filter(|line| line.contains("measured:")).for_each(|line| println!("{line}"));
}

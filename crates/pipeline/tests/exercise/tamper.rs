//! What was tampered with on its way is refused: a sealed dossier, an exported log, a file of answers. That of certificates is
//! tested where they are checked.

use std::{fmt::Write as _, io::Cursor};

use cathartes_release::{
    answer::{Answer, State, code::AnswerCode, file, keys},
    dossier,
};
use cathartes_store::ReleaseQuery;

use crate::{begin, office::Office, people::ALL};

fn with_one_release<T>(look: impl AsyncFnOnce(&Office, Vec<u8>) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut office = Office::open(folder.path()).await;
        office.recipients(begin()).await;
        let site = office.sites(1, begin()).await.remove(0);
        office.release(0, &site, &ALL[0], begin()).await;
        let query = ReleaseQuery { limit: 1, ..ReleaseQuery::default() };
        let release = office.store.releases(&query).await.unwrap().remove(0);
        let sealed = office.bytes(&release.dossier.sha256).await;
        let told = look(&office, sealed).await;
        office.store.close().await;
        told
    })
}

#[test]
fn a_dossier_of_which_any_byte_was_changed_does_not_open_and_says_what_is_wrong() {
    with_one_release(async |office, sealed| {
        let key = office.key.public();
        dossier::open(&sealed, &key).unwrap();
        let step = (sealed.len() / 300).max(1);
        for at in (0..sealed.len()).step_by(step) {
            let mut other = sealed.clone();
            other[at] ^= 1;
            let why = dossier::open(&other, &key).unwrap_err().to_string();
            assert!(why.len() > 10, "byte {at}: {why}");
        }
    });
}

#[test]
fn a_log_of_which_an_entry_was_changed_is_refused_at_that_entry() {
    with_one_release(async |office, _| {
        let checkpoint = office.store.checkpoint(None).await.unwrap().to_string();
        let head = office.store.audit_export_head(0).await.unwrap();
        let lines = office.store.audit_lines(0, 1_000).await.unwrap();
        let written = |lines: &[cathartes_store::AuditLine]| {
            let mut text = serde_json::to_string(&head).unwrap() + "\n";
            for line in lines {
                writeln!(text, "{}", serde_json::to_string(line).unwrap()).unwrap();
            }
            text
        };
        let wrong = |text: String| {
            cathartes_verifier::log::log(Cursor::new(text), checkpoint.as_bytes()).unwrap()
        };
        assert!(wrong(written(&lines)).is_empty());
        for at in 0..lines.len() {
            let mut other = lines.clone();
            other[at].actor = "somebody else".to_owned();
            let found = wrong(written(&other));
            let place = format!("entry {}", at + 1);
            assert!(found.iter().any(|line| line.contains(&place)), "{place}: {found:?}");
        }
    });
}

#[test]
fn a_file_of_answers_that_somebody_changed_is_no_answer() {
    let code = AnswerCode::of_entropy([3; 7]);
    let key = keys::of_release(&[5; 32], &code);
    let answer = file::FiledAnswer {
        key: "first".to_owned(),
        at: begin(),
        answer: Answer::state(State::Assigned),
    };
    let text = file::write(&code, &[answer], &key).unwrap();
    assert_eq!(file::read(&text).unwrap().proved(&key).unwrap().len(), 1);

    let other = text.replace("assigned", "received");

    assert_ne!(text, other);
    assert!(file::read(&other).unwrap().proved(&key).is_err());
}

//! Recipients by the command line: what opens their page is shown once, and stands nowhere.

use std::fs;

use super::{done, path, run};

/// What stands behind a word of what was said.
fn said<'s>(text: &'s str, word: &str) -> &'s str {
    let line = text.lines().find(|line| line.contains(word)).unwrap();
    line.split_once(word).unwrap().1.trim()
}

#[test]
fn a_link_and_a_pin_are_shown_once_and_kept_nowhere() {
    let top = tempfile::tempdir().unwrap();
    let data = top.path().join("record");
    let data = path(&data);
    let add = ["recipient", "add", "PE-DIRANDRO", "--name", "Dirección Antidrogas", "--data", data];
    let told = done(&[&add[..], &["--address", "https://cathartes.example/"]].concat());
    let (link, pin) = (said(&told, "link "), said(&told, "PIN "));
    let key = link.strip_prefix("https://cathartes.example/p/").unwrap();
    assert_eq!((key.len(), pin.len()), (32, 9), "{told}");
    let again = run(&add);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("it is there already"));
    let listed = done(&["recipient", "list", "--data", data]);
    assert_eq!(
        listed,
        "PE-DIRANDRO  Dirección Antidrogas, TLP:AMBER+STRICT, up to RESTRICTED, rules partner\n"
    );
    let other = done(&["recipient", "key", "PE-DIRANDRO", "--data", data]);
    assert!(!other.contains(key) && !other.contains(pin), "{other}");
    done(&["recipient", "end", "PE-DIRANDRO", "--data", data]);
    assert!(done(&["recipient", "list", "--data", data]).contains("(ended)"));
    let backup = top.path().join("backup");
    done(&["backup", path(&backup), "--data", data]);
    let rows = fs::read_to_string(backup.join("tables/recipient.jsonl")).unwrap();
    assert_eq!(rows.lines().count(), 3, "{rows}");
    let pin: String = pin.split_whitespace().collect();
    assert!(!rows.contains(key) && !rows.contains(&pin), "{rows}");
    let log = fs::read_to_string(backup.join("tables/audit.jsonl")).unwrap();
    assert!(log.contains("recipient.kept") && !log.contains("argon2"), "{log}");
}

#[test]
fn recipients_go_from_one_record_to_another_by_file() {
    let top = tempfile::tempdir().unwrap();
    let (one, two) = (top.path().join("one"), top.path().join("two"));
    for (code, language) in [("PE-1", "es"), ("NL-2", "en")] {
        let add = ["recipient", "add", code, "--name", "Body", "--language", language];
        done(&[&add[..], &["--tlp", "AMBER", "--data", path(&one)]].concat());
    }
    let file = top.path().join("recipients.json");
    fs::write(&file, done(&["recipient", "list", "--json", "--data", path(&one)])).unwrap();
    let import = ["recipient", "import", path(&file), "--data", path(&two)];
    assert_eq!(done(&import).matches("PIN").count(), 2);
    assert_eq!(done(&import), "NL-2: as it is\nPE-1: as it is\n");
    let text = fs::read_to_string(&file).unwrap().replace("\"Body\"", "\"Another\"");
    fs::write(&file, text).unwrap();
    assert_eq!(done(&import), "NL-2: changed\nPE-1: changed\n");
    fs::write(&file, "[{}]").unwrap();
    let refused = run(&import);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("recipients.json"));
}

//! What the command says, and its exit codes.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::{fs, path::PathBuf, process::Command};

use sha2::{Digest, Sha256};

const AUTHORITY: &str = r#"{ "form": "cathartes-authority-1", "issuer": "Nobody", "number": "1", "clauses": [],
    "valid": { "from": "2026-10-01T00:00:00Z", "to": "2027-04-01T00:00:00Z" } }"#;
const TRACK: &str = r#"{ "form": "cathartes-track-1", "kind": "plan", "sortie": "S", "operator": "O", "aircraft": "A",
    "purpose": "imagery", "most_speed_m_s": 60, "most_climb_m_s": 8, "allowances": { "navigation_m": 20, "drift_m": 0,
    "overshoot_m": 0, "lost_link_m": 0, "height_m": 30, "time_s": 60 }, "fixes": [
    { "time": "2026-10-05T08:00:00Z", "longitude_deg": 0, "latitude_deg": 1, "height_m": 5 },
    { "time": "2026-10-05T08:01:00Z", "longitude_deg": 0, "latitude_deg": 1, "height_m": 5 }] }"#;

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |all, byte| format!("{all}{byte:02x}"))
}

/// Nothing is permitted, so all is broken.
fn certificate(verdict: &str) -> String {
    let (authority, track) = (digest(AUTHORITY), digest(TRACK));
    format!(
        r#"{{ "form": "cathartes-certificate-1", "version": "0", "verdict": "{verdict}",
        "authorities": [{{ "number": "1", "issuer": "Nobody", "sha256": "{authority}" }}],
        "track": {{ "sortie": "S", "kind": "plan", "sha256": "{track}" }},
        "allowances": {{ "plane_m": 20, "height_m": 30, "time_s": 60 }},
        "legs": [{{ "leg": 0, "reach_m": 0, "climb_reach_m": 0, "verdict": "broken",
            "pieces": [{{ "from": 0, "to": 1, "verdict": "broken", "forbids": [] }}] }}] }}"#
    )
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("a.json"), AUTHORITY).unwrap();
    fs::write(folder.join("t.json"), TRACK).unwrap();
    folder
}

fn says(name: &str, certificate: &str, words: &str) -> (Option<i32>, String, String) {
    let folder = folder(name);
    fs::write(folder.join("c.json"), certificate).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cathartes-verify"));
    let output = command.current_dir(folder).args(words.split(' ')).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn yes_is_zero() {
    let said = says("yes", &certificate("broken"), "c.json --authority a.json --track t.json");
    assert_eq!(said, (Some(0), "yes\n".to_owned(), String::new()));
}

#[test]
fn no_is_one_and_says_why() {
    let (code, out, _) =
        says("no", &certificate("kept"), "--track t.json c.json --authority a.json");
    assert_eq!(code, Some(1));
    assert_eq!(out, "no\nverdict: claimed \"kept\", computed \"broken\"\n");
}

#[test]
fn what_cannot_be_read_is_two_and_says_where() {
    let (code, out, why) = says("unread", "{\n}", "c.json --authority a.json --track t.json");
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(why.starts_with("certificate: missing field `form` at line 2"), "{why}");
    for words in [
        "c.json --authority a.json",
        "c.json --track t.json --track t.json",
        "--track",
        "other.json --track t.json",
    ] {
        assert_eq!(says("usage", "", words).0, Some(2), "{words}");
    }
}

//! The audit log through the executables: checked, proved, exported, and tampered with.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use cathartes_verifier::log;
use serde_json::Value;

use super::{
    done,
    others::succeeds,
    path, run,
    served::{Client, Served},
};

/// A record with some entries, and a key that Debian's minisign made.
struct Log {
    folder: tempfile::TempDir,
}

impl Log {
    fn new() -> Self {
        let log = Self { folder: tempfile::tempdir().unwrap() };
        let mut minisign = Command::new("minisign");
        minisign.args(["-G", "-W", "-p"]).arg(log.at("seal.pub"));
        succeeds(minisign.arg("-s").arg(log.at("seal.key")));
        log
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn audit(&self, words: &[&str]) -> String {
        done(&words_of(words, &self.at("record")))
    }

    fn code(&self, words: &[&str]) -> (Option<i32>, String) {
        let output = run(&words_of(words, &self.at("record")));
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    }

    fn checkpoint(&self, name: &str) -> PathBuf {
        let (key, out) = (self.at("seal.key"), self.at(name));
        self.audit(&["checkpoint", "--key", path(&key), "--out", path(&out)]);
        out
    }

    /// Writes into the database past everything that guards it.
    fn forge(&self, sql: &str) {
        let script =
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2])";
        let file = self.at("record").join("cathartes.db");
        succeeds(Command::new("python3").args(["-c", script]).arg(file).arg(sql));
    }
}

fn serve_for_a_while(data: &Path) {
    let served = Served::start(data, &["--workers", "0"]);
    let client = Client::first(&served);
    client.get("/api/v1/audit");
    client.get("/api/v1/sites");
    served.stop();
}

#[test]
fn a_log_is_checked_proved_and_exported_and_says_where_it_was_changed() {
    let log = Log::new();
    serve_for_a_while(&log.at("record"));
    let early = log.checkpoint("early");
    log.audit(&["export", "--out", path(&log.at("part.ndjson")), "--from", "3"]);
    let late = log.checkpoint("late");
    let whole = log.at("log.ndjson");
    log.audit(&["export", "--out", path(&whole)]);

    let said = log.audit(&["verify", "--checkpoint", path(&early), "--checkpoint", path(&late)]);
    assert!(said.contains("4 checkpoints") && said.contains("all well"), "{said}");

    // Somebody else's tool, and the second program.
    let mut minisign = Command::new("minisign");
    succeeds(minisign.arg("-Vm").arg(&early).arg("-p").arg(log.at("seal.pub")));
    let text = |file: &Path| fs::read_to_string(file).unwrap();
    let (bytes, key) = (fs::read(&late).unwrap(), text(&log.at("seal.pub")));
    let signature = text(&log.at("late.minisig"));
    assert_eq!(log::signed(&bytes, &signature, &key).unwrap(), Vec::<String>::new());
    let exported = fs::read(&whole).unwrap();
    assert_eq!(log::log(&exported[..], &bytes).unwrap(), Vec::<String>::new());

    let entries = text(&early).lines().nth(1).unwrap().to_owned();
    let proof = log.audit(&["proof", "--entry", "2", "--size", &entries]);
    let of = fs::read(&early).unwrap();
    assert_eq!(log::inclusion(proof.as_bytes(), &of).unwrap(), Vec::<String>::new());
    let growth = log.audit(&["consistency", "--from", path(&early), "--to", path(&late)]);
    assert_eq!(log::growth(growth.as_bytes(), &of, &bytes).unwrap(), Vec::<String>::new());
    let (code, _) = log.code(&["proof", "--entry", "99999"]);
    assert_eq!(code, Some(2));

    // The export before this one is itself in the log.
    let lines = text(&whole);
    let exports = lines.lines().skip(1).filter(|line| {
        let entry: Value = serde_json::from_str(line).unwrap();
        entry["action"] == "log.exported"
    });
    assert_eq!(exports.count(), 1);

    let forged = text(&whole).replacen("account:ana", "account:eva", 1);
    let wrong = log::log(forged.as_bytes(), &bytes).unwrap();
    assert!(wrong[0].ends_with("it or an entry before it was changed"), "{wrong:?}");

    log.forge("DROP TRIGGER audit_stays; UPDATE audit SET actor = 'account:eva' WHERE seq = 2");
    let (code, said) = log.code(&["verify", "--checkpoint", path(&early)]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("entry 2: it or an entry before it was changed"), "{said}");
    let (code, said) = log.code(&["proof", "--entry", "2"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("entry 2"), "{said}");
}

#[test]
fn a_log_that_was_cut_off_or_made_anew_does_not_fit_what_was_signed() {
    let log = Log::new();
    serve_for_a_while(&log.at("record"));
    let signed = log.checkpoint("signed");
    // The last entries and all that speaks of them are taken out, as somebody could who owns the file.
    log.forge(
        "DROP TRIGGER audit_remains; DROP TRIGGER audit_head_grows; DROP TRIGGER audit_tile_remains; \
         DROP TRIGGER checkpoint_remains; DELETE FROM checkpoint; DELETE FROM audit WHERE seq > 2; \
         UPDATE audit_head SET seq = 2, leaves = 0, peaks = x'', hash = (SELECT hash FROM audit WHERE seq = 2)",
    );
    assert!(log.audit(&["verify"]).contains("all well"), "by itself it is a log");
    let (code, said) = log.code(&["verify", "--checkpoint", path(&signed)]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("entry 2: the end is cut off"), "{said}");
    let (code, said) = log.code(&["consistency", "--from", path(&signed), "--to", path(&signed)]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("cut off"), "{said}");

    // Another record is another log, of however many entries.
    let other = Log::new();
    serve_for_a_while(&other.at("record"));
    let theirs = other.checkpoint("theirs");
    serve_again(&log.at("record"), 12);
    let (code, said) = log.code(&["verify", "--checkpoint", path(&theirs)]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("is of another log"), "{said}");
}

/// Exports until there are so many entries.
fn serve_again(data: &Path, some: u32) {
    for n in 0..some {
        let out = data.join(format!("{n}.ndjson"));
        done(&["audit", "export", "--out", path(&out), "--data", path(data)]);
    }
}

fn words_of<'w>(words: &[&'w str], data: &'w Path) -> Vec<&'w str> {
    [&["audit"], words, &["--data", path(data)]].concat()
}

//! Releases by command: what leaves is said, two approve the very digest, and somebody sends.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Output,
};

use super::{
    browser::{Office, secret_key},
    path, run,
};

/// The record, the token of somebody, and what they do.
struct By<'a> {
    office: &'a Office,
    name: &'a str,
}

impl By<'_> {
    fn does(&self, words: &[&str]) -> Output {
        let token = self.office.folder.path().join(format!("{}.token", self.name));
        if !token.exists() {
            fs::write(&token, self.office.client.of(self.name).token).unwrap();
        }
        let data = self.office.folder.path().join("record");
        let common = ["--data", path(&data), "--token-file", path(&token)];
        run(&[&["release"], words, &common].concat())
    }

    fn done(&self, words: &[&str]) -> String {
        let output = self.does(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// What stands behind a word in a line that begins with another.
fn behind<'a>(said: &'a str, line: &str, word: &str) -> &'a str {
    let line = said.lines().find(|one| one.starts_with(line)).unwrap();
    line.split_whitespace().skip_while(|one| *one != word).nth(1).unwrap()
}

#[test]
fn by_command_a_draft_is_compared_approved_by_two_sent_exported_and_taken_back() {
    let office = Office::releasing();
    let site = office.confirmed();
    let by = |name| By { office: &office, name };
    let said = by("bea").done(&["diff", &site, "--recipient", "andes"]);
    assert!(said.contains("stays: drop") && said.contains("leaves as within"), "{said}");
    let said = by("bea").done(&["draft", &site, "--recipient", "andes", "--reason", "to be seen"]);
    let (draft, digest) = (behind(&said, "draft ", "draft"), behind(&said, "draft ", "digest"));

    let own = by("bea").does(&["approve", draft, "--digest", digest]);
    assert_eq!(own.status.code(), Some(1), "{}", String::from_utf8_lossy(&own.stderr));
    let other = by("rosa").does(&["approve", draft, "--digest", &"0".repeat(64)]);
    assert_eq!(other.status.code(), Some(1), "{}", String::from_utf8_lossy(&other.stderr));
    for name in ["rosa", "sol"] {
        by(name).done(&["approve", draft, "--digest", digest]);
    }
    let key = secret_key(&office.folder.path().join("keys"));
    let early = by("sol").does(&["send", draft, "--seal-key", path(&key)]);
    assert_eq!(early.status.code(), Some(1), "a senior does not send");
    let said = by("olmo").done(&["send", draft, "--seal-key", path(&key)]);
    let release = behind(&said, "release ", "release");
    let again = by("olmo").done(&["send", draft, "--seal-key", path(&key)]);
    assert_eq!(release, behind(&again, "release ", "release"), "sending twice is sending once");

    for format in ["geojson", "kml", "cot", "tak", "stix", "text", "dossier"] {
        let out = office.folder.path().join(format!("out.{format}"));
        by("bea").done(&["export", release, "--format", format, "--out", path(&out)]);
        let bytes = fs::read(&out).unwrap();
        assert!(!bytes.is_empty() && !String::from_utf8_lossy(&bytes).contains(&site), "{format}");
    }
    let dossier = office.folder.path().join("out.dossier");
    checked(&dossier, &public_half(&key, &office.folder.path().join("made")));
    assert!(by("bea").done(&["list"]).contains(release));
    let said = by("rosa").done(&[
        "recall",
        release,
        "--reason",
        "a works of the register",
        "--seal-key",
        path(&key),
    ]);
    assert!(said.contains("recalled"), "{said}");
    let recall = office.folder.path().join("out.recall");
    by("bea").done(&["export", release, "--format", "recall", "--out", path(&recall)]);
    let output =
        run(&["dossier", "show", path(&recall), "--key", path(&key.with_extension("pub"))]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains("\nrecalls "), "{said}");
    let post = office.folder.path().join("post");
    let output = run(&[
        "remind",
        "--data",
        path(&office.folder.path().join("record")),
        "--outbox",
        path(&post),
    ]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let sent = fs::read_dir(post.join("andes")).unwrap().map(|one| one.unwrap().path());
    let sent: Vec<_> = sent.filter(|one| path(one).ends_with(".dossier.zip")).collect();
    assert!(
        sent.iter().any(|one| fs::read(one).unwrap() == fs::read(&recall).unwrap()),
        "what takes it back goes out by itself: {sent:?}"
    );
}

/// The public file beside a secret one, and that of a key which `cathartes key new` makes.
fn public_half(secret: &Path, other: &Path) -> [PathBuf; 2] {
    let public = secret.with_extension("pub");
    let output = run(&["key", "new", path(other)]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let line = String::from_utf8(output.stdout).unwrap().lines().last().unwrap().to_owned();
    assert!(fs::read_to_string(other.join("release.pub")).unwrap().contains(&line));
    let mode = fs::metadata(other.join("release.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = run(&["key", "new", path(other)]);
    assert_eq!(again.status.code(), Some(2), "a key is never written over");
    [public, other.join("release.pub")]
}

/// A dossier holds against its key, by us and by the verifier, and neither with another key nor with another byte.
fn checked(dossier: &Path, [key, other]: &[PathBuf; 2]) {
    let says = |word: &str, file: &Path, key: &Path| {
        let output = run(&["dossier", word, path(file), "--key", path(key)]);
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let verified = |file: &Path| {
        let key = fs::read_to_string(key).unwrap();
        cathartes_verifier::seal(&fs::read(file).unwrap(), &key).unwrap()
    };
    let (code, said) = says("verify", dossier, key);
    assert!(code == Some(0) && said.starts_with("yes: cathartes dossier "), "{said}");
    assert_eq!(verified(dossier), [""; 0]);
    let (code, said) = says("show", dossier, key);
    assert!(
        code == Some(0) && said.contains("may be handed on") && said.contains("brief.pdf"),
        "{said}"
    );
    let (code, said) = says("verify", dossier, other);
    assert!(code == Some(1) && said.contains("ask the sender for its public key"), "{said}");
    assert_eq!(says("verify", &dossier.with_extension("none"), key).0, Some(2));

    let mut bytes = fs::read(dossier).unwrap();
    let at = bytes.windows(5).position(|part| part == b"%PDF-").unwrap();
    bytes[at + 100] ^= 1;
    let tampered = dossier.with_extension("tampered");
    fs::write(&tampered, bytes).unwrap();
    let (code, said) = says("verify", &tampered, key);
    assert_eq!(
        (code, said.as_str()),
        (Some(1), "no: `brief.pdf` was changed: it is not the file that was sealed\n")
    );
    assert!(!verified(&tampered).is_empty());
}

#[test]
fn when_nothing_may_leave_the_exit_code_is_one_and_without_a_token_two() {
    let office = Office::releasing();
    let queue = office.client.get("/api/v1/queue?kind=site&limit=1");
    let site = queue["items"][0]["id"].as_str().unwrap();
    let bea = By { office: &office, name: "bea" };
    let output = bea.does(&["diff", site, "--recipient", "andes"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("confirmed"), "{said}");
    let data = office.folder.path().join("record");
    let output = run(&["release", "list", "--data", path(&data)]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("CATHARTES_TOKEN"));
}

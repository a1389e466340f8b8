#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test gives files to programs of others"
)]

use std::{fs, process::Command};

use proptest::prelude::*;

use super::*;

fn key() -> SecretKey {
    SecretKey::new(&[7; 32])
}

#[test]
fn a_signature_is_of_its_key_its_bytes_and_its_comment_alone() {
    let (key, text) = (key(), sign(&key(), b"the bytes", "release R-1"));
    let public = key.public();
    let other = SecretKey::new(&[8; 32]).public();

    assert_eq!(verify(&public, b"the bytes", &text), Ok("release R-1".into()));
    assert_eq!(verify(&public, b"other bytes", &text), Err(SealError::Content));
    assert_eq!(verify(&public, b"the bytes", &text.replace("R-1", "R-2")), Err(SealError::Comment));
    assert_eq!(
        verify(&other, b"the bytes", &text).unwrap_err().to_string(),
        format!(
            "signed with the key {}, not with {}; ask the sender for its public key",
            public.id(),
            other.id()
        )
    );
}

#[test]
fn the_same_bytes_give_the_same_signature() {
    insta::assert_snapshot!(sign(&key(), b"the bytes", "release R-1"));
}

#[test]
fn keys_go_through_their_files() {
    let key = key();
    let back = SecretKey::from_file(&key.to_file()).unwrap();

    assert_eq!(back.public(), key.public());
    assert_eq!(sign(&back, b"a", "b"), sign(&key, b"a", "b"));
    assert_eq!(PublicKey::from_file(&key.public().to_file()), Ok(key.public()));
    assert_eq!(PublicKey::from_file(&key.public().line()), Ok(key.public()));
}

#[test]
fn a_secret_key_is_not_told_by_its_debug_form() {
    assert_eq!(format!("{:?}", key()), format!("SecretKey({})", key().public().id()));
}

#[test]
fn what_is_no_key_and_no_signature_is_refused_with_its_line() {
    let (public, good) = (key().public(), sign(&key(), b"a", "b"));
    let said = |text: &str| verify(&public, b"a", text).unwrap_err().to_string();
    let old = good.replace("\nRUR", "\nRWR").replace("\nRUQ", "\nRWQ").replace("\nRUT", "\nRWT");
    let secret = key().to_file();
    let with_password = {
        let line = secret.lines().nth(1).unwrap();
        let mut bytes = Base64::decode_vec(line).unwrap();
        bytes[2..4].copy_from_slice(b"Sc");
        secret.replace(line, &Base64::encode_string(&bytes))
    };
    let damaged = {
        let line = secret.lines().nth(1).unwrap();
        let mut bytes = Base64::decode_vec(line).unwrap();
        bytes[70] ^= 1;
        secret.replace(line, &Base64::encode_string(&bytes))
    };

    assert_eq!(said(""), "line 1: the comment of a signature is missing");
    assert_eq!(said("GIF89a"), "line 1: this is not the comment of a signature");
    assert_eq!(said("untrusted comment: a\nb\n"), "line 2: this is not a signature");
    assert_eq!(
        said(&good.replace("\ntrusted", "\n")),
        "line 3: this is not the trusted comment of a signature"
    );
    assert_eq!(
        said(good.rsplit_once('\n').unwrap().0.rsplit_once('\n').unwrap().0),
        "line 4: the signature of the comment is missing"
    );
    assert_eq!(verify(&public, b"a", &old), Err(SealError::OldForm));
    assert_eq!(
        PublicKey::from_file("RW").unwrap_err().to_string(),
        "line 1: this is not a public key"
    );
    assert_eq!(SecretKey::from_file(&with_password).unwrap_err(), SealError::Password);
    assert_eq!(SecretKey::from_file(&damaged).unwrap_err(), SealError::Damaged);
    assert_eq!(
        SecretKey::from_file(&public.to_file()).unwrap_err().to_string(),
        "line 2: this is not a secret key"
    );
}

#[test]
fn a_line_end_in_a_comment_starts_no_line() {
    let text = sign(&key(), b"a", "one\ntrusted comment: two");

    assert_eq!(verify(&key().public(), b"a", &text), Ok("one trusted comment: two".into()));
}

proptest! {
    #[test]
    fn the_reader_of_minisigns_author_accepts_what_we_sign(
        seed: [u8; 32], bytes in proptest::collection::vec(any::<u8>(), 0..300), comment in "\\PC{0,80}",
    ) {
        let key = SecretKey::new(&seed);
        let theirs = minisign_verify::PublicKey::decode(&key.public().to_file()).unwrap();
        let signature = minisign_verify::Signature::decode(&sign(&key, &bytes, &comment)).unwrap();

        prop_assert!(theirs.verify(&bytes, &signature, false).is_ok());
        prop_assert_eq!(signature.trusted_comment(), comment);
    }

    #[test]
    fn any_byte_changed_in_a_signature_is_refused_or_is_in_the_untrusted_comment(
        at: prop::sample::Index, bit in 0..7_u32,
    ) {
        let good = sign(&key(), b"the bytes", "release R-1");
        let mut bytes = good.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let untrusted = at < good.find('\n').unwrap();
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
        // White space at the end of a line of base64 is none of it.
        let same = text.trim_end() == good.trim_end();

        if let Ok(comment) = verify(&key().public(), b"the bytes", &text) {
            prop_assert!(untrusted || same, "{text}");
            prop_assert_eq!(comment, "release R-1");
        }
    }

    #[test]
    fn nothing_read_as_a_key_or_a_signature_panics(text in "(untrusted comment: .{0,9}\n)?\\PC{0,200}(\n\\PC{0,90}){0,3}") {
        let _ = verify(&key().public(), b"a", &text);
        let _ = (PublicKey::from_file(&text).is_ok(), SecretKey::from_file(&text).is_ok());
    }
}

/// `minisign` of Debian, in a folder of its own; `cargo xtask test` installs it.
fn minisign(folder: &std::path::Path, arguments: &[&str]) -> (bool, String) {
    let run = Command::new("minisign").args(arguments).current_dir(folder).output().unwrap();
    let said = [run.stdout, run.stderr].concat();
    (run.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn an_id_that_begins_with_zeros_is_said_without_them() {
    assert_eq!(id_words([0xCD, 0xAB, 1, 0, 0, 0, 0, 0]), "1ABCD");
}

#[test]
fn debians_minisign_checks_what_we_sign_and_signs_what_we_check() {
    let (folder, key) = (tempfile::tempdir().unwrap(), key());
    let at = |name: &str| folder.path().join(name);
    fs::write(at("a.txt"), b"the bytes").unwrap();
    fs::write(at("a.txt.minisig"), sign(&key, b"the bytes", "release R-1")).unwrap();
    fs::write(at("ours.pub"), key.public().to_file()).unwrap();
    fs::write(at("ours.key"), key.to_file()).unwrap();

    let (good, said) = minisign(folder.path(), &["-Vm", "a.txt", "-P", &key.public().line()]);
    assert!(good && said.contains("Trusted comment: release R-1"), "{said}");
    let (good, said) = minisign(folder.path(), &["-Vm", "a.txt", "-p", "ours.pub"]);
    assert!(good, "{said}");
    let (good, said) =
        minisign(folder.path(), &["-Sm", "a.txt", "-s", "ours.key", "-t", "by them"]);
    assert!(good, "{said}");
    let theirs = fs::read_to_string(at("a.txt.minisig")).unwrap();
    assert_eq!(verify(&key.public(), b"the bytes", &theirs), Ok("by them".into()));

    let (good, said) = minisign(folder.path(), &["-GW", "-p", "their.pub", "-s", "their.key"]);
    assert!(good, "{said}");
    let their_key = SecretKey::from_file(&fs::read_to_string(at("their.key")).unwrap()).unwrap();
    let their_public = PublicKey::from_file(&fs::read_to_string(at("their.pub")).unwrap()).unwrap();
    assert_eq!(their_key.public(), their_public);
    assert!(fs::read_to_string(at("their.pub")).unwrap().contains(&their_public.id()));

    fs::write(at("a.txt"), b"other bytes").unwrap();
    let (good, _) = minisign(folder.path(), &["-Vm", "a.txt", "-P", &key.public().line()]);
    assert!(!good);
}

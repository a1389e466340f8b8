#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test gives files to programs of others"
)]

use std::{fs, io::Read as _, process::Command, sync::OnceLock};

use proptest::prelude::*;

use super::*;
use crate::{
    brief::tests::{content, terms},
    recipient::Language,
};

const SETTING: Setting<'_> =
    Setting { checkpoint: "48213 · 9F3A 77C0", written_by: "cathartes 0.1.0", lines: &[] };

fn key() -> SecretKey {
    SecretKey::new(&[7; 32])
}

fn releasable() -> Releasable<Content> {
    Releasable::of_test(content(), terms(Language::Es))
}

fn approved(unsealed: &Unsealed) -> [Approval; 2] {
    ["ana", "ben"].map(|by| Approval { by: by.to_owned(), digest: unsealed.digest().clone() })
}

/// A dossier as it is sent, made once.
fn sealed() -> &'static Sealed {
    static SEALED: OnceLock<Sealed> = OnceLock::new();
    SEALED.get_or_init(|| {
        let unsealed = unsealed(&releasable(), SETTING).unwrap();
        unsealed.seal(&key(), &approved(&unsealed)).unwrap()
    })
}

fn refused(bytes: &[u8]) -> String {
    open(bytes, &key().public()).map(|_| ()).unwrap_err().to_string()
}

/// A dossier with some of its files changed, in the form of an archive.
fn with(change: impl FnOnce(&mut Vec<Member>)) -> Vec<u8> {
    let mut members = archive::read(&sealed().bytes).unwrap();
    change(&mut members);
    archive::written(&members).unwrap()
}

#[test]
fn what_is_opened_is_what_the_gate_let_through() {
    let opened = open(&sealed().bytes, &key().public()).unwrap();

    assert_eq!(opened.content().unwrap(), Some(content()));
    assert_eq!(opened.digest, sealed().digest);
    assert_eq!(
        opened.comment,
        "cathartes dossier R-7F3K to FGR-SON, TLP:AMBER+STRICT, made 2026-10-06T08:30:00Z"
    );
    assert_eq!(sealed().name, "R-7F3K.dossier.zip");
    let names: Vec<_> = opened.members.iter().map(|member| member.name.as_str()).collect();
    insta::assert_snapshot!(names.join("\n"));
}

#[test]
fn the_same_release_gives_the_same_bytes_and_sealing_adds_the_signature_alone() {
    let unsealed = unsealed(&releasable(), SETTING).unwrap();
    assert_eq!(super::unsealed(&releasable(), SETTING).unwrap(), unsealed);

    let mut members = archive::read(&sealed().bytes).unwrap();
    members.retain(|member| member.name != SEAL);
    assert_eq!(archive::written(&members).unwrap(), unsealed.bytes());
    assert_eq!(Unsealed::read(unsealed.bytes()).unwrap(), unsealed);
}

#[test]
fn two_people_have_to_approve_exactly_this() {
    let unsealed = unsealed(&releasable(), SETTING).unwrap();
    let [ana, ben] = approved(&unsealed);
    let seal =
        |approvals: &[Approval]| unsealed.seal(&key(), approvals).map_err(|why| why.to_string());
    let other = Approval { by: "cem".to_owned(), digest: Digest("00".to_owned()) };

    assert_eq!(seal(&[]).unwrap_err(), "approved by 0 of 2 people; have it approved by another");
    assert_eq!(
        seal(&[ana.clone(), ana.clone()]).unwrap_err(),
        "approved by 1 of 2 people; have it approved by another"
    );
    assert!(
        seal(&[ana.clone(), ben.clone(), other])
            .unwrap_err()
            .starts_with("cem approved 00, this is")
    );
    assert!(seal(&[ana, ben]).is_ok());
}

#[test]
fn a_recall_takes_a_release_back_and_says_nothing_of_it() {
    let recall = Recall {
        name: "R-7F3K-A1",
        reason: RecallReason::Wrong,
        made: "2026-10-09T10:00:00Z".parse().unwrap(),
    };
    let unsealed = recalled(&releasable(), recall, SETTING).unwrap();
    assert!(unsealed.seal(&key(), &[]).is_err());
    let sealed = unsealed.seal(&key(), &approved(&unsealed)[..1]).unwrap();
    let opened = open(&sealed.bytes, &key().public()).unwrap();

    assert_eq!(opened.manifest.kind, Kind::Recall);
    assert_eq!(
        opened.manifest.recalls,
        Some(Recalled { release: "R-7F3K".to_owned(), reason: RecallReason::Wrong })
    );
    assert_eq!(opened.content().unwrap(), None);
    let names: Vec<_> = opened.members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, [MANIFEST, SEAL, "LEEME.txt", "README.txt", "brief.pdf"]);
    let texts = String::from_utf8_lossy(opened.file("LEEME.txt").unwrap()).into_owned();
    assert!(texts.contains("La entrega R-7F3K queda anulada"), "{texts}");
    assert!(!texts.contains("30.82"));
}

#[test]
fn the_first_file_that_was_changed_is_named() {
    let file = |name: &'static str| {
        move |members: &mut Vec<Member>| {
            members.iter_mut().find(|member| member.name == name).unwrap().bytes[20] ^= 1;
        }
    };

    assert_eq!(
        refused(&with(file("brief.pdf"))),
        "`brief.pdf` was changed: it is not the file that was sealed"
    );
    assert_eq!(
        refused(&with(file("images/images-0.png"))),
        "`images/images-0.png` was changed: it is not the file that was sealed"
    );
    assert!(
        refused(&with(file(MANIFEST)))
            .starts_with("`manifest.json.minisig`: the signature does not fit")
    );
    assert_eq!(
        refused(&with(|members| members.retain(|member| member.name != "finding.kml"))),
        "`finding.kml` is missing"
    );
    assert_eq!(
        refused(&with(|members| members.push(member("run.exe", b"MZ".as_slice())))),
        "`run.exe` was put in: the manifest does not list it"
    );
    assert_eq!(
        refused(&with(|members| members.retain(|member| member.name != SEAL))),
        "`manifest.json.minisig` is missing"
    );
    assert_eq!(
        refused(&with(|members| members.swap(2, 3))),
        "`README.txt` does not stand where the manifest lists it"
    );
    let other = open(&sealed().bytes, &SecretKey::new(&[8; 32]).public()).unwrap_err().to_string();
    assert!(other.contains("ask the sender for its public key"), "{other}");
}

#[test]
fn an_archive_that_two_programs_could_read_in_two_ways_is_refused() {
    let small = archive::written(&[member("a.txt", "one"), member("b.txt", "two")]).unwrap();
    let members = archive::read(&small).unwrap();
    let whole = |bytes: &[u8]| {
        let read = archive::read(bytes).map_err(|why| why.to_string())?;
        archive::whole(bytes, &read).map_err(|why| why.to_string())
    };
    let renamed = |from: &[u8], to: &[u8]| {
        let mut bytes = small.clone();
        while let Some(at) = bytes.windows(from.len()).position(|part| part == from) {
            bytes[at..at + from.len()].copy_from_slice(to);
        }
        bytes
    };

    assert_eq!(whole(&small), Ok(()));
    assert_eq!(members.len(), 2);
    let said = whole(&[small.as_slice(), b"more"].concat()).unwrap_err();
    assert!(
        said.ends_with("something follows the end; this is not the file that was made"),
        "{said}"
    );
    let said = whole(&[b"more", small.as_slice()].concat()).unwrap_err();
    assert!(said.starts_with("byte 0: no file begins here"), "{said}");
    let said = whole(&renamed(b"b.txt", b"a.txt")).unwrap_err();
    assert_eq!(said, "byte 38: `a.txt` is there twice");
    let said = whole(&renamed(b"b.txt", b"../xy")).unwrap_err();
    assert_eq!(said, "byte 38: `../xy` is no name for a file of a dossier");
    for name in ["/etc", "a//b", "C:a", "a\\b", "nul.", "..", "", "a/b/c", "é.tx"] {
        assert!(archive::written(&[member(name, "")]).is_err(), "{name}");
    }
    for end in 0..small.len() {
        assert!(whole(&small[..end]).is_err(), "cut at {end}");
    }
    for at in 0..small.len() {
        let mut bytes = small.clone();
        bytes[at] ^= 0x20;
        let same = whole(&bytes).is_ok_and(|()| archive::read(&bytes).unwrap() == members);
        assert!(!same, "byte {at}");
    }
}

#[test]
fn other_programs_read_the_archive() {
    let mut theirs = zip::ZipArchive::new(std::io::Cursor::new(&sealed().bytes)).unwrap();
    let ours = archive::read(&sealed().bytes).unwrap();

    assert_eq!(theirs.len(), ours.len());
    for (n, member) in ours.iter().enumerate() {
        let mut file = theirs.by_index(n).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        assert_eq!((&*file.name().unwrap(), &bytes), (member.name.as_str(), &member.bytes));
    }
}

#[test]
fn what_the_readme_says_checks_a_dossier_without_us() {
    let folder = tempfile::tempdir().unwrap();
    let opened = open(&sealed().bytes, &key().public()).unwrap();
    for member in &opened.members {
        let path = folder.path().join(&member.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &member.bytes).unwrap();
    }
    let readme = String::from_utf8(opened.file("README.txt").unwrap().to_vec()).unwrap();
    let commands: Vec<_> = readme.lines().filter_map(|line| line.strip_prefix("   ")).collect();
    let run = |command: &str| {
        let command = command.replace("KEY", &key().public().line());
        let run =
            Command::new("sh").args(["-c", &command]).current_dir(folder.path()).output().unwrap();
        let said = [run.stdout, run.stderr].concat();
        (run.status.success(), String::from_utf8_lossy(&said).into_owned())
    };

    assert_eq!(commands.len(), 2, "{readme}");
    let (good, said) = run(commands[0]);
    assert!(good, "{said}");
    let (good, said) = run(commands[1]);
    assert!(good && said.matches(": OK").count() == opened.members.len() - 2, "{said}");

    fs::write(folder.path().join("brief.pdf"), "another").unwrap();
    let (good, said) = run(commands[1]);
    assert!(!good && said.contains("brief.pdf: FAILED"), "{said}");
}

fn verified(bytes: &[u8]) -> Vec<String> {
    cathartes_verifier::seal(bytes, &key().public().to_file()).unwrap()
}

#[test]
fn the_verifier_names_the_same_file() {
    let wrong = with(|members| members[4].bytes.push(0));

    assert_eq!(verified(&sealed().bytes), [""; 0]);
    assert_eq!(verified(&wrong), ["brief.pdf: is not the file of release R-7F3K"]);
    assert_eq!(refused(&wrong), "`brief.pdf` was changed: it is not the file that was sealed");
    assert_eq!(
        verified(&with(|members| members.push(member("run.exe", b"MZ".as_slice())))),
        ["run.exe: is not listed in manifest.json"]
    );
    assert_eq!(verified(&with(|members| drop(members.pop()))), ["images/images-1.png: is missing"]);
    let other = SecretKey::new(&[8; 32]).public().line();
    let said = cathartes_verifier::seal(&sealed().bytes, &other).unwrap();
    assert!(
        said[0]
            .starts_with("manifest.json.minisig: The signature was created with a different key"),
        "{said:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_both_accept_is_what_was_sealed(
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4), near_the_head: bool,
    ) {
        let right = &sealed().bytes;
        let mut bytes = right.clone();
        for (at, byte) in places {
            let within = if near_the_head { 4_000 } else { bytes.len() };
            let at = at.index(within);
            bytes[at] = byte;
        }
        prop_assert_eq!(open(&bytes, &key().public()).is_ok(), bytes == *right);
        // Theirs does not look at the comment of a signature that nobody signs.
        if verified(&bytes).is_empty() {
            let content = |bytes: &[u8]| {
                let mut members = archive::read(bytes).unwrap();
                members.retain(|member| member.name != SEAL);
                members
            };
            prop_assert_eq!(content(&bytes), content(right));
        }
    }

    #[test]
    fn a_dossier_with_any_other_byte_is_refused(at: prop::sample::Index, flip in 1..=255_u8) {
        let mut bytes = sealed().bytes.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;

        prop_assert!(open(&bytes, &key().public()).is_err(), "byte {at}");
    }

    #[test]
    fn a_dossier_of_any_other_length_is_refused(to: prop::sample::Index, more in prop::collection::vec(any::<u8>(), 1..40)) {
        let bytes = &sealed().bytes;
        let cut = to.index(bytes.len());

        prop_assert!(open(&bytes[..cut], &key().public()).is_err());
        prop_assert!(open(&[&bytes[..], &more].concat(), &key().public()).is_err());
        let put_in = [&bytes[..cut], &more, &bytes[cut..]].concat();
        prop_assert!(open(&put_in, &key().public()).is_err());
    }

    #[test]
    fn nothing_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let local = [&[0x50, 0x4b, 3, 4][..], &bytes].concat();
        prop_assert!(open(&bytes, &key().public()).is_err());
        prop_assert!(open(&local, &key().public()).is_err());
        prop_assert!(Unsealed::read(&local).is_err());
    }

    #[test]
    fn pictures_of_any_field_come_back(steps in prop::collection::vec(("[a-z]{1,5}", prop::option::of(0..40_u8)), 1..4)) {
        let step = |(word, n): &(String, Option<u8>)| n.map_or(word.clone(), |n| format!("{word}[{n}]"));
        let path = FieldPath::new(steps.iter().map(step).collect::<Vec<_>>().join(".")).unwrap();

        prop_assert_eq!(opened::path_of(&image_name(&path)), Some(path));
    }
}

#[test]
#[ignore = "measures, and claims nothing"]
fn the_figures_of_the_validation() {
    let (releasable, rounds) = (releasable(), 20_u32);
    let timed = |what: &str, run: &dyn Fn()| {
        run();
        let one = || {
            let start = std::time::Instant::now();
            run();
            start.elapsed().as_secs_f64()
        };
        let least = (0..rounds).map(|_| one()).fold(f64::INFINITY, f64::min);
        println!("{what}: {:.1} ms", least * 1e3);
    };
    let made = unsealed(&releasable, SETTING).unwrap();
    timed("made", &|| drop(unsealed(&releasable, SETTING).unwrap()));
    timed("brief alone", &|| drop(crate::brief::brief(&releasable, SETTING).unwrap()));
    timed("sealed", &|| drop(made.seal(&key(), &approved(&made)).unwrap()));
    timed("opened", &|| drop(open(&sealed().bytes, &key().public()).unwrap()));
    timed("checked by the verifier", &|| drop(verified(&sealed().bytes)));
    for member in &open(&sealed().bytes, &key().public()).unwrap().members {
        println!("{}: {} bytes", member.name, member.bytes.len());
    }
    println!("whole: {} bytes", sealed().bytes.len());
}

#[test]
#[ignore = "writes the seed of the fuzz target"]
fn the_seed_of_the_fuzz_target() {
    let said = [SETTING.checkpoint, SETTING.written_by];
    let manifest = Manifest::of(&terms(Language::Es), "S-4TQ9", said);
    let image = open(&sealed().bytes, &key().public()).unwrap();
    let content = image.file("content.json").unwrap().to_vec();
    let small = Unsealed::of(manifest, vec![member("content.json", content)]).unwrap();
    let sealed = small.seal(&key(), &approved(&small)).unwrap();
    fs::write(std::env::temp_dir().join("release.dossier.zip"), sealed.bytes).unwrap();
}

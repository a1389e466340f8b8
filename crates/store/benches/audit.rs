//! What a commit takes whose only change is its entry, and what a long log takes: filling, proofs, reading it whole, checkpoints.
//! The words: `commits=N`, `entries=N`, `folder=DIR`; `keep=DIR` fills a folder that stays, or goes on with what is there.

#![expect(
    clippy::unwrap_used,
    reason = "a bench reads the clock and its words, and stops where it fails"
)]

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use cathartes_store::{Actor, Location, Note, Store};
use serde_json::json;

/// Entries of one commit while a log is filled.
const TOGETHER: u64 = 16_384;
const PROOFS: u64 = 2_000;

fn word(name: &str) -> Option<String> {
    std::env::args().find_map(|word| word.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
}

fn number(name: &str, usual: u64) -> u64 {
    word(name).map_or(usual, |text| text.parse().unwrap())
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let place = word("folder").map_or_else(std::env::temp_dir, PathBuf::from);
        let folder = tempfile::tempdir_in(place).unwrap();
        let kept = word("keep").map(PathBuf::from);
        match number("commits", 5_000) {
            0 => {}
            some => commits(folder.path(), some).await,
        }
        match number("entries", 10_000_000) {
            0 => {}
            some => log(kept.as_deref().unwrap_or(&folder.path().join("log")), some).await,
        }
    });
}

fn told(what: &str, mut took_us: Vec<u128>) {
    took_us.sort_unstable();
    let at = |share: usize| took_us[took_us.len() * share / 100];
    println!("{what}: median {} us, p99 {} us", at(50), at(99));
}

async fn commits(folder: &Path, some: u64) {
    let store = Store::open(&Location::folder(folder)).await.unwrap();
    let actor = Actor::Account("ana".to_owned());
    let mut took: Vec<u128> = Vec::new();
    for i in 0..some {
        let begun = Instant::now();
        let (file, why) = (format!("file {i}"), "it says how an aircraft is armed");
        store.note_refusal(&actor, &file, why).await.unwrap();
        took.push(begun.elapsed().as_micros());
    }
    told(&format!("{some} commits"), took);
    store.close().await;
}

async fn log(folder: &Path, entries: u64) {
    std::fs::create_dir_all(folder).unwrap();
    let store = Store::open(&Location::folder(folder)).await.unwrap();
    fill(&store, entries).await;
    let entries = store.audit_seq().await.unwrap() as u64;
    let begun = Instant::now();
    let checkpoint = store.checkpoint(None).await.unwrap();
    println!("{entries} entries, checkpoint: {} us", begun.elapsed().as_micros());
    let mut took = Vec::new();
    for n in 0..PROOFS {
        let seq = (n * 7_919_000_003 % entries + 1) as i64;
        let begun = Instant::now();
        let proof = store.audit_proof(seq, entries).await.unwrap();
        took.push(begun.elapsed().as_micros());
        assert!(proof.holds(&checkpoint));
    }
    told("a proof that an entry is there", took);
    let mut took = Vec::new();
    for n in 0..PROOFS {
        let from = n * 7_919_000_003 % entries + 1;
        let begun = Instant::now();
        store.audit_growth(from, entries).await.unwrap();
        took.push(begun.elapsed().as_micros());
    }
    told("a proof that the log only grew", took);
    let begun = Instant::now();
    let found = store.verify_audit(&[checkpoint]).await.unwrap();
    assert_eq!((found.entries, found.checkpoints, found.damages.len()), (entries, 1, 0));
    println!("read whole: {:.1} s", begun.elapsed().as_secs_f64());
    store.close().await;
}

async fn fill(store: &Store, entries: u64) {
    let (begun, there) = (Instant::now(), store.audit_seq().await.unwrap() as u64);
    let note = |n: u64| Note {
        actor: Actor::Account(format!("analyst-{}", n % 140)),
        action: "evidence.read",
        subject: format!("finding 0190b6a0-0000-7000-8000-{:012x}", n % 100_003),
        detail: json!({ "role": "analyst", "under": { "claim": "2026-05-04T10:00:00Z" } }),
    };
    let mut n = there;
    while n < entries {
        let last = (n + TOGETHER).min(entries);
        let notes: Vec<Note> = (n..last).map(note).collect();
        store.note(&notes).await.unwrap();
        n = last;
    }
    let added = entries.saturating_sub(there);
    println!("{added} entries written in {:.1} s", begun.elapsed().as_secs_f64());
}

//! What a commit takes whose only change is its entry. The words: `commits=N`, `folder=DIR`.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a bench reads the clock and its words, and stops where it fails"
)]

use std::{path::PathBuf, time::Instant};

use cathartes_store::{Actor, Location, Store};

fn word(name: &str) -> Option<String> {
    std::env::args().find_map(|word| word.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(commits());
}

async fn commits() {
    let many: u32 = word("commits").map_or(5_000, |text| text.parse().unwrap());
    let place = word("folder").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(place).unwrap();
    let store = Store::open(&Location::folder(folder.path())).await.unwrap();
    let actor = Actor::Account("ana".to_owned());
    let mut took: Vec<u128> = Vec::new();
    for i in 0..many {
        let begun = Instant::now();
        store
            .note_refusal(&actor, &format!("file {i}"), "it says how an aircraft is armed")
            .await
            .unwrap();
        took.push(begun.elapsed().as_micros());
    }
    took.sort_unstable();
    let at = |share: usize| took[took.len() * share / 100];
    println!("{many} commits: median {} us, p99 {} us", at(50), at(99));
}

//! Whether anything that stays is in what leaves: random products, markings, recipients and rules, every form.
//!
//! What has to stay is worked out here a second time, from markings and rules alone ([`secrets`]); the bytes of every
//! form are taken apart again ([`bytes`]) and searched for it. `CASES` says how many; each case has its own seed, so
//! that a case that fails can be run again: `FIRST=8123 CASES=1`. Every hundredth has its dossier opened too, and its
//! brief read by `pdftotext`.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test fails by panicking, takes its time, and gives files to a program of others"
)]

mod bytes;
mod secrets;
mod world;

use std::{
    fmt::Write as _,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use cathartes_release::{
    dossier::{self, Setting},
    export::{self, Format},
    gate::{Cleared, Content, GateError, Outgoing, Releasable, Review, Reviewed, clear},
    policy::{Permission, Policies, What, Who},
};

use bytes::Read;
use secrets::Secrets;
use world::World;

/// A dossier takes longer than all other forms together.
const A_DOSSIER_EVERY: u64 = 100;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// What the gate makes of a world.
fn cleared(policies: &Policies, world: &World, earlier: &[Content]) -> Result<Cleared, GateError> {
    let review = Review {
        by: "examiner".into(),
        verdict: "confirm".into(),
        at: world.terms.made,
        settles: false,
    };
    let (who, what) = (
        Who::Officer { name: "drafter", role: "analyst" },
        What::Product { id: world.product.id, to: &world.terms.recipient.code },
    );
    let permit = policies.permit(who, Permission::Draft, what).unwrap();
    let reviewed = Reviewed::new(world.product.clone(), vec![review], 1)?;
    let outgoing = Outgoing { terms: world.terms.clone(), secret: &world.secret, earlier };
    clear(&reviewed, &world.rules, outgoing, &permit)
}

/// Every form, as what can be read of it.
fn written(releasable: &Releasable<Content>, with_dossier: bool) -> Vec<(&'static str, Read)> {
    let json = serde_json::to_vec(releasable.what()).unwrap();
    let mut all = vec![("content", bytes::read("content", &json))];
    for format in Format::ALL {
        let written = export::write(format, releasable);
        all.push((format.name(), bytes::read(format.name(), &written)));
    }
    let mut pictures = Read::default();
    for (path, png) in export::pictures(releasable).unwrap() {
        let _ = writeln!(pictures.text, "{path}");
        pictures.pictures.push(bytes::picture(&png));
    }
    all.push(("pictures", pictures));
    if with_dossier {
        let setting = Setting { checkpoint: "length 1, root 00", written_by: "a test", lines: &[] };
        all.extend(bytes::dossier(dossier::unsealed(releasable, setting).unwrap().bytes()));
    }
    all
}

/// What leaks when this has to stay.
fn leaks(cleared: &Cleared, secrets: &Secrets, with_dossier: bool) -> Vec<String> {
    let mut all = secrets::dangling(cleared.releasable.what());
    for (form, read) in written(&cleared.releasable, with_dossier) {
        all.extend(secrets.found_in(&read).into_iter().map(|leak| format!("{form}: {leak}")));
        all.extend(read.dangling.into_iter().map(|lost| format!("{form}: {lost}")));
    }
    all
}

/// How many left something, and what leaked.
fn run(policies: &Policies, seed: u64) -> (u64, Vec<String>) {
    let mut world = World::new(seed);
    let mut earlier: Vec<Content> = Vec::new();
    let (mut left, mut all) = (0, Vec::new());
    for _ in 0..world.releases {
        match cleared(policies, &world, &earlier) {
            Ok(cleared) => {
                let secrets = Secrets::of(&world.product, &world.rules, &world.terms.recipient);
                all.extend(leaks(&cleared, &secrets, seed.is_multiple_of(A_DOSSIER_EVERY)));
                earlier.push(cleared.releasable.what().clone());
                left += 1;
            }
            Err(GateError::NothingLeft { .. } | GateError::TooFresh { .. }) => {}
            Err(other) => all.push(other.to_string()),
        }
        world.moves();
    }
    (left, all)
}

#[test]
fn nothing_that_stays_is_in_what_leaves() {
    let (first, cases) = (number("FIRST", 0), number("CASES", 10_000));
    let (next, left) = (AtomicU64::new(first), AtomicU64::new(0));
    let found = Mutex::new(Vec::new());
    let begun = std::time::Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let work = || {
            let policies = Policies::new().unwrap();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= first + cases {
                    break;
                }
                let (released, leaks) = run(&policies, seed);
                left.fetch_add(released, Ordering::Relaxed);
                let told = leaks.into_iter().map(|leak| format!("FIRST={seed} CASES=1: {leak}"));
                found.lock().unwrap().extend(told);
            }
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            worker.join().unwrap();
        }
    });
    let found = found.into_inner().unwrap();
    let told = found[..found.len().min(20)].join("\n");
    assert!(found.is_empty(), "{} leaks, the first of them:\n{told}", found.len());
    let (left, s) = (left.into_inner(), begun.elapsed().as_secs_f64());
    println!("{cases} products, {left} releases, {} forms, {s:.1} s", Format::ALL.len() + 2);
    assert!(cases < 100 || left > cases / 3, "only {left} of {cases} left anything");
}

/// Rules that let through what was to stay are found in every form that can hold it.
#[test]
fn rules_that_leak_are_found_out() {
    let policies = Policies::new().unwrap();
    let mut forms = std::collections::BTreeSet::new();
    for seed in 0..200 {
        let mut world = World::new(seed);
        let meant = Secrets::of(&world.product, &world.rules, &world.terms.recipient);
        world.breaks_rules();
        let Ok(cleared) = cleared(&policies, &world, &[]) else { continue };
        let found = leaks(&cleared, &meant, seed < 20);
        forms.extend(
            found.iter().filter_map(|leak| leak.split_once(':')).map(|(form, _)| form.to_owned()),
        );
    }
    let expected = [
        "brief",
        "content",
        "cot",
        "dossier.geojson",
        "dossier.json",
        "dossier.kml",
        "dossier.png",
        "geojson",
        "kml",
        "pictures",
        "stix",
        "tak",
        "text",
    ];
    assert_eq!(forms.into_iter().collect::<Vec<_>>(), expected);
}

/// A search that misses what is there would pass everything.
#[test]
fn each_kind_of_secret_is_found_where_it_stands() {
    for seed in 0..300 {
        let world = World::new(seed);
        let secrets = Secrets::of(&world.product, &world.rules, &world.terms.recipient);
        for (what, text) in secrets.texts() {
            let read = Read { text: format!("so {text}, it is"), ..Read::default() };
            let found = secrets.found_in(&read);
            assert!(found.iter().any(|leak| leak.contains(what)), "{what}: {text}: {found:?}");
        }
    }
}

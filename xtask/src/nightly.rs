//! `cargo xtask nightly`: what takes too long for every change.

use std::{
    fs,
    path::PathBuf,
    process::{Command, ExitCode},
};

use anyhow::Result;

use crate::{
    bench, prove, setup,
    stage::{self, Stages, cargo},
};

/// Seconds each fuzz target runs.
const FUZZ_S: u32 = 60;

/// Plans that this program certifies and the verifier checks.
const RANDOM_PLANS: &str = "100000";

/// Products whose releases are searched for what has to stay.
const RANDOM_PRODUCTS: &str = "1000000";

pub(crate) fn run() -> ExitCode {
    let mut stages = Stages::of(9);
    stages.run("fuzz", fuzz);
    stages.run("licences", licences);
    stages.run("documents", || {
        let mut doc = cargo(&["doc", "--workspace", "--no-deps", "--quiet"]);
        stage::succeeds(doc.env("RUSTDOCFLAGS", "-D warnings"))
    });
    stages.run("set up of others' clients", setup::for_nightly);
    stages.run("two programs", || {
        let mut plans = cargo(&["nextest", "run", "--workspace"]);
        plans.args(["-E", "binary(differential)"]);
        stage::succeeds(plans.env("PLANS", RANDOM_PLANS))
    });
    stages.run("leaks", || {
        let mut leaks = cargo(&["test", "--workspace", "--release", "--test", "leak"]);
        leaks.args(["--", "--nocapture"]);
        stage::succeeds(leaks.env("CASES", RANDOM_PRODUCTS))
    });
    stages.run("proofs", prove::proved);
    stages.run("statistics", || {
        // The long runs are ordinary tests marked `ignore`; those of hours are benches that are asked for.
        let tests = ["test", "--workspace", "--release", "--", "--ignored", "--skip", "trials::"];
        stage::succeeds(&mut cargo(&tests))
    });
    stages.run("benches", bench::all);
    println!("\n{}", stages.table());
    if stages.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Every target a minute; the first crash fails it and its input stays under `fuzz/artifacts`.
fn fuzz() -> Result<bool> {
    let mut clean = true;
    for target in fuzz_targets()? {
        installed("fuzz")?;
        let limit = format!("-max_total_time={FUZZ_S}");
        let known = known_inputs(&target);
        // cargo-fuzz asks for sanitizers, which the stable compiler has but does not offer.
        clean &= stage::succeeds(
            cargo(&["fuzz", "run", &target])
                .args(known)
                .args(["--", &limit, "-rss_limit_mb=2048", "-timeout=10", "-print_final_stats=1"])
                .env("RUSTC_BOOTSTRAP", "1"),
        )?;
    }
    Ok(clean)
}

/// Folders a target starts from: what it found before, small texts of its own, and for formats that
/// no chance would hit upon the files of the tests.
fn known_inputs(target: &str) -> Vec<PathBuf> {
    let fuzz = crate::root().join("fuzz");
    let found = fuzz.join("corpus").join(target);
    // The first is written to; libFuzzer wants it to be there.
    let mut folders = Vec::from_iter(fs::create_dir_all(&found).ok().map(|()| found));
    folders.push(fuzz.join("seeds").join(target));
    if ["aeri", "geotiff", "netcdf", "netcdf_angles", "open", "raster_tile"].contains(&target) {
        folders.push(crate::root().join("fixtures"));
    }
    if target == "gas_library" {
        folders.push(crate::root().join("crates/formats/data"));
    }
    folders.retain(|folder| folder.is_dir());
    folders
}

fn fuzz_targets() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(crate::root().join("fuzz/fuzz_targets"))? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// Licences, bans and sources of every dependency, by `deny.toml`.
fn licences() -> Result<bool> {
    installed("deny")?;
    stage::succeeds(&mut cargo(&["deny", "--all-features", "check", "licenses", "bans", "sources"]))
}

/// Installs a cargo subcommand from crates.io when it is not there.
fn installed(subcommand: &str) -> Result<bool> {
    let name = format!("cargo-{subcommand}");
    if Command::new(&name).arg("--version").output().is_ok() {
        return Ok(true);
    }
    println!("    installing {name} from crates.io (a few minutes)");
    stage::succeeds(&mut cargo(&["install", &name, "--locked", "--quiet"]))
}

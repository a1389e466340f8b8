//! `cargo xtask web`: builds the workbench in `web/`, which the executable carries.
//!
//! Debian's Node.js and npm do it, with the versions of `package-lock.json`. What is built already is left alone.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Result, ensure};

use crate::{setup, stage};

/// What the build is made of, from `web/`.
const MADE_OF: [&str; 7] = [
    "index.html",
    "package-lock.json",
    "public",
    "src",
    "svelte.config.js",
    "tsconfig.json",
    "vite.config.ts",
];

/// Builds the workbench when it is missing or older than what it is made of.
pub(crate) fn built() -> Result<bool> {
    let folder = folder();
    let newest = MADE_OF.iter().filter_map(|part| newest(&folder.join(part))).max();
    let made = newest_of_file(&folder.join("dist/index.html"));
    if made.is_some() && made > newest {
        return Ok(true);
    }
    Ok(installed()? && stage::succeeds(&mut npm(&["run", "--silent", "build"]))?)
}

/// Its types, its accessibility as far as the compiler sees it, and its unit tests.
pub(crate) fn checked() -> Result<bool> {
    Ok(built()?
        && installed()?
        && stage::succeeds(&mut npm(&["run", "--silent", "check"]))?
        && stage::succeeds(&mut npm(&["run", "--silent", "test"]))?)
}

/// The packages of the lock file, once for each version of it.
fn installed() -> Result<bool> {
    setup::node()?;
    let folder = folder();
    let wanted = newest_of_file(&folder.join("package-lock.json"));
    let there = newest_of_file(&folder.join("node_modules/.package-lock.json"));
    if there.is_some() && there >= wanted {
        return Ok(true);
    }
    println!("    installing the packages of web/package-lock.json");
    let done = stage::succeeds(&mut npm(&["ci", "--silent"]))?;
    ensure!(done, "npm could not install the packages of web/package-lock.json: see above");
    Ok(true)
}

fn folder() -> PathBuf {
    crate::root().join("web")
}

fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(folder());
    command
}

/// When anything below a path was changed last.
fn newest(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return newest_of_file(path);
    }
    let below = fs::read_dir(path).ok()?.flatten().filter_map(|entry| newest(&entry.path()));
    below.chain(newest_of_file(path)).max()
}

fn newest_of_file(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

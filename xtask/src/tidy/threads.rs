//! Invariant 2: the same bits whatever the thread count. A module that works in parallel has a test
//! that runs it with one and with several threads; its name says so. Where the module is only a step
//! of something, the test of the whole does: `xtask/tidy.toml` says which.

use super::{
    Finding,
    doors::line_of,
    project::{File, Project},
    rules::{PATH, Rules},
};

pub(crate) fn tested(project: &Project, rules: &Rules) -> Vec<Finding> {
    let elsewhere = &rules.threads.tested_by;
    let mut findings = Vec::new();
    for file in project.rust("crates/").filter(|f| !elsewhere.contains_key(&f.path)) {
        let parallel = |l: &str| l.starts_with("use rayon") || l.contains("rayon::");
        let Some(at) = file.text().lines().position(parallel) else { continue };
        if !has_thread_test(project, &file.path) {
            let what = format!(
                "works in parallel without a test at 1 and N threads: add one whose name holds \
                 `thread`, or say under [threads] of {PATH} which test runs it"
            );
            findings.push(Finding::new(&file.path, at + 1, what));
        }
    }
    for (module, test) in elsewhere {
        if !project.has(module) || !project.file(test).is_some_and(tests_threads) {
            let line = line_of(project.text(PATH), &format!("\"{module}\""));
            let what = format!("{module} is gone or {test} has no test at 1 and N threads");
            findings.push(Finding::new(PATH, line, what));
        }
    }
    findings
}

/// Looks in the tests of the module, of the modules above it, and in the crate's `tests/`.
fn has_thread_test(project: &Project, path: &str) -> bool {
    let mut places = vec![format!("{}/tests", path.trim_end_matches(".rs"))];
    let mut folder = path;
    while let Some((above, _)) = folder.rsplit_once('/') {
        places.push(format!("{above}/tests"));
        folder = above;
        if above.ends_with("/src") {
            break;
        }
    }
    places.push(format!("{}/tests", folder.trim_end_matches("/src")));
    let near = |f: &&File| f.is_rust() && places.iter().any(|p| is_at(&f.path, p));
    project.files.iter().filter(near).any(tests_threads)
}

fn tests_threads(file: &File) -> bool {
    file.text().lines().any(|l| l.trim_start().starts_with("fn ") && l.contains("thread"))
}

fn is_at(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

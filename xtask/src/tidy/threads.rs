//! Invariant 2: the same bits whatever the thread count. A module that works in parallel has a test
//! that runs it with one and with several threads; its name says so.

use super::{Finding, project::Project, rules::Rules};

pub(crate) fn tested(project: &Project, _: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in project.rust("crates/") {
        let code = file.text();
        let Some(at) =
            code.lines().position(|l| l.starts_with("use rayon") || l.contains("rayon::"))
        else {
            continue;
        };
        if !has_thread_test(project, &file.path) {
            let what = "works in parallel without a test at 1 and N threads: add one whose name \
                        holds `thread` to the tests of this module or of the one above";
            findings.push(Finding::new(&file.path, at + 1, what));
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
    project.files.iter().filter(|f| f.is_rust() && places.iter().any(|p| is_at(&f.path, p))).any(
        |f| f.text().lines().any(|l| l.trim_start().starts_with("fn ") && l.contains("thread")),
    )
}

fn is_at(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

//! Who uses whom, and which crates of others we carry.

use toml::{Table, Value};

use super::{
    Finding,
    project::Project,
    rules::{PATH, Rules},
};

const WORKSPACE: &str = "Cargo.toml";
const REASONS: &str = "docs/decisions/0002-dependencies.md";

/// The arrows between our crates, and `anyhow` at the edge only.
pub(crate) fn arrows(project: &Project, rules: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in project.crates() {
        let path = format!("crates/{name}/Cargo.toml");
        let manifest = project.manifest(&path);
        let mut refuse = |key: &str, what: String| {
            findings.push(Finding::new(&path, line_of(project.text(&path), key), what));
        };
        let Some(allowed) = rules.doors.get(name) else {
            refuse("name", format!("crate `{name}` has no line under [doors] of {PATH}"));
            continue;
        };
        for used in ["dependencies", "build-dependencies"].iter().flat_map(|t| keys(&manifest, t)) {
            let ours = used.strip_prefix("cathartes-");
            if ours.is_some_and(|ours| !allowed.iter().any(|a| a == ours)) {
                refuse(&used, format!("`{name}` may not use `{used}`; it may use {allowed:?}"));
            }
            if let Some(owner) = rules.only.get(&used).filter(|owner| *owner != name) {
                refuse(&used, format!("`{used}` is for `{owner}` alone: ask it instead"));
            }
            if used == "anyhow" && !rules.anyhow.iter().any(|a| a == name) {
                refuse(&used, format!("`anyhow` in `{name}`: make an error enum of its own"));
            }
        }
        let lints = manifest.get("lints").and_then(|l| l.get("workspace"));
        if lints != Some(&Value::Boolean(true)) {
            refuse(
                "[lints]",
                "must take the lints of the workspace: `[lints] workspace = true`".into(),
            );
        }
        if manifest.contains_key("features") {
            refuse("[features]", "our crates have no features: choose at run time".into());
        }
    }
    findings
}

/// Every direct dependency comes from the one list, is used, and has its reason.
pub(crate) fn dependencies(project: &Project, _: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    let workspace = project.manifest(WORKSPACE);
    let listed = workspace.get("workspace").and_then(Value::as_table);
    let listed = listed.map(|w| keys(w, "dependencies")).unwrap_or_default();
    let reasons = project.text(REASONS);
    let mut taken = Vec::new();
    let folders = project.crates().into_iter().map(|c| format!("crates/{c}"));
    for folder in folders.chain(["xtask".to_owned()]) {
        let path = format!("{folder}/Cargo.toml");
        let manifest = project.manifest(&path);
        for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for used in keys(&manifest, table) {
                let entry = manifest.get(table).and_then(|t| t.get(&used));
                let line = line_of(project.text(&path), &used);
                if entry.and_then(|e| e.get("workspace")) != Some(&Value::Boolean(true)) {
                    let what = format!("`{used}`: write `{used}.workspace = true`");
                    findings.push(Finding::new(&path, line, what));
                }
                if !mentioned(project, &folder, &used) {
                    let what = format!("`{used}` is not used in {folder}: remove the line");
                    findings.push(Finding::new(&path, line, what));
                }
                taken.push(used);
            }
        }
    }
    for name in listed.iter().filter(|name| !name.starts_with("cathartes-")) {
        let line = line_of(project.text(WORKSPACE), name);
        if !taken.contains(name) {
            let what = format!("`{name}` is used by no crate: remove the line");
            findings.push(Finding::new(WORKSPACE, line, what));
        }
        if !reasons.contains(&format!("`{name}`")) {
            let what = format!("`{name}` has no line in {REASONS}: say its job and why this one");
            findings.push(Finding::new(WORKSPACE, line, what));
        }
    }
    findings
}

fn mentioned(project: &Project, folder: &str, dependency: &str) -> bool {
    let word = dependency.replace('-', "_");
    let folder = format!("{folder}/");
    project.under(&folder).filter(|f| f.is_rust()).any(|f| {
        f.text().match_indices(&word).any(|(at, _)| {
            let boundary = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
            boundary(f.text()[..at].chars().next_back())
                && boundary(f.text()[at + word.len()..].chars().next())
        })
    })
}

pub(crate) fn keys(table: &Table, name: &str) -> Vec<String> {
    let inner = table.get(name).and_then(Value::as_table);
    inner.map(|t| t.keys().cloned().collect()).unwrap_or_default()
}

/// The line a key stands on, from 1.
pub(crate) fn line_of(text: &str, key: &str) -> usize {
    text.lines().position(|l| l.trim_start().starts_with(key)).map_or(1, |at| at + 1)
}

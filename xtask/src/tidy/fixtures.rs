//! Data in the project: each file is listed in `fixtures/README.md`, or in the README beside it, with
//! what it is, where it comes from, its licence and its SHA-256.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::{Finding, project::Project, rules::Rules};

const LIST: &str = "fixtures/README.md";
/// Endings of what is written here and not data.
const WRITTEN: [&str; 21] = [
    "rs",
    "cedar",
    "cedarschema",
    "md",
    "toml",
    "lock",
    "snap",
    "sh",
    "sql",
    "yml",
    "gitignore",
    "gitattributes",
    "py",
    "txt",
    "",
    "proptest-regressions",
    "css",
    "html",
    "mjs",
    "svelte",
    "ts",
];
/// What is written there and no data whatever its ending: settings of tools, and the mark.
const WORKBENCH: &str = "web/";

pub(crate) fn listed(project: &Project, _: &Rules) -> Vec<Finding> {
    let list = project.text(LIST);
    let mut findings = Vec::new();
    for file in &project.files {
        let script = ["py", "toml"].contains(&file.extension()) || file.path == LIST;
        let fixture = file.path.starts_with("fixtures/") && !script;
        let written = WRITTEN.contains(&file.extension()) || file.path.starts_with(WORKBENCH);
        if !fixture && written {
            continue;
        }
        let digest = hex(&Sha256::digest(&file.bytes));
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let beside = project.text(&format!("{folder}/README.md"));
        let names = [&file.path, name, file.path.trim_start_matches("fixtures/")];
        let about = |text: &str| names.iter().any(|n| text.contains(&format!("`{n}`")));
        let what = match [list, beside].into_iter().find(|text| about(text)) {
            None => {
                format!("is not in {LIST}: add a row with source, licence and SHA-256 {digest}")
            }
            Some(text) if !text.contains(&digest) => {
                format!("has another SHA-256 than its README says; it is {digest}")
            }
            Some(_) => continue,
        };
        findings.push(Finding::new(&file.path, 1, what));
    }
    for (at, row) in list.lines().enumerate().filter(|(_, l)| l.starts_with("| `")) {
        let name = row.split('`').nth(1).unwrap_or_default();
        if !project.has(name) && !project.has(&format!("fixtures/{name}")) {
            let what = format!("`{name}` is not there: remove the row");
            findings.push(Finding::new(LIST, at + 1, what));
        }
    }
    findings
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

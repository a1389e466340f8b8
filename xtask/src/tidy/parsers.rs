//! Invariant 3: hostile input ends in `formats`. Every module there that reads bytes from outside
//! has a fuzz target that calls it, and no lint against panics is switched off.

use super::{
    Finding,
    doors::line_of,
    project::Project,
    rules::{PATH, Rules},
};

const MODULES: &str = "crates/formats/src/lib.rs";
const PANICS: [&str; 5] =
    ["unwrap_used", "expect_used", "panic", "indexing_slicing", "unreachable"];

pub(crate) fn fuzzed(project: &Project, rules: &Rules) -> Vec<Finding> {
    let text = project.text(MODULES);
    let mut findings = Vec::new();
    let excused = &rules.parsers.not_fuzzed;
    let modules: Vec<&str> = text
        .lines()
        .filter_map(|l| l.strip_prefix("pub mod ").and_then(|m| m.strip_suffix(';')))
        .collect();
    for module in modules.iter().filter(|m| !excused.contains_key(**m) && !reached(project, m)) {
        let what = format!(
            "`{module}` has no fuzz target: add one that calls it to fuzz/fuzz_targets with its \
             [[bin]], or say under [parsers] of {PATH} why it reads nothing from outside"
        );
        let line = line_of(text, &format!("pub mod {module};"));
        findings.push(Finding::new(MODULES, line, what));
    }
    for name in excused.keys().filter(|name| !modules.contains(&name.as_str())) {
        let line = line_of(project.text(PATH), name);
        findings.push(Finding::new(PATH, line, format!("`{name}` is no module: remove the line")));
    }
    for file in project.rust("crates/formats/src/") {
        for (at, line) in file.text().lines().enumerate() {
            let loosens = line.contains("allow(") || line.contains("expect(clippy::");
            if loosens && PANICS.iter().any(|lint| line.contains(&format!("clippy::{lint}"))) {
                let what = "a parser must not panic: return an error instead";
                findings.push(Finding::new(&file.path, at + 1, what));
            }
        }
    }
    findings
}

/// Whether a fuzz target that is built names the module.
fn reached(project: &Project, module: &str) -> bool {
    let built = project.text("fuzz/Cargo.toml");
    let names =
        |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == module);
    project.under("fuzz/fuzz_targets/").any(|target| {
        let file = target.path.trim_start_matches("fuzz/");
        built.contains(&format!("\"{file}\"")) && names(target.text())
    })
}

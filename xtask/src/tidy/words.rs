//! The words: British in prose, one meaning each, nothing unfinished, no dead links.

use std::collections::BTreeMap;

use syn::visit::Visit;

use super::{
    Finding,
    project::{File, Project},
    rules::{PATH, Rules},
};

const GLOSSARY: &str = "GLOSSARY.md";

/// Prose and code without words that do not belong.
pub(crate) fn chosen(project: &Project, rules: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in written(project) {
        for (line, prose) in prose(file) {
            for (american, british) in &rules.words.british {
                if words(&prose).any(|w| w.eq_ignore_ascii_case(american)) {
                    let what = format!("write `{british}`, not `{american}`");
                    findings.push(Finding::new(&file.path, line, what));
                }
            }
        }
        for (at, text) in file.text().lines().enumerate() {
            let mut refuse = |what: String| findings.push(Finding::new(&file.path, at + 1, what));
            for mark in rules.words.unfinished.iter().filter(|m| words(text).any(|w| w == **m)) {
                refuse(format!("`{mark}`: finish it, or say in CHANGELOG.md what is missing"));
            }
            for start in rules.words.foreign_paths.iter().filter(|s| text.contains(s.as_str())) {
                refuse(format!("`{start}` exists on one machine only: use a path of the project"));
            }
            if let Some(number) = tracker_number(text) {
                refuse(format!(
                    "`{number}` leads outside the project: say here what it says there"
                ));
            }
        }
    }
    findings
}

/// The glossary has one row a word, and every public type of `core`.
pub(crate) fn glossary(project: &Project, _: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    let text = project.text(GLOSSARY);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (at, row) in text.lines().enumerate().filter(|(_, l)| l.starts_with('|')) {
        let first = row.split('|').nth(1).unwrap_or_default();
        if first.trim() == "word" || first.chars().all(|c| " -:".contains(c)) {
            continue;
        }
        for word in first.split(',').map(|w| w.trim().to_lowercase()) {
            if let Some(before) = seen.insert(word.clone(), at + 1) {
                let what = format!("`{word}` stands on line {before} already: one meaning a word");
                findings.push(Finding::new(GLOSSARY, at + 1, what));
            }
        }
    }
    for file in project.rust("crates/core/src/") {
        for item in file.syntax().map(|s| s.items.as_slice()).unwrap_or_default() {
            let (visibility, name) = match item {
                syn::Item::Struct(s) => (&s.vis, &s.ident),
                syn::Item::Enum(e) => (&e.vis, &e.ident),
                syn::Item::Trait(t) => (&t.vis, &t.ident),
                _ => continue,
            };
            let public = matches!(visibility, syn::Visibility::Public(_));
            if public && !text.contains(&format!("`{name}`")) {
                let what = format!("`{name}` is not in {GLOSSARY}: add it to the row of its word");
                findings.push(Finding::new(&file.path, name.span().start().line, what));
            }
        }
    }
    findings
}

/// No name in the code for what the product never does.
pub(crate) fn refused(project: &Project, rules: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in project.rust("crates/") {
        let Some(syntax) = file.syntax() else { continue };
        let mut names = Names(Vec::new());
        names.visit_file(syntax);
        for (line, name) in names.0 {
            let lower = name.to_lowercase();
            if rules.words.refused.iter().any(|r| lower.split('_').any(|w| w == r)) {
                let what = format!("`{name}`: the product has no such thing (README.md)");
                findings.push(Finding::new(&file.path, line, what));
            }
        }
    }
    findings
}

/// Every relative link of a document leads to a file, and to a heading when it names one; every page
/// under `docs/` is linked from another.
pub(crate) fn links(project: &Project, _: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut linked = Vec::new();
    for file in project.files.iter().filter(|f| f.extension() == "md") {
        for (line, target) in targets(file.text()) {
            let (path, heading) = target.split_once('#').unwrap_or((&target, ""));
            let full = if path.is_empty() { file.path.clone() } else { resolve(&file.path, path) };
            if full != file.path {
                linked.push(full.clone());
            }
            if !project.has(&full) {
                let what = format!("`{target}` leads nowhere: there is no {full}");
                findings.push(Finding::new(&file.path, line, what));
            } else if !heading.is_empty() && !has_heading(project.text(&full), heading) {
                let what = format!("{full} has no heading `#{heading}`");
                findings.push(Finding::new(&file.path, line, what));
            }
        }
    }
    let pages = project.under("docs/").filter(|f| f.extension() == "md");
    findings.extend(pages.filter(|page| !linked.contains(&page.path)).map(|page| {
        let what = "no other document leads here: link it from the index of its folder";
        Finding::new(&page.path, 1, what)
    }));
    findings
}

fn written(project: &Project) -> impl Iterator<Item = &File> {
    let endings = ["rs", "md", "toml", "yml", "sh", "ts", "svelte", "mjs"];
    let own = [PATH, "xtask/src/tidy/tests.rs"];
    let of_words = move |f: &&File| own.contains(&f.path.as_str());
    project.files.iter().filter(move |f| endings.contains(&f.extension()) && !of_words(f))
}

/// What people read: documents, and comments, outside code and without what stands in backticks.
fn prose(file: &File) -> Vec<(usize, String)> {
    let code = |(number, line): (usize, &str)| (number, without_code(line));
    match file.extension() {
        "md" => outside_fences((1..).zip(file.text().lines())).map(code).collect(),
        "rs" => outside_fences(comments(file.text())).map(code).collect(),
        _ => Vec::new(),
    }
}

fn comments(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = (1..).zip(text.lines());
    numbered.filter_map(|(n, line)| Some((n, line.trim_start().strip_prefix("//")?)))
}

fn outside_fences<'t>(
    lines: impl Iterator<Item = (usize, &'t str)>,
) -> impl Iterator<Item = (usize, &'t str)> {
    let mut fenced = false;
    lines.filter(move |(_, line)| {
        let fence = line.trim_start_matches(['/', '!', ' ']).starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// Every second part between backticks is code.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

/// `#12` as people write it of a tracker; a colour (`#1f77b4`) or an attribute (`#[`) is none.
fn tracker_number(text: &str) -> Option<String> {
    text.match_indices('#').find_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        let rest = &text[at + 1..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let after = rest[digits..].chars().next();
        let stands_alone = before.is_none_or(|c| c == ' ' || c == '(')
            && after.is_none_or(|c| !c.is_alphanumeric() && c != '"');
        ((1..=5).contains(&digits) && stands_alone).then(|| format!("#{}", &rest[..digits]))
    })
}

/// Relative targets of `[text](target)`, with their lines.
fn targets(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in outside_fences((1..).zip(text.lines())) {
        for part in without_code(line).split("](").skip(1) {
            let target = part.split([')', ' ']).next().unwrap_or_default();
            if !target.contains("://") && !target.starts_with("mailto:") && !target.is_empty() {
                found.push((number, target.to_owned()));
            }
        }
    }
    found
}

/// A path relative to a document, from the root.
fn resolve(document: &str, target: &str) -> String {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

fn has_heading(text: &str, slug: &str) -> bool {
    outside_fences((1..).zip(text.lines())).filter_map(|(_, l)| l.strip_prefix('#')).any(|title| {
        let title = title.trim_start_matches('#').trim().to_lowercase();
        let made: String = title
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        made == slug
    })
}

struct Names(Vec<(usize, String)>);

impl<'a> Visit<'a> for Names {
    fn visit_ident(&mut self, ident: &'a proc_macro2::Ident) {
        self.0.push((ident.span().start().line, ident.to_string()));
    }
}

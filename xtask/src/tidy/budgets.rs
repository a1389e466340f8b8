//! Budgets: short functions, small files, few parameters, few traits, tests beside their module.

use syn::{Item, ItemTrait, spanned::Spanned};

use super::{
    Finding,
    project::{File, Project, for_tests},
    rules::{Budgets, PATH, Rules},
};

pub(crate) fn kept(project: &Project, rules: &Rules) -> Vec<Finding> {
    let rules = &rules.budgets;
    let mut findings = Vec::new();
    let pages = project.files.iter().filter(|f| ["svelte", "ts"].contains(&f.extension()));
    findings.extend(pages.filter_map(|file| too_long(file, rules)));
    for file in ours(project) {
        let Some(syntax) = file.syntax() else {
            findings.push(Finding::new(&file.path, 1, "does not parse as Rust"));
            continue;
        };
        findings.extend(functions(file, rules));
        findings.extend(too_long(file, rules));
        findings.extend(syntax.items.iter().filter_map(|item| odd_item(file, item, rules)));
    }
    let median = median(&mut lengths(project));
    if median >= rules.median_function_lines {
        let limit = rules.median_function_lines;
        let what = format!("the median function has {median} lines, not under {limit}: split some");
        findings.push(Finding::new("crates", 1, what));
    }
    findings
}

fn too_long(file: &File, rules: &Budgets) -> Option<Finding> {
    let (lines, limit) = (file.text().lines().count(), rules.file_lines);
    let what = || format!("{lines} lines of at most {limit}: split the module");
    (lines > limit).then(|| Finding::new(&file.path, 1, what()))
}

/// The figures behind the budgets, for people.
pub(crate) fn figures(project: &Project) -> String {
    let mut lengths = lengths(project);
    let files: Vec<usize> = ours(project).map(|f| f.text().lines().count()).collect();
    format!(
        "{} functions, median {} lines, longest {}; {} files, longest {} lines",
        lengths.len(),
        median(&mut lengths),
        lengths.iter().max().unwrap_or(&0),
        files.len(),
        files.iter().max().unwrap_or(&0),
    )
}

fn functions(file: &File, rules: &Budgets) -> Vec<Finding> {
    let mut findings = Vec::new();
    for f in file.functions() {
        let mut refuse = |what: String| findings.push(Finding::new(&file.path, f.line, what));
        if f.lines > rules.function_lines {
            let (lines, limit) = (f.lines, rules.function_lines);
            refuse(format!("`{}` has {lines} lines of at most {limit}: split it", f.name));
        }
        if f.parameters > rules.parameters {
            let (n, limit) = (f.parameters, rules.parameters);
            refuse(format!("`{}` has {n} parameters of at most {limit}: group them", f.name));
        }
    }
    findings
}

fn odd_item(file: &File, item: &Item, rules: &Budgets) -> Option<Finding> {
    match item {
        Item::Trait(ItemTrait { ident, .. }) if !rules.traits.iter().any(|t| ident == t) => {
            let what = format!(
                "trait `{ident}`: a struct, an enum or a function does; else write the decision \
                 and add it under [budgets] of {PATH}"
            );
            Some(Finding::new(&file.path, item.span().start().line, what))
        }
        Item::Mod(m) if for_tests(&m.attrs) && m.content.is_some() => {
            let what = format!("tests of a module live in their own file: move `{}`", m.ident);
            Some(Finding::new(&file.path, item.span().start().line, what))
        }
        Item::Fn(f) if for_tests(&f.attrs) => {
            let what = format!("a test belongs in `tests.rs`: move `{}`", f.sig.ident);
            Some(Finding::new(&file.path, item.span().start().line, what))
        }
        _ => None,
    }
}

fn ours(project: &Project) -> impl Iterator<Item = &File> {
    project.rust("crates/").chain(project.rust("xtask/"))
}

fn lengths(project: &Project) -> Vec<usize> {
    ours(project).flat_map(File::functions).map(|f| f.lines).collect()
}

fn median(lengths: &mut [usize]) -> usize {
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or(0)
}

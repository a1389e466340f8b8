//! Invariant 4: what leaves went through the gate. Every public function of the modules that write what leaves takes a
//! `&Releasable<…>`, and beside it nothing that could hold more of a product.

use std::collections::BTreeSet;

use syn::{FnArg, Item, ItemFn, ReturnType, Type, Visibility, visit::Visit};

use super::{
    Finding,
    doors::line_of,
    project::{File, Project},
    rules::{PATH, Rules},
};

pub(crate) fn gated(project: &Project, rules: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, function) in written(project, rules) {
        let name = function.sig.ident.to_string();
        let mut refuse = |what: String| {
            let line = line_of(file.text(), &format!("fn {name}("));
            findings.push(Finding::new(&file.path, line, what));
        };
        if !arguments(function).any(|of| names(of).contains("Releasable")) {
            refuse(format!("`{name}` writes what leaves, and takes no `&Releasable<…>`"));
        }
        for of in arguments(function).filter(|of| !names(of).contains("Releasable")) {
            let known = &rules.exporters.beside;
            if let Some(other) = names(of).into_iter().find(|name| !known.contains(name)) {
                refuse(format!(
                    "`{name}` takes `{other}` beside what went through the gate: take it from there, or say under \
                     [exporters] of {PATH} that nothing of a product can stand in it"
                ));
            }
        }
    }
    for folder in rules.exporters.modules.iter().filter(|folder| !project.has(folder)) {
        let line = line_of(project.text(PATH), folder);
        findings.push(Finding::new(PATH, line, format!("there is no {folder}: remove it")));
    }
    findings
}

/// The exporters, by name.
pub(crate) fn list(project: &Project, rules: &Rules) -> String {
    let names: Vec<String> =
        written(project, rules).map(|(_, function)| function.sig.ident.to_string()).collect();
    format!("exporters: {} ({})", names.len(), names.join(", "))
}

/// Public functions that give what can hold text or bytes.
fn written<'p>(
    project: &'p Project,
    rules: &'p Rules,
) -> impl Iterator<Item = (&'p File, &'p ItemFn)> {
    let rules = &rules.exporters;
    let inside = |path: &str| {
        let of = |module: &String| {
            path.strip_prefix(module.trim_end_matches(".rs"))
                .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        };
        rules.modules.iter().any(of)
    };
    let files = project.rust("crates/").filter(move |file| inside(&file.path));
    let functions = files.flat_map(|file| {
        let items = file.syntax().map(|syntax| syntax.items.as_slice()).unwrap_or_default();
        items.iter().filter_map(move |item| match item {
            Item::Fn(f) if matches!(f.vis, Visibility::Public(_)) => Some((file, f)),
            _ => None,
        })
    });
    functions.filter(|(_, function)| match &function.sig.output {
        ReturnType::Default => false,
        ReturnType::Type(_, of) => names(of).iter().any(|name| rules.gives.contains(name)),
    })
}

fn arguments(function: &ItemFn) -> impl Iterator<Item = &Type> {
    function.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(&*typed.ty),
        FnArg::Receiver(_) => None,
    })
}

/// The names of types that a type is made of.
fn names(of: &Type) -> BTreeSet<String> {
    let mut names = Names(BTreeSet::new());
    names.visit_type(of);
    // What has no name, as a closure, could hold anything.
    if names.0.is_empty() {
        names.0.insert("something without a name".to_owned());
    }
    names.0
}

struct Names(BTreeSet<String>);

impl Visit<'_> for Names {
    fn visit_path_segment(&mut self, segment: &syn::PathSegment) {
        self.0.insert(segment.ident.to_string());
        syn::visit::visit_path_segment(self, segment);
    }
}

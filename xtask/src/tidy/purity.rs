//! Invariant 1: the pure crates do no input or output, read no clock, draw no unseeded number.
//!
//! Three nets: their manifests name only crates known to be pure; their sources name no path that
//! leads out; and their `clippy.toml` has clippy refuse the same by type.

use syn::{
    Item, Macro, Path, UseTree,
    spanned::Spanned,
    visit::{self, Visit},
};

use super::{
    Finding,
    doors::{keys, line_of},
    project::{Project, for_tests},
    rules::{PATH, Rules},
};

/// Starts of paths that lead out of the program.
const OUTSIDE: [&str; 9] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::io",
    "std::os",
    "std::time::SystemTime",
    "std::time::Instant",
    "std::thread::sleep",
];
/// Ends of paths that read a clock or an unseeded die.
const UNSEEDED: [&str; 9] = [
    "Timestamp::now",
    "Zoned::now",
    "Instant::now",
    "SystemTime::now",
    "rand::rng",
    "rand::random",
    "thread_rng",
    "from_entropy",
    "from_os_rng",
];
const PRINTING: [&str; 7] =
    ["print", "println", "eprint", "eprintln", "dbg", "include_bytes", "option_env"];

/// What clippy must be told in every pure crate.
const CLIPPY: [&str; 4] =
    ["disallowed-methods", "disallowed-types", "std::fs::File", "jiff::Timestamp::now"];

pub(crate) fn manifests(project: &Project, rules: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    let shared = project.manifest("clippy.toml");
    for (name, allowed) in &rules.pure {
        let path = format!("crates/{name}/Cargo.toml");
        for used in keys(&project.manifest(&path), "dependencies") {
            if !used.starts_with("cathartes-") && !allowed.contains(&used) {
                let line = line_of(project.text(&path), &used);
                let what = format!(
                    "`{name}` is pure and takes `{used}`: when it does no input or output, reads \
                     no clock and draws no unseeded number, add it under [pure] of {PATH}"
                );
                findings.push(Finding::new(&path, line, what));
            }
        }
        let path = format!("crates/{name}/clippy.toml");
        let (text, own) = (project.text(&path), project.manifest(&path));
        for needed in CLIPPY.iter().filter(|needed| !text.contains(*needed)) {
            let what = format!("must refuse `{needed}`: copy it from another pure crate");
            findings.push(Finding::new(&path, 1, what));
        }
        for (key, value) in &shared {
            if own.get(key) != Some(value) {
                let what = format!("`{key}` must say what the clippy.toml of the root says");
                findings.push(Finding::new(&path, line_of(text, key), what));
            }
        }
    }
    findings
}

pub(crate) fn sources(project: &Project, rules: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in rules.pure.keys() {
        let folder = format!("crates/{name}/src/");
        for file in project.rust(&folder) {
            let Some(syntax) = file.syntax() else {
                findings.push(Finding::new(&file.path, 1, "does not parse as Rust"));
                continue;
            };
            let mut paths = Paths(Vec::new());
            paths.visit_file(syntax);
            for (line, path) in paths.0 {
                if leads_out(&path) {
                    let what = format!(
                        "`{path}` in a pure crate: take the value as an argument, or move the \
                         work to `pipeline`"
                    );
                    findings.push(Finding::new(&file.path, line, what));
                }
            }
        }
    }
    findings
}

fn leads_out(path: &str) -> bool {
    let under = |start: &&str| path == *start || path.starts_with(&format!("{start}::"));
    let ends = |end: &&str| path == *end || path.ends_with(&format!("::{end}"));
    let printing = path.strip_suffix('!').is_some_and(|name| PRINTING.contains(&name));
    printing || OUTSIDE.iter().any(under) || UNSEEDED.iter().any(ends)
}

/// Every path and macro named outside tests, with its line.
struct Paths(Vec<(usize, String)>);

impl Paths {
    fn add_use(&mut self, before: &str, tree: &UseTree) {
        match tree {
            UseTree::Path(p) => self.add_use(&format!("{before}{}::", p.ident), &p.tree),
            UseTree::Group(g) => g.items.iter().for_each(|t| self.add_use(before, t)),
            UseTree::Name(n) if n.ident == "self" => {
                self.add(tree, before.trim_end_matches(':').to_owned());
            }
            UseTree::Name(n) => self.add(tree, format!("{before}{}", n.ident)),
            UseTree::Rename(r) => self.add(tree, format!("{before}{}", r.ident)),
            UseTree::Glob(_) => self.add(tree, before.trim_end_matches(':').to_owned()),
        }
    }

    fn add(&mut self, at: &impl Spanned, path: String) {
        self.0.push((at.span().start().line, path));
    }
}

impl<'a> Visit<'a> for Paths {
    fn visit_item(&mut self, item: &'a Item) {
        match item {
            Item::Mod(m) if for_tests(&m.attrs) => {}
            Item::Fn(f) if for_tests(&f.attrs) => {}
            Item::Use(u) => self.add_use("", &u.tree),
            _ => visit::visit_item(self, item),
        }
    }

    fn visit_path(&mut self, path: &'a Path) {
        let words: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.add(path, words.join("::"));
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, node: &'a Macro) {
        let name = node.path.segments.last().map(|s| format!("{}!", s.ident)).unwrap_or_default();
        self.add(node, name);
        visit::visit_macro(self, node);
    }
}

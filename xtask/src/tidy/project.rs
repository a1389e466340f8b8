//! The project as its files: text for all, syntax for Rust.

use std::{cell::OnceCell, fs, path::Path};

use anyhow::{Context, Result};
use syn::{
    Attribute, Block, ImplItemFn, Item, ItemFn, ItemMod, Signature, TraitItemFn,
    spanned::Spanned,
    visit::{self, Visit},
};

/// Folders that hold nothing of ours.
const SKIPPED: [&str; 8] =
    ["target", ".git", "demo", "corpus", "artifacts", "node_modules", "dist", "mutants.out"];

/// Parts of paths that are tests: a module's `tests.rs`, folders of a crate that are no library.
const TESTS: [&str; 5] = ["/tests.rs", "/tests/", "/benches/", "/examples/", "fuzz/"];

/// Every file of the project.
#[derive(Default)]
pub(crate) struct Project {
    pub(crate) files: Vec<File>,
}

/// One file.
pub(crate) struct File {
    /// From the root, with forward slashes.
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
    /// Whether it is compiled for tests alone.
    test: bool,
    syntax: OnceCell<Option<syn::File>>,
}

/// A function that is no test.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    /// Between the braces of its body, as clippy counts.
    pub(crate) lines: usize,
    pub(crate) parameters: usize,
}

impl Project {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let mut project = Self::default();
        project.walk(root, root).with_context(|| format!("{}", root.display()))?;
        project.files.sort_by(|a, b| a.path.cmp(&b.path));
        project.tell_tests();
        Ok(project)
    }

    fn walk(&mut self, root: &Path, folder: &Path) -> Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if SKIPPED.contains(&name.as_str()) || path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                self.walk(root, &path)?;
            } else if name != ".git" {
                let relative = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
                self.add(&relative, &fs::read(&path)?);
            }
        }
        Ok(())
    }

    pub(crate) fn add(&mut self, path: &str, bytes: &[u8]) {
        let (path, bytes) = (path.to_owned(), bytes.to_owned());
        let test = TESTS.iter().any(|part| path.contains(part));
        self.files.push(File { path, bytes, test, syntax: OnceCell::new() });
    }

    /// A module that its parent declares under `#[cfg(test)]` is a test, whatever its name.
    pub(crate) fn tell_tests(&mut self) {
        let modules: Vec<String> = self.files.iter().flat_map(File::modules_for_tests).collect();
        for file in &mut self.files {
            file.test |= modules.iter().any(|m| {
                file.path.strip_prefix(m).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
            });
        }
    }

    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|f| f.path == path)
    }

    pub(crate) fn text(&self, path: &str) -> &str {
        self.file(path).map_or("", File::text)
    }

    /// Whether a file or folder is there.
    pub(crate) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path.is_empty() || self.files.iter().any(|f| f.path == path || f.path.starts_with(&folder))
    }

    pub(crate) fn under<'p>(&'p self, folder: &'p str) -> impl Iterator<Item = &'p File> {
        self.files.iter().filter(move |f| f.path.starts_with(folder))
    }

    /// Rust of one of our crates that is no test.
    pub(crate) fn rust<'p>(&'p self, folder: &'p str) -> impl Iterator<Item = &'p File> {
        self.under(folder).filter(|f| f.is_rust() && !f.is_test())
    }

    /// The folders of `crates/`.
    pub(crate) fn crates(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .under("crates/")
            .filter_map(|f| f.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml"))
            .collect();
        names.sort_unstable();
        names
    }

    pub(crate) fn manifest(&self, path: &str) -> toml::Table {
        self.text(path).parse().unwrap_or_default()
    }
}

impl File {
    /// The text; empty when the bytes are none.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or_default()
    }

    pub(crate) fn extension(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.extension() == "rs"
    }

    pub(crate) fn is_test(&self) -> bool {
        self.test
    }

    /// Paths without ending of the modules declared here for tests alone.
    fn modules_for_tests(&self) -> Vec<String> {
        let (folder, name) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let inside = match name {
            "lib.rs" | "main.rs" | "mod.rs" => folder,
            _ => self.path.trim_end_matches(".rs"),
        };
        let items = self.syntax().map(|s| s.items.as_slice()).unwrap_or_default();
        let modules = items.iter().filter_map(|item| match item {
            Item::Mod(m) if m.content.is_none() && for_tests(&m.attrs) => Some(&m.ident),
            _ => None,
        });
        modules.map(|name| format!("{inside}/{name}")).collect()
    }

    pub(crate) fn syntax(&self) -> Option<&syn::File> {
        let parse = || self.is_rust().then(|| syn::parse_file(self.text()).ok()).flatten();
        self.syntax.get_or_init(parse).as_ref()
    }

    pub(crate) fn functions(&self) -> Vec<Function> {
        let mut functions = Functions(Vec::new());
        if let Some(syntax) = self.syntax() {
            functions.visit_file(syntax);
        }
        functions.0
    }
}

/// Whether an item is compiled for tests alone.
pub(crate) fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|a| {
        let path = a.path();
        path.is_ident("test")
            || path.is_ident("cfg")
                && a.meta.require_list().is_ok_and(|l| l.tokens.to_string() == "test")
    })
}

/// Lines of a body without those of its braces; one when all stands on one line.
fn lines_inside(body: &Block) -> usize {
    let span = body.span();
    (span.end().line - span.start().line).saturating_sub(1).max(1)
}

struct Functions(Vec<Function>);

impl Functions {
    fn add(&mut self, signature: &Signature, body: &Block) {
        let line = signature.span().start().line;
        self.0.push(Function {
            name: signature.ident.to_string(),
            line,
            lines: lines_inside(body),
            parameters: signature.inputs.len(),
        });
    }
}

impl<'a> Visit<'a> for Functions {
    fn visit_item_mod(&mut self, node: &'a ItemMod) {
        if !for_tests(&node.attrs) {
            visit::visit_item_mod(self, node);
        }
    }

    fn visit_item_fn(&mut self, node: &'a ItemFn) {
        if !for_tests(&node.attrs) {
            self.add(&node.sig, &node.block);
            visit::visit_item_fn(self, node);
        }
    }

    fn visit_impl_item_fn(&mut self, node: &'a ImplItemFn) {
        self.add(&node.sig, &node.block);
        visit::visit_impl_item_fn(self, node);
    }

    fn visit_trait_item_fn(&mut self, node: &'a TraitItemFn) {
        if let Some(body) = &node.default {
            self.add(&node.sig, body);
        }
        visit::visit_trait_item_fn(self, node);
    }
}

//! Invariant 10: no quantity crosses a public boundary as a bare number. The type or the name carries
//! the unit: `length: Metres` or `length_m: f64`, never `length: f64`.
//!
//! A name passes when one of its words is a unit, or a word that says that the number has none
//! (`ratio`, `probability`). Whole numbers count things and pass, unless their name is that of a
//! quantity (`duration: u64`).

use syn::{
    Fields, FnArg, ImplItem, Item, Pat, ReturnType, Signature, TraitItem, Type, Visibility,
    spanned::Spanned,
    visit::{self, Visit},
};

use super::{
    Finding,
    doors::line_of,
    project::{File, Project, for_tests},
    rules::{PATH, Quantities, Rules},
};

/// The types that carry the units.
const UNITS: &str = "crates/core/src/units.rs";
/// Words that are a unit only at the end or after `per`.
const SHORT: [&str; 7] = ["m", "s", "h", "g", "k", "min", "rad"];

pub(crate) fn named(project: &Project, rules: &Rules) -> Vec<Finding> {
    let rules = &rules.quantities;
    let mut seen = Vec::new();
    for name in &rules.crates {
        let folder = format!("crates/{name}/src/");
        for file in project.rust(&folder).filter(|f| f.path != UNITS) {
            let items = file.syntax().map(|s| s.items.as_slice()).unwrap_or_default();
            let mut public = Public { rules, file, seen: &mut seen };
            for item in items {
                public.item(item);
            }
        }
    }
    let mut findings = Vec::new();
    for key in rules.allowed.keys() {
        if !seen.iter().any(|(k, _)| covers(key, k)) {
            let line = line_of(project.text(PATH), &format!("\"{key}\""));
            let what = format!("`{key}` is no bare quantity any more: remove the line");
            findings.push(Finding::new(PATH, line, what));
        }
    }
    let allowed = |item: &str| rules.allowed.keys().any(|key| covers(key, item));
    findings.extend(seen.into_iter().filter(|(item, _)| !allowed(item)).map(|f| f.1));
    findings
}

/// Whether a line of the allow-list means an item; a `*` at its end stands for anything.
fn covers(key: &str, item: &str) -> bool {
    key == item || key.strip_suffix('*').is_some_and(|start| item.starts_with(start))
}

/// Walks the public items of one file and collects the bare quantities, by `path item`.
struct Public<'a> {
    rules: &'a Quantities,
    file: &'a File,
    seen: &'a mut Vec<(String, Finding)>,
}

impl Public<'_> {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Struct(s) if public(&s.vis) => {
                self.fields(&s.ident.to_string(), &s.fields, false);
            }
            Item::Enum(e) if public(&e.vis) => {
                for v in &e.variants {
                    self.fields(&format!("{}::{}", e.ident, v.ident), &v.fields, true);
                }
            }
            Item::Fn(f) if public(&f.vis) && !for_tests(&f.attrs) => self.signature("", &f.sig),
            Item::Const(c) if public(&c.vis) => {
                self.check(&c.ident.to_string(), &c.ident.to_string(), &c.ty, c);
            }
            Item::Impl(i) if i.trait_.is_none() => {
                let owner = format!("{}::", last_word(&i.self_ty));
                for item in &i.items {
                    match item {
                        ImplItem::Fn(f) if public(&f.vis) => self.signature(&owner, &f.sig),
                        _ => {}
                    }
                }
            }
            Item::Trait(t) if public(&t.vis) => {
                for item in &t.items {
                    if let TraitItem::Fn(f) = item {
                        self.signature(&format!("{}::", t.ident), &f.sig);
                    }
                }
            }
            _ => {}
        }
    }

    fn fields(&mut self, owner: &str, fields: &Fields, all_public: bool) {
        for (at, field) in fields.iter().enumerate() {
            if !all_public && !public(&field.vis) {
                continue;
            }
            let name = field.ident.as_ref().map_or_else(|| at.to_string(), ToString::to_string);
            self.check(&format!("{owner}.{name}"), &name, &field.ty, field);
        }
    }

    fn signature(&mut self, owner: &str, signature: &Signature) {
        let function = signature.ident.to_string();
        for input in &signature.inputs {
            let FnArg::Typed(input) = input else { continue };
            let name = match &*input.pat {
                Pat::Ident(p) => p.ident.to_string(),
                _ => String::new(),
            };
            self.check(&format!("{owner}{function}({name})"), &name, &input.ty, input);
        }
        if let ReturnType::Type(_, ty) = &signature.output {
            self.check(&format!("{owner}{function}()"), &function, ty, signature);
        }
    }

    fn check(&mut self, item: &str, name: &str, ty: &Type, at: &impl Spanned) {
        let mut numbers = Numbers::default();
        numbers.visit_type(ty);
        let words: Vec<String> = name.to_lowercase().split('_').map(str::to_owned).collect();
        let whole = words.iter().any(|w| self.rules.whole.contains(w));
        if !(numbers.real || numbers.whole && whole) || carries_unit(&words, self.rules) {
            return;
        }
        let line = at.span().start().line;
        let what = format!(
            "`{item}` is a bare number: give it a type of `core::units` or a name with its unit \
             (`_m`, `_nm`, `_ratio`), or allow it with a reason under [quantities.allowed] of {PATH}"
        );
        let key = format!("{} {item}", self.file.path);
        self.seen.push((key, Finding::new(&self.file.path, line, what)));
    }
}

fn carries_unit(words: &[String], rules: &Quantities) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let last = at + 1 == words.len();
        let after_per = at > 0 && words[at - 1] == "per";
        let unit = rules.units.contains(word)
            && (!SHORT.contains(&word.as_str()) || last && at > 0 || after_per);
        unit || rules.pure_numbers.contains(word)
    })
}

fn public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn last_word(ty: &Type) -> String {
    match ty {
        Type::Path(p) => p.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

/// Which bare numbers a type holds, at any depth.
#[derive(Default)]
struct Numbers {
    real: bool,
    whole: bool,
}

impl<'a> Visit<'a> for Numbers {
    fn visit_ident(&mut self, ident: &'a proc_macro2::Ident) {
        let name = ident.to_string();
        self.real |= ["f32", "f64"].contains(&name.as_str());
        self.whole |= ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize"]
            .contains(&name.as_str());
        visit::visit_ident(self, ident);
    }
}

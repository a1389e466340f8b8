//! Invariant 8: what a job reports says where it comes from, always.

use syn::{Fields, Item, ItemStruct, Visibility, spanned::Spanned};

use super::{Finding, project::Project, rules::Rules};

const TYPE: &str = "crates/core/src/provenance.rs";

/// Public `…Report` types of `pipeline` have a field `provenance: Provenance`, and no field of
/// `Provenance` itself is optional.
pub(crate) fn carried(project: &Project, _: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in project.rust("crates/pipeline/src/") {
        for item in structs(file.syntax()) {
            let name = item.ident.to_string();
            if name.ends_with("Report")
                && type_of(item, "provenance").as_deref() != Some("Provenance")
            {
                let what = format!("`{name}` needs a field `provenance: Provenance`, not optional");
                findings.push(Finding::new(&file.path, item.span().start().line, what));
            }
        }
    }
    if let Some(file) = project.file(TYPE) {
        for item in structs(file.syntax()) {
            for field in &item.fields {
                if last_word(&field.ty) == "Option" {
                    let what = "provenance is never optional: find out or refuse";
                    findings.push(Finding::new(TYPE, field.span().start().line, what));
                }
            }
        }
    }
    findings
}

fn structs(syntax: Option<&syn::File>) -> impl Iterator<Item = &ItemStruct> {
    syntax.into_iter().flat_map(|s| &s.items).filter_map(|item| match item {
        Item::Struct(s) if matches!(s.vis, Visibility::Public(_)) => Some(s),
        _ => None,
    })
}

fn type_of(item: &ItemStruct, name: &str) -> Option<String> {
    let Fields::Named(fields) = &item.fields else { return None };
    let field = fields.named.iter().find(|f| f.ident.as_ref().is_some_and(|i| i == name))?;
    Some(last_word(&field.ty))
}

fn last_word(ty: &syn::Type) -> String {
    let syn::Type::Path(path) = ty else { return String::new() };
    path.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default()
}

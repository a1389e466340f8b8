//! As much XML as the side files of images need: elements with attributes and text, in order.
//!
//! No entities beyond the five of the standard, no namespaces, no document types: such things are
//! skipped. Nothing is nested in memory, so no input can make this recurse.

/// Text as it stands inside of XML that is written; what XML 1.0 cannot hold is U+FFFD.
#[must_use]
pub fn escaped(text: &str) -> String {
    quick_xml::escape::escape(readable(text)).into_owned()
}

/// A text in which every character that XML 1.0 cannot hold is U+FFFD.
#[must_use]
pub fn readable(text: &str) -> String {
    let allowed = |c: char| match c {
        '\t' | '\n' => c,
        '\u{0}'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        _ => c,
    };
    text.chars().map(allowed).collect()
}

/// One element that holds text and no other element.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Leaf<'x> {
    /// Names of the elements around it, outermost first, and its own.
    pub(crate) path: Vec<&'x str>,
    /// What stands in the tag behind the name.
    attributes: &'x str,
    /// The attributes of the element around it.
    outer_attributes: &'x str,
    text: &'x str,
}

impl Leaf<'_> {
    /// Its own name.
    pub(crate) fn name(&self) -> &str {
        self.path.last().copied().unwrap_or_default()
    }

    /// Whether the element around it is called `name`.
    pub(crate) fn is_in(&self, name: &str) -> bool {
        self.path.iter().rev().nth(1) == Some(&name)
    }

    /// An attribute of its own.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        attribute(self.attributes, name)
    }

    /// An attribute of the element around it.
    pub(crate) fn outer_attribute(&self, name: &str) -> Option<String> {
        attribute(self.outer_attributes, name)
    }

    /// Its text, without blanks around it.
    pub(crate) fn text(&self) -> String {
        unescaped(self.text.trim())
    }

    /// Its text as a number.
    pub(crate) fn number(&self) -> Option<f64> {
        self.text.trim().parse().ok().filter(|value: &f64| value.is_finite())
    }
}

/// Every leaf of a document. What is no XML is passed over.
pub(crate) fn leaves(document: &str) -> Vec<Leaf<'_>> {
    let (mut open, mut leaves): (Vec<(&str, &str)>, Vec<Leaf>) = (Vec::new(), Vec::new());
    let mut rest = document;
    let mut opened_last = false;
    while let Some((text, tag_on)) = rest.split_once('<') {
        let Some((tag, behind)) = tag(tag_on) else { break };
        rest = behind;
        if tag.starts_with(['?', '!']) {
            continue;
        }
        if tag.starts_with('/') {
            if opened_last {
                leaves.push(leaf(&open, text));
            }
            open.pop();
            opened_last = false;
        } else if !tag.ends_with('/') && open.len() < DEEPEST {
            open.push(tag.split_once(char::is_whitespace).unwrap_or((tag, "")));
            opened_last = true;
        }
    }
    leaves
}

/// Elements are not followed deeper than this.
const DEEPEST: usize = 64;

fn leaf<'x>(open: &[(&'x str, &'x str)], text: &'x str) -> Leaf<'x> {
    let attributes = |from_end: usize| open.iter().rev().nth(from_end).map_or("", |(_, a)| *a);
    Leaf {
        path: open.iter().map(|(name, _)| *name).collect(),
        attributes: attributes(0),
        outer_attributes: attributes(1),
        text,
    }
}

/// Splits behind the tag that starts here; a comment is one tag.
fn tag(text: &str) -> Option<(&str, &str)> {
    match text.strip_prefix("!--") {
        Some(comment) => comment.split_once("-->").map(|(_, behind)| ("!", behind)),
        None => text.split_once('>'),
    }
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut rest = attributes;
    while let Some((key, behind)) = rest.split_once('=') {
        let behind = behind.trim_start();
        let quote = behind.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, behind) = behind[1..].split_once(quote)?;
        if key.trim() == name {
            return Some(unescaped(value));
        }
        rest = behind;
    }
    None
}

fn unescaped(text: &str) -> String {
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    plain.replace("&apos;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests;

//! As much XML as the exporters write: whatever is put in, what comes out is well-formed.

use std::fmt::Write;

pub(super) use cathartes_formats::xml::escaped;

/// An element with what is in it, already written.
pub(super) struct Element {
    name: &'static str,
    attributes: String,
    inner: String,
}

impl Element {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, attributes: String::new(), inner: String::new() }
    }

    /// An element that holds a text and nothing else.
    pub(super) fn of(name: &'static str, text: &str) -> Self {
        Self::new(name).text(text)
    }

    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.attributes = format!("{} {name}=\"{}\"", self.attributes, attribute(value));
        self
    }

    pub(super) fn numbers(self, numbers: &[(&'static str, f64)]) -> Self {
        numbers.iter().fold(self, |whole, (name, value)| whole.with(name, &value.to_string()))
    }

    pub(super) fn text(mut self, text: &str) -> Self {
        self.inner.push_str(&escaped(text));
        self
    }

    pub(super) fn child(mut self, child: &Self) -> Self {
        self.inner.push_str(&child.written());
        self
    }

    pub(super) fn children(self, children: impl IntoIterator<Item = Self>) -> Self {
        children.into_iter().fold(self, |whole, child| whole.child(&child))
    }

    /// On lines of its own.
    pub(super) fn written(&self) -> String {
        let Self { name, attributes, inner } = self;
        if inner.is_empty() {
            return format!("<{name}{attributes}/>\n");
        }
        format!("<{name}{attributes}>{inner}</{name}>\n")
    }

    /// A whole document.
    pub(super) fn document(&self) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", self.written())
    }
}

/// Readers make a blank of a line break inside an attribute, so it is written as a number.
fn attribute(text: &str) -> String {
    let mut written = String::new();
    for c in escaped(text).chars() {
        match c {
            '\t' | '\n' => _ = write!(written, "&#{};", u32::from(c)),
            _ => written.push(c),
        }
    }
    written
}

#[cfg(test)]
mod tests;

//! XML as a walk: elements open with their attributes, hold text, and close. No document types, no
//! entities but those of the standard, nothing deeper than [`DEEPEST`], so that no file can make this
//! grow or recurse.

use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};

/// Deeper elements end the walk.
const DEEPEST: usize = 64;

/// A step of the walk; names are without their prefix.
pub(crate) enum Step {
    Open(String, Vec<(String, String)>),
    Text(String),
    Close(String),
}

/// Walks until the end, or to the first damage, which is told with its line.
pub(crate) fn walk(bytes: &[u8], mut take: impl FnMut(Step)) -> Result<(), String> {
    let bytes = super::unmarked(bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| {
        format!("line {}: no UTF-8 text; save the file as UTF-8", line_at(bytes, e.valid_up_to()))
    })?;
    let mut reader = Reader::from_str(text);
    let mut depth = 0;
    loop {
        let event = reader.read_event();
        let at = reader.buffer_position() as usize;
        let damaged = |why: &str| {
            let line = line_at(bytes, at);
            format!("line {line}: {why}; what stands before it was read, mend the rest")
        };
        match event.map_err(|error| damaged(&super::first_line(&error.to_string())))? {
            Event::Start(tag) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(damaged("elements within elements beyond 64"));
                }
                take(open(&tag));
            }
            Event::Empty(tag) => {
                take(open(&tag));
                take(Step::Close(local(&tag)));
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                take(Step::Close(tag.local_name().as_ref().to_owned()));
            }
            Event::Text(text) => take(Step::Text(text.xml10_content().into_owned())),
            Event::CData(text) => take(Step::Text(text.xml10_content().into_owned())),
            Event::GeneralRef(name) => take(Step::Text(character(&name))),
            Event::Eof if depth > 0 => return Err(damaged("the file ends inside of an element")),
            Event::Eof => return Ok(()),
            Event::DocType(_) => return Err(damaged("a document type; take it out")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// The name of the outermost element, when there is one.
pub(super) fn root(bytes: &[u8]) -> Option<String> {
    let bytes = super::unmarked(bytes);
    let mut reader = Reader::from_str(std::str::from_utf8(bytes).ok()?);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) => return Some(local(&tag)),
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn line_at(bytes: &[u8], at: usize) -> usize {
    bytes.iter().take(at).filter(|b| **b == b'\n').count() + 1
}

fn local(tag: &BytesStart<'_>) -> String {
    tag.local_name().as_ref().to_owned()
}

fn open(tag: &BytesStart<'_>) -> Step {
    let attributes = tag.attributes().flatten().map(|a| {
        let value = a.normalized_value(XmlVersion::Implicit1_0).unwrap_or_default();
        (a.key.local_name().as_ref().to_owned(), value.into_owned())
    });
    Step::Open(local(tag), attributes.collect())
}

fn character(name: &quick_xml::events::BytesRef<'_>) -> String {
    let number = name.resolve_char_ref().ok().flatten().map(String::from);
    number.or_else(|| resolve_predefined_entity(name).map(str::to_owned)).unwrap_or_default()
}

use proptest::prelude::*;
use quick_xml::{Reader, events::Event};

use super::*;
use crate::export::tests::any_text;

/// What an attribute and a text are read back as.
fn read(document: &str) -> (String, String) {
    let mut reader = Reader::from_str(document);
    let (mut attribute, mut text) = (String::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => {
                for one in start.attributes() {
                    let value = one.unwrap().value;
                    attribute = quick_xml::escape::unescape(&value).unwrap().into_owned();
                }
            }
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(name) => {
                let written = format!("&{};", &*name);
                text.push_str(&quick_xml::escape::unescape(&written).unwrap());
            }
            Event::Eof => return (attribute, text.trim_matches('\n').to_owned()),
            _ => {}
        }
    }
}

#[test]
fn characters_that_xml_cannot_hold_are_shown_as_such() {
    let document = Element::new("a").with("b", "x\ny\u{0}").text("<\u{1b}>&").document();
    assert!(
        document.ends_with("<a b=\"x&#10;y\u{fffd}\">&lt;\u{fffd}&gt;&amp;</a>\n"),
        "{document}"
    );
}

proptest! {
    #[test]
    fn any_text_is_read_back(text in any_text(), value in any_text()) {
        let held = |text: &str| quick_xml::escape::unescape(&escaped(text)).unwrap().into_owned();
        let document = Element::new("a").with("b", &value).text(&text).document();
        let (read_value, read_text) = read(&document);
        prop_assert_eq!(read_value, held(&value));
        let wanted = held(&text);
        prop_assert_eq!(read_text, wanted.trim_matches('\n'));
    }
}

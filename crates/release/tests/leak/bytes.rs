//! Bytes that left, taken apart again by what their form is, not by how we wrote them.

use std::fmt::Write as _;

use cathartes_release::product::Image;
use serde_json::Value;

/// What stands in them.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) text: String,
    pub(crate) pictures: Vec<Image>,
    /// What points at something that is not there.
    pub(crate) dangling: Vec<String>,
}

pub(crate) fn read(form: &str, bytes: &[u8]) -> Read {
    let mut read = Read::default();
    match form {
        "tak" => messages(bytes, &mut read.text),
        "cot" | "kml" => elements(bytes, &mut read.text),
        "text" => read.text = String::from_utf8(bytes.to_vec()).unwrap(),
        _ => {
            let json: Value = serde_json::from_slice(bytes).unwrap();
            pictures_in(&json, &mut read.pictures);
            leaves(&json, &mut read.text);
            read.dangling = references(&json);
        }
    }
    read
}

/// Every key, text and number.
fn leaves(json: &Value, text: &mut String) {
    match json {
        Value::Object(members) => {
            // Pixels are compared as pictures; as numbers they are any numbers.
            for (key, value) in members.iter().filter(|(key, _)| *key != "rgb") {
                let _ = writeln!(text, "{key}");
                leaves(value, text);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| leaves(item, text)),
        Value::String(string) => {
            let _ = writeln!(text, "{string}");
        }
        other => {
            let _ = writeln!(text, "{other}");
        }
    }
}

fn pictures_in(json: &Value, pictures: &mut Vec<Image>) {
    if let Ok(image) = serde_json::from_value::<Image>(json.clone()) {
        pictures.push(image);
        return;
    }
    match json {
        Value::Object(members) => members.values().for_each(|value| pictures_in(value, pictures)),
        // Lists of numbers are long and hold none.
        Value::Array(items) if !items.first().is_some_and(Value::is_number) => {
            items.iter().for_each(|item| pictures_in(item, pictures));
        }
        _ => {}
    }
}

/// What `…_ref` and `…_refs` name and no object of the bundle has as its id.
fn references(json: &Value) -> Vec<String> {
    let Some(objects) = json.get("objects").and_then(Value::as_array) else { return Vec::new() };
    let ids: Vec<&str> = objects.iter().filter_map(|object| object.get("id")?.as_str()).collect();
    let mut lost = Vec::new();
    for (key, value) in objects.iter().filter_map(Value::as_object).flatten() {
        let named: Vec<&str> = match value {
            Value::String(one) if key.ends_with("_ref") => vec![one],
            Value::Array(many) if key.ends_with("_refs") => {
                many.iter().filter_map(Value::as_str).collect()
            }
            _ => continue,
        };
        let missing = named.into_iter().filter(|id| !ids.contains(id));
        lost.extend(missing.map(|id| format!("{key} points at {id}, which is not there")));
    }
    lost
}

/// Every attribute and text.
fn elements(bytes: &[u8], text: &mut String) {
    use quick_xml::{Reader, events::Event};
    let mut reader = Reader::from_reader(bytes);
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap();
                    let _ = writeln!(text, "{}", &*attribute.value);
                }
            }
            Event::Text(words) => {
                let _ = writeln!(text, "{}", &*words);
            }
            Event::CData(words) => {
                let _ = writeln!(text, "{}", &*words);
            }
            _ => {}
        }
    }
}

/// TAK protocol, a stream: 0xbf, a varint of the length, a message.
fn messages(mut bytes: &[u8], text: &mut String) {
    while let Some((first, rest)) = bytes.split_first() {
        assert_eq!(*first, 0xbf, "no beginning of a message");
        let (length, rest) = varint(rest).unwrap();
        let (message, rest) = rest.split_at(length as usize);
        assert!(fields(message, text), "no message");
        bytes = rest;
    }
}

/// Every field of a message of whatever type; whether it was one.
fn fields(mut bytes: &[u8], text: &mut String) -> bool {
    while !bytes.is_empty() {
        let Some((key, rest)) = varint(bytes) else { return false };
        bytes = match key & 7 {
            0 => {
                let Some((number, rest)) = varint(rest) else { return false };
                // CoT counts milliseconds.
                let _ = writeln!(text, "{number} {}", number / 1000);
                if let Ok(at) = jiff::Timestamp::from_millisecond(number as i64) {
                    let _ = writeln!(text, "{at}");
                }
                rest
            }
            1 => {
                let Some((eight, rest)) = rest.split_at_checked(8) else { return false };
                let number = f64::from_le_bytes(eight.try_into().unwrap());
                let _ = writeln!(text, "{number} {number:.6} {number:.7} {number:.3}");
                rest
            }
            2 => {
                let Some((length, rest)) = varint(rest) else { return false };
                let Some((part, rest)) = rest.split_at_checked(length as usize) else {
                    return false;
                };
                let _ = writeln!(text, "{}", String::from_utf8_lossy(part));
                let mut inner = String::new();
                if fields(part, &mut inner) {
                    text.push_str(&inner);
                }
                rest
            }
            _ => return false,
        };
    }
    true
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0u64;
    for (i, byte) in bytes.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[i + 1..]));
        }
    }
    None
}

pub(crate) fn picture(png: &[u8]) -> Image {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut rgb).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    rgb.truncate(info.buffer_size());
    Image { width_px: info.width, height_px: info.height, rgb }
}

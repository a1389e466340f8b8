//! Bytes that left, taken apart again by what their form is, not by how we wrote them.

use std::{
    fmt::Write as _,
    io::{Read as _, Write as _},
    process::{Command, Stdio},
};

use cathartes_release::product::Image;
use serde_json::Value;

/// The markings of TLP 2.0 as OASIS defined them, which everybody has: clear, green, amber, amber+strict, red.
const TLP: [&str; 5] = [
    "--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "--e828b379-4e03-4974-9ac4-e53a884c97c1",
];

/// What stands in them.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) text: String,
    pub(crate) pictures: Vec<Image>,
    /// Corners of drawn shapes, longitude first. One of their numbers alone may be a secret's by chance.
    pub(crate) corners: Vec<[f64; 2]>,
    /// What points at something that is not there.
    pub(crate) dangling: Vec<String>,
}

pub(crate) fn read(form: &str, bytes: &[u8]) -> Read {
    let mut read = Read::default();
    match form {
        "tak" => messages(bytes, &mut read),
        "cot" | "kml" => elements(bytes, &mut read),
        "text" => read.text = String::from_utf8(bytes.to_vec()).unwrap(),
        _ => {
            let json: Value = serde_json::from_slice(bytes).unwrap();
            pictures_in(&json, &mut read.pictures);
            leaves(&json, &mut read);
            read.dangling = references(&json);
        }
    }
    read
}

/// Every file of a dossier, and the text of its brief as Debian's `pdftotext` reads it.
pub(crate) fn dossier(bytes: &[u8]) -> Vec<(&'static str, Read)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut all = Vec::new();
    for n in 0..archive.len() {
        let mut member = archive.by_index(n).unwrap();
        let name = member.name().unwrap().to_string();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).unwrap();
        let (_, extension) = name.rsplit_once('.').unwrap();
        let (form, mut found) = match extension {
            "pdf" => ("brief", Read { text: paper(&bytes), ..Read::default() }),
            "png" => ("dossier.png", Read { pictures: vec![picture(&bytes)], ..Read::default() }),
            "json" => ("dossier.json", read("content", &bytes)),
            "geojson" => ("dossier.geojson", read("geojson", &bytes)),
            "kml" => ("dossier.kml", read("kml", &bytes)),
            _ => ("dossier.txt", read("text", &bytes)),
        };
        let _ = writeln!(found.text, "{name}");
        all.push((form, found));
    }
    all
}

fn paper(pdf: &[u8]) -> String {
    let mut reader = Command::new("pdftotext")
        .args(["-raw", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = reader.stdin.take().unwrap();
    input.write_all(pdf).unwrap();
    drop(input);
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success(), "pdftotext");
    let text = String::from_utf8(output.stdout).unwrap();
    // What was broken over lines is put together, with the space and without.
    format!("{text}\n{}\n{}", text.replace('\n', " "), text.replace("-\n", "-"))
}

/// Every key, text and number.
fn leaves(json: &Value, read: &mut Read) {
    match json {
        Value::Object(members) => {
            let degrees = |key: &str| members.get(key).and_then(Value::as_f64);
            let corner = degrees("longitude").zip(degrees("latitude"));
            read.corners.extend(corner.map(|(east, north)| [east, north]));
            let in_corner =
                |key: &str| corner.is_some() && ["longitude", "latitude"].contains(&key);
            // Pixels are compared as pictures; as numbers they are any numbers.
            for (key, value) in members.iter().filter(|(key, _)| *key != "rgb" && !in_corner(key)) {
                let _ = writeln!(read.text, "{key}");
                let shape = key == "coordinates";
                if shape { corners(value, &mut read.corners) } else { leaves(value, read) }
            }
        }
        Value::Array(items) => {
            for item in items {
                leaves(item, read);
            }
        }
        Value::String(string) => {
            let _ = writeln!(read.text, "{string}");
        }
        other => {
            let _ = writeln!(read.text, "{other}");
        }
    }
}

fn corners(json: &Value, all: &mut Vec<[f64; 2]>) {
    match (json[0].as_f64(), json[1].as_f64()) {
        (Some(east), Some(north)) => all.push([east, north]),
        _ => {
            for part in json.as_array().unwrap() {
                corners(part, all);
            }
        }
    }
}

fn pictures_in(json: &Value, pictures: &mut Vec<Image>) {
    if let Ok(image) = serde_json::from_value::<Image>(json.clone()) {
        pictures.push(image);
        return;
    }
    match json {
        Value::Object(members) => {
            for value in members.values() {
                pictures_in(value, pictures);
            }
        }
        // Lists of numbers are long and hold none.
        Value::Array(items) if !items.first().is_some_and(Value::is_number) => {
            for item in items {
                pictures_in(item, pictures);
            }
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
        let known = |id: &&str| ids.contains(id) || TLP.iter().any(|of| id.ends_with(of));
        let missing = named.into_iter().filter(|id| !known(id));
        lost.extend(missing.map(|id| format!("{key} points at {id}, which is not there")));
    }
    lost
}

/// Every attribute, but those of a point as the pair that they are.
fn attributes(tag: &quick_xml::events::BytesStart, read: &mut Read) {
    let all: Vec<_> = tag.attributes().map(Result::unwrap).collect();
    let degrees = |name: &str| {
        let attribute = all.iter().find(|attribute| attribute.key.0 == name);
        attribute.and_then(|attribute| attribute.value.parse().ok())
    };
    let corner = degrees("lon").zip(degrees("lat"));
    read.corners.extend(corner.map(|(east, north)| [east, north]));
    let in_corner = |name: &str| corner.is_some() && ["lon", "lat"].contains(&name);
    for attribute in all.iter().filter(|attribute| !in_corner(attribute.key.0)) {
        let _ = writeln!(read.text, "{}", &*attribute.value);
    }
}

/// Every attribute and text.
fn elements(bytes: &[u8], read: &mut Read) {
    use quick_xml::{Reader, events::Event};
    let mut reader = Reader::from_reader(bytes);
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => attributes(&tag, read),
            Event::Text(words) => {
                let pair = |word: &str| {
                    let mut numbers = word.split(',').map(|number| number.parse().ok());
                    Some([numbers.next()??, numbers.next()??])
                };
                let pairs: Option<Vec<[f64; 2]>> = words.split_whitespace().map(pair).collect();
                match pairs {
                    // A single number with a comma for its point has no other point.
                    Some(pairs) if pairs.len() > 1 || words.contains('.') => {
                        read.corners.extend(pairs);
                    }
                    _ => {
                        let _ = writeln!(read.text, "{}", &*words);
                    }
                }
            }
            Event::CData(words) => {
                let _ = writeln!(read.text, "{}", &*words);
            }
            _ => {}
        }
    }
}

/// TAK protocol, a stream: 0xbf, a varint of the length, a message.
fn messages(mut bytes: &[u8], read: &mut Read) {
    while let Some((first, rest)) = bytes.split_first() {
        assert_eq!(*first, 0xbf, "no beginning of a message");
        let (length, rest) = varint(rest).unwrap();
        let (message, rest) = rest.split_at(length as usize);
        let mut degrees = Vec::new();
        assert!(fields(message, &mut read.text, &mut degrees), "no message");
        // The first two are latitude and longitude.
        read.corners.push([degrees[1], degrees[0]]);
        for number in &degrees[2..] {
            let _ = writeln!(read.text, "{number}");
        }
        bytes = rest;
    }
}

/// Every field of a message of whatever type; whether it was one.
fn fields(mut bytes: &[u8], text: &mut String, doubles: &mut Vec<f64>) -> bool {
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
                doubles.push(f64::from_le_bytes(eight.try_into().unwrap()));
                rest
            }
            2 => {
                let Some((length, rest)) = varint(rest) else { return false };
                let Some((part, rest)) = rest.split_at_checked(length as usize) else {
                    return false;
                };
                let _ = writeln!(text, "{}", String::from_utf8_lossy(part));
                let (mut inner, mut more) = (String::new(), Vec::new());
                if fields(part, &mut inner, &mut more) {
                    text.push_str(&inner);
                    doubles.extend(more);
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

//! What has to stay, worked out from markings and rules without the gate, and searched for in what left.

use cathartes_release::{
    gate::Content,
    product::{FieldPath, Image, Product, Value},
    recipient::Recipient,
    rules::{Action, Rules},
};

use crate::bytes::Read;

/// Shorter names stand everywhere.
const LETTERS: usize = 4;
/// Side of a block of a picture, px.
const BLOCK: usize = 5;
/// Two blocks are near-identical when no value differs by more.
const NEAR: u8 = 6;

/// What must not be found.
#[derive(Default)]
pub(crate) struct Secrets {
    /// Field and text: names, sentences, numbers of ours, moments.
    texts: Vec<(String, String)>,
    /// Field and number as it is written, with five figures or more.
    numbers: Vec<(String, String)>,
    pictures: Vec<(String, Image)>,
    /// Longitude first.
    places: Vec<(String, [f64; 2])>,
}

/// Whether a field leaves as it is.
fn is_open(product: &Product, rules: &Rules, to: &Recipient, path: &FieldPath) -> bool {
    let marking = product.overrides.get(path).or(product.marking.as_ref());
    let Some(marking) = marking else { return false };
    let rule = rules.rules.iter().find(|rule| rule.path == path.kind());
    rule.is_some_and(|rule| rule.action == Action::Keep)
        && marking.classification <= to.ceiling
        && marking.releasable_to.contains(&to.code)
        && marking.caveats.iter().all(|caveat| rules.caveats.contains(caveat))
}

impl Secrets {
    pub(crate) fn of(product: &Product, rules: &Rules, to: &Recipient) -> Self {
        let mut all = Self::default();
        let fields = product.fields.iter();
        let (open, stays): (Vec<_>, Vec<_>) =
            fields.partition(|(path, _)| is_open(product, rules, to, path));
        for (path, value) in stays {
            all.add(path.as_str(), value);
        }
        all.add("the product", &Value::Id { id: product.id });
        // What an open field says is no secret because another field says it too.
        let mut said = Self::default();
        for (path, value) in open {
            said.add(path.as_str(), value);
        }
        let known = |of: &[(String, String)], text: &String| of.iter().any(|(_, t)| t == text);
        all.texts.retain(|(_, text)| !known(&said.texts, text));
        all.numbers.retain(|(_, text)| !known(&said.numbers, text));
        all
    }

    fn add(&mut self, path: &str, value: &Value) {
        let mut text = |text: String| {
            if text.chars().count() >= LETTERS {
                self.texts.push((path.to_owned(), text));
            }
        };
        match value {
            Value::Name { name } => text(name.clone()),
            Value::Words { words } => {
                text(words.clone());
                let own =
                    |word: &&str| word.len() > 6 && word.bytes().all(|b| b.is_ascii_lowercase());
                words.split(' ').filter(own).for_each(|word| text(word.to_owned()));
            }
            Value::Names { names } => names.iter().cloned().for_each(text),
            Value::Id { id } => {
                text(id.to_string());
                text(id.simple().to_string());
            }
            Value::Observed(period) => {
                for at in [period.from, period.to] {
                    text(at.strftime("%H:%M:%S").to_string());
                    text(at.as_second().to_string());
                }
            }
            Value::Picture(image) => self.pictures.push((path.to_owned(), image.clone())),
            Value::Place { place, ellipse } => {
                self.places.push((path.to_owned(), [place.longitude.0, place.latitude.0]));
                for degrees in [place.latitude.0, place.longitude.0] {
                    self.number(path, format!("{:.6}", degrees.abs()));
                    self.number(path, format!("{:.7}", degrees.abs()));
                }
                for axis in [ellipse.semi_major.0, ellipse.semi_minor.0] {
                    self.number(path, format!("{axis:.3}"));
                }
            }
            Value::Rate(rate) => {
                for end in [rate.low.0, rate.high.0] {
                    self.number(path, format!("{end:.2}"));
                    self.number(path, format!("{end:.3}"));
                }
            }
            Value::Probability { probability } => {
                self.number(path, format!("{probability:.5}"));
                self.number(path, format!("{probability:.6}"));
            }
            Value::At { .. } | Value::Circle { .. } | Value::Cell { .. } | Value::Alias { .. } => {}
        }
    }

    fn number(&mut self, path: &str, text: String) {
        self.numbers.push((path.to_owned(), text));
    }

    /// Everything that a text could hold.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().chain(&self.numbers).map(|(what, text)| (what.as_str(), text.as_str()))
    }

    pub(crate) fn found_in(&self, read: &Read) -> Vec<String> {
        let texts = self.texts.iter().filter(|(_, text)| read.text.contains(text.as_str()));
        let mut found: Vec<String> =
            texts.map(|(path, text)| format!("`{text}` of {path}")).collect();
        let digits = |c: char| !(c.is_ascii_digit() || c == '.');
        // Spanish has a comma there.
        let with_points = read.text.replace(',', ".");
        let words = read.text.split(digits).chain(with_points.split(digits));
        let tokens: std::collections::HashSet<&str> =
            words.map(|token| token.trim_matches('.')).collect();
        let numbers = self.numbers.iter().filter(|(_, number)| tokens.contains(number.as_str()));
        found.extend(numbers.map(|(path, number)| format!("{number} of {path}")));
        let at = |a: &[f64; 2], b: &[f64; 2]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6);
        let places = self.places.iter().filter(|(_, p)| read.corners.iter().any(|c| at(p, c)));
        found.extend(places.map(|(path, _)| format!("{path} as a corner")));
        for picture in &read.pictures {
            let same = self.pictures.iter().filter(|(_, source)| shares_a_block(source, picture));
            found.extend(same.map(|(path, _)| format!("a block of {path}")));
        }
        found
    }
}

/// Whether a block of what left stands anywhere in the source: blocks at the corners and in the middle.
fn shares_a_block(source: &Image, left: &Image) -> bool {
    let (w, h) = (left.width_px as usize, left.height_px as usize);
    let (sw, sh) = (source.width_px as usize, source.height_px as usize);
    let side = BLOCK.min(w).min(h);
    if sw < side || sh < side {
        return false;
    }
    // Of a picture of a few pixels there are too few values to know a block by.
    if side < 3 {
        return false;
    }
    let starts = |long: usize| [0, (long - side) / 2, long - side];
    let pixel = |image: &Image, row: usize, column: usize| {
        let at = 3 * (row * image.width_px as usize + column);
        [image.rgb[at], image.rgb[at + 1], image.rgb[at + 2]]
    };
    let near = |a: [u8; 3], b: [u8; 3]| a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= NEAR);
    starts(h).into_iter().any(|top| {
        starts(w).into_iter().any(|west| {
            (0..=sh - side).any(|row| {
                (0..=sw - side).any(|column| {
                    (0..side * side).all(|n| {
                        let (i, j) = (n / side, n % side);
                        near(pixel(left, top + i, west + j), pixel(source, row + i, column + j))
                    })
                })
            })
        })
    })
}

/// Numbers that begin at nought and have no gap, and nothing of a source without its place.
pub(crate) fn dangling(content: &Content) -> Vec<String> {
    let mut all = Vec::new();
    for path in content.fields.keys() {
        let Some((of, rest)) = path.as_str().split_once('[') else { continue };
        let Some((number, _)) = rest.split_once(']') else { continue };
        let number: usize = number.parse().unwrap();
        let before = number.checked_sub(1).map(|n| format!("{of}[{n}]"));
        let there =
            |begin: &str| content.fields.keys().any(|path| path.as_str().starts_with(begin));
        if before.is_some_and(|before| !there(&before)) {
            all.push(format!("{path} has none before it"));
        }
    }
    all
}

//! What a sentence tells of what stays.
//!
//! A text tells of a field when it holds its name (of four letters or more as it is written, of three or more as a
//! word), a number of ours, its sentences whole, the hour and minute of its time, degrees, minutes and seconds of its
//! place, or another number of it: one with three figures or more that is the field's to as many. Whoever says the
//! same in other words is not found; that is what approving by two people is for.

use cathartes_core::{geometry::LatLon, units::Degrees};
use jiff::Timestamp;

use super::Difference;
use crate::product::{FieldPath, Value};

/// Fewer letters are found as words alone.
const LETTERS: usize = 4;
/// Numbers with fewer figures are everybody's.
const FIGURES: usize = 3;

/// What stays, or leaves as something else.
pub(super) struct Withheld {
    texts: Vec<(FieldPath, String)>,
    numbers: Vec<(FieldPath, f64)>,
    angles: Vec<(FieldPath, [u32; 3])>,
}

impl Withheld {
    pub(super) fn of<'a>(differences: impl Iterator<Item = &'a Difference> + Clone) -> Self {
        let leaving: Vec<String> =
            differences.clone().filter_map(|d| d.after.as_ref()).flat_map(texts).collect();
        let mut withheld = Self { texts: Vec::new(), numbers: Vec::new(), angles: Vec::new() };
        for difference in differences.filter(|d| d.after.as_ref() != Some(&d.before)) {
            let path = &difference.path;
            let texts = texts(&difference.before).into_iter();
            let texts = texts.filter(|text| text.chars().count() > 2 && !leaving.contains(text));
            withheld.texts.extend(texts.map(|text| (path.clone(), text)));
            let numbers = numbers(&difference.before).into_iter();
            withheld.numbers.extend(numbers.map(|number| (path.clone(), number)));
            if let Value::Place { place, .. } = &difference.before {
                let angles = [place.latitude, place.longitude].map(dms);
                withheld.angles.extend(angles.map(|angle| (path.clone(), angle)));
            }
        }
        withheld
    }

    /// The field that a value tells of.
    pub(super) fn told_by(&self, value: &Value) -> Option<&FieldPath> {
        texts(value).iter().find_map(|text| self.told_in(text))
    }

    fn told_in(&self, text: &str) -> Option<&FieldPath> {
        let named = self.texts.iter().find(|(_, name)| holds(text, name)).map(|(path, _)| path);
        let figures: Vec<Figures> = figures(text);
        let number = || {
            let found =
                self.numbers.iter().find(|(_, number)| figures.iter().any(|f| f.is(*number)));
            found.map(|(path, _)| path)
        };
        let whole: Vec<u32> = figures.iter().map(|figures| figures.value as u32).collect();
        let angle = || {
            let found = self.angles.iter().find(|(_, angle)| whole.windows(3).any(|w| w == angle));
            found.map(|(path, _)| path)
        };
        named.or_else(number).or_else(angle)
    }
}

/// What is looked for in others.
fn texts(value: &Value) -> Vec<String> {
    let clock = |at: &Timestamp| ["%H:%M", "%H:%M:%S"].map(|form| at.strftime(form).to_string());
    match value {
        Value::Name { name: text } | Value::Words { words: text } => vec![text.clone()],
        Value::Names { names } => names.clone(),
        Value::Id { id } => {
            vec![id.to_string(), id.simple().to_string(), id.to_string()[..8].into()]
        }
        Value::Observed(period) => [clock(&period.from), clock(&period.to)].concat(),
        Value::At { at } => clock(at).into(),
        _ => Vec::new(),
    }
}

/// As it stands, within other words too; or as words of their own, whoever wrote them large or small.
fn holds(text: &str, name: &str) -> bool {
    if name.chars().count() >= LETTERS && text.contains(name) {
        return true;
    }
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    text.match_indices(&name).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        !before.into_iter().chain(after).any(char::is_alphanumeric)
    })
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Place { place, ellipse } => {
            let LatLon { latitude, longitude } = place;
            vec![latitude.0, longitude.0, ellipse.semi_major.0, ellipse.semi_minor.0]
        }
        Value::Rate(rate) => vec![rate.low.0, rate.high.0],
        Value::Probability { probability } => vec![*probability, 100.0 * probability],
        _ => Vec::new(),
    }
}

/// Whole degrees, minutes and seconds without a sign.
fn dms(angle: Degrees) -> [u32; 3] {
    let seconds = (angle.0.abs() * 3600.0).round() as u32;
    [seconds / 3600, seconds / 60 % 60, seconds % 60]
}

/// A number as it stands in a text.
struct Figures {
    value: f64,
    decimals: usize,
    significant: usize,
}

impl Figures {
    fn is(&self, number: f64) -> bool {
        let unit = 10f64.powi(-(self.decimals as i32));
        // Rounded or cut off, whatever its sign.
        self.significant >= FIGURES && (self.value - number.abs()).abs() < unit
    }
}

/// The numbers of a text, with a point or a comma before their decimals.
fn figures(text: &str) -> Vec<Figures> {
    let digits = |c: char| !(c.is_ascii_digit() || c == '.' || c == ',');
    let words = text.split(digits).map(|word| word.trim_matches(['.', ',']).replace(',', "."));
    let figures = words.filter_map(|word| {
        let value: f64 = word.parse().ok()?;
        let decimals = word.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let digits = word.replace('.', "");
        let significant = digits.trim_start_matches('0').len();
        Some(Figures { value, decimals, significant })
    });
    figures.collect()
}

#[cfg(test)]
mod tests;

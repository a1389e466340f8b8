//! Numbers and places as people type them on a telephone.

use cathartes_core::{geometry::LatLon, units::Degrees};

use super::{AnswerError, MOST_AMOUNT, MOST_ARRESTS};

/// An amount as people type it: `12`, `12.5`, `12,5`, `1.234,5`, `1,234.5`.
///
/// # Errors
///
/// [`AnswerError`] for what is none, and for `1.234`, which is either of two numbers.
pub fn amount(text: &str) -> Result<f64, AnswerError> {
    let shown = || text.trim().chars().take(40).collect::<String>();
    let none = || AnswerError::Amount(shown());
    let typed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if typed.is_empty() || !typed.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',') {
        return Err(none());
    }
    let whole = |part: &str, mark: char| {
        let mut groups = part.split(mark);
        let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
        (first && groups.all(|group| group.len() == 3)).then(|| part.replace(mark, ""))
    };
    let marks = typed.matches(['.', ',']).count();
    let last = typed.rfind(['.', ',']).map(|at| (&typed[..at], &typed[at..=at], &typed[at + 1..]));
    let plain = match last {
        None => typed.clone(),
        Some((before, _, after)) if marks == 1 => {
            if after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0') {
                return Err(AnswerError::Ambiguous(shown()));
            }
            format!("{before}.{after}")
        }
        Some((before, mark, after)) => {
            let other = if mark == "." { ',' } else { '.' };
            match whole(before, other) {
                Some(before) => format!("{before}.{after}"),
                // One mark several times parts thousands.
                None => whole(&typed, mark.chars().next().unwrap_or('.')).ok_or_else(none)?,
            }
        }
    };
    let amount: f64 = plain.parse().map_err(|_| none())?;
    if amount > 0.0 && amount <= MOST_AMOUNT { Ok(amount) } else { Err(none()) }
}

/// How many, as people type it.
///
/// # Errors
///
/// [`AnswerError::Amount`] for what is no number of people.
pub fn count(text: &str) -> Result<u32, AnswerError> {
    let count = text.trim().parse().ok().filter(|count| *count <= MOST_ARRESTS);
    count.ok_or_else(|| AnswerError::Amount(text.trim().chars().take(40).collect()))
}

/// A place as people type or paste it: `31.84, -106.2`, `31,84 -106,2`, `geo:31.84,-106.2`.
///
/// # Errors
///
/// [`AnswerError::Place`] for what is none.
pub fn place(text: &str) -> Result<LatLon, AnswerError> {
    let none = || AnswerError::Place(text.trim().chars().take(60).collect());
    let bare = text.trim().trim_start_matches("geo:");
    let bare = bare.split(['?', ';']).next().unwrap_or_default().replace('\u{2212}', "-");
    let words: Vec<&str> = bare.split_whitespace().collect();
    let parts: Vec<String> = match words.as_slice() {
        // A comma inside a word is a decimal one where a space parts the two.
        [one, two] => [one, two].map(|w| w.trim_end_matches(',').replace(',', ".")).to_vec(),
        _ => bare.split(',').map(|part| part.trim().to_owned()).collect(),
    };
    let [latitude, longitude] = parts.as_slice() else { return Err(none()) };
    let degrees = |text: &str, most: f64| {
        let value = text.trim_end_matches('°').parse::<f64>().ok();
        value.filter(|value| value.abs() <= most).map(Degrees)
    };
    let read = degrees(latitude, 90.0).zip(degrees(longitude, 180.0));
    read.map(|(latitude, longitude)| LatLon { latitude, longitude }).ok_or_else(none)
}

#[cfg(test)]
mod tests;

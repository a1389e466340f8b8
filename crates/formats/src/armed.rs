//! What is for weapons is refused at the door, with its reason.

use toml::{Table, Value};

/// Why, for people.
pub(crate) const EXPLANATION: &str =
    "this is for weapons, and this system plans no flight for any: take it out of the file";

/// Words that make a key or a purpose one of weapons, in English and Spanish.
const WORDS: [&str; 16] = [
    "arma",
    "armado",
    "armament",
    "armamento",
    "armas",
    "armed",
    "bomb",
    "bombs",
    "missile",
    "missiles",
    "munition",
    "munitions",
    "strike",
    "strikes",
    "weapon",
    "weapons",
];
/// Tables deeper than this are refused by everything else as well.
const DEEPEST: usize = 8;

/// Whether a key or a purpose is about weapons.
pub(crate) fn names_weapons(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    WORDS.contains(&text.as_str())
        || text.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

/// The first key of a table that is about weapons, or that gives such a purpose.
pub(crate) fn in_table(table: &Table) -> Option<String> {
    within(table, 0)
}

fn within(table: &Table, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    table.iter().find_map(|(key, value)| {
        let said = (key == "purpose" || key == "purposes") && says(value, depth);
        if said || names_weapons(key) { Some(key.clone()) } else { inside(value, depth + 1) }
    })
}

fn inside(value: &Value, depth: usize) -> Option<String> {
    match value {
        Value::Table(table) => within(table, depth),
        Value::Array(all) if depth <= DEEPEST => all.iter().find_map(|one| inside(one, depth + 1)),
        _ => None,
    }
}

fn says(value: &Value, depth: usize) -> bool {
    match value {
        Value::String(text) => names_weapons(text),
        Value::Array(all) => depth <= DEEPEST && all.iter().any(|one| says(one, depth + 1)),
        _ => false,
    }
}

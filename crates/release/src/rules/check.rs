//! One rule, read and found to be possible.

use cathartes_core::{marking::Classification, units::Metres};
use serde::Deserialize;

use super::{Action, Rule};
use crate::product::{FieldKind, field_kind};

/// Less is no search area.
const LEAST: Metres = Metres(10.0);
/// More says nothing.
const MOST: Metres = Metres(200_000.0);
const MOST_PX: u32 = 4096;

/// Of its table.
pub(super) fn rule(mut table: toml::Table) -> Result<Rule, String> {
    let path = text(&mut table, "path")?;
    let kind = field_kind(&path).ok_or_else(|| {
        "there is no such field: see the fields in the guide; `[*]` stands for any number"
            .to_owned()
    })?;
    let why = text(&mut table, "why")?;
    if why.trim().is_empty() {
        return Err("say why, for those who approve".to_owned());
    }
    let up_to = table.remove("up_to").map(Classification::deserialize).transpose();
    let up_to = up_to.map_err(|error| format!("`up_to`: {}", error.message()))?;
    let action = action(table)?;
    possible(&action, kind)?;
    if action == Action::Keep && up_to.is_some() {
        return Err(
            "what leaves as it is cannot be taken down: leave out `up_to`, or coarsen it".into()
        );
    }
    Ok(Rule { path, action, up_to, why })
}

fn text(table: &mut toml::Table, key: &str) -> Result<String, String> {
    match table.remove(key) {
        Some(toml::Value::String(text)) => Ok(text),
        Some(_) => Err(format!("`{key}` is no text")),
        None => Err(format!("`{key}` is missing")),
    }
}

/// Of the keys that are left.
fn action(table: toml::Table) -> Result<Action, String> {
    let keys: &[&str] = match table.get("action").and_then(toml::Value::as_str) {
        Some("grid") => &["cell_m"],
        Some("search_area") => &["radius_m"],
        Some("band") => &["edges_kg_h"],
        Some("replace") => &["by"],
        Some("reduce") => &["longest_px"],
        Some("step") => &["step_probability"],
        _ => &[],
    };
    let other = table.keys().find(|key| *key != "action" && !keys.contains(&key.as_str()));
    if let (Some(key), true) = (other, table.contains_key("action")) {
        return Err(format!("`{key}` is no key of this action"));
    }
    Action::deserialize(table).map_err(|error| error.message().trim().to_owned())
}

/// Whether an action can do anything with such a field.
fn possible(action: &Action, kind: FieldKind) -> Result<(), String> {
    use FieldKind as Is;
    let fits = match action {
        Action::Drop => true,
        // Numbers of ours never leave as they are.
        Action::Keep => kind != Is::Id,
        Action::Grid { .. } | Action::SearchArea { .. } => kind == Is::Place,
        Action::Hour | Action::Day => kind == Is::Time,
        Action::Band { .. } => kind == Is::Rate,
        Action::Replace { .. } => matches!(kind, Is::Name | Is::Names),
        Action::Reduce { .. } => kind == Is::Picture,
        Action::Step { .. } => kind == Is::Probability,
        Action::Rename => matches!(kind, Is::Id | Is::Name),
    };
    if !fits {
        return Err(format!("`{action}` can do nothing with {}", kind.words()));
    }
    sensible(action)
}

/// Whether its numbers can be meant.
fn sensible(action: &Action) -> Result<(), String> {
    let length = |length: Metres| (LEAST..=MOST).contains(&length);
    match action {
        Action::Grid { cell: metres } | Action::SearchArea { radius: metres }
            if !length(*metres) =>
        {
            Err(format!("{metres} is not between {LEAST} and {MOST}"))
        }
        Action::Band { edges_kg_h } if !edges(edges_kg_h) => {
            Err("`edges_kg_h` are not two or more numbers from 0 on that grow".to_owned())
        }
        Action::Step { step_probability } if !(0.01..=0.5).contains(step_probability) => {
            Err(format!("{step_probability} is not between 0.01 and 0.5"))
        }
        Action::Reduce { longest_px } if !(1..=MOST_PX).contains(longest_px) => {
            Err(format!("{longest_px} px is not between 1 px and {MOST_PX} px"))
        }
        Action::Replace { by } => match by.iter().find(|(from, to)| !other_word(from, to)) {
            Some((from, to)) => Err(format!("`{to}` still tells of `{from}`, or of nothing")),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn edges(edges: &[f64]) -> bool {
    let grow = edges.windows(2).all(|pair| pair[0] < pair[1]);
    edges.len() >= 2 && grow && edges.iter().all(|edge| edge.is_finite() && *edge >= 0.0)
}

fn other_word(from: &str, to: &str) -> bool {
    let (from, to) = (from.trim().to_lowercase(), to.trim().to_lowercase());
    !from.is_empty() && !to.is_empty() && !to.contains(&from)
}

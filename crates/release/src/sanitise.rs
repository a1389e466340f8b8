//! What a rule leaves of a value. Pure; none: nothing of it leaves.

use cathartes_core::{estimate::Interval90, observation::Period, units::KgPerHour};
use jiff::Timestamp;

use crate::{
    product::{Image, Value},
    rules::Action,
    secret::RecipientSecret,
};

mod picture;
mod place;

/// For whom it is, and what it has of ours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct For<'a> {
    /// What its names and displacements come of.
    pub(crate) secret: &'a RecipientSecret,
    /// What it has got so far, the earliest first.
    pub(crate) had: &'a [Value],
    /// What it is of: product and field.
    pub(crate) thing: &'a str,
}

/// What is left of a value.
pub(crate) fn lessened(action: &Action, value: &Value, to: For<'_>) -> Option<Value> {
    match (action, value) {
        (Action::Keep, Value::Picture(image)) => whole(image).then(|| value.clone()),
        // Numbers of ours never leave as they are.
        (Action::Keep, Value::Id { .. }) | (Action::Drop, _) => None,
        (Action::Keep, value) => Some(value.clone()),
        (Action::Grid { cell }, Value::Place { place, ellipse }) => {
            place::cell(*place, ellipse.semi_major, *cell, to.had)
        }
        (Action::SearchArea { radius }, Value::Place { place, ellipse }) => {
            place::circle(*place, ellipse.semi_major, *radius, to)
        }
        (Action::Hour, value) => times(value, 3600),
        (Action::Day, value) => times(value, 86_400),
        (Action::Band { edges_kg_h }, Value::Rate(rate)) => band(edges_kg_h, *rate),
        (Action::Replace { by }, Value::Name { name }) => {
            by.get(name).map(|name| Value::Name { name: name.clone() })
        }
        (Action::Replace { by }, Value::Names { names }) => {
            let names: Option<Vec<String>> =
                names.iter().map(|name| by.get(name).cloned()).collect();
            names.map(|mut names| {
                // How many there were of one class would say more than the class.
                names.sort_unstable();
                names.dedup();
                Value::Names { names }
            })
        }
        (Action::Step { step_probability }, Value::Probability { probability }) => {
            step(*step_probability, *probability)
        }
        (Action::Reduce { longest_px }, Value::Picture(image)) => {
            picture::reduced(image, *longest_px).map(Value::Picture)
        }
        (Action::Rename, Value::Id { id }) => Some(alias(&id.to_string(), to)),
        (Action::Rename, Value::Name { name }) => Some(alias(name, to)),
        // One for all of them: how many there were stays.
        (Action::Rename, Value::Names { names }) => Some(alias(&names.join("\n"), to)),
        _ => None,
    }
}

fn alias(thing: &str, to: For<'_>) -> Value {
    Value::Alias { alias: to.secret.alias(thing) }
}

fn whole(image: &Image) -> bool {
    let pixels = u128::from(image.width_px) * u128::from(image.height_px);
    pixels > 0 && image.rgb.len() as u128 == 3 * pixels
}

/// The hour or day from its first second to its last; a period reaches from the first of its first to the last of its last.
fn times(value: &Value, unit_s: i64) -> Option<Value> {
    let floor = |at: Timestamp| at.as_second().div_euclid(unit_s) * unit_s;
    let made = |from: i64, to: i64| {
        let (from, to) = (Timestamp::from_second(from).ok()?, Timestamp::from_second(to).ok()?);
        Some(Value::Observed(Period { from, to }))
    };
    match value {
        Value::Observed(period) => made(floor(period.from), floor(period.to) + unit_s - 1),
        Value::At { at } => made(floor(*at), floor(*at) + unit_s - 1),
        _ => None,
    }
}

/// The narrowest band between two edges that holds all of a rate; none where none does.
fn band(edges_kg_h: &[f64], rate: Interval90<KgPerHour>) -> Option<Value> {
    let low = edges_kg_h.iter().rfind(|edge| **edge <= rate.low.0)?;
    let high = edges_kg_h.iter().find(|edge| **edge >= rate.high.0)?;
    let band = Interval90 { low: KgPerHour(*low), high: KgPerHour(*high) };
    (low < high).then_some(Value::Rate(band))
}

/// None for what is no probability.
fn step(step: f64, probability: f64) -> Option<Value> {
    let possible = (0.0..=1.0).contains(&probability) && step > 0.0 && step <= 0.5;
    if !possible {
        return None;
    }
    // The number of a step over the number of steps has no digits of ours left in it.
    let steps = (1.0 / step).round();
    Some(Value::Probability { probability: (probability * steps).round() / steps })
}

#[cfg(test)]
mod tests;

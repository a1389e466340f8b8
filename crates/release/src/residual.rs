//! What could still be inferred from a release, for those who approve it.
//!
//! Nothing is held back here: the gate did that. What is told is what a reader who knows how such findings are made
//! could work out from what leaves, alone and beside what the reader has already. It is not all there is: a reader
//! may know more than we do.

use std::collections::BTreeSet;

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance},
    observation::Period,
    units::Metres,
};
use serde::{Deserialize, Serialize};

use crate::{
    gate::{Cleared, Content},
    product::{FieldPath, Image, Product, Value},
};

mod links;

/// What of ours an inference is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Which sensor or aircraft it was.
    Sensor,
    /// How finely the sensor sees.
    Resolution,
    /// How many sources or reasons there are.
    Count,
    /// What belongs together of that which the recipient has.
    Links,
    /// How well we measure.
    Precision,
    /// What somebody wrote.
    Sentences,
}

/// How far a reader would get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Hardly anywhere.
    Slight,
    /// To a few possibilities.
    Some,
    /// To the thing itself.
    Strong,
}

/// One thing that could be inferred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inference {
    /// About what.
    pub about: About,
    /// How far it gets.
    pub strength: Strength,
    /// In words.
    pub words: String,
}

/// When a sensor could have seen the place, as anybody can work out who knows its orbit or saw it fly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// The sensor.
    pub sensor: String,
    /// From when to when.
    pub period: Period,
}

/// What could be inferred, the strongest first.
#[must_use]
pub fn residual(
    product: &Product,
    cleared: &Cleared,
    earlier: &[Content],
    passes: &[Pass],
) -> Vec<Inference> {
    let content = cleared.releasable.what();
    let mut all = Vec::new();
    all.extend(sensor(product, content, passes));
    all.extend(resolution(cleared));
    all.extend(count(product, content));
    all.extend(links::links(content, earlier));
    all.extend(precision(content));
    all.extend(sentences(content));
    all.sort_by(|a, b| b.strength.cmp(&a.strength).then(a.about.cmp(&b.about)));
    all
}

fn of(about: About, strength: Strength, words: String) -> Inference {
    Inference { about, strength, words }
}

fn field<'a>(content: &'a Content, path: &str) -> Option<&'a Value> {
    content.fields.iter().find(|(of, _)| of.as_str() == path).map(|(_, value)| value)
}

/// Fields whose path begins and ends so.
fn fields<'a>(
    all: impl IntoIterator<Item = (&'a FieldPath, &'a Value)>,
    begin: &str,
    end: &str,
) -> Vec<&'a Value> {
    let like = |path: &FieldPath| path.as_str().starts_with(begin) && path.as_str().ends_with(end);
    all.into_iter().filter(|(path, _)| like(path)).map(|(_, value)| value).collect()
}

/// From the time that leaves and the passes that anybody knows.
fn sensor(product: &Product, content: &Content, passes: &[Pass]) -> Option<Inference> {
    let named = product.fields.iter().any(|(path, _)| path.as_str() == "sensor");
    if field(content, "sensor").is_some() || !named {
        return None;
    }
    let (from, to) = match field(content, "observed")? {
        Value::Observed(period) => (period.from, period.to),
        Value::At { at } => (*at, *at),
        _ => return None,
    };
    let within = passes.iter().filter(|pass| pass.period.from <= to && pass.period.to >= from);
    let sensors: BTreeSet<&str> = within.map(|pass| pass.sensor.as_str()).collect();
    let hours = (to.as_second() - from.as_second() + 1) as f64 / 3600.0;
    let names = || sensors.iter().copied().collect::<Vec<_>>().join(", ");
    let (strength, words) = match sensors.len() {
        0 if hours <= 1.0 => {
            let words = "no known pass falls into the hour that leaves; whoever saw what flew there in that \
                         hour knows the aircraft";
            (Strength::Some, words.to_owned())
        }
        0 => {
            let words = "no known pass falls into the time that leaves; only who watched the sky all of it \
                         could tell the aircraft";
            (Strength::Slight, words.to_owned())
        }
        1 => {
            let words = format!("time and place together leave one known sensor: {}", names());
            (Strength::Strong, words)
        }
        few @ 2..=3 => {
            let words = format!("time and place together leave {few} known sensors: {}", names());
            (Strength::Some, words)
        }
        many => (Strength::Slight, format!("{many} known sensors pass in the time that leaves")),
    };
    Some(of(About::Sensor, strength, words))
}

/// From the size of pictures.
fn resolution(cleared: &Cleared) -> Vec<Inference> {
    let longest = |image: &Image| image.width_px.max(image.height_px);
    let pairs = cleared.differences.iter().filter_map(|d| match (&d.before, d.after.as_ref()?) {
        (Value::Picture(before), Value::Picture(after)) => {
            Some((&d.path, longest(before), longest(after)))
        }
        _ => None,
    });
    let said = pairs.map(|(path, before_px, after_px)| {
        let times = before_px.div_ceil(after_px.max(1));
        let (strength, words) = if times <= 1 {
            (Strength::Strong, format!("{path} leaves as finely as it was taken"))
        } else {
            let strength = if times < 4 { Strength::Some } else { Strength::Slight };
            let words = format!(
                "{path} leaves {times} times coarser than it was taken ({before_px} px to {after_px} px): \
                 its sensor sees at least as finely as that"
            );
            (strength, words)
        };
        of(About::Resolution, strength, words)
    });
    said.collect()
}

/// From how many sources and reasons leave.
fn count(product: &Product, content: &Content) -> Vec<Inference> {
    let mut all = Vec::new();
    let sources = fields(&content.fields, "sources[", ".place").len();
    if sources > 1 {
        let apart = nearest(&fields(&product.fields, "sources[", ".place"));
        let near = apart.map(|m| format!(", the nearest {:.0} m from each other", m.0));
        let words = format!(
            "{sources} sources were told apart{}: the sensor is no coarser than that",
            near.unwrap_or_default()
        );
        all.push(of(About::Count, Strength::Some, words));
    }
    let reasons = fields(&content.fields, "ledger[", "").len();
    if reasons > 0 {
        let words =
            format!("{reasons} reasons leave: at least so many looks or reports there were");
        all.push(of(About::Count, Strength::Some, words));
    }
    all
}

fn nearest(places: &[&Value]) -> Option<Metres> {
    let places: Vec<LatLon> = places
        .iter()
        .filter_map(|value| match value {
            Value::Place { place, .. } => Some(*place),
            _ => None,
        })
        .collect();
    let pairs = places
        .iter()
        .enumerate()
        .flat_map(|(i, a)| places[i + 1..].iter().map(|b| bearing_and_distance(*a, *b).1.0));
    pairs.min_by(f64::total_cmp).map(Metres)
}

/// From numbers that leave as they are.
fn precision(content: &Content) -> Vec<Inference> {
    let said = content.fields.iter().filter_map(|(path, value)| {
        let (strength, words) = match value {
            Value::Place { ellipse, .. } => {
                let words =
                    format!("{path} leaves with its ellipse of {:.0} m", ellipse.semi_major.0);
                (Strength::Strong, format!("{words}: how well the sensor places things"))
            }
            Value::Observed(period) if period.from.as_second() % 3600 != 0 => {
                (Strength::Strong, format!("{path} leaves to the second: when the sensor passed"))
            }
            Value::Rate(rate) if !round(rate.low.0) || !round(rate.high.0) => {
                (Strength::Some, format!("{path} leaves as it was measured: how well we measure"))
            }
            Value::Probability { probability } if !round(100.0 * probability) => {
                (Strength::Some, format!("{path} leaves with more than two decimals"))
            }
            _ => return None,
        };
        Some(of(About::Precision, strength, words))
    });
    said.collect()
}

/// Whole, as edges of bands and steps are.
fn round(number: f64) -> bool {
    (number - number.round()).abs() < 1e-9
}

/// Rules do not read.
fn sentences(content: &Content) -> Option<Inference> {
    let written = content.fields.iter().filter(|(_, value)| matches!(value, Value::Words { .. }));
    let paths: Vec<&str> = written.map(|(path, _)| path.as_str()).collect();
    if paths.is_empty() {
        return None;
    }
    let words = format!(
        "{} leave as somebody wrote them; names and numbers that stay do not stand in them, other words may \
         say the same",
        paths.join(", ")
    );
    Some(of(About::Sentences, Strength::Slight, words))
}

#[cfg(test)]
mod tests;

//! What a recipient can join of that which it has.

use std::{collections::BTreeSet, f64::consts::PI};

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance},
    units::Metres,
};

use super::{About, Inference, Strength, of};
use crate::{gate::Content, product::Value};

pub(super) fn links(content: &Content, earlier: &[Content]) -> Vec<Inference> {
    let mut all = Vec::new();
    let same = earlier.iter().filter(|had| had.subject == content.subject).count();
    if same > 0 {
        let words = format!(
            "the recipient has {same} earlier {} of {}: what changed between them is to be seen",
            if same == 1 { "release" } else { "releases" },
            content.subject
        );
        all.push(of(About::Links, Strength::Some, words));
    }
    all.extend(shared_names(content, earlier));
    all.extend(shared_places(content, earlier));
    all.extend(cut(content, earlier));
    all
}

/// Flights and scenes that other things have as well.
fn shared_names(content: &Content, earlier: &[Content]) -> Option<Inference> {
    let own = aliases(content);
    let shared = |had: &&Content| aliases(had).intersection(&own).next().is_some();
    let others = earlier.iter().filter(|had| had.subject != content.subject).filter(shared);
    let subjects: BTreeSet<&str> = others.map(|had| had.subject.as_str()).collect();
    (!subjects.is_empty()).then(|| {
        let words = format!("it is of the same flight or scene as {}", list(subjects));
        of(About::Links, Strength::Some, words)
    })
}

fn aliases(content: &Content) -> BTreeSet<&str> {
    let aliases = content.fields.values().filter_map(|value| match value {
        Value::Alias { alias } => Some(alias.as_str()),
        _ => None,
    });
    aliases.collect()
}

/// Other things in the same circle or square.
fn shared_places(content: &Content, earlier: &[Content]) -> Option<Inference> {
    let own: Vec<&Value> = grounds(content).collect();
    let others = earlier.iter().filter(|had| had.subject != content.subject);
    let shared = others.filter(|had| grounds(had).any(|ground| own.contains(&ground)));
    let subjects: BTreeSet<&str> = shared.map(|had| had.subject.as_str()).collect();
    (!subjects.is_empty()).then(|| {
        let words = format!("it lies in the same circle or square as {}", list(subjects));
        of(About::Links, Strength::Some, words)
    })
}

fn grounds(content: &Content) -> impl Iterator<Item = &Value> {
    let ground = |value: &&Value| matches!(value, Value::Circle { .. } | Value::Cell { .. });
    content.fields.values().filter(ground)
}

/// What earlier circles of the same thing leave of a new one.
fn cut(content: &Content, earlier: &[Content]) -> Vec<Inference> {
    let mut all = Vec::new();
    for (path, value) in &content.fields {
        let Value::Circle { middle, radius } = value else { continue };
        let of_it = earlier.iter().filter(|had| had.subject == content.subject);
        let old = of_it.filter_map(|had| match had.fields.get(path) {
            Some(Value::Circle { middle: at, radius: r }) => Some((*at, *r)),
            _ => None,
        });
        let shares = old.filter(|(at, r)| (at, r) != (middle, radius)).map(|(at, r)| {
            let both = common_share((*middle, *radius), (at, r));
            // Whoever knows whether it is still in the old one has the common part or the rest.
            (both, both.min(1.0 - both))
        });
        let worst = shares.min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((both, _)) = worst.filter(|(both, _)| *both > 0.0) {
            let words = format!(
                "{path} has another circle than before, {:.0} % of it in the old one: if the place did not move, \
                 it is in that part",
                100.0 * both
            );
            let strength = if both < 0.5 { Strength::Strong } else { Strength::Some };
            all.push(of(About::Links, strength, words));
        }
    }
    all
}

/// How much of the first circle the second covers, by the area of the lens that they have in common.
fn common_share((a, r): (LatLon, Metres), (b, s): (LatLon, Metres)) -> f64 {
    let (d, r, s) = (bearing_and_distance(a, b).1.0, r.0, s.0);
    if d >= r + s {
        return 0.0;
    }
    if d <= (r - s).abs() {
        return (s / r).powi(2).min(1.0);
    }
    let part = |r: f64, s: f64| {
        let x = ((d * d + r * r - s * s) / (2.0 * d)).clamp(-r, r);
        r * r * (x / r).acos() - x * (r * r - x * x).sqrt()
    };
    (part(r, s) + part(s, r)) / (PI * r * r)
}

fn list(subjects: BTreeSet<&str>) -> String {
    let many = subjects.len();
    let first: Vec<&str> = subjects.into_iter().take(5).collect();
    match many.saturating_sub(first.len()) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

#[cfg(test)]
mod tests;

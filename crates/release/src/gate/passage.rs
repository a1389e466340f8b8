//! Field by field through the gate.

use std::collections::BTreeMap;

use cathartes_core::marking::Marking;

use super::{Difference, Outgoing, told::Withheld};
use crate::{
    product::{FieldPath, Product, Value, field_kind},
    recipient::Recipient,
    rules::{Rule, Rules},
    sanitise::{self, For},
};

/// A field that came to the gate.
pub(super) struct Passed {
    pub(super) difference: Difference,
    /// How closely what is left of it is held.
    marking: Option<Marking>,
}

/// Every field, in the order of their names.
pub(super) fn passed(product: &Product, rules: &Rules, outgoing: &Outgoing<'_>) -> Vec<Passed> {
    let had = outgoing.earlier.iter().flat_map(|content| content.fields.values());
    let mut passage =
        Passage { product, rules, to: &outgoing.terms.recipient, had: had.cloned().collect() };
    let fields = product.fields.iter();
    let mut passed: Vec<Passed> =
        fields.map(|(path, value)| passage.through(path, value, outgoing)).collect();
    // What is held back for what it tells may be what something else tells of.
    while hold_orphans(&mut passed) || hold_tellers(&mut passed) {}
    passed
}

/// How closely all that leaves is held; none where nothing does.
pub(super) fn marking_of(passed: &[Passed]) -> Option<Marking> {
    let leaving = passed.iter().filter(|passed| passed.difference.after.is_some());
    Marking::high_water_of(leaving.map(|passed| passed.marking.as_ref()))
}

/// What leaves, numbered without gaps.
pub(super) fn fields_of(passed: &[Passed]) -> BTreeMap<FieldPath, Value> {
    let mut numbers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut fields = BTreeMap::new();
    for Passed { difference, .. } in passed {
        let Some(after) = &difference.after else { continue };
        let text = difference.path.as_str();
        let numbered = text.split_once('[').and_then(|(of, rest)| {
            let (number, rest) = rest.split_once(']')?;
            Some((of, number, rest))
        });
        let path = match numbered {
            Some((of, number, rest)) => {
                let known = numbers.entry(of).or_default();
                let place = known.iter().position(|n| *n == number).unwrap_or_else(|| {
                    known.push(number);
                    known.len() - 1
                });
                FieldPath::new(format!("{of}[{place}]{rest}"))
            }
            None => Ok(difference.path.clone()),
        };
        if let Ok(path) = path {
            fields.insert(path, after.clone());
        }
    }
    fields
}

struct Passage<'a> {
    product: &'a Product,
    rules: &'a Rules,
    to: &'a Recipient,
    /// What the recipient has, with what this release adds to it.
    had: Vec<Value>,
}

impl<'a> Passage<'a> {
    fn through(&mut self, path: &FieldPath, value: &Value, outgoing: &Outgoing<'_>) -> Passed {
        let (before, path) = (value.clone(), path.clone());
        let (rule, marking) = match self.allowed(&path, value) {
            Ok(allowed) => allowed,
            Err(rule) => {
                let why = "what is not known to be allowed stays".to_owned();
                let difference = Difference { path, before, after: None, rule, why };
                return Passed { difference, marking: None };
            }
        };
        let thing = format!("{} {path}", self.product.id);
        let to = For { secret: outgoing.secret, had: &self.had, thing: &thing };
        let after = sanitise::lessened(&rule.action, value, to);
        let said = match after {
            Some(_) => rule.action.to_string(),
            None => format!("{}: nothing of it is left", rule.action),
        };
        self.had.extend(after.clone());
        let difference = Difference { path, before, after, rule: said, why: rule.why.clone() };
        Passed { difference, marking: Some(marking) }
    }

    /// The rule by which a field leaves, and how closely what is left of it is held.
    fn allowed(&self, path: &FieldPath, value: &Value) -> Result<(&'a Rule, Marking), String> {
        let Some(marking) = self.product.marking_of(path) else {
            return Err("it has no marking".to_owned());
        };
        let code = &self.to.code;
        if !marking.is_for(code) {
            return Err(format!("it is not releasable to {code}"));
        }
        let unknown = marking.caveats.iter().find(|caveat| !self.rules.caveats.contains(caveat));
        if let Some(caveat) = unknown {
            return Err(format!("the rules do not know the caveat {caveat}"));
        }
        let kind = path.kind();
        if !field_kind(&kind).is_some_and(|kind| kind.holds(value)) {
            return Err("it holds what no such field holds".to_owned());
        }
        let Some(rule) = self.rules.rules.iter().find(|rule| rule.path == kind) else {
            return Err("no rule speaks of it".to_owned());
        };
        let most = rule.up_to.unwrap_or(self.to.ceiling).max(self.to.ceiling);
        let held = marking.classification;
        if held > most {
            return Err(format!("it is held as {held}, and leaves up to {most}"));
        }
        let classification = held.min(self.to.ceiling);
        let releasable_to = vec![code.clone()];
        Ok((rule, Marking { classification, caveats: marking.caveats.clone(), releasable_to }))
    }
}

/// The rate of a source without its place says that there is another source. Whether any was held.
fn hold_orphans(passed: &mut [Passed]) -> bool {
    let stays = |passed: &&Passed| passed.difference.after.is_none();
    let places = passed.iter().filter(stays).filter_map(|passed| {
        let of = passed.difference.path.as_str().strip_suffix(".place")?;
        of.ends_with(']').then(|| of.to_owned())
    });
    let gone: Vec<String> = places.collect();
    let mut held = false;
    for Passed { difference, .. } in passed {
        let of = gone.iter().find(|of| {
            difference.path.as_str().strip_prefix(of.as_str()).is_some_and(|r| r.starts_with('.'))
        });
        if let (Some(of), true) = (of, difference.after.is_some()) {
            difference.after = None;
            difference.rule = format!("it belongs to {of}, whose place stays");
            held = true;
        }
    }
    held
}

/// Sentences and names that tell of what stays. Whether any was held.
fn hold_tellers(passed: &mut [Passed]) -> bool {
    let withheld = Withheld::of(passed.iter().map(|passed| &passed.difference));
    let mut held = false;
    for Passed { difference, .. } in passed {
        let of = difference.after.as_ref().and_then(|after| withheld.told_by(after));
        if let Some(of) = of {
            difference.rule = format!("it tells of {of}, which stays or is coarsened");
            difference.after = None;
            held = true;
        }
    }
    held
}

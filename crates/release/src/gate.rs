//! The gate: the only place that makes a [`Releasable`].
//!
//! A field leaves when all of this holds, and stays otherwise:
//!
//! - the product was confirmed by as many as were asked for ([`Reviewed`]);
//! - a policy permits somebody to draft it for this recipient ([`Permit`]);
//! - it has a marking, of its own or of the product, which names the recipient;
//! - every caveat of that is one that the rules know how to heed;
//! - it is held no closer than the recipient may have it, or than the rule takes it down from;
//! - a rule speaks of it and leaves something of it.

use std::collections::BTreeMap;

use cathartes_core::marking::{Classification, Marking};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    policy::{Permission, Permit},
    product::{FieldPath, Product, ProductKind, Value},
    recipient::{Recipient, Tlp},
    rules::{Rule, Rules},
    sanitise::{self, For},
    secret::RecipientSecret,
};

mod reviewed;

pub use reviewed::{Review, Reviewed};

/// What is left of a product for one recipient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// What this recipient knows the site or finding by, the same in every release to it.
    pub subject: String,
    /// Of what kind it is.
    pub kind: ProductKind,
    /// The fields that leave.
    pub fields: BTreeMap<FieldPath, Value>,
}

/// What a release says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// What this recipient knows the release by.
    pub release: String,
    /// To whom.
    pub recipient: Recipient,
    /// How far it may be handed on.
    pub tlp: Tlp,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it holds.
    pub expires: Timestamp,
    /// The earlier release that it takes the place of, by what the recipient knows it by.
    pub supersedes: Option<String>,
    /// Where the recipient answers.
    pub answer_link: String,
    /// What is typed in where there is no network.
    pub answer_code: String,
}

/// Something that may leave to one recipient.
#[derive(Debug, Clone, PartialEq)]
pub struct Releasable<T> {
    what: T,
    terms: Terms,
}

#[cfg(test)]
impl<T> Releasable<T> {
    /// What tests of exporters export.
    pub(crate) fn of_test(what: T, terms: Terms) -> Self {
        Self { what, terms }
    }
}

impl<T> Releasable<T> {
    /// What may leave.
    #[must_use]
    pub fn what(&self) -> &T {
        &self.what
    }

    /// What is said with it.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.terms
    }
}

/// One field of a product beside what the recipient gets of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The field.
    pub path: FieldPath,
    /// As it is here.
    pub before: Value,
    /// As it leaves; none: it stays.
    pub after: Option<Value>,
    /// What made the difference, in words: the action of a rule, or what is missing.
    pub rule: String,
    /// Why, as the rule says.
    pub why: String,
}

/// To whom, and what it has of ours.
#[derive(Debug, Clone)]
pub struct Outgoing<'a> {
    /// What the release will say of itself; the recipient stands in it.
    pub terms: Terms,
    /// What the names and displacements of the recipient come of.
    pub secret: &'a RecipientSecret,
    /// All that the recipient got so far, of whatever product, the earliest first.
    pub earlier: &'a [Content],
}

/// What the gate let through, and what it did.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleared {
    /// What may leave.
    pub releasable: Releasable<Content>,
    /// Every field of the product, in the order of their names.
    pub differences: Vec<Difference>,
    /// How closely what leaves is held.
    pub marking: Marking,
}

/// Why nothing leaves.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// Not enough confirmed it.
    #[error(
        "{of} was confirmed by {by}, {needed} are needed{}; have it reviewed",
        otherwise.as_ref().map(|said| format!(", and {said}")).unwrap_or_default()
    )]
    NotConfirmed {
        /// The product.
        of: Uuid,
        /// How many are needed.
        needed: usize,
        /// How many there are.
        by: usize,
        /// What somebody said that is no confirmation.
        otherwise: Option<String>,
    },
    /// The permit is for something else.
    #[error("the permit to {permission} is not for {of} to {to}: ask for that one")]
    OtherPermit {
        /// The word for what it permits.
        permission: &'static str,
        /// What would be needed.
        of: String,
        /// For whom.
        to: String,
    },
    /// The rules are not those of the recipient.
    #[error("{recipient} has the rules `{wanted}`, these are `{given}`")]
    OtherRules {
        /// The code of the recipient.
        recipient: String,
        /// The rules it has.
        wanted: String,
        /// The rules given.
        given: String,
    },
    /// The terms allow more than the recipient may do.
    #[error("the terms say {said}, {recipient} may hand on no further than {may}")]
    WiderThanRecipient {
        /// The code of the recipient.
        recipient: String,
        /// What the terms say.
        said: &'static str,
        /// What it may.
        may: &'static str,
    },
    /// It expires before it is made.
    #[error("a release made at {made} cannot expire at {expires}")]
    Expired {
        /// When it is made.
        made: Timestamp,
        /// Until when it would hold.
        expires: Timestamp,
    },
    /// It is too fresh, or nobody knows how fresh it is.
    #[error(
        "the rules `{rules}` let nothing leave that is younger than {delay_hours} h: {age}; wait, or have it overruled"
    )]
    TooFresh {
        /// The rules.
        rules: String,
        /// What they ask for.
        delay_hours: u32,
        /// When it will be old enough.
        age: String,
    },
    /// Nothing is left.
    #[error("nothing of {of} may leave to {to}: see its markings and the rules `{rules}`")]
    NothingLeft {
        /// The product.
        of: Uuid,
        /// The code of the recipient.
        to: String,
        /// The rules.
        rules: String,
    },
}

/// What of a product may leave to a recipient.
///
/// # Errors
///
/// [`GateError`] when nothing may.
pub fn clear(
    reviewed: &Reviewed,
    rules: &Rules,
    outgoing: Outgoing<'_>,
    permit: &Permit,
) -> Result<Cleared, GateError> {
    let product = reviewed.product();
    let recipient = &outgoing.terms.recipient;
    permitted(product, recipient, permit)?;
    fits(rules, &outgoing.terms)?;
    old_enough(product, rules, outgoing.terms.made, permit)?;
    let mut passage = Passage::new(product, rules, &outgoing);
    let differences: Vec<Difference> =
        product.fields.iter().map(|(path, value)| passage.difference(path, value)).collect();
    let Some(marking) = passage.marking else {
        let (of, to, rules) = (product.id, recipient.code.clone(), rules.name.clone());
        return Err(GateError::NothingLeft { of, to, rules });
    };
    let left = differences.iter().filter_map(|d| Some((d.path.clone(), d.after.clone()?)));
    let what = Content {
        subject: outgoing.secret.alias(&product.id.to_string()),
        kind: product.kind,
        fields: left.collect(),
    };
    let releasable = Releasable { what, terms: outgoing.terms };
    Ok(Cleared { releasable, differences, marking })
}

/// What the gate let through before, as the record kept it, to be shown or sent once more.
///
/// # Errors
///
/// [`GateError::OtherPermit`] when the permit is not for this release to this recipient.
pub fn again(
    content: Content,
    terms: Terms,
    permit: &Permit,
) -> Result<Releasable<Content>, GateError> {
    if permit.is_of_release(&terms.release) && permit.to() == terms.recipient.code {
        return Ok(Releasable { what: content, terms });
    }
    let (of, to) = (format!("release {}", terms.release), terms.recipient.code);
    Err(GateError::OtherPermit { permission: permit.permission().word(), of, to })
}

fn permitted(product: &Product, recipient: &Recipient, permit: &Permit) -> Result<(), GateError> {
    let drafts = matches!(permit.permission(), Permission::Draft | Permission::Overrule);
    if drafts && permit.is_of_product(product.id) && permit.to() == recipient.code {
        return Ok(());
    }
    let (of, to) = (format!("product {}", product.id), recipient.code.clone());
    Err(GateError::OtherPermit { permission: permit.permission().word(), of, to })
}

fn fits(rules: &Rules, terms: &Terms) -> Result<(), GateError> {
    let recipient = &terms.recipient;
    let code = || recipient.code.clone();
    if rules.name != recipient.rules {
        let (wanted, given) = (recipient.rules.clone(), rules.name.clone());
        return Err(GateError::OtherRules { recipient: code(), wanted, given });
    }
    if terms.tlp > recipient.tlp {
        let (said, may) = (terms.tlp.word(), recipient.tlp.word());
        return Err(GateError::WiderThanRecipient { recipient: code(), said, may });
    }
    if terms.expires <= terms.made {
        return Err(GateError::Expired { made: terms.made, expires: terms.expires });
    }
    Ok(())
}

/// By the last moment at which anything of it was observed.
fn old_enough(
    product: &Product,
    rules: &Rules,
    made: Timestamp,
    permit: &Permit,
) -> Result<(), GateError> {
    if rules.delay_hours == 0 || permit.permission() == Permission::Overrule {
        return Ok(());
    }
    let observed = product.fields.iter().filter(|(path, _)| path.as_str() == "observed");
    let seen = observed.filter_map(|(_, value)| match value {
        Value::Observed(period) => Some(period.to),
        Value::At { at } => Some(*at),
        _ => None,
    });
    let delay = SignedDuration::from_hours(i64::from(rules.delay_hours));
    let until = seen.max().map(|seen| seen.saturating_add(delay));
    let age = match until {
        Some(Ok(until)) if until <= made => return Ok(()),
        Some(Ok(until)) => format!("it is at {until}"),
        _ => "it does not say when it was observed".to_owned(),
    };
    Err(GateError::TooFresh { rules: rules.name.clone(), delay_hours: rules.delay_hours, age })
}

/// A product on its way through the gate.
struct Passage<'a> {
    product: &'a Product,
    rules: &'a Rules,
    to: &'a Recipient,
    secret: &'a RecipientSecret,
    /// What the recipient has, with what this release adds to it.
    had: Vec<Value>,
    marking: Option<Marking>,
}

impl<'a> Passage<'a> {
    fn new(product: &'a Product, rules: &'a Rules, outgoing: &'a Outgoing<'a>) -> Self {
        let had = outgoing.earlier.iter().flat_map(|content| content.fields.values());
        Self {
            product,
            rules,
            to: &outgoing.terms.recipient,
            secret: outgoing.secret,
            had: had.cloned().collect(),
            marking: None,
        }
    }

    fn difference(&mut self, path: &FieldPath, value: &Value) -> Difference {
        let (after, rule, why) = match self.allowed(path) {
            Err(reason) => (None, reason, "what is not known to be allowed stays".to_owned()),
            Ok((rule, marking)) => {
                let thing = format!("{} {path}", self.product.id);
                let to = For { secret: self.secret, had: &self.had, thing: &thing };
                let after = sanitise::lessened(&rule.action, value, to);
                let said = match after {
                    Some(_) => rule.action.to_string(),
                    None => format!("{}: nothing of it is left", rule.action),
                };
                if let Some(after) = &after {
                    self.had.push(after.clone());
                    self.marked(&marking);
                }
                (after, said, rule.why.clone())
            }
        };
        Difference { path: path.clone(), before: value.clone(), after, rule, why }
    }

    /// The rule by which a field leaves, and how closely what is left of it is held.
    fn allowed(&self, path: &FieldPath) -> Result<(&'a Rule, Marking), String> {
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
        let Some(rule) = self.rules.rules.iter().find(|rule| rule.path == kind) else {
            return Err("no rule speaks of it".to_owned());
        };
        let most = rule.up_to.unwrap_or(self.to.ceiling).max(self.to.ceiling);
        if marking.classification > most {
            let held: Classification = marking.classification;
            return Err(format!("it is held as {held}, and leaves up to {most}"));
        }
        let classification = marking.classification.min(self.to.ceiling);
        let releasable_to = vec![code.clone()];
        Ok((rule, Marking { classification, caveats: marking.caveats.clone(), releasable_to }))
    }

    fn marked(&mut self, marking: &Marking) {
        let with =
            self.marking.as_ref().map_or_else(|| marking.clone(), |all| all.high_water(marking));
        self.marking = Some(with);
    }
}

#[cfg(test)]
mod tests;

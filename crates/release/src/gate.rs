//! The gate: the only place that makes a [`Releasable`].
//!
//! A field leaves when all of this holds, and stays otherwise:
//!
//! - the product was confirmed by as many as were asked for ([`Reviewed`]);
//! - a policy permits somebody to draft it for this recipient ([`Permit`]);
//! - it has a marking, of its own or of the product, which names the recipient;
//! - every caveat of that is one that the rules know how to heed;
//! - it is held no closer than the recipient may have it, or than the rule takes it down from;
//! - a rule speaks of it and leaves something of it;
//! - nothing that is left of it tells of what stays: a sentence that names a sensor stays with the sensor;
//! - it does not belong to something that stays: the rate of a source stays with the place of the source.
//!
//! What is numbered is numbered anew, so that a gap does not tell how many stayed.

use std::collections::BTreeMap;

use cathartes_core::marking::Marking;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    policy::{Permission, Permit},
    product::{FieldPath, Product, ProductKind, Value},
    recipient::{Recipient, Tlp},
    rules::Rules,
    secret::RecipientSecret,
};

mod error;
mod passage;
mod reviewed;
mod told;

pub use error::GateError;
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
///
/// Whoever has one may hand it on:
///
/// ```
/// use cathartes_release::gate::{Content, Releasable, Terms};
///
/// fn same(releasable: Releasable<Content>, _what: Content, _terms: Terms) -> Releasable<Content> {
///     releasable
/// }
/// ```
///
/// Nobody outside of this module can make one, neither of its parts,
///
/// ```compile_fail,E0451
/// use cathartes_release::gate::{Content, Releasable, Terms};
///
/// fn same(_releasable: Releasable<Content>, what: Content, terms: Terms) -> Releasable<Content> {
///     Releasable { what, terms }
/// }
/// ```
///
/// nor by another content in its place,
///
/// ```compile_fail,E0616
/// use cathartes_release::gate::{Content, Releasable, Terms};
///
/// fn same(mut releasable: Releasable<Content>, what: Content, _terms: Terms) -> Releasable<Content> {
///     releasable.what = what;
///     releasable
/// }
/// ```
///
/// nor as tests of this crate do,
///
/// ```compile_fail,E0599
/// use cathartes_release::gate::{Content, Releasable, Terms};
///
/// fn same(_releasable: Releasable<Content>, what: Content, terms: Terms) -> Releasable<Content> {
///     Releasable::of_test(what, terms)
/// }
/// ```
///
/// nor of bytes.
///
/// ```compile_fail,E0277
/// use cathartes_release::gate::{Content, Releasable, Terms};
///
/// fn same(_releasable: Releasable<Content>, _what: Content, _terms: Terms) -> Releasable<Content> {
///     serde_json::from_str::<Releasable<Content>>("{}").unwrap()
/// }
/// ```
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

impl Releasable<Content> {
    /// The same release with a notice in place of all that it held.
    pub(crate) fn with_notice(&self, notice: String) -> Self {
        let title = FieldPath::new("title").map(|path| (path, Value::Words { words: notice }));
        let Content { subject, kind, .. } = &self.what;
        let fields = title.into_iter().collect();
        let what = Content { subject: subject.clone(), kind: *kind, fields };
        Self { what, terms: self.terms.clone() }
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
    let passed = passage::passed(product, rules, &outgoing);
    let Some(marking) = passage::marking_of(&passed) else {
        let (of, to, rules) = (product.id, recipient.code.clone(), rules.name.clone());
        return Err(GateError::NothingLeft { of, to, rules });
    };
    let what = Content {
        subject: outgoing.secret.alias(&product.id.to_string()),
        kind: product.kind,
        fields: passage::fields_of(&passed),
    };
    let releasable = Releasable { what, terms: outgoing.terms };
    let differences = passed.into_iter().map(|passed| passed.difference).collect();
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

#[cfg(test)]
mod tests;

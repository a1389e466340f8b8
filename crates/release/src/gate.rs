//! The gate: the only place that makes a [`Releasable`].

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    product::{FieldPath, ProductKind, Value},
    recipient::{Recipient, Tlp},
};

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

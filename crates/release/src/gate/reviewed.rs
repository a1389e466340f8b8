//! A product that those who look at it confirmed.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{gate::GateError, product::Product};

/// What somebody decided of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Who.
    pub by: String,
    /// The word for the verdict, as reviews have it: `confirm` and the others.
    pub verdict: String,
    /// When.
    pub at: Timestamp,
    /// Whether it settles what two see otherwise.
    pub settles: bool,
}

/// A product that was confirmed by as many as were asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Reviewed {
    product: Product,
    by: Vec<String>,
}

impl Reviewed {
    /// Of the reviews of the round that decided; `people` different ones have to have confirmed it, at least one.
    /// The last word of each counts; whoever settles overrules what was said before.
    ///
    /// # Errors
    ///
    /// [`GateError::NotConfirmed`] when too few did, or somebody said otherwise and nobody settled it.
    pub fn new(
        product: Product,
        mut reviews: Vec<Review>,
        people: usize,
    ) -> Result<Self, GateError> {
        reviews.sort_by_key(|review| review.at);
        let mut said: BTreeMap<String, String> = BTreeMap::new();
        for review in reviews {
            if review.settles {
                said.retain(|_, verdict| *verdict == review.verdict);
            }
            said.insert(review.by, review.verdict);
        }
        let needed = people.max(1);
        let otherwise = said.iter().find(|(_, verdict)| *verdict != "confirm");
        let otherwise = otherwise.map(|(by, verdict)| format!("{by} said `{verdict}`"));
        let by: Vec<String> = said.into_keys().collect();
        if otherwise.is_some() || by.len() < needed {
            let of = product.id;
            return Err(GateError::NotConfirmed { of, needed, by: by.len(), otherwise });
        }
        Ok(Self { product, by })
    }

    /// The product.
    #[must_use]
    pub fn product(&self) -> &Product {
        &self.product
    }

    /// Who confirmed it.
    #[must_use]
    pub fn by(&self) -> &[String] {
        &self.by
    }
}

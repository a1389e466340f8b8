//! Whether what a draft shows is what would leave by now.

use std::collections::BTreeSet;

use cathartes_release::{
    gate::{Content, GateError},
    policy::{Permission, What},
    product::{FieldPath, Product, Value},
};
use cathartes_store::{Draft, StoreError};

use super::{Desk, DeskError, files, named, officer};
use crate::product::{self, Told};

impl Desk {
    /// Nothing, when the same would leave by now; else in what it differs.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when the record does not answer.
    pub async fn outdated(&self, draft: &Draft) -> Result<Vec<String>, DeskError> {
        let kept = files::content(&self.store, draft).await?;
        let before: Product = files::json(&self.store, &draft.what.product, "a product").await?;
        let Some(author) = self.store.account(named(&draft.by)).await? else {
            return Ok(vec![format!("{} has no account any more", named(&draft.by))]);
        };
        let subject = draft.what.subject;
        let what = What::Product { id: subject.id(), to: &draft.what.recipient };
        let permit = match self.policies.permit(officer(&author), Permission::Draft, what) {
            Ok(permit) => permit,
            Err(refused) => return Ok(vec![refused.to_string()]),
        };
        let recipient = self.recipient(&draft.what.recipient).await?;
        let known = match self.known(subject).await {
            Ok(known) => known,
            Err(StoreError::Absent { what, id }) => {
                return Ok(vec![format!("{what} {id} is gone: it was merged or corrected")]);
            }
            Err(error) => return Err(error.into()),
        };
        let product = product::product(&known, &told(&before), kept.terms.made);
        let now = self.cleared(known, product, (&recipient, kept.terms), &permit).await;
        match now {
            Ok(prepared) => Ok(different(&kept.content, prepared.cleared.releasable.what())),
            Err(DeskError::Gate(error)) => Ok(vec![gate(&error)]),
            Err(error) => Err(error),
        }
    }

    /// # Errors
    ///
    /// [`DeskError::Outdated`] when something else would leave by now.
    pub(super) async fn holds(&self, draft: &Draft) -> Result<(), DeskError> {
        let why = self.outdated(draft).await?;
        if why.is_empty() { Ok(()) } else { Err(DeskError::Outdated { draft: draft.id, why }) }
    }
}

fn gate(error: &GateError) -> String {
    format!("nothing would leave: {error}")
}

/// What somebody wrote stays what they wrote.
pub(crate) fn told(product: &Product) -> Told {
    let words = |name: &str| match product.fields.get(&FieldPath::new(name).ok()?) {
        Some(Value::Words { words }) => Some(words.clone()),
        _ => None,
    };
    Told {
        title: words("title"),
        what_en: words("what.en"),
        what_es: words("what.es"),
        unknown_en: words("unknown.en"),
        unknown_es: words("unknown.es"),
    }
}

/// Fields that would leave otherwise.
fn different(shown: &Content, now: &Content) -> Vec<String> {
    let paths: BTreeSet<&FieldPath> = shown.fields.keys().chain(now.fields.keys()).collect();
    let one = |path: &FieldPath| match (shown.fields.get(path), now.fields.get(path)) {
        (Some(before), Some(after)) if before == after => None,
        (Some(_), Some(_)) => Some(format!("{path} is another")),
        (Some(_), None) => Some(format!("{path} would stay")),
        (None, _) => Some(format!("{path} would leave as well")),
    };
    paths.into_iter().filter_map(one).collect()
}

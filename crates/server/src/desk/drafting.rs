//! Making drafts.

use cathartes_core::identification::Likelihood;
use cathartes_release::{
    answer::code::{AnswerCode, ENTROPY_BYTES},
    dossier::{self, Setting},
    gate::{self, Cleared, Content, Outgoing, Reviewed, Terms},
    policy::{Permission, Permit, What},
    product::{FieldPath, Product, Value},
    recipient::Recipient,
    residual::{self, Inference},
    rules::{Rules, SHIPPED},
    secret::RecipientSecret,
};
use cathartes_store::{
    Account, Basis, Draft, DraftQuery, KeptRecipient, NewDraft, ReleaseQuery, Store, StoreError,
    Subject, digest_of,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Desk, DeskError, actor, files, officer};
use crate::{
    pages,
    product::{self, Known, Told},
};

/// How long a release holds, when its product does not say.
const HOLDS: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Releases that are read at a time.
const SOME: u32 = 500;
/// Drafts among which one with the same key is looked for.
const DRAFTS: u32 = 20;

/// What is to be drafted.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Of what.
    pub subject: Subject,
    /// For whom, by code.
    pub recipient: String,
    /// What is said of it, where usual words will not do.
    pub told: Told,
    /// How urgent: 1 is the most, 5 the least.
    pub priority: u8,
    /// For what, in a word or two.
    pub reason: String,
    /// The earlier release that it takes the place of.
    pub supersedes: Option<Uuid>,
    /// Chosen by whoever asks: the same asked again with it is the same draft.
    pub key: Option<Uuid>,
}

/// What would leave, and what would not.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// What the record keeps of it, as all the rest was made from.
    pub(crate) known: Known,
    /// Everything that could be told.
    pub product: Product,
    /// What the gate lets through.
    pub cleared: Cleared,
    /// What could still be inferred.
    pub residual: Vec<Inference>,
    /// The rules it went by.
    pub rules: Rules,
}

impl Desk {
    /// What would leave of a subject to a recipient; nothing is written.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when this account may not draft, or nothing may leave.
    pub async fn prepare(
        &self,
        who: &Account,
        order: &Order,
        now: Timestamp,
    ) -> Result<Prepared, DeskError> {
        let what = What::Product { id: order.subject.id(), to: &order.recipient };
        let permit = self.policies.permit(officer(who), Permission::Draft, what)?;
        let recipient = self.recipient(&order.recipient).await?;
        let known = self.known(order.subject).await?;
        let product = product::product(&known, &order.told, now);
        let terms = self.terms(&recipient, order, (&product, now)).await?;
        self.cleared(known, product, (&recipient, terms), &permit).await
    }

    /// Makes a draft.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when this account may not, or nothing may leave.
    pub async fn make(
        &self,
        who: &Account,
        order: &Order,
        now: Timestamp,
    ) -> Result<Draft, DeskError> {
        if let Some(kept) = self.made_before(who, order).await? {
            return Ok(kept);
        }
        let prepared = self.prepare(who, order, now).await?;
        let Prepared { known, product, cleared, residual, rules } = prepared;
        let terms = cleared.releasable.terms().clone();
        let checkpoint = self.checkpoint(who).await?;
        let written_by = concat!("cathartes ", env!("CARGO_PKG_VERSION"));
        let setting = Setting { checkpoint: &checkpoint, written_by, lines: pages::lines() };
        let unsealed = dossier::unsealed(&cleared.releasable, setting).map_err(|error| {
            DeskError::Dossier { of: order.subject.to_string(), why: error.to_string() }
        })?;
        let content = cleared.releasable.what().clone();
        let store = &self.store;
        let new = NewDraft {
            subject: order.subject,
            recipient: order.recipient.clone(),
            alias: terms.release.clone(),
            answer_code: terms.answer_code.clone(),
            product: files::put(store, &product).await?,
            content: files::put(store, &files::Kept { content, terms }).await?,
            differences: files::put(store, &cleared.differences).await?,
            residual: files::put(store, &residual).await?,
            dossier: store.blobs().put(unsealed.bytes().to_vec()).await?,
            manifest_sha256: unsealed.digest().clone(),
            rules: rules.name.clone(),
            rules_sha256: digest_of(rules_text(&rules.name).as_bytes()),
            supersedes: order.supersedes,
            basis: basis(&known, &product, order),
            key: order.key,
        };
        Ok(store.add_draft(&actor(who), &new, now).await?)
    }

    /// The draft that was made with the same key: an answer was lost on its way.
    async fn made_before(&self, who: &Account, order: &Order) -> Result<Option<Draft>, StoreError> {
        let Some(key) = order.key else { return Ok(None) };
        let query = DraftQuery {
            subject: Some(order.subject),
            recipient: Some(order.recipient.clone()),
            limit: DRAFTS,
            ..DraftQuery::default()
        };
        let by = actor(who).to_string();
        let same = |draft: &Draft| draft.what.key == Some(key) && draft.by == by;
        Ok(self.store.drafts(&query).await?.into_iter().find(same))
    }

    pub(super) async fn known(&self, subject: Subject) -> Result<Known, StoreError> {
        let absent = || StoreError::Absent { what: subject.word(), id: subject.id().to_string() };
        product::known(&self.store, subject).await?.ok_or_else(absent)
    }

    /// What a release to a recipient will say of itself.
    async fn terms(
        &self,
        recipient: &KeptRecipient,
        order: &Order,
        (product, now): (&Product, Timestamp),
    ) -> Result<Terms, DeskError> {
        let body = body(recipient)?;
        let code = AnswerCode::of_entropy(random()?).to_string();
        let secret = RecipientSecret(recipient.what.secret.0);
        let supersedes = match order.supersedes {
            Some(earlier) => Some(self.release(earlier).await?.alias),
            None => None,
        };
        Ok(Terms {
            release: secret.alias(&format!("release {}", Uuid::now_v7())),
            tlp: body.tlp,
            recipient: body,
            made: now,
            expires: expires(product, now),
            supersedes,
            answer_link: format!("{}/c/{code}", self.base),
            answer_code: code,
        })
    }

    /// Sends a product through the gate.
    pub(super) async fn cleared(
        &self,
        known: Known,
        product: Product,
        (recipient, terms): (&KeptRecipient, Terms),
        permit: &Permit,
    ) -> Result<Prepared, DeskError> {
        let code = &recipient.what.code;
        let rules = Rules::shipped(&terms.recipient.rules);
        let rules = rules.map_err(|error| DeskError::Rules { recipient: code.clone(), error })?;
        let reviewed = Reviewed::new(product.clone(), product::confirmed(&known), 1)?;
        let secret = RecipientSecret(recipient.what.secret.0);
        let earlier = earlier(&self.store, code, terms.made).await?;
        let outgoing = Outgoing { terms, secret: &secret, earlier: &earlier };
        let cleared = gate::clear(&reviewed, &rules, outgoing, permit)?;
        let residual = residual::residual(&product, &cleared, &earlier, &known.passes);
        Ok(Prepared { known, product, cleared, residual, rules })
    }
}

/// What a recipient says of itself in the record.
fn body(recipient: &KeptRecipient) -> Result<Recipient, StoreError> {
    let damaged = |error: serde_json::Error| StoreError::Damaged {
        what: "a recipient",
        why: error.to_string(),
    };
    serde_json::from_value(recipient.what.body.clone()).map_err(damaged)
}

/// All that a recipient got before a moment, the earliest first.
async fn earlier(store: &Store, code: &str, until: Timestamp) -> Result<Vec<Content>, StoreError> {
    let mut query =
        ReleaseQuery { recipient: Some(code.to_owned()), limit: SOME, ..ReleaseQuery::default() };
    let mut contents = Vec::new();
    loop {
        let some = store.releases(&query).await?;
        for release in some.iter().filter(|release| release.at < until) {
            let Some(draft) = store.draft(release.draft).await? else { continue };
            contents.push(files::content(store, &draft).await?.content);
        }
        query.before = some.last().map(|release| release.id);
        if some.len() < SOME as usize {
            contents.reverse();
            return Ok(contents);
        }
    }
}

fn field<'a>(product: &'a Product, name: &str) -> Option<&'a Value> {
    product.fields.get(&FieldPath::new(name).ok()?)
}

/// Until when the product holds.
fn expires(product: &Product, now: Timestamp) -> Timestamp {
    match field(product, "expires") {
        Some(Value::At { at }) => *at,
        _ => now.saturating_add(HOLDS).unwrap_or(Timestamp::MAX),
    }
}

/// What figures are made of later.
fn basis(known: &Known, product: &Product, order: &Order) -> Basis {
    let name = |of: &str| match field(product, of) {
        Some(Value::Name { name }) => Some(name.clone()),
        Some(Value::Names { names }) => names.first().cloned(),
        _ => None,
    };
    let probability = match field(product, "likelihood") {
        Some(Value::Probability { probability }) => Some(*probability),
        _ => None,
    };
    let detected = match field(product, "observed") {
        Some(Value::Observed(period)) => Some(period.from),
        _ => None,
    };
    let band = known.assessments.iter().rev().find(|one| one.superseded_by.is_none());
    Basis {
        detected,
        reviewed: product::confirmed(known).iter().map(|review| review.at).max(),
        priority: order.priority,
        reason: order.reason.clone(),
        gas: name("gases"),
        instrument: name("sensor"),
        source: Some(known.standing.sort.word().to_owned()),
        analyst_band: band
            .map(|one| one.what.likelihood)
            .or_else(|| probability.map(Likelihood::of))
            .map(|term| term.to_string()),
        probability,
    }
}

/// The file that rules are read from.
fn rules_text(name: &str) -> &'static str {
    SHIPPED.iter().find(|(of, _)| *of == name).map_or("", |(_, text)| text)
}

/// Bytes of chance.
fn random() -> Result<[u8; ENTROPY_BYTES], DeskError> {
    let mut bytes = [0; ENTROPY_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| DeskError::Random(error.to_string()))?;
    Ok(bytes)
}

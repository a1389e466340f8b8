//! Everything that could be told of one site or finding, out of what the record keeps of it.
//!
//! Nothing is decided here of what leaves: each field is put as it is known, and the gate does the rest. Sentences that
//! are made here name nothing but gases; what people wrote stays in fields of its own.

use std::collections::BTreeMap;

use cathartes_core::{
    estimate::Interval90,
    geometry::LatLon,
    identification::Likelihood,
    marking::Marking,
    observation::{Observation, Period, What, Whereabouts},
    site::Site,
    source::Ellipse90,
    units::{Degrees, KgPerHour, Metres},
};
use cathartes_release::{
    gate,
    product::{FieldPath, Image, Product, ProductKind, Value},
    residual::Pass,
};
use cathartes_store::{
    Assessment, Confidence, Finding, KeptObservation, KeptSortie, Review, Scene, Stage, Standing,
    Subject, TakenFrom, Verdict,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json};

mod known;
mod words;

pub(crate) use known::{derived, known};
pub use words::Told;

/// How long what is told holds, when nobody says otherwise.
const HOLDS: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A finding whose place nobody gave an extent is within this of it: a head of a plume strays by a few pixels.
const UNSTATED: Metres = Metres(150.0);

/// What the record keeps of a subject.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known {
    /// Of what.
    pub(crate) subject: Subject,
    /// Where it stands.
    pub(crate) standing: Standing,
    /// The finding, or the findings that a site was seen by.
    pub(crate) findings: Vec<Finding>,
    /// The site.
    pub(crate) site: Option<Site>,
    /// The scenes of the findings.
    pub(crate) scenes: Vec<Scene>,
    /// Flights that were in the air when the scenes were taken.
    pub(crate) sorties: Vec<KeptSortie>,
    /// When sensors saw the place, whatever came of it: what somebody can work out who sees aircraft fly.
    pub(crate) passes: Vec<Pass>,
    /// What was observed of it, in the order in which it counts.
    pub(crate) observations: Vec<KeptObservation>,
    /// What analysts decided.
    pub(crate) reviews: Vec<Review>,
    /// What they concluded.
    pub(crate) assessments: Vec<Assessment>,
    /// Close-ups of it.
    pub(crate) pictures: Vec<Image>,
    /// How closely somebody said it is held, and which of its fields otherwise.
    pub(crate) marking: Option<Said>,
}

/// A marking of everything, and fields that are held otherwise.
pub(crate) type Said = (Option<Marking>, BTreeMap<FieldPath, Marking>);

/// All that could be told of a subject at a moment; `told` stands in the place of what would be said of it.
pub(crate) fn product(known: &Known, told: &Told, now: Timestamp) -> Product {
    let mut fields = Fields::default();
    fields.words(&known.gases(), told);
    known.whereabouts(&mut fields);
    known.judgement(&mut fields);
    known.means(&mut fields);
    known.evidence(&mut fields);
    fields.put("expires", Value::At { at: now.saturating_add(HOLDS).unwrap_or(Timestamp::MAX) });
    fields.put("id", Value::Id { id: known.subject.id() });
    let said = known.marking.clone();
    let (marking, mut overrides) =
        said.unwrap_or_else(|| (high_water(&known.observations), BTreeMap::new()));
    for (path, marking) in known.of_sources() {
        overrides.entry(path).or_insert(marking);
    }
    overrides.retain(|path, _| fields.0.contains_key(path));
    Product { id: known.subject.id(), kind: known.kind(), marking, overrides, fields: fields.0 }
}

/// Fields under their names.
#[derive(Default)]
struct Fields(BTreeMap<FieldPath, Value>);

impl Fields {
    fn put(&mut self, path: &str, value: Value) {
        // Every name here is one; a test puts them all.
        if let Ok(path) = FieldPath::new(path) {
            self.0.insert(path, value);
        }
    }

    fn several(&mut self, name: &str, values: impl IntoIterator<Item = Value>) {
        for (n, value) in values.into_iter().enumerate() {
            self.put(&name.replace('*', &n.to_string()), value);
        }
    }

    fn names(&mut self, path: &str, mut names: Vec<String>) {
        names.sort_unstable();
        names.dedup();
        match names.as_slice() {
            [] => {}
            [name] => self.put(path, Value::Name { name: name.clone() }),
            _ => self.put(path, Value::Names { names }),
        }
    }

    fn words(&mut self, gases: &[String], told: &Told) {
        for (path, words) in told.or_usual(gases) {
            self.put(path, Value::Words { words });
        }
        if !gases.is_empty() {
            self.put("gases", Value::Names { names: gases.to_vec() });
        }
    }
}

impl Known {
    fn kind(&self) -> ProductKind {
        match self.subject {
            Subject::Site(_) => ProductKind::Site,
            Subject::Finding(_) => ProductKind::Finding,
        }
    }

    /// What stands in the place of the findings of a site; the finding itself of a finding.
    fn finding(&self) -> Option<&Finding> {
        self.findings.first().filter(|_| self.site.is_none())
    }

    fn gases(&self) -> Vec<String> {
        let of_finding = || self.finding().and_then(|finding| finding.found.gas.clone());
        match &self.site {
            Some(site) => site.gases.clone(),
            None => of_finding().into_iter().collect(),
        }
    }

    fn whereabouts(&self, fields: &mut Fields) {
        let of_finding = || self.finding().and_then(place_of);
        let place = self.site.as_ref().map(|site| (site.place, site.ellipse)).or_else(of_finding);
        if let Some((place, ellipse)) = place {
            fields.put("place", Value::Place { place, ellipse });
        }
        let of_finding = || self.finding().and_then(period_of);
        if let Some(period) = self.site.as_ref().map(Site::observed).or_else(of_finding) {
            fields.put("observed", Value::Observed(period));
        }
        if let Some(rate) = self.finding().and_then(rate_of) {
            fields.put("rate", Value::Rate(rate));
        }
    }

    /// The newest assessment that stands.
    fn assessment(&self) -> Option<&Assessment> {
        self.assessments.iter().rev().find(|one| one.superseded_by.is_none())
    }

    fn judgement(&self, fields: &mut Fields) {
        let computed = self.site.as_ref().map(|site| site.ledger.probability());
        let computed = computed.or_else(|| self.finding().and_then(probability_of));
        let judged = self.assessment().map(|one| one.what.likelihood);
        if let Some(probability) = likely(computed, judged) {
            fields.put("likelihood", Value::Probability { probability });
        }
        if let Some(one) = self.assessment() {
            let name = match one.what.confidence {
                Confidence::Low => "low",
                Confidence::Moderate => "moderate",
                Confidence::High => "high",
            };
            fields.put("confidence", Value::Name { name: name.to_owned() });
            fields.put("assessment", Value::Words { words: one.what.text.clone() });
        }
    }

    /// With what it was seen.
    fn means(&self, fields: &mut Fields) {
        let said = |name: &'static str| {
            let of =
                move |scene: &Scene| Some(scene.scene.properties.get(name)?.as_str()?.to_owned());
            self.scenes.iter().filter_map(of)
        };
        fields.names("sensor", said("instrument").collect());
        let flown = self.sorties.iter().map(|kept| kept.sortie.aircraft.clone());
        fields.names("platform", said("platform").chain(flown).collect());
        let collection = |kept: &KeptObservation| {
            let origin = kept.observation.origin();
            let which = origin.collection.as_deref().unwrap_or_default();
            format!("{} {which}", origin.collector).trim_end().to_owned()
        };
        let flights = self.sorties.iter().map(|kept| kept.sortie.name.clone());
        fields
            .names("collection", self.observations.iter().map(collection).chain(flights).collect());
    }

    /// What it rests on, and who looked at it.
    fn evidence(&self, fields: &mut Fields) {
        for (n, kept) in self.observations.iter().enumerate() {
            if let Whereabouts::Point { place, ellipse } = kept.observation.place() {
                let value = Value::Place { place: *place, ellipse: *ellipse };
                fields.put(&format!("sources[{n}].place"), value);
            }
            if let Some(rate) = self.seen_as(kept).and_then(rate_of) {
                fields.put(&format!("sources[{n}].rate"), Value::Rate(rate));
            }
        }
        let terms = self.site.iter().flat_map(|site| &site.ledger.terms);
        fields.several(
            "ledger[*].words",
            terms.map(|term| Value::Words { words: term.words.clone() }),
        );
        let mut analysts: Vec<&str> =
            self.reviews.iter().map(|review| review.by.as_str()).collect();
        analysts.extend(self.assessments.iter().map(|one| one.by.as_str()));
        analysts.sort_unstable();
        analysts.dedup();
        fields.several(
            "analysts[*]",
            analysts.into_iter().map(|name| Value::Name { name: name.to_owned() }),
        );
        fields.several("scenes[*]", self.scenes.iter().map(|scene| Value::Id { id: scene.id }));
        fields.several("images[*]", self.pictures.iter().cloned().map(Value::Picture));
    }

    /// The finding that an observation was taken from.
    fn seen_as(&self, kept: &KeptObservation) -> Option<&Finding> {
        let TakenFrom::Finding(id) = kept.taken_from else { return None };
        self.findings.iter().find(|finding| finding.id == id)
    }

    /// What is of one source alone is held as that source is.
    fn of_sources(&self) -> Vec<(FieldPath, Marking)> {
        let one = |(n, kept): (usize, &KeptObservation)| {
            let path = |field| FieldPath::new(format!("sources[{n}].{field}")).ok();
            let marking = kept.observation.marking();
            ["place", "rate"].map(|field| Some((path(field)?, marking.clone())))
        };
        self.observations.iter().enumerate().flat_map(one).flatten().collect()
    }
}

/// What people decided in the round that confirmed it; nothing, when it is not confirmed. A wish that another looks as well
/// is no opinion.
pub(crate) fn confirmed(known: &Known) -> Vec<gate::Review> {
    let decided =
        known.standing.stage == Stage::Decided && known.standing.verdict == Some(Verdict::Confirm);
    let counts = |review: &&Review| {
        let opinion = !matches!(review.what.verdict, Verdict::SecondLook | Verdict::Collect);
        decided && opinion && review.superseded_by.is_none() && review.round == known.standing.round
    };
    let said = |review: &Review| gate::Review {
        by: review.by.clone(),
        verdict: review.what.verdict.word().to_owned(),
        at: review.at,
        settles: review.settles,
    };
    known.reviews.iter().filter(counts).map(said).collect()
}

/// What an analyst judged goes before what was computed; a number within the term that was judged is kept.
fn likely(computed: Option<f64>, judged: Option<Likelihood>) -> Option<f64> {
    let Some(term) = judged else { return computed };
    if let Some(computed) = computed.filter(|computed| Likelihood::of(*computed) == term) {
        return Some(computed);
    }
    let all = Likelihood::FROM_PROBABILITY;
    let at = all.iter().position(|(_, one)| *one == term)?;
    let end = all.get(at + 1).map_or(1.0, |(from, _)| *from);
    Some(0.5 * (all[at].0 + end))
}

fn number(properties: &Map<String, Json>, name: &str) -> Option<f64> {
    properties.get(name)?.as_f64().filter(|number| number.is_finite())
}

fn place_of(finding: &Finding) -> Option<(LatLon, Ellipse90)> {
    let number = |name| number(&finding.found.properties, name);
    let stated = || {
        Some(Ellipse90 {
            semi_major: Metres(number("ellipse_semi_major_m")?),
            semi_minor: Metres(number("ellipse_semi_minor_m")?),
            bearing: Degrees(number("ellipse_bearing_deg")?),
        })
    };
    let around = Ellipse90 { semi_major: UNSTATED, semi_minor: UNSTATED, bearing: Degrees(0.0) };
    Some((finding.found.place?, stated().unwrap_or(around)))
}

fn period_of(finding: &Finding) -> Option<Period> {
    let (from, to) = finding.found.begins.zip(finding.found.ends)?;
    Some(Period { from, to })
}

fn rate_of(finding: &Finding) -> Option<Interval90<KgPerHour>> {
    let number = |name: String| number(&finding.found.properties, &name).map(KgPerHour);
    let range = |by: &str| {
        let low = number(format!("{by}_low_90_percent_kg_per_h"))?;
        Some(Interval90 { low, high: number(format!("{by}_high_90_percent_kg_per_h"))? })
    };
    ["rate", "rate_by_mass", "rate_by_sections"].into_iter().find_map(range)
}

fn probability_of(finding: &Finding) -> Option<f64> {
    let number = |name| number(&finding.found.properties, name);
    let exists = number("existence_probability")
        .or_else(|| number("false_alarm_probability").map(|alarm| 1.0 - alarm))?;
    Some(exists * number("of_interest_probability").unwrap_or(1.0))
}

/// How closely is held what is drawn from all of some observations; none where there are none.
fn high_water(observations: &[KeptObservation]) -> Option<Marking> {
    let markings = observations.iter().map(|kept| kept.observation.marking().clone());
    markings.reduce(|all, one| all.high_water(&one))
}

/// A name of a field.
pub(crate) fn field(path: &str) -> Result<FieldPath, String> {
    FieldPath::new(path)
}

/// Whether an observation is gas that a sensor saw.
fn is_seen(observation: &Observation) -> bool {
    matches!(observation.what(), What::GasSeen { .. })
}

#[cfg(test)]
mod tests;

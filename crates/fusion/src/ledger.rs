//! The ledger of one site, written line by line: `judge` says in which order.

use cathartes_core::{
    observation::ObservationId,
    site::{Ledger, LicensedEmitter, Term},
    units::{Metres, Seconds},
};
use jiff::Timestamp;

use crate::{
    beliefs::Beliefs,
    evidence::Says,
    existence::{Chain, profile},
    gaussian::Covariance,
    ground::offset_m,
    judge::{Event, Ground, Group, Surroundings},
    words,
};

/// Smaller changes of ln odds by age have no line of their own.
pub(crate) const LEAST_AGE: f64 = 0.005;

/// A ledger being written.
struct Writer {
    chain: Chain,
    terms: Vec<Term>,
    sum: f64,
}

impl Writer {
    /// Books whatever has changed since the last line, so that the lines add up exactly.
    fn book(&mut self, of: Option<(ObservationId, Timestamp)>, words: String) {
        let ln_odds = self.chain.ln_odds() - self.sum;
        self.sum += ln_odds;
        let (observation, at) = (of.map(|o| o.0), of.map(|o| o.1));
        self.terms.push(Term { observation, at, words, ln_odds });
    }

    fn age(&mut self, from: Timestamp, to: Timestamp, beliefs: &Beliefs) {
        let by = Seconds(to.duration_since(from).as_secs_f64());
        if by.0 > 0.0 {
            self.chain.age(by, beliefs);
        }
        if (self.chain.ln_odds() - self.sum).abs() >= LEAST_AGE {
            self.book(None, words::age(by));
        }
    }
}

pub(crate) fn ledger(
    ground: &Ground<'_>,
    around: &Surroundings<'_>,
    events: Vec<Event>,
    as_of: Timestamp,
) -> Ledger {
    let beliefs = around.beliefs;
    let mut writer = Writer { chain: Chain::before(beliefs, 0.0), terms: Vec::new(), sum: 0.0 };
    writer.book(None, words::beforehand(beliefs));
    if let Some((density, nearest, away)) = licensed(ground, around) {
        writer.chain = Chain::before(beliefs, density);
        writer.book(None, words::licensed(&nearest.name, away));
    }
    let ratios = profile_ratios(ground);
    if !ratios.is_empty() {
        let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
        writer.chain.weigh(&profile(mean));
        writer.book(None, words::profile(ratios.len(), mean));
    }
    let mut last = events.first().map_or(as_of, |e| e.at);
    for event in events {
        writer.age(last, event.at, beliefs);
        last = event.at;
        writer.chain.weigh(&event.likelihood);
        writer.book(Some((event.id, event.at)), event.words);
    }
    writer.age(last, as_of, beliefs);
    Ledger { terms: writer.terms }
}

/// What each look of a sensor says of the gases, those that may be about this site alone.
fn profile_ratios(ground: &Ground<'_>) -> Vec<f64> {
    let about = ground.groups.iter().zip(&ground.weights).filter(|(_, w)| **w > 0.5);
    let ratio = |(group, _): (&Group<'_>, &f64)| match group.members[0].says {
        Says::Seen { profile_ln_ratio, .. } => profile_ln_ratio,
        Says::Told { .. } => None,
    };
    about.filter_map(ratio).collect()
}

/// Density of licensed emitters at the site, and the one that adds most to it.
fn licensed<'a>(
    ground: &Ground<'_>,
    around: &Surroundings<'a>,
) -> Option<(f64, &'a LicensedEmitter, Metres)> {
    let (place, spread) = ground.place();
    let gases = ground.gases();
    let slugs: Vec<&str> = gases.iter().map(|g| around.book.gas_name(*g)).collect();
    let explains = |e: &&&LicensedEmitter| {
        let known = |gas: &String| slugs.contains(&gas.as_str());
        slugs.is_empty() || e.gases.is_empty() || e.gases.iter().any(known)
    };
    let weighed = around.licensed.iter().filter(explains).map(|e| {
        let away = offset_m(place, e.place);
        // A place anywhere alike on a disc strays by half of its radius.
        let ground = Covariance::circle((0.5 * e.radius.0).max(10.0));
        (spread.plus(&ground).density_per_km2(away), *e, Metres(away[0].hypot(away[1])))
    });
    let all: Vec<(f64, &LicensedEmitter, Metres)> = weighed.collect();
    let density: f64 = all.iter().map(|l| l.0).sum();
    let (_, nearest, away) = all.into_iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
    (density > 1e-2 * around.beliefs.innocent_per_km2).then_some((density, nearest, away))
}

//! One site with its ledger, from all that was observed of it: `place` says where, `existence` whether.
//!
//! The lines stand in this order: what is believed beforehand; registers; what the gases fit (the mean over
//! the plumes, once); then observations by the time they ended, with age between them. A line is the change of
//! the ln of the odds that its likelihood makes. Age that changes them by less than [`LEAST_AGE`](crate::ledger::LEAST_AGE) is booked with
//! the next line. Observations of one origin count once, as the one that says most.
//!
//! The result is a function of the set of observations, whatever order they came in.

use std::collections::{BTreeMap, BTreeSet};

use cathartes_core::{
    geometry::LatLon,
    observation::ObservationId,
    site::{LicensedEmitter, Site, SiteId},
    units::Metres,
};
use jiff::Timestamp;

use crate::{
    beliefs::Beliefs,
    evidence::{Book, Evidence, GasNumber, Look, LookKind, OriginNumber, Says},
    existence::{Likelihood, clean, nothing_there, seen, told},
    gaussian::{Covariance, Fix, Information, intersected},
    ground::{moved, offset_m},
    ledger::ledger,
    line::Line,
    place::{Report, across, densities_per_km2, placed},
    words,
};

/// What surrounds a site.
pub(crate) struct Surroundings<'a> {
    pub(crate) beliefs: &'a Beliefs,
    pub(crate) book: &'a Book,
    /// Everything of the register that may be near.
    pub(crate) licensed: Vec<&'a LicensedEmitter>,
    /// Every look that may touch it.
    pub(crate) looks: Vec<&'a Look>,
}

/// Where a site is, by its members alone.
pub(crate) struct Ground<'a> {
    anchor: LatLon,
    pub(crate) groups: Vec<Group<'a>>,
    reports: Vec<Report>,
    pub(crate) weights: Vec<f64>,
    fix: Fix,
}

/// Observations of one origin.
pub(crate) struct Group<'a> {
    origin: OriginNumber,
    /// The one that says most, then the others.
    pub(crate) members: Vec<&'a Evidence>,
}

/// Odds, square kilometres, that evidence is about a site of this density rather than false.
pub(crate) fn odds_km2(says: &Says, beliefs: &Beliefs) -> f64 {
    match says {
        Says::Seen { sight, .. } => {
            beliefs.hidden_emits_fraction * sight.detection_probability / sight.false_alarms_per_km2
        }
        Says::Told { grade, .. } => beliefs.odds_ratio(*grade) / beliefs.hidden_per_km2,
    }
}

/// A sensor says more than what is told of it.
fn says_more(a: &Evidence, b: &Evidence, beliefs: &Beliefs) -> std::cmp::Ordering {
    let sensed = |e: &Evidence| matches!(e.says, Says::Seen { .. });
    let odds = |e: &Evidence| odds_km2(&e.says, beliefs);
    sensed(b)
        .cmp(&sensed(a))
        .then(odds(b).total_cmp(&odds(a)))
        .then((a.time, a.id).cmp(&(b.time, b.id)))
}

impl<'a> Ground<'a> {
    /// Puts members together; none where there are none.
    pub(crate) fn of(members: &[&'a Evidence], beliefs: &Beliefs) -> Option<Self> {
        let mut members = members.to_vec();
        members.sort_by_key(|e| (e.time, e.id));
        let anchor = members.first()?.place;
        let mut by_origin: BTreeMap<OriginNumber, Vec<&Evidence>> = BTreeMap::new();
        for evidence in &members {
            by_origin.entry(evidence.origin).or_default().push(evidence);
        }
        let mut groups: Vec<Group> = by_origin
            .into_iter()
            .map(|(origin, mut members)| {
                members.sort_by(|a, b| says_more(a, b, beliefs));
                Group { origin, members }
            })
            .collect();
        groups.sort_by_key(|g| (g.members[0].time, g.members[0].id));
        let reports: Vec<Report> = groups.iter().map(|g| g.report(anchor, beliefs)).collect();
        let placed = placed(&reports);
        Some(Self { anchor, groups, reports, weights: placed.weights, fix: placed.fix })
    }

    /// Middle and covariance.
    pub(crate) fn place(&self) -> (LatLon, Covariance) {
        (moved(self.anchor, self.fix.0), self.fix.1)
    }

    pub(crate) fn gases(&self) -> BTreeSet<GasNumber> {
        let gas = |e: &&Evidence| match e.says {
            Says::Seen { gas, .. } => Some(gas),
            Says::Told { .. } => None,
        };
        self.groups.iter().flat_map(|g| g.members.iter().filter_map(gas)).collect()
    }

    /// Metres of each group from where the others put the site, as far as it is known.
    fn away(&self, group: usize) -> Metres {
        let (z, x) = (self.reports[group].fix.0, self.fix.0);
        Metres((z[0] - x[0]).hypot(z[1] - x[1]))
    }

    /// Lines of sight narrow the place down where they pass within their own doubt.
    fn narrow(&mut self, looks: &[&Look]) {
        let mut counted = BTreeSet::new();
        for look in looks {
            let Some(line) = Line::of(look, moved(self.anchor, self.fix.0)) else { continue };
            let (x, p) = self.fix;
            if line.deviations(&p) > 3.0 || !counted.insert(look.origin) {
                continue;
            }
            let foot = [x[0] + line.to_foot[0], x[1] + line.to_foot[1]];
            let mut sum = Information::none();
            sum.add(&self.fix, 1.0);
            let (matrix, foot) = across(foot, line.normal, line.std_m);
            sum.add_matrix(&matrix, foot);
            self.fix = sum.fix();
        }
    }
}

impl Group<'_> {
    fn report(&self, anchor: LatLon, beliefs: &Beliefs) -> Report {
        let fix = |e: &&Evidence| (offset_m(anchor, e.place), e.spread);
        let mut fixes = self.members.iter().map(fix);
        let first = fixes.next().unwrap_or(([0.0; 2], Covariance::circle(1e6)));
        let fix = fixes.fold(first, intersected);
        Report { fix, odds_km2: odds_km2(&self.members[0].says, beliefs) }
    }
}

/// Something that happened, for the ledger.
pub(crate) struct Event {
    pub(crate) at: Timestamp,
    pub(crate) id: ObservationId,
    pub(crate) likelihood: Likelihood,
    pub(crate) words: String,
}

/// The site as of a moment, by what was known of it then.
pub(crate) fn judge(
    id: SiteId,
    mut ground: Ground<'_>,
    around: &Surroundings<'_>,
    as_of: Timestamp,
) -> Site {
    let mut looks: Vec<&Look> = around.looks.iter().filter(|l| l.time <= as_of).copied().collect();
    looks.sort_by_key(|l| (l.time, l.id));
    let mut events = seen_events(&ground, around);
    events.extend(look_events(&ground, &looks, around));
    events.sort_by_key(|e| (e.at, e.id));
    let ledger = ledger(&ground, around, events, as_of);
    ground.narrow(&looks);
    let (place, spread) = ground.place();
    let mut observations: Vec<ObservationId> =
        ledger.terms.iter().filter_map(|t| t.observation).collect();
    observations.sort_unstable();
    let mut gases: Vec<String> =
        ground.gases().into_iter().map(|gas| around.book.gas_name(gas).to_owned()).collect();
    gases.sort_unstable();
    Site { id, place, ellipse: spread.ellipse(), gases, ledger, observations, as_of }
}

fn seen_events(ground: &Ground<'_>, around: &Surroundings<'_>) -> Vec<Event> {
    let densities = densities_per_km2(&ground.reports, &ground.weights);
    let mut events = Vec::new();
    for (i, group) in ground.groups.iter().enumerate() {
        let (density, away) = (densities[i], ground.away(i));
        for (k, evidence) in group.members.iter().enumerate() {
            let (at, id) = (evidence.time, evidence.id);
            let event = if k == 0 {
                let likelihood = likelihood(evidence, density, around.beliefs);
                let words = words::seen(around.book, evidence, density.map(|_| away));
                Event { at, id, likelihood, words }
            } else {
                let words = words::again(around.book, evidence);
                Event { at, id, likelihood: [1.0; 5], words }
            };
            events.push(event);
        }
    }
    events
}

fn likelihood(evidence: &Evidence, density_per_km2: Option<f64>, beliefs: &Beliefs) -> Likelihood {
    match evidence.says {
        Says::Seen { sight, .. } => seen(&sight, density_per_km2, beliefs),
        Says::Told { grade, .. } => {
            let odds = beliefs.odds_ratio(grade);
            let weight = density_per_km2.map_or(odds, |density| density * odds / (1.0 + odds));
            told(weight / beliefs.hidden_per_km2, density_per_km2.is_none(), beliefs)
        }
    }
}

fn look_events(ground: &Ground<'_>, looks: &[&Look], around: &Surroundings<'_>) -> Vec<Event> {
    let (place, spread) = ground.place();
    let gases = ground.gases();
    let mut counted: BTreeSet<OriginNumber> = ground.groups.iter().map(|g| g.origin).collect();
    let mut events = Vec::new();
    for look in looks {
        let share = look.kind.share(place, &spread);
        let likelihood = look_likelihood(look, &gases, (place, &spread), around.beliefs);
        let Some(likelihood) = likelihood.filter(|_| share > 0.0) else { continue };
        if !counted.insert(look.origin) {
            continue;
        }
        let words = words::looked(around.book, look, share);
        events.push(Event { at: look.time, id: look.id, likelihood, words });
    }
    events
}

fn look_likelihood(
    look: &Look,
    gases: &BTreeSet<GasNumber>,
    (place, spread): (LatLon, &Covariance),
    beliefs: &Beliefs,
) -> Option<Likelihood> {
    let share = look.kind.share(place, spread);
    match &look.kind {
        LookKind::Searched { gas, sight, .. } => {
            let asked = gases.is_empty() || gases.contains(gas);
            asked.then(|| clean(share * sight.detection_probability))
        }
        LookKind::Visited { grade, .. } => {
            let odds = beliefs.odds_ratio(*grade);
            let truth = share * odds / (1.0 + odds);
            Some(nothing_there(truth, beliefs.overlooked_probability))
        }
        LookKind::Line { grade, reach, .. } => {
            let line = Line::of(look, place)?;
            if line.deviations(spread) > 3.0 {
                return None;
            }
            let here = line.per_rad(spread);
            // Hidden sources a radian that nobody knows, within reach.
            let others = 0.5e-6 * reach.0 * reach.0 * beliefs.hidden_per_km2;
            Some(told(beliefs.odds_ratio(*grade) * here / (others + here), false, beliefs))
        }
    }
}

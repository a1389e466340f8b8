//! All sites at once: each observation goes to the site it is about, as it comes.
//!
//! An observation z of covariance R may be about a site at x known to P when it lies within its gate,
//!
//! ```text
//! (z − x)ᵀ (P + R)⁻¹ (z − x) ≤ γ,     γ = −2 ln(share outside)
//! ```
//!
//! and is taken to be about the one of largest p N(z; x, P + R), `p` its probability as known so far, if that
//! exceeds the density π of sources that nobody knows; else a site begins with it, whose number is that of the
//! observation. Ground that was looked at and lines of sight are about every site they touch, found earlier or
//! later.
//!
//! This is decided once, in the order in which observations come, and not taken back: what came early may end
//! with another site than it would have, had it come late. Analysts merge and split (`acts`). Sites nearer to each
//! other than their reports are sure become one. The ledger and place of a site depend on the set of its
//! observations alone (`judge`).
//!
//! Bar-Shalom & Li (1995), *Multitarget-Multisensor Tracking*; Blackman & Popoli (1999), *Design and Analysis of
//! Modern Tracking Systems*.

use std::collections::{BTreeSet, HashMap};

use cathartes_core::{
    geometry::LatLon,
    observation::{Observation, ObservationId},
    site::{LicensedEmitter, Site, SiteId},
};
use jiff::Timestamp;

use crate::{
    acts::{Act, Overlay, holding},
    beliefs::Beliefs,
    evidence::{Book, Entry, Evidence, Look, LookKind, touches},
    gaussian::{Covariance, Information},
    ground::{moved, offset_m},
    index::{Boxed, Index},
    judge::{Ground, Surroundings, judge, odds_km2},
};

mod acting;

/// Licensed emitters farther than this beyond a site's gate explain nothing.
const FARTHEST_LICENSED_M: f64 = 10_000.0;

/// Why an observation cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Its number is taken.
    #[error("observation {0} is there already; give each its own number")]
    Twice(ObservationId),
}

/// What an observation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A site began with it.
    Began(SiteId),
    /// It counts for a site that there was.
    Joined(SiteId),
    /// It speaks of every site that it touches.
    Looked,
}

/// A site of the association.
#[derive(Debug, Clone)]
struct Node {
    id: SiteId,
    members: Vec<u32>,
    anchor: LatLon,
    information: Information,
    /// As known when its last member came; for choosing among sites alone.
    ln_odds: f64,
    boxed: Boxed,
}

/// Every site, by everything that was observed.
#[derive(Debug, Clone)]
pub struct Picture {
    beliefs: Beliefs,
    book: Book,
    register: Vec<LicensedEmitter>,
    licensed_places: Index,
    evidence: Vec<Evidence>,
    looks: Vec<Look>,
    looked_places: Index,
    nodes: Vec<Node>,
    node_places: Index,
    /// By observation: where it stands in `evidence`, and its node; none for a look.
    by_id: HashMap<ObservationId, Option<(u32, u32)>>,
    by_site: HashMap<SiteId, u32>,
    log: Vec<Act>,
    overlay: Overlay,
    /// Sites that were spoken of lately; none where it may be any.
    changed: Option<BTreeSet<SiteId>>,
}

impl Picture {
    /// With what is believed, a register of licensed emitters, and nothing observed.
    #[must_use]
    pub fn new(beliefs: Beliefs, register: Vec<LicensedEmitter>) -> Self {
        let mut picture = Self {
            beliefs,
            book: Book::default(),
            register: Vec::new(),
            licensed_places: Index::default(),
            evidence: Vec::new(),
            looks: Vec::new(),
            looked_places: Index::default(),
            nodes: Vec::new(),
            node_places: Index::default(),
            by_id: HashMap::new(),
            by_site: HashMap::new(),
            log: Vec::new(),
            overlay: Overlay::default(),
            changed: None,
        };
        picture.replace_register(register);
        picture
    }

    /// Puts another register in the place of the one there is; sites are judged by it from now on.
    pub fn replace_register(&mut self, register: Vec<LicensedEmitter>) {
        self.licensed_places = Index::default();
        for (number, emitter) in register.iter().enumerate() {
            let reach = emitter.radius.0 + FARTHEST_LICENSED_M;
            self.licensed_places.insert(Boxed::around(emitter.place, reach, number as u32));
        }
        self.register = register;
        self.changed = None;
    }

    /// Takes one observation in.
    ///
    /// # Errors
    ///
    /// [`PictureError`] when its number is there already.
    pub fn observe(
        &mut self,
        id: ObservationId,
        observation: &Observation,
    ) -> Result<Effect, PictureError> {
        if self.by_id.contains_key(&id) {
            return Err(PictureError::Twice(id));
        }
        let effect = match self.book.entry(id, observation) {
            Entry::Look(look) => self.look(id, look),
            Entry::Evidence(evidence) => self.associate(evidence),
        };
        if let (Some(changed), Effect::Began(site) | Effect::Joined(site)) =
            (&mut self.changed, effect)
        {
            changed.insert(site);
        }
        Ok(effect)
    }

    fn look(&mut self, id: ObservationId, look: Look) -> Effect {
        let boxed = look_box(&look, self.looks.len() as u32, &self.beliefs);
        self.looked_places.insert(boxed);
        self.looks.push(look);
        self.by_id.insert(id, None);
        if let Some(mut changed) = self.changed.take() {
            for node in self.node_places.touching(&boxed) {
                let members = &self.nodes[node as usize].members;
                changed.extend(members.iter().map(|member| self.owner_of(*member)));
            }
            // Where sites are that analysts made of others no node says.
            changed.extend(self.overlay.merged_sites().map(|(_, stands)| stands));
            changed.extend(self.overlay.made_sites());
            changed.extend(self.overlay.parts.keys());
            self.changed = Some(changed);
        }
        Effect::Looked
    }

    /// Sites that observations spoke of since this was last asked; none when every site may be another: the first time, and
    /// after an act or another register. That sites grow old is not among it.
    pub fn take_changed(&mut self) -> Option<BTreeSet<SiteId>> {
        self.changed.replace(BTreeSet::new())
    }

    fn associate(&mut self, evidence: Evidence) -> Effect {
        let number = self.evidence.len() as u32;
        self.evidence.push(evidence);
        let best = self.best_node(&evidence);
        let node = best.unwrap_or(self.nodes.len() as u32);
        self.by_id.insert(evidence.id, Some((number, node)));
        if best.is_some() {
            self.join(node, number);
            return Effect::Joined(self.owner_of(number));
        }
        let id = SiteId(evidence.id.0);
        let mut information = Information::none();
        information.add(&([0.0; 2], evidence.spread), 1.0);
        let boxed = self.gate_box(evidence.place, &evidence.spread, node);
        let ln_odds = (odds_km2(&evidence.says, &self.beliefs) * self.beliefs.hidden_per_km2).ln();
        let (anchor, members) = (evidence.place, vec![number]);
        self.nodes.push(Node { id, members, anchor, information, ln_odds, boxed });
        self.node_places.insert(boxed);
        self.by_site.insert(id, node);
        Effect::Began(id)
    }

    fn gate_box(&self, place: LatLon, spread: &Covariance, number: u32) -> Boxed {
        Boxed::around(place, self.beliefs.gate().sqrt() * spread.widest_m(), number)
    }

    fn best_node(&self, evidence: &Evidence) -> Option<u32> {
        let near = self.gate_box(evidence.place, &evidence.spread, 0);
        let mut best = (self.beliefs.hidden_per_km2, None);
        for number in self.node_places.touching(&near) {
            let node = &self.nodes[number as usize];
            let (x, p) = node.information.fix();
            let z = offset_m(node.anchor, evidence.place);
            let (v, s) = ([z[0] - x[0], z[1] - x[1]], p.plus(&evidence.spread));
            if s.squared_distance(v) > self.beliefs.gate() {
                continue;
            }
            let score = s.density_per_km2(v) / (1.0 + (-node.ln_odds).exp());
            if score > best.0 {
                best = (score, Some(number));
            }
        }
        best.1
    }

    fn join(&mut self, number: u32, member: u32) {
        let evidence = self.evidence[member as usize];
        let node = &mut self.nodes[number as usize];
        let (x, p) = node.information.fix();
        let z = offset_m(node.anchor, evidence.place);
        let density = p.plus(&evidence.spread).density_per_km2([z[0] - x[0], z[1] - x[1]]);
        let odds = odds_km2(&evidence.says, &self.beliefs) * density;
        node.information.add(&(z, evidence.spread), (odds / (1.0 + odds)).max(1e-9));
        node.ln_odds += (1.0 + odds).ln();
        node.members.push(member);
        let (x, p) = node.information.fix();
        let (old, place) = (node.boxed, moved(node.anchor, x));
        // Wherever a judge puts the site among what was observed of it: looks are asked about it there.
        let own = self.gate_box(evidence.place, &evidence.spread, number);
        let new = old.and(&own).and(&self.gate_box(place, &p, number));
        if !old.holds(&new) {
            self.nodes[number as usize].boxed = new;
            self.node_places.replace(&old, new);
        }
    }

    /// Every site there is now, by number.
    #[must_use]
    pub fn site_ids(&self) -> Vec<SiteId> {
        let machine = self.nodes.iter().map(|n| n.id);
        let all = machine.chain(self.overlay.made_sites());
        let mut ids: Vec<SiteId> = all.filter(|id| !self.overlay.gone(*id)).collect();
        ids.sort_unstable();
        ids
    }

    /// One site as of a moment; none when there is no such site, or nothing was observed of it by then.
    #[must_use]
    pub fn site(&self, id: SiteId, as_of: Timestamp) -> Option<Site> {
        if self.overlay.gone(id) {
            return None;
        }
        let members = self.members(id).into_iter().map(|n| &self.evidence[n as usize]);
        let known: Vec<&Evidence> = members.filter(|e| e.time <= as_of).collect();
        let ground = Ground::of(&known, &self.beliefs)?;
        let (place, spread) = ground.place();
        let near = self.gate_box(place, &spread, 0);
        let licensed = self.licensed_places.touching(&near);
        let looked = self.looked_places.touching(&near);
        let around = Surroundings {
            beliefs: &self.beliefs,
            book: &self.book,
            licensed: licensed.into_iter().map(|n| &self.register[n as usize]).collect(),
            looks: looked
                .into_iter()
                .map(|n| &self.looks[n as usize])
                .filter(|look| touches(&look.kind, place))
                .collect(),
        };
        Some(judge(id, ground, &around, as_of))
    }

    /// Every site that was merged into another, with the one that stands now.
    pub fn merged_sites(&self) -> impl Iterator<Item = (SiteId, SiteId)> {
        self.overlay.merged_sites()
    }

    /// Act by act, whether it holds: whether it was not undone.
    #[must_use]
    pub fn holding(&self) -> Vec<bool> {
        holding(&self.log)
    }

    /// The site that a site was merged into, or itself while it stands.
    #[must_use]
    pub fn stands_as(&self, site: SiteId) -> SiteId {
        self.overlay.root(site)
    }

    /// Every act so far.
    #[must_use]
    pub fn log(&self) -> &[Act] {
        &self.log
    }

    /// Numbers of evidence that count for a site.
    fn members(&self, site: SiteId) -> Vec<u32> {
        let mut members = Vec::new();
        for machine in self.overlay.reaches(site) {
            let Some(node) = self.by_site.get(&machine) else { continue };
            let own = &self.nodes[*node as usize].members;
            members.extend(own.iter().copied().filter(|n| self.owner_of(*n) == site));
        }
        members
    }

    /// The site that evidence counts for.
    fn owner_of(&self, number: u32) -> SiteId {
        let evidence = &self.evidence[number as usize];
        if let Some(named) = self.overlay.owner(evidence.id) {
            return self.overlay.root(named);
        }
        let machine = self.machine_site(evidence.id);
        let part = self.overlay.parts.get(&machine);
        self.overlay.root(part.map_or(machine, |parts| self.best_part(machine, parts, number)))
    }

    fn machine_site(&self, observation: ObservationId) -> SiteId {
        let node = self.by_id.get(&observation).copied().flatten();
        node.map_or(SiteId(observation.0), |(_, node)| self.nodes[node as usize].id)
    }

    /// Of a site that was split, the part which evidence that came later fits best.
    fn best_part(&self, machine: SiteId, parts: &[(SiteId, usize)], number: u32) -> SiteId {
        let later: Vec<SiteId> =
            parts.iter().filter(|p| number as usize >= p.1).map(|p| p.0).collect();
        let Some(known) = parts.iter().map(|p| p.1).min().filter(|_| !later.is_empty()) else {
            return machine;
        };
        let Some(node) = self.by_site.get(&machine) else { return machine };
        let early = self.nodes[*node as usize].members.iter().filter(|n| (**n as usize) < known);
        let early: Vec<&Evidence> = early.map(|n| &self.evidence[*n as usize]).collect();
        let evidence = &self.evidence[number as usize];
        let fit = |part: Option<SiteId>| {
            let own: Vec<&Evidence> =
                early.iter().filter(|e| self.overlay.owner(e.id) == part).copied().collect();
            let (place, spread) = Ground::of(&own, &self.beliefs)?.place();
            let away = offset_m(place, evidence.place);
            Some(spread.plus(&evidence.spread).density_per_km2(away))
        };
        let mut best = (fit(None).unwrap_or(-1.0), machine);
        for part in later {
            let density = fit(Some(part)).unwrap_or(-1.0);
            if density > best.0 {
                best = (density, part);
            }
        }
        best.1
    }
}

fn look_box(look: &Look, number: u32, beliefs: &Beliefs) -> Boxed {
    match &look.kind {
        LookKind::Searched { ring, .. } | LookKind::Visited { ring: Some(ring), .. } => {
            Boxed::of_ring(ring, number)
        }
        LookKind::Visited { place, spread, ring: None, .. } => {
            Boxed::around(*place, beliefs.gate().sqrt() * spread.widest_m(), number)
        }
        LookKind::Line { from, reach, .. } => Boxed::around(*from, reach.0, number),
    }
}

#[cfg(test)]
mod tests;

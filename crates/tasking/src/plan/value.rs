//! What looks are worth.
//!
//! ```text
//! V = Σ w p min(q, 1 − Π (1 − d))
//! ```
//! | symbol | meaning |
//! |---|---|
//! | w | weight of the priority: half as much with each |
//! | p | probability of a site: of the ledgers of all sites within the target, else what the requirement says, else a half |
//! | d | probability that one look finds what is there |
//! | q | wanted probability of detection |
//!
//! Two looks that are nearer in time than `revisit` count as the better of both. Looks are held to err independently, which
//! is too kind to two looks of one sensor over the same ground.

use cathartes_core::{
    geometry::{LatLon, bearing_and_distance},
    site::Site,
    sortie::{Requirement, Target},
};

use super::plane::{Plane, holds};

/// Where nobody says anything.
const EVEN: f64 = 0.5;
/// Looks at one requirement at most.
const MOST_LOOKS: usize = 4;

/// A look: when it begins, seconds since 1970, and how likely it finds what is there.
pub(crate) type Look = (f64, f64);

/// What a requirement is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Worth {
    /// Weight times probability of a site.
    pub(crate) share: f64,
    wanted: f64,
    revisit_s: f64,
}

impl Worth {
    pub(crate) fn new(requirement: &Requirement, sites: &[Site]) -> Self {
        let p = of_sites(requirement, sites).or(requirement.site_probability).unwrap_or(EVEN);
        Self {
            share: requirement.weight() * p.clamp(0.0, 1.0),
            wanted: requirement.wanted_probability.clamp(0.0, 1.0),
            revisit_s: requirement.revisit.map_or(0.0, |revisit| revisit.0),
        }
    }

    /// Of looks in any order.
    pub(crate) fn of(&self, looks: &mut [Look]) -> f64 {
        if self.revisit_s > 0.0 && looks.len() > 1 {
            return self.missing(self.apart(looks));
        }
        self.missing(looks.iter().map(|(_, d)| 1.0 - d).product())
    }

    /// Of looks that all miss it with a probability.
    pub(crate) fn missing(&self, missed: f64) -> f64 {
        self.share * self.wanted.min(1.0 - missed)
    }

    /// Whether it matters when looks are.
    pub(crate) fn revisits(&self) -> bool {
        self.revisit_s > 0.0
    }

    /// That all miss it; of looks too near to each other the better counts.
    fn apart(&self, looks: &mut [Look]) -> f64 {
        looks.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (mut missed, mut group): (f64, Option<Look>) = (1.0, None);
        for (at_s, d) in looks.iter().copied() {
            match &mut group {
                Some((first_s, best)) if at_s - *first_s < self.revisit_s => *best = best.max(d),
                _ => {
                    missed *= 1.0 - group.map_or(0.0, |(_, best)| best);
                    group = Some((at_s, d));
                }
            }
        }
        missed * (1.0 - group.map_or(0.0, |(_, best)| best))
    }

    /// Looks of a probability until nothing is added.
    pub(crate) fn looks(&self, d: f64) -> usize {
        let enough = |n: &usize| 1.0 - (1.0 - d).powi(*n as i32) >= self.wanted;
        (1..MOST_LOOKS).find(enough).unwrap_or(MOST_LOOKS)
    }
}

/// That there is any of the sites that a requirement is about.
fn of_sites(requirement: &Requirement, sites: &[Site]) -> Option<f64> {
    let named = |site: &&Site| requirement.site == Some(site.id);
    let within = |site: &&Site| inside(&requirement.target, site.place);
    let mut about: Vec<&Site> = sites.iter().filter(named).collect();
    if about.is_empty() && requirement.site.is_none() {
        about = sites.iter().filter(within).collect();
    }
    if about.is_empty() {
        return None;
    }
    Some(1.0 - about.iter().map(|site| 1.0 - site.ledger.probability()).product::<f64>())
}

fn inside(target: &Target, at: LatLon) -> bool {
    match target {
        Target::Place { place, radius } => bearing_and_distance(*place, at).1.0 <= radius.0,
        Target::Area { ring } => ring.first().is_some_and(|first| {
            let plane = Plane::new(*first);
            let ring: Vec<_> = ring.iter().map(|corner| plane.of(*corner)).collect();
            holds(&ring, plane.of(at))
        }),
    }
}

#[cfg(test)]
mod tests;

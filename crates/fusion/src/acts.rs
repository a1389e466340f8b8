//! What analysts do to sites: merge, split, undo. A log that only grows; what holds is a fold over it.
//!
//! Acts never touch what the association made: they stand above it, and say which site an observation
//! counts for. So the fold is short, an undone act leaves no trace in the sites, and an observation that comes after
//! a split goes to the part that explains its place better.

use std::collections::{BTreeMap, BTreeSet};

use cathartes_core::{observation::ObservationId, site::SiteId};

/// Place of an act in the log, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActNumber(pub usize);

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Two sites are one and the same.
    Merge {
        /// The one that stays.
        into: SiteId,
        /// The one that goes into it.
        from: SiteId,
    },
    /// Some observations of a site are of another.
    Split {
        /// The site they counted for.
        from: SiteId,
        /// Them.
        observations: Vec<ObservationId>,
        /// The site they count for now.
        new: SiteId,
        /// How many observations about places there were: later ones go where they fit.
        known: usize,
    },
    /// An earlier act does not hold any more; undone itself, it holds again.
    Undo {
        /// Which.
        act: ActNumber,
    },
}

/// Why an act cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// No such site, or one merged into another.
    #[error("there is no site {0} now; look up which one it was merged into, or undo the merge")]
    NoSite(SiteId),
    /// A site with itself.
    #[error("site {0} cannot be merged into itself; name two sites")]
    Same(SiteId),
    /// An observation that counts for another site.
    #[error(
        "observation {observation} does not count for site {site}; name observations of that site"
    )]
    NotOfSite {
        /// Which observation.
        observation: ObservationId,
        /// Which site.
        site: SiteId,
    },
    /// None, or all.
    #[error("{named} of {all} observations named; a split takes some of them and leaves some")]
    NothingLeft {
        /// How many.
        named: usize,
        /// Of how many.
        all: usize,
    },
    /// Every observation named is the first of a site already.
    #[error("each observation named began a site of its own; name one more, or undo the merge")]
    NoNumber,
    /// No such act, or undone already.
    #[error("there is no act {} that holds; the log says which do", .0.0)]
    NoAct(ActNumber),
    /// A later act would have nothing to act on.
    #[error("act {} builds on it ({reason}); undo that one first", .later.0)]
    BuiltOn {
        /// The later act.
        later: ActNumber,
        /// What it lacks.
        reason: String,
    },
}

/// What the acts that hold come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Overlay {
    merged_into: BTreeMap<SiteId, SiteId>,
    /// By observation that was named in a split.
    owner: BTreeMap<ObservationId, SiteId>,
    /// By site of the association: parts split off, with the number of observations known then.
    pub(crate) parts: BTreeMap<SiteId, Vec<(SiteId, usize)>>,
    born: BTreeSet<SiteId>,
}

impl Overlay {
    /// The site that a site went into, or itself.
    pub(crate) fn root(&self, mut site: SiteId) -> SiteId {
        while let Some(into) = self.merged_into.get(&site) {
            site = *into;
        }
        site
    }

    pub(crate) fn gone(&self, site: SiteId) -> bool {
        self.merged_into.contains_key(&site)
    }

    pub(crate) fn merged_sites(&self) -> impl Iterator<Item = (SiteId, SiteId)> {
        self.merged_into.keys().map(|from| (*from, self.root(*from)))
    }

    /// Whether a split made it.
    pub(crate) fn made(&self, site: SiteId) -> bool {
        self.born.contains(&site)
    }

    pub(crate) fn made_sites(&self) -> impl Iterator<Item = SiteId> {
        self.born.iter().copied()
    }

    pub(crate) fn owner(&self, observation: ObservationId) -> Option<SiteId> {
        self.owner.get(&observation).copied()
    }

    /// Sites of the association of which something may count for this one.
    pub(crate) fn reaches(&self, site: SiteId) -> BTreeSet<SiteId> {
        let mut all: BTreeSet<SiteId> = BTreeSet::from([site]);
        all.extend(self.merged_into.keys().filter(|from| self.root(**from) == site));
        let split = |(_, parts): &(&SiteId, &Vec<(SiteId, usize)>)| {
            parts.iter().any(|(part, _)| self.root(*part) == site)
        };
        all.extend(self.parts.iter().filter(split).map(|(machine, _)| *machine));
        all
    }

    pub(crate) fn merge(&mut self, into: SiteId, from: SiteId) {
        self.merged_into.insert(from, into);
    }

    /// `of` are the observations, each with the site of the association that it came to.
    pub(crate) fn split(&mut self, of: &[(ObservationId, SiteId)], new: SiteId, known: usize) {
        self.born.insert(new);
        for (observation, machine) in of {
            self.owner.insert(*observation, new);
            let parts = self.parts.entry(*machine).or_default();
            if !parts.iter().any(|(part, _)| *part == new) {
                parts.push((new, known));
            }
        }
    }
}

/// Which acts of a log hold.
pub(crate) fn holding(log: &[Act]) -> Vec<bool> {
    let mut holds = vec![true; log.len()];
    for at in (0..log.len()).rev() {
        if let Act::Undo { act } = &log[at]
            && holds[at]
            && act.0 < at
        {
            holds[act.0] = false;
        }
    }
    holds
}

#[cfg(test)]
mod tests;

//! Merging, splitting and undoing: `acts` says what holds.

use cathartes_core::{observation::ObservationId, site::SiteId};

use super::Picture;
use crate::acts::{Act, ActError, ActNumber, Overlay, holding};

impl Picture {
    fn stands(&self, site: SiteId) -> Result<(), ActError> {
        let there = self.by_site.contains_key(&site) || self.overlay.made(site);
        if there && !self.overlay.gone(site) { Ok(()) } else { Err(ActError::NoSite(site)) }
    }

    /// Makes two sites one.
    ///
    /// # Errors
    ///
    /// [`ActError`] when one of them does not stand, or both are the same.
    pub fn merge(&mut self, into: SiteId, from: SiteId) -> Result<ActNumber, ActError> {
        self.act(Act::Merge { into, from })
    }

    /// Makes a new site of some observations of one.
    ///
    /// # Errors
    ///
    /// [`ActError`] when the site does not stand, or the observations are not some of its own.
    pub fn split(
        &mut self,
        from: SiteId,
        observations: &[ObservationId],
    ) -> Result<(ActNumber, SiteId), ActError> {
        let mut observations = observations.to_vec();
        observations.sort_unstable();
        observations.dedup();
        let free = |o: &&ObservationId| {
            let site = SiteId(o.0);
            !self.by_site.contains_key(&site) && !self.used(site)
        };
        let new = observations.iter().find(free).map(|o| SiteId(o.0));
        let new = new.ok_or(ActError::NoNumber)?;
        let known = self.evidence.len();
        Ok((self.act(Act::Split { from, observations, new, known })?, new))
    }

    /// Whether a split ever made a site of this number, undone or not.
    fn used(&self, site: SiteId) -> bool {
        self.log.iter().any(|act| matches!(act, Act::Split { new, .. } if *new == site))
    }

    /// Undoes an act; an undo that is undone makes its act hold again.
    ///
    /// # Errors
    ///
    /// [`ActError`] when there is no such act, or a later one builds on it.
    pub fn undo(&mut self, act: ActNumber) -> Result<ActNumber, ActError> {
        if !holding(&self.log).get(act.0).copied().unwrap_or(false) {
            return Err(ActError::NoAct(act));
        }
        self.log.push(Act::Undo { act });
        self.changed = None;
        let before = std::mem::take(&mut self.overlay);
        if let Err((later, reason)) = self.fold() {
            self.log.pop();
            self.overlay = before;
            return Err(ActError::BuiltOn { later, reason: reason.to_string() });
        }
        Ok(ActNumber(self.log.len() - 1))
    }

    fn act(&mut self, act: Act) -> Result<ActNumber, ActError> {
        self.apply(&act)?;
        self.changed = None;
        self.log.push(act);
        Ok(ActNumber(self.log.len() - 1))
    }

    /// Makes the overlay of all acts that hold, from nothing.
    fn fold(&mut self) -> Result<(), (ActNumber, ActError)> {
        let log = std::mem::take(&mut self.log);
        self.overlay = Overlay::default();
        let mut outcome = Ok(());
        for (at, (act, holds)) in log.iter().zip(holding(&log)).enumerate() {
            if holds && outcome.is_ok() {
                outcome = self.apply(act).map_err(|error| (ActNumber(at), error));
            }
        }
        self.log = log;
        outcome
    }

    fn apply(&mut self, act: &Act) -> Result<(), ActError> {
        match act {
            Act::Undo { .. } => Ok(()),
            Act::Merge { into, from } => {
                self.stands(*into)?;
                self.stands(*from)?;
                if into == from {
                    return Err(ActError::Same(*into));
                }
                self.overlay.merge(*into, *from);
                Ok(())
            }
            Act::Split { from, observations, new, known } => {
                self.stands(*from)?;
                let of = observations.iter().map(|o| self.of_site(*o, *from));
                let of: Vec<(ObservationId, SiteId)> = of.collect::<Result<_, _>>()?;
                let all =
                    self.members(*from).into_iter().filter(|n| (*n as usize) < *known).count();
                if of.is_empty() || of.len() >= all {
                    return Err(ActError::NothingLeft { named: of.len(), all });
                }
                self.overlay.split(&of, *new, *known);
                Ok(())
            }
        }
    }

    /// An observation with the site of the association it came to, if it counts for a site.
    fn of_site(
        &self,
        observation: ObservationId,
        site: SiteId,
    ) -> Result<(ObservationId, SiteId), ActError> {
        let number = self.by_id.get(&observation).copied().flatten().map(|(number, _)| number);
        let counts = number.is_some_and(|number| self.owner_of(number) == site);
        let error = ActError::NotOfSite { observation, site };
        if counts { Ok((observation, self.machine_site(observation))) } else { Err(error) }
    }
}

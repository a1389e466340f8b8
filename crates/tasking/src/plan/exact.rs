//! Everything is tried.
//!
//! Worth is subadditive: sorties together are worth no more than each by itself. So what all others could add at best is a
//! bound, and what cannot reach the best that is known is passed over.

use super::{
    PlanError,
    problem::{Orders, Problem},
};

/// Orders of one aircraft at most.
const MOST: usize = 20_000;

/// An order that can be flown and what it is worth alone.
type Alone = (f64, Vec<usize>);

impl Problem<'_> {
    /// The best of all plans.
    ///
    /// # Errors
    ///
    /// [`PlanError::TooMany`] where that would take too long.
    pub fn exact(&self) -> Result<Orders, PlanError> {
        let each: Result<Vec<Vec<Alone>>, PlanError> =
            (0..self.aircraft()).map(|aircraft| self.all(aircraft)).collect();
        let each = each?;
        let mut best = (0.0, vec![Vec::new(); self.aircraft()]);
        self.choose(&each, &mut Vec::new(), 0.0, &mut best);
        Ok(best.1)
    }

    /// All orders that an aircraft can fly, the best first, and none at all.
    fn all(&self, aircraft: usize) -> Result<Vec<Alone>, PlanError> {
        let mut all = vec![(0.0, Vec::new())];
        let mut tried = 0;
        self.extend(aircraft, &mut Vec::new(), &mut all, &mut tried);
        if tried > MOST {
            let aircraft = self.crews[aircraft].craft.aircraft.id.clone();
            return Err(PlanError::TooMany { aircraft, most: MOST });
        }
        all.sort_by(|one, other| other.0.total_cmp(&one.0));
        Ok(all)
    }

    fn extend(
        &self,
        aircraft: usize,
        order: &mut Vec<usize>,
        all: &mut Vec<Alone>,
        tried: &mut usize,
    ) {
        for requirement in 0..self.looks().len() {
            let planned = order.iter().filter(|one| **one == requirement).count();
            if planned >= self.looks()[requirement] || *tried > MOST {
                continue;
            }
            *tried += 1;
            order.push(requirement);
            if let Ok(flight) = self.fly(aircraft, order) {
                all.push((self.worth([flight.as_ref()].into_iter()), order.clone()));
            }
            // What cannot be flown may be flown with more: the way home may be another. Only what nobody can do ends it.
            if self.crews[aircraft].task(requirement).is_some() {
                self.extend(aircraft, order, all, tried);
            }
            order.pop();
        }
    }

    fn choose(
        &self,
        each: &[Vec<Alone>],
        chosen: &mut Orders,
        so_far: f64,
        best: &mut (f64, Orders),
    ) {
        let Some(mine) = each.get(chosen.len()) else {
            if let Some(worth) = self.worth_share(chosen).filter(|worth| *worth > best.0) {
                *best = (worth, chosen.clone());
            }
            return;
        };
        let rest = each.get(chosen.len() + 1..).unwrap_or_default();
        let others: f64 = rest.iter().filter_map(|all| all.first()).map(|(alone, _)| alone).sum();
        for (alone, order) in mine {
            if so_far + alone + others <= best.0 {
                break;
            }
            chosen.push(order.clone());
            if self.within(chosen) {
                self.choose(each, chosen, so_far + alone, best);
            }
            chosen.pop();
        }
    }

    /// Whether no requirement is looked at more often than is of use.
    fn within(&self, orders: &[Vec<usize>]) -> bool {
        let count = |r: usize| orders.iter().flatten().filter(|one| **one == r).count();
        (0..self.looks().len()).all(|r| count(r) <= self.looks()[r])
    }
}

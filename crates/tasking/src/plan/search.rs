//! Large neighbourhood search: looks are taken out of sorties and put in again where they add most.
//!
//! ```text
//! worse by x is taken with e^(−x/T),  T falling from a fiftieth of the worth to nothing
//! ```
//! Pisinger and Ropke, A general heuristic for vehicle routing problems, Computers & Operations Research 34 (2007) 2403.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{
    greedy::State,
    plane::apart,
    problem::{Orders, Problem},
};

/// At the beginning, as a share of the worth.
const HOTTEST_RATIO: f64 = 0.02;
/// How often what is added seems more or less than it is, and by how much: who adds most is not always who should.
const BLURRED: f64 = 0.5;
const BLUR: f64 = 1.0;
/// At most so many of all looks are taken out at once, or a few.
const MOST_OUT_RATIO: f64 = 0.35;
const FEW: usize = 4;

impl Problem<'_> {
    /// Searches from the greedy plan; never worse than it. Same seed, same plan.
    #[must_use]
    pub fn search(&self, seed: u64, rounds: u32) -> Orders {
        let mut dice = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut state = State::empty(self);
        state.orders = self.greedy();
        self.settle(&mut state);
        let mut best = state.clone();
        let near = self.nearest();
        for round in 0..rounds {
            let heat = HOTTEST_RATIO * best.worth * (1.0 - f64::from(round) / f64::from(rounds));
            let mut next = state.clone();
            take_out(&mut next, &near, &mut dice);
            if !self.settle(&mut next) {
                continue;
            }
            self.put_in(&mut next, &mut dice);
            let worse = state.worth - next.worth;
            if worse <= 0.0 || heat > 0.0 && dice.random::<f64>() < (-worse / heat).exp() {
                state = next;
            }
            if state.worth > best.worth {
                best = state.clone();
            }
        }
        best.orders
    }

    /// For each requirement all others, the nearest first.
    fn nearest(&self) -> Vec<Vec<usize>> {
        let entry = |r: usize| self.crews.iter().find_map(|crew| crew.task(r)).map(|t| t.entry);
        let all: Vec<_> = (0..self.requirements.len()).map(entry).collect();
        let far_m =
            |r: usize, s: usize| all[r].zip(all[s]).map_or(f64::INFINITY, |(a, b)| apart(a, b));
        let sorted = |r: usize| {
            let mut others: Vec<usize> = (0..all.len()).collect();
            others.sort_by(|s, t| far_m(r, *s).total_cmp(&far_m(r, *t)));
            others
        };
        (0..all.len()).map(sorted).collect()
    }

    /// In an order by chance: the most valuable or the nearest first gives what greedy gave.
    fn put_in(&self, state: &mut State, dice: &mut Xoshiro256PlusPlus) {
        let missing = |r: usize| self.looks()[r].saturating_sub(state.looks(r));
        let mut open: Vec<usize> =
            (0..self.looks().len()).flat_map(|r| vec![r; missing(r)]).collect();
        let by_worth = dice.random::<f64>() < 0.5;
        let mut keyed: Vec<(f64, usize)> = open
            .drain(..)
            .map(|r| {
                let worth = if by_worth { self.worths[r].share } else { 1.0 };
                (worth * dice.random::<f64>(), r)
            })
            .collect();
        keyed.sort_by(|one, other| other.0.total_cmp(&one.0));
        let blur = if dice.random_bool(BLURRED) { BLUR } else { 0.0 };
        for (_, requirement) in keyed {
            let seems = || 1.0 + blur * (dice.random::<f64>() - 0.5);
            if let Some(insertion) = self.best(state, requirement, seems) {
                self.insert(state, requirement, insertion);
            }
        }
    }
}

/// Takes out whole sorties, what is near to each other, or anything.
fn take_out(state: &mut State, near: &[Vec<usize>], dice: &mut Xoshiro256PlusPlus) {
    let planned: usize = state.orders.iter().map(Vec::len).sum();
    if planned == 0 {
        return;
    }
    let most = ((planned as f64 * MOST_OUT_RATIO) as usize).max(FEW);
    let count = dice.random_range(1..=most);
    match dice.random_range(0..10) {
        0..2 => {
            // Two whole sorties: what one had the other may do better.
            for _ in 0..2 {
                let aircraft = dice.random_range(0..state.orders.len());
                state.orders[aircraft].clear();
            }
        }
        2..6 => {
            let about = dice.random_range(0..near.len());
            let gone: Vec<usize> = near[about].iter().copied().take(count).collect();
            for order in &mut state.orders {
                order.retain(|r| !gone.contains(r));
            }
        }
        _ => {
            for _ in 0..count {
                let aircraft = dice.random_range(0..state.orders.len());
                let order = &mut state.orders[aircraft];
                if !order.is_empty() {
                    order.remove(dice.random_range(0..order.len()));
                }
            }
        }
    }
}

//! What adds most is added, again and again.

use std::rc::Rc;

use super::problem::{Flight, Orders, Problem};

/// Sorties that change.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) orders: Orders,
    pub(crate) flights: Vec<Option<Rc<Flight>>>,
    pub(crate) worth: f64,
    /// That all looks at a requirement miss what is there.
    missed: Vec<f64>,
}

/// One look more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Insertion {
    pub(crate) aircraft: usize,
    pub(crate) at: usize,
    pub(crate) gain: f64,
}

impl State {
    pub(crate) fn empty(problem: &Problem<'_>) -> Self {
        let aircraft = problem.aircraft();
        Self {
            orders: vec![Vec::new(); aircraft],
            flights: vec![None; aircraft],
            worth: 0.0,
            missed: vec![1.0; problem.looks().len()],
        }
    }

    /// Looks at a requirement that are planned.
    pub(crate) fn looks(&self, requirement: usize) -> usize {
        self.orders.iter().flatten().filter(|one| **one == requirement).count()
    }

    fn count(&mut self) {
        self.missed.fill(1.0);
        for (requirement, _, d) in self.flights.iter().flatten().flat_map(|one| &one.looks) {
            self.missed[*requirement] *= 1.0 - d;
        }
    }
}

impl Problem<'_> {
    /// Adds what adds most until nothing adds anything.
    #[must_use]
    pub fn greedy(&self) -> Orders {
        let mut state = State::empty(self);
        loop {
            let open = (0..self.looks().len()).filter(|r| state.looks(*r) < self.looks()[*r]);
            let each = open.filter_map(|r| Some((r, self.best(&state, r, || 1.0)?)));
            let most = each.max_by(|(_, one), (_, other)| one.gain.total_cmp(&other.gain));
            let Some((requirement, insertion)) = most else { return state.orders };
            self.insert(&mut state, requirement, insertion);
        }
    }

    /// Where one look more adds most, if it adds anything; what it adds seems so many times as much.
    pub(crate) fn best(
        &self,
        state: &State,
        requirement: usize,
        mut seems: impl FnMut() -> f64,
    ) -> Option<Insertion> {
        let mut best: Option<(f64, Insertion)> = None;
        for aircraft in (0..self.aircraft()).filter(|a| self.can(*a, requirement)) {
            let mut order = state.orders[aircraft].clone();
            for at in 0..=order.len() {
                order.insert(at, requirement);
                if let Some(gain) = self.gain(state, aircraft, &order, requirement)
                    && gain > 0.0
                {
                    let seen = gain * seems();
                    if best.is_none_or(|(most, _)| seen > most) {
                        best = Some((seen, Insertion { aircraft, at, gain }));
                    }
                }
                order.remove(at);
            }
        }
        best.map(|(_, insertion)| insertion)
    }

    /// What another order of one aircraft adds, which looks at one requirement more.
    fn gain(
        &self,
        state: &State,
        aircraft: usize,
        order: &[usize],
        requirement: usize,
    ) -> Option<f64> {
        let flight = self.fly(aircraft, order).ok()?;
        if self.revisits {
            let others = state.flights.iter().enumerate().filter(|(a, _)| *a != aircraft);
            let others = others.filter_map(|(_, flight)| flight.as_deref());
            return Some(self.worth(others.chain([flight.as_ref()])) - state.worth);
        }
        // Where it does not matter when a look is, it adds to its own requirement alone.
        let cost = state.flights[aircraft].as_ref().map_or(0.0, |before| before.cost());
        let (worth, missed) = (&self.worths[requirement], state.missed[requirement]);
        let d = self.crews[aircraft].task(requirement)?.detection_probability;
        Some(worth.missing(missed * (1.0 - d)) - worth.missing(missed) - flight.cost() + cost)
    }

    pub(crate) fn insert(&self, state: &mut State, requirement: usize, insertion: Insertion) {
        let Insertion { aircraft, at, gain } = insertion;
        state.orders[aircraft].insert(at, requirement);
        state.flights[aircraft] = self.fly(aircraft, &state.orders[aircraft]).ok();
        state.worth += gain;
        state.count();
    }

    /// Takes flights and worth from the orders again; false where one cannot be flown.
    pub(crate) fn settle(&self, state: &mut State) -> bool {
        let mut fine = true;
        for (aircraft, order) in state.orders.iter().enumerate() {
            let flown = if order.is_empty() { None } else { Some(self.fly(aircraft, order)) };
            fine &= flown.as_ref().is_none_or(Result::is_ok);
            state.flights[aircraft] = flown.and_then(Result::ok);
        }
        state.worth = self.worth(state.flights.iter().filter_map(Option::as_deref));
        state.count();
        fine
    }
}

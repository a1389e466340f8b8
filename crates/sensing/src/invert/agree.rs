//! Populations that are cooled and drawn from until they agree, or until the work that an inversion may take is done.
//!
//! ```text
//! work = Σ readings × (1 + sources)     over all rounds of moves of all walkers
//! ```
//!
//! Nearly all time goes into what a source does to every reading, so that work is proportional to time. It is counted because a
//! clock would end the same seed elsewhere on another machine. No step is begun that would likely take more than
//! is left: draws twice as many take twice the work, and so does a cooling of twice the walkers. A population that
//! has spent its share of half of it on cooling ends that at once. In each case what there is stands, and has not converged.

use cathartes_core::source::Convergence;
use rayon::prelude::*;

use super::{
    Options, convergence,
    model::State,
    pilot::Start,
    population::{Draw, Population},
};

/// Walkers of a population that is only to find errors.
const FEW: usize = 6;
/// Walkers of one that is drawn from: fewer when there are many readings.
const WALKERS: (f64, f64) = (16.0, 96.0);
/// Readings times walkers.
const WORK: f64 = 15_000.0;

/// Populations cooled apart, each with its share of the work.
fn cooled<'a>(
    start: &'a Start,
    options: &Options,
    walkers: usize,
    most: u64,
) -> Vec<Population<'a>> {
    let cooled = |n: usize| {
        let mut population = Population::new(start, walkers, options.seed, n);
        // The other half is for draws: of a posterior that is cold, and of which nothing is drawn, nothing is known.
        population.cool(most / (2 * options.chains as u64));
        population
    };
    (0..options.chains).into_par_iter().map(cooled).collect()
}

/// A start that small populations have bettered, and what work is left.
pub(super) fn warmed(start: Start, options: &Options) -> (Start, u64) {
    let populations = cooled(&start, options, FEW, options.most_work);
    let left = options.most_work.saturating_sub(work(&populations));
    let states: Vec<State> = populations.iter().flat_map(Population::states).cloned().collect();
    (start.better(&states), left)
}

/// Draws until populations agree. Those that do not are cooled anew, with twice the walkers and draws: more of them are
/// slower to be caught apart.
pub(super) fn run<'a>(start: &'a Start, options: &Options, most: u64) -> Vec<Population<'a>> {
    let walkers = (WORK / start.model.readings.len() as f64).clamp(WALKERS.0, WALKERS.1) as usize;
    let (begun, first) = agreed(start, options, (walkers, options.draws), most);
    let done = work(&first);
    if converged(&first, start).converged || done + 2 * begun > most {
        return first;
    }
    agreed(start, options, (2 * walkers, 2 * options.draws), most - done).1
}

/// Draws until populations agree, at most eight times as many as asked for; before them the work that the first took.
fn agreed<'a>(
    start: &'a Start,
    options: &Options,
    (walkers, draws): (usize, usize),
    most: u64,
) -> (u64, Vec<Population<'a>>) {
    let mut populations = cooled(start, options, walkers, most);
    let mut last = drawn(&mut populations, draws);
    let begun = work(&populations);
    for more in [1, 2, 4, 8] {
        if converged(&populations, start).converged || work(&populations) + 2 * last > most {
            break;
        }
        // The earlier half only warmed the populations up.
        populations.iter_mut().for_each(Population::forget);
        last = drawn(&mut populations, 2 * more * draws);
    }
    (begun, populations)
}

/// Draws of each, and the work that they took.
fn drawn(populations: &mut [Population<'_>], draws: usize) -> u64 {
    let before = work(populations);
    populations.par_iter_mut().for_each(|p| p.run(draws));
    work(populations) - before
}

/// What populations have done so far.
pub(super) fn work(populations: &[Population<'_>]) -> u64 {
    populations.iter().map(Population::work).sum()
}

pub(super) fn converged(populations: &[Population<'_>], start: &Start) -> Convergence {
    let room = start.model.prior.room;
    let middle = std::array::from_fn(|k| room.low[k] + 0.5 * room.size[k]);
    let draws: Vec<&[Draw]> = populations.iter().map(|c| c.draws.as_slice()).collect();
    convergence::convergence(&draws, middle, 0.5 * start.model.half_width)
}

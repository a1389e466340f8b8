//! Worth of 40 requirements and 6 aircraft, and seconds of the clock and of this thread: greedy and search. The word
//! `rounds=N` for another number of rounds.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a bench reads the clock and its words, and stops where it fails"
)]

use std::time::Instant;

use cathartes_tasking::{Method, Problem, plan};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

#[path = "../../tests/plans/world.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod world;

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let rounds = words.iter().find_map(|w| w.strip_prefix("rounds=")?.parse().ok());
    for seed in [1_001, 1_002, 1_003] {
        let world = world::random(&mut Xoshiro256PlusPlus::seed_from_u64(seed), 40, 6);
        let tasking = world.tasking();
        let run = run_s();
        let problem = Problem::new(&tasking).unwrap();
        let made_s = run_s() - run;
        let worth = problem.worth_share(&problem.greedy()).unwrap();
        let greedy_s = run_s() - run;
        println!(
            "seed {seed}: ready in {made_s:.2} s; greedy {worth:.4} after {greedy_s:.2} s of CPU"
        );
        let usual = Method::usual(seed);
        let method = match (usual, rounds) {
            (Method::Search { seed, .. }, Some(rounds)) => Method::Search { seed, rounds },
            (usual, _) => usual,
        };
        let (begun, run) = (Instant::now(), run_s());
        let plan = plan(&tasking, method).unwrap();
        println!(
            "  search {:.4} in {:.2} s ({:.2} s of CPU), {} sorties, {} requirements left",
            plan.expected_information_share,
            begun.elapsed().as_secs_f64(),
            run_s() - run,
            plan.sorties.len(),
            plan.left.len()
        );
    }
}

/// What this thread ran, however busy the machine is; 0 where the system does not say.
fn run_s() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let ns: f64 = text.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0.0);
    1e-9 * ns
}

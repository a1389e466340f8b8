//! Worth and seconds of 40 requirements and 6 aircraft: greedy and search. The word `rounds=N` for another number of rounds.

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
    for seed in [1, 2, 3] {
        let world = world::random(&mut Xoshiro256PlusPlus::seed_from_u64(seed), 40, 6);
        let tasking = world.tasking();
        let begun = Instant::now();
        let problem = Problem::new(&tasking).unwrap();
        let made_s = begun.elapsed().as_secs_f64();
        let greedy = problem.greedy();
        let greedy_s = begun.elapsed().as_secs_f64();
        let worth = problem.worth_share(&greedy).unwrap();
        println!("seed {seed}: ready in {made_s:.2} s; greedy {worth:.4} after {greedy_s:.2} s");
        let usual = Method::usual(seed);
        let method = match (usual, rounds) {
            (Method::Search { seed, .. }, Some(rounds)) => Method::Search { seed, rounds },
            (usual, _) => usual,
        };
        let begun = Instant::now();
        let plan = plan(&tasking, method).unwrap();
        println!(
            "  search {:.4} in {:.2} s, {} sorties, {} requirements left",
            plan.expected_information_share,
            begun.elapsed().as_secs_f64(),
            plan.sorties.len(),
            plan.left.len()
        );
    }
}

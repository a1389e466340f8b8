use cathartes_core::{airspace::Rule, certificate::Verdict, sortie::SensorClass};
use cathartes_tasking::{Method, Problem, plan};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::world::{self, World, aircraft, at, authority, clause, drone, rectangle, requirement};

/// A degree is permitted; one drone in its middle.
fn simple() -> World {
    let permit = clause("1", Rule::Permit, rectangle([0.0, 0.0, 1.0, 1.0]), Some(5_000.0));
    let wanted = requirement("R", SensorClass::Gas, at(0.7, 0.5));
    World::new(authority(vec![permit]), vec![aircraft("D", drone(4.0), at(0.3, 0.5))], vec![wanted])
}

#[test]
fn one_requirement_and_one_aircraft_make_one_sortie_that_is_kept() {
    let world = simple();
    let plan = plan(&world.tasking(), Method::Greedy).unwrap();
    assert!(plan.left.is_empty(), "{:?}", plan.left);
    let [planned] = plan.sorties.as_slice() else { panic!("{plan:?}") };
    assert_eq!(planned.certified.verdict, Verdict::Kept);
    assert_eq!(planned.sortie.visits.len(), 1);
}

#[test]
fn greedy_is_no_better_than_search_and_search_no_better_than_trying_all() {
    let (mut equal, mut cases, mut share, mut greedy_equal) = (0, 0, 0.0_f64, 0);
    for seed in 0..100 {
        let mut dice = Xoshiro256PlusPlus::seed_from_u64(seed);
        let requirements = dice.random_range(1..=5);
        let world = world::random(&mut dice, requirements, 2);
        let tasking = world.tasking();
        let problem = Problem::new(&tasking).unwrap();
        let worth = |orders: &[Vec<usize>]| problem.worth_share(orders).unwrap();
        let greedy = worth(&problem.greedy());
        let search = worth(&problem.search(seed, 300));
        let Ok(exact) = problem.exact() else { panic!("too many to try at {seed}") };
        let exact = worth(&exact);
        assert!(greedy <= search + 1e-12 && search <= exact + 1e-12, "{greedy} {search} {exact}");
        cases += 1;
        equal += usize::from(search >= exact - 1e-9);
        greedy_equal += usize::from(greedy >= exact - 1e-9);
        share += if exact > 0.0 { search / exact } else { 1.0 };
    }
    println!(
        "search is exact in {equal} of {cases}, greedy in {greedy_equal}; mean {:.4}",
        share / f64::from(cases)
    );
    assert!(equal >= 95);
}

//! What holds of every plan.

use cathartes_core::{
    airspace::Limit,
    geometry::bearing_and_distance,
    sortie::{Needs, Pattern, Requirement, View},
    units::{Degrees, Kelvin, Metres, MetresPerSecond, Seconds},
};
use cathartes_core::{airspace::Rule, certificate::Verdict, sortie::SensorClass, terrain::Terrain};
use cathartes_tasking::{Airspace, Method, Plan, PlanError, Problem, plan};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::world::{
    self, World, aircraft, at, authority, clause, drone, noon, rectangle, requirement,
};

/// A degree is permitted; one drone in its west.
fn simple(wanted: Vec<Requirement>) -> World {
    let permit = clause("1", Rule::Permit, rectangle([0.0, 0.0, 1.0, 1.0]), Some(6_000.0));
    World::new(authority(vec![permit]), vec![aircraft("D", drone(4.0), at(0.3, 0.5))], wanted)
}

fn gas(id: &str, longitude: f64, latitude: f64) -> Requirement {
    requirement(id, SensorClass::Gas, at(longitude, latitude))
}

fn planned(world: &World) -> Plan {
    plan(&world.tasking(), Method::Search { seed: 1, rounds: 50 }).unwrap()
}

/// Why the only requirement is left.
fn left(world: &World) -> String {
    let plan = planned(world);
    assert!(plan.sorties.is_empty(), "{plan:?}");
    plan.left[0].why.clone()
}

#[test]
fn one_requirement_and_one_aircraft_make_one_sortie_that_is_kept() {
    let plan = planned(&simple(vec![gas("R", 0.7, 0.5)]));
    assert!(plan.left.is_empty(), "{:?}", plan.left);
    let [planned] = plan.sorties.as_slice() else { panic!("{plan:?}") };
    assert_eq!(planned.certified.verdict, Verdict::Kept);
    assert!((plan.expected_information_share - 0.5 * 0.8).abs() < 1e-9);
    let [visit] = planned.sortie.visits.as_slice() else { panic!("{planned:?}") };
    assert!(matches!(visit.pattern, Pattern::SurveyLines { .. }));
    assert_eq!(planned.sortie.track.fixes[visit.fixes[0]].time, visit.time.from);
    assert_eq!(planned.sortie.track.fixes[visit.fixes[1]].time, visit.time.to);
}

#[test]
fn lines_for_gas_lead_across_the_wind() {
    let mut world = simple(vec![gas("R", 0.7, 0.5)]);
    world.conditions = world::wind(5.0, 20.0);
    let plan = planned(&world);
    let Pattern::SurveyLines { bearing, .. } = plan.sorties[0].sortie.visits[0].pattern else {
        panic!("{plan:?}")
    };
    assert!((bearing.0 - 110.0).abs() < 1e-9, "{bearing}");
}

#[test]
fn an_aircraft_that_may_not_enter_looks_in_from_its_side() {
    // Beyond 0.5 degrees east nothing is permitted; the place is 3 km behind.
    let permit = clause("1", Rule::Permit, rectangle([0.0, 0.0, 0.5, 1.0]), Some(8_000.0));
    let place = at(0.527, 0.5);
    let wanted = vec![requirement("R", SensorClass::Imagery, place)];
    let fleet = vec![aircraft("D", drone(4.0), at(0.2, 0.5))];
    let world = World::new(authority(vec![permit]), fleet, wanted);
    let plan = planned(&world);
    let [planned] = plan.sorties.as_slice() else { panic!("{:?}", plan.left) };
    let visit = &planned.sortie.visits[0];
    assert!(matches!(visit.pattern, Pattern::Racetrack { .. }), "{visit:?}");
    let away_m = planned.sortie.track.allowances.plane().0;
    for fix in &planned.sortie.track.fixes {
        let border = bearing_and_distance(fix.place, at(0.5, fix.place.latitude.0)).1.0;
        assert!(fix.place.longitude.0 < 0.5 && border >= away_m, "{fix:?}");
    }
    let near = &planned.sortie.track.fixes[visit.fixes[0]];
    let over_m = bearing_and_distance(near.place, place).1.0;
    assert!(over_m.hypot(near.height.0) <= 15_000.0, "{over_m}");
}

#[test]
fn nothing_is_planned_beyond_endurance() {
    let mut world = simple(vec![gas("R", 0.9, 0.9)]);
    world.fleet.aircraft[0].platform.endurance = Seconds(4_000.0);
    assert!(left(&world).contains("longer than any aircraft stays in the air"), "{}", left(&world));
}

#[test]
fn nothing_is_planned_after_the_latest_time() {
    let mut late = gas("R", 0.7, 0.5);
    late.latest = noon(5);
    assert!(left(&simple(vec![late])).contains("before its latest time"));
}

#[test]
fn what_a_sensor_needs_is_kept_to() {
    let needs = |needs: Needs| {
        let mut world = simple(vec![gas("R", 0.7, 0.5)]);
        world.fleet.aircraft[0].platform.sensors[0].needs = needs;
        world
    };
    let calm = needs(Needs { wind_under: Some(MetresPerSecond(4.5)), ..Needs::default() });
    assert!(left(&calm).contains("wind"));
    let mut warm = needs(Needs { contrast: Some(Kelvin(3.0)), ..Needs::default() });
    assert!(left(&warm).contains("contrast"));
    warm.conditions.contrast = Some(Kelvin(4.0));
    assert_eq!(planned(&warm).sorties.len(), 1);
    let mut day = needs(Needs { daylight: true, ..Needs::default() });
    // At noon in London it is noon here; after 18:00 it is night until the next morning.
    day.fleet.aircraft[0].ready.from = noon(7 * 60);
    let sorties = planned(&day).sorties;
    let time = sorties[0].sortie.visits[0].time;
    assert!(time.from > noon(17 * 60), "{time:?}");
    day.fleet.aircraft[0].ready.to = noon(12 * 60);
    assert!(left(&day).contains("sun"));
}

#[test]
fn a_sample_that_is_too_coarse_is_no_answer() {
    let mut fine = requirement("R", SensorClass::Imagery, at(0.7, 0.5));
    fine.sample = Some(Metres(0.01));
    assert!(left(&simple(vec![fine.clone()])).contains("coarse"));
    fine.sample = Some(Metres(0.3));
    let plan = planned(&simple(vec![fine]));
    assert!(plan.sorties[0].sortie.visits[0].height.0 <= 3_000.0);
}

#[test]
fn another_purpose_is_another_sortie() {
    let wanted = vec![gas("G", 0.7, 0.5), requirement("I", SensorClass::Imagery, at(0.6, 0.4))];
    let plan = planned(&simple(wanted));
    assert_eq!((plan.sorties.len(), plan.left.len()), (1, 1));
    assert_eq!(plan.sorties[0].sortie.visits.len(), 1);
}

#[test]
fn a_departure_waits_for_the_hour_that_is_permitted() {
    let mut permit = clause("1", Rule::Permit, rectangle([0.0, 0.0, 1.0, 1.0]), Some(6_000.0));
    permit.windows = vec![world::window(noon(95), noon(600))];
    let fleet = vec![aircraft("D", drone(4.0), at(0.3, 0.5))];
    let world = World::new(authority(vec![permit]), fleet, vec![gas("R", 0.7, 0.5)]);
    let plan = planned(&world);
    let start = plan.sorties[0].sortie.track.fixes[0].time;
    assert!(start >= noon(97) && start <= noon(98), "{start}");
}

#[test]
fn a_small_drone_follows_the_ground_under_a_ceiling_above_it() {
    let mut permit = clause("1", Rule::Permit, rectangle([0.0, 0.0, 0.2, 0.2]), None);
    permit.volume.ceiling = Some(Limit::Agl(Metres(120.0)));
    let cell = 0.0005;
    // A slope of one in eleven to the east.
    let heights_m = (0..160_000).map(|i| 200.0 + 5.0 * (i % 400) as f32);
    let terrain = Terrain {
        west: Degrees(0.0),
        south: Degrees(0.0),
        cell: Degrees(cell),
        columns: 400,
        rows: 400,
        heights_m: heights_m.collect(),
    };
    let mut small = drone(0.7);
    small.kind = "small drone".to_owned();
    small.speeds = [0.0, 12.0, 20.0].map(MetresPerSecond);
    (small.turn_radius, small.reserve) = (Metres(10.0), Seconds(300.0));
    small.height_error = Metres(5.0);
    small.sensors.truncate(1);
    small.sensors[0].view = View::Around { swath: Metres(100.0) };
    small.sensors[0].heights = [20.0, 60.0].map(Metres);
    let mut base = aircraft("S", small, at(0.1, 0.1));
    base.base_height = Metres(1_200.0);
    let mut wanted = gas("R", 0.11, 0.105);
    wanted.target =
        cathartes_core::sortie::Target::Place { place: at(0.11, 0.105), radius: Metres(200.0) };
    let mut world = World::new(authority(vec![permit]), vec![base], vec![wanted]);
    world.airspace = Airspace::new(std::slice::from_ref(&world.authority), Some(terrain)).unwrap();
    let plan = planned(&world);
    let [planned] = plan.sorties.as_slice() else { panic!("{:?}", plan.left) };
    let heights = planned.sortie.track.fixes.iter().map(|fix| fix.height.0);
    let (low, high) = heights.fold((f64::INFINITY, 0.0_f64), |(l, h), x| (l.min(x), h.max(x)));
    assert!(high > low + 30.0 && planned.sortie.track.fixes.len() > 30);
}

#[test]
fn two_looks_are_planned_where_one_is_too_little_and_no_third() {
    let mut wanted = gas("R", 0.7, 0.5);
    wanted.wanted_probability = 0.95;
    let world = simple(vec![wanted]);
    let plan = planned(&world);
    assert_eq!(plan.sorties[0].sortie.visits.len(), 2);
    assert!((plan.expected_information_share - 0.5 * 0.95).abs() < 1e-9);
}

#[test]
fn two_of_one_name_and_what_is_far_apart_are_no_plan() {
    let same = simple(vec![gas("R", 0.7, 0.5), gas("R", 0.6, 0.5)]);
    let refused = plan(&same.tasking(), Method::Greedy).unwrap_err();
    assert_eq!(refused, PlanError::SameName("R".to_owned()));
    let far = simple(vec![gas("R", 60.0, 0.5)]);
    assert!(matches!(plan(&far.tasking(), Method::Greedy), Err(PlanError::TooFar(_))));
}

#[test]
fn the_same_seed_makes_the_same_plan() {
    let world = world::random(&mut Xoshiro256PlusPlus::seed_from_u64(7), 15, 3);
    let plan = || plan(&world.tasking(), Method::Search { seed: 3, rounds: 200 }).unwrap();
    assert_eq!(plan(), plan());
}

#[test]
fn greedy_is_no_better_than_search_and_search_no_better_than_trying_all() {
    let (mut equal, mut greedy_equal, mut worth_any) = (0, 0, 0);
    for seed in 1_000..1_100 {
        let mut dice = Xoshiro256PlusPlus::seed_from_u64(seed);
        let requirements = dice.random_range(1..=5);
        let world = world::random(&mut dice, requirements, 2);
        let problem = Problem::new(&world.tasking()).unwrap();
        let worth = |orders: &[Vec<usize>]| problem.worth_share(orders).unwrap();
        let (greedy, search) = (worth(&problem.greedy()), worth(&problem.search(seed, 300)));
        let exact = worth(&problem.exact().unwrap());
        assert!(greedy <= search + 1e-12 && search <= exact + 1e-12, "{greedy} {search} {exact}");
        worth_any += usize::from(exact > 0.0);
        equal += usize::from(search >= exact - 1e-9);
        greedy_equal += usize::from(greedy >= exact - 1e-9);
    }
    println!("exact: search {equal}, greedy {greedy_equal} of 100; {worth_any} worth anything");
    assert!(equal >= 97 && worth_any >= 80);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_plan_leaves_its_authority_or_its_limits(seed in 0..u64::MAX) {
        let mut dice = Xoshiro256PlusPlus::seed_from_u64(seed);
        let (requirements, fleet) = (dice.random_range(1..12), dice.random_range(1..4));
        let mut world = world::random(&mut dice, requirements, fleet);
        for one in &mut world.requirements {
            one.revisit = dice.random_bool(0.3).then_some(Seconds(3_600.0));
            one.wanted_probability = dice.random_range(0.5..1.0);
        }
        let plan = plan(&world.tasking(), Method::Search { seed, rounds: 40 }).unwrap();
        for planned in &plan.sorties {
            let (sortie, track) = (&planned.sortie, &planned.sortie.track);
            let craft = world.fleet.aircraft.iter().find(|one| one.id == sortie.aircraft).unwrap();
            prop_assert_eq!(world.airspace.certify(track).verdict, Verdict::Kept);
            prop_assert!(sortie.endurance_left.0 >= 0.0);
            let (first, last) = (track.fixes.first().unwrap(), track.fixes.last().unwrap());
            prop_assert!(first.time >= craft.ready.from && last.time <= craft.ready.to);
            for end in [first, last] {
                prop_assert!(bearing_and_distance(end.place, craft.base).1.0 < 0.1);
            }
            let flown_s = last.time.duration_since(first.time).as_secs_f64();
            prop_assert!((flown_s - sortie.duration.0).abs() < 1.0);
            for visit in &sortie.visits {
                let mut wanted = world.requirements.iter();
                let wanted = wanted.find(|one| one.id == visit.requirement).unwrap();
                prop_assert!(visit.time.to <= wanted.latest && wanted.sensor.purpose() == track.purpose);
            }
            for legs in track.fixes.windows(2) {
                let seconds = legs[1].time.duration_since(legs[0].time).as_secs_f64();
                let way_m = bearing_and_distance(legs[0].place, legs[1].place).1.0;
                let climb_m = (legs[1].height.0 - legs[0].height.0).abs();
                prop_assert!(way_m <= 1.01 * track.most_speed.0 * seconds + 1.0, "{way_m} {seconds}");
                prop_assert!(climb_m <= track.most_climb.0 * seconds + 0.1, "{climb_m} {seconds}");
            }
        }
        let seen = |id: &str| plan.sorties.iter().flat_map(|one| &one.sortie.visits).any(|v| v.requirement == id);
        for one in &world.requirements {
            prop_assert_eq!(seen(&one.id), !plan.left.iter().any(|left| left.requirement == one.id));
        }
    }
}

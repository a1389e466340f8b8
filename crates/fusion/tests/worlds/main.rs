//! Made-up worlds: does the probability mean what it says, do ellipses hold, and is it better than plain
//! clustering?

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a trial is told its seeds, and one that cannot be set up has failed"
)]

use cathartes_core::{observation::ObservationId, site::Site};
use cathartes_fusion::{Beliefs, Picture};

mod clusters;
mod score;
mod world;

use score::{Claims, Score};

fn sites(world: &world::World) -> Vec<Site> {
    let mut picture = Picture::new(Beliefs::default(), world.register.clone());
    for (id, observation) in (1..).zip(&world.observations) {
        picture.observe(ObservationId(id), observation).unwrap();
    }
    let as_of = world::moment(world::DAYS);
    picture.site_ids().into_iter().filter_map(|id| picture.site(id, as_of)).collect()
}

/// Plumes that no licensed emitter explains, as a careful hand would take them out.
fn unexplained(world: &world::World) -> Vec<[f64; 2]> {
    let near = |p: &[f64; 2]| {
        world.register.iter().any(|e| {
            let at = world::metres(e.place);
            (p[0] - at[0]).hypot(p[1] - at[1]) < 500.0
        })
    };
    world.plumes.iter().filter(|p| !near(p)).copied().collect()
}

fn scored(seeds: std::ops::Range<u64>) -> Score {
    let mut score = Score::default();
    for seed in seeds {
        let world = world::world(seed);
        let sites = sites(&world);
        score.sites(&sites, &world.hidden);
        let likely = sites.iter().filter(|s| s.ledger.probability() >= 0.5);
        let places: Vec<[f64; 2]> = likely.map(|s| world::metres(s.place)).collect();
        score.claims(Claims::Fusion, &places, &world.hidden);
        let all = &world.plumes;
        score.claims(Claims::Two, &clusters::dbscan(all, 2), &world.hidden);
        score.claims(Claims::Three, &clusters::dbscan(all, 3), &world.hidden);
        let plumes = unexplained(&world);
        score.claims(Claims::ThreeUnexplained, &clusters::dbscan(&plumes, 3), &world.hidden);
        score.claims(Claims::FiveUnexplained, &clusters::dbscan(&plumes, 5), &world.hidden);
    }
    score
}

/// Seeds from and to of `FUSION_WORLDS=FROM:TO`.
fn asked() -> Option<std::ops::Range<u64>> {
    let text = std::env::var("FUSION_WORLDS").ok()?;
    let (from, to) = text.split_once(':')?;
    Some(from.parse().ok()?..to.parse().ok()?)
}

#[test]
fn forty_worlds_are_told_better_than_by_base_rate_and_by_clustering() {
    let score = scored(0..40);
    println!("{score}");

    assert!(score.brier() < 0.7 * score.base_rate_brier());
    let held = score.held_fraction();
    assert!((0.78..=0.99).contains(&held), "ellipses hold {held}");
    let likely = score.f_score(Claims::Fusion);
    let best = [Claims::Two, Claims::Three, Claims::ThreeUnexplained, Claims::FiveUnexplained]
        .map(|c| score.f_score(c))
        .into_iter()
        .fold(0.0, f64::max);
    assert!(likely > best, "{likely} {best}");
}

#[test]
#[ignore = "500 worlds: cargo xtask bench fusion"]
fn probabilities_of_five_hundred_worlds_mean_what_they_say() {
    let score = scored(asked().unwrap_or(1000..1500));
    println!("{score}");
    let held = score.held_fraction();
    assert!((0.85..=0.95).contains(&held), "ellipses hold {held}");
}

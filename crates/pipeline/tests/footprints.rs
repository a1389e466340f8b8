//! Where a real sensor looked: the middle of our footprint beside the middle of the picture that the aircraft's own
//! computer worked out. The log lies in `../shared/data`; where it does not, the test says so and passes.

use std::{fs, path::Path};

use cathartes_core::{flown::Height, geometry::bearing_and_distance};
use cathartes_formats::flown;
use cathartes_tasking::{footprint, middle};

/// The ray of the middle of a picture meets the ground this near to where the aircraft says, of the distance it looks over:
/// nine times in ten.
const ASIDE_RATIO: f64 = 0.01;

#[test]
fn the_middle_of_a_footprint_is_where_the_aircraft_says_it_looked() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/flight/Truck.klv");
    let Ok(bytes) = fs::read(&file) else {
        println!("left out: {} is not there", file.display());
        return;
    };
    let log = flown::open(&bytes).unwrap();
    let mut aside: Vec<f64> = Vec::new();
    for fix in &log.fixes {
        let view = fix.view.as_deref().unwrap();
        let (Height::AboveSeaLevel(height), Some(ground)) = (fix.height, view.centre_height) else {
            continue;
        };
        let seen = footprint(fix, None, height, ground).unwrap();
        let apart = bearing_and_distance(middle(&seen), view.centre.unwrap()).1.0;
        aside.push(apart / view.slant_range.unwrap().0);
    }
    aside.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| aside[((aside.len() - 1) as f64 * share) as usize];
    println!(
        "{} pictures: {:.4} of the distance aside in the median, {:.4} nine times in ten, {:.4} at most",
        aside.len(),
        at(0.5),
        at(0.9),
        at(1.0)
    );
    assert_eq!(aside.len(), log.fixes.len());
    assert!(at(0.9) < ASIDE_RATIO);
}

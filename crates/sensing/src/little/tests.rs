use cathartes_core::raster::Raster;

use super::*;
use crate::maps::Chosen;

fn maps(decision: Vec<f32>) -> SearchMaps {
    let raster = |values| Raster { lines: 1, samples: 400, values };
    SearchMaps {
        enhancement_ppmm: raster(vec![0.0; 400]),
        sigma_ppmm: raster(vec![1.0; 400]),
        significance: raster(vec![0.0; 400]),
        decision: raster(decision),
        masks: Vec::new(),
        chosen: Chosen { filter: "auto".into(), reasons: Vec::new(), bands_nm: Vec::new() },
    }
}

/// Tables of Student's t: one-sided 0.001 at 37 degrees of freedom is 3.326, at 5 it is 5.893; the
/// normal's is 3.090.
#[test]
fn a_score_of_students_t_is_the_normals_of_the_same_tail() {
    assert!((normal_score(3.326, 37.0) - 3.090).abs() < 0.01);
    assert!((normal_score(5.893, 5.0) - 3.090).abs() < 0.05);
    assert!((normal_score(-3.326, 37.0) + 3.090).abs() < 0.01);
    assert!((normal_score(2.0, 1e9) - 2.0).abs() < 1e-6);
}

#[test]
fn a_map_that_scatters_too_much_is_brought_down_and_a_quiet_one_is_not_raised() {
    let even = |k: f32| (0..400).map(|i| k * (i as f32 / 199.5 - 1.0)).collect::<Vec<f32>>();
    let (mut wild, mut quiet) = (maps(even(6.0)), maps(even(0.5)));
    temper(&mut wild);
    temper(&mut quiet);

    assert!(wild.decision.values[399] < 1.5, "{}", wild.decision.values[399]);
    assert!(quiet.decision.values[399] <= 0.5);
    assert!(wild.decision.values.is_sorted());
}

#[test]
fn no_data_stays_no_data() {
    let mut decision = vec![0.0; 400];
    decision[3] = f32::NAN;
    let mut maps = maps(decision);
    temper(&mut maps);
    assert!(maps.decision.values[3].is_nan());
    assert_eq!(maps.decision.values.iter().filter(|d| d.is_nan()).count(), 1);
}

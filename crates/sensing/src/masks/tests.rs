use super::*;
use crate::{
    statistics,
    toy::{self, EMPTY},
};

fn pixel(cube: &mut Cube, line: usize, sample: usize) -> &mut [f32] {
    let p = cube.bands.len();
    let at = (line * cube.samples + sample) * p;
    &mut cube.data[at..at + p]
}

fn found(survey: &Survey, reason: MaskReason) -> Option<&Mask> {
    survey.masks.iter().find(|m| m.reason == reason)
}

#[test]
fn a_clean_scene_is_used_whole() {
    let survey = survey(&toy::scene(EMPTY).cube, 40);
    assert!(survey.masks.is_empty() && survey.used.iter().all(|u| *u), "{:?}", survey.masks);
}

#[test]
fn every_fault_is_found_where_it_is_and_named() {
    let mut cube = toy::scene(EMPTY).cube;
    pixel(&mut cube, 10, 3)[5] = f32::NAN;
    pixel(&mut cube, 11, 3)[5] = f32::INFINITY;
    pixel(&mut cube, 12, 4).fill(0.01);
    for line in 0..20 {
        pixel(&mut cube, line, 9)[0] = 1e4;
    }
    for line in 0..cube.lines {
        pixel(&mut cube, line, 15).fill(0.0);
    }

    let survey = survey(&cube, 40);

    assert_eq!(found(&survey, MaskReason::NoData).unwrap().pixels, 2);
    assert_eq!(found(&survey, MaskReason::Saturated).unwrap().pixels, 20);
    assert_eq!(found(&survey, MaskReason::DeadColumn).unwrap().columns, [15]);
    assert!(!survey.used[12 * cube.samples + 4] && survey.used[12 * cube.samples + 5]);
}

#[test]
fn a_column_much_rougher_than_its_neighbours_is_left_out() {
    let mut cube = toy::scene(EMPTY).cube;
    for line in 0..cube.lines {
        for (b, x) in pixel(&mut cube, line, 6).iter_mut().enumerate() {
            *x *= 1.0 + 0.1 * ((line * 31 + b * 17) % 13) as f32;
        }
    }
    let mut survey = survey(&cube, 40);
    survey.drop_noisy_columns(&statistics::sums(&cube, &survey.used));

    assert_eq!(found(&survey, MaskReason::NoisyColumn).unwrap().columns, [6]);
    assert!(!survey.used[6]);
}

use super::*;
use crate::toy::{self, EMPTY, Recipe, Toy};

fn toy() -> Toy {
    toy::scene(Recipe { lines: 300, samples: 40, seed: 9, peak_ppmm: 6000.0, plumes: 2, ..EMPTY })
}

fn flown(toy: &Toy) -> (Vec<Provisional>, SearchMaps) {
    let mut follower = Follower::new(40, toy.signature.clone(), SearchOptions::default());
    let width = 40 * toy.cube.bands.len();
    let seen =
        toy.cube.data.chunks_exact(width).filter_map(|line| follower.push(line).unwrap()).collect();
    (seen, follower.finish().unwrap())
}

#[test]
fn the_end_of_the_flight_equals_the_finished_file() {
    let toy = toy();
    let (_, last) = flown(&toy);
    let file = search::search(&toy.cube, &toy.signature, &SearchOptions::default()).unwrap();
    let bits = |maps: &SearchMaps| -> Vec<u32> {
        maps.decision
            .values
            .iter()
            .chain(&maps.enhancement_ppmm.values)
            .map(|v| v.to_bits())
            .collect()
    };
    assert!(bits(&last) == bits(&file));
}

#[test]
fn plumes_show_before_the_line_ends() {
    let toy = toy();
    let (seen, _) = flown(&toy);
    assert_eq!(seen.len(), 300 / BLOCK);
    let strongest = (0..toy.truth.len()).max_by(|a, b| toy.truth[*a].total_cmp(&toy.truth[*b]));
    let (line, sample) = (strongest.unwrap() / 40, strongest.unwrap() % 40);
    let first =
        seen.iter().find(|p| p.first_line <= line && line < p.first_line + p.maps.decision.lines);
    let decided = first.unwrap().maps.decision.at(line - first.unwrap().first_line, sample);
    assert!(decided > 4.0, "{decided}");
}

#[test]
fn a_line_of_the_wrong_length_is_refused() {
    let toy = toy();
    let mut follower = Follower::new(40, toy.signature.clone(), SearchOptions::default());
    let error = follower.push(&[1.0; 7]).unwrap_err();
    assert_eq!(error, SearchError::ShapeMismatch { expected: 1600, found: 7 });
}

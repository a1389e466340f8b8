use cathartes_core::{
    cube::Cube,
    signature::Signature,
    spectrum::Band,
    units::{Nanometres, PpmMetres},
};

use super::*;
use crate::search::SearchOptions;

const LINES: usize = 260;
const SAMPLES: usize = 3;
const BANDS: usize = 36;

/// A scene and what `spectral` 0.25 and `mag1c` 1.2.0 say of it (`fixtures/make/peers.py`).
struct Peers {
    cube: Cube,
    signature: Signature,
    matched_filter: Vec<f64>,
    squared_cosine: Vec<f64>,
    mag1c: Vec<f64>,
}

fn peers() -> Peers {
    let bytes: &[u8] = include_bytes!("../../../../../fixtures/peers.bin");
    let pixels = LINES * SAMPLES;
    let (cube, rest) = bytes.split_at(4 * pixels * BANDS);
    let data = cube.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    let numbers: Vec<f64> =
        rest.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect();
    let (signature, said) = numbers.split_at(BANDS);
    let band =
        |b: usize| Band { center: Nanometres(2274.0 + 5.0 * b as f64), fwhm: Nanometres(5.9) };
    let bands: Vec<Band> = (0..BANDS).map(band).collect();
    let linear = |column: f64| signature.iter().map(|s| s * column).collect();
    let signature = Signature {
        gas: "ch4".into(),
        bands: bands.clone(),
        unit_per_ppmm: signature.to_vec(),
        columns: vec![PpmMetres(0.0), PpmMetres(50_000.0)],
        table: vec![linear(0.0), linear(50_000.0)],
        air_mass_factor: 2.15,
        coarse_above: None,
    };
    Peers {
        cube: Cube { lines: LINES, samples: SAMPLES, bands, data },
        signature,
        matched_filter: said[..pixels].to_vec(),
        squared_cosine: said[pixels..2 * pixels].to_vec(),
        mag1c: said[2 * pixels..].to_vec(),
    }
}

fn answers(peers: &Peers, filter: Filter) -> Answers {
    let options = SearchOptions { filter, ..SearchOptions::default() };
    let mut scene = Scene::new(&peers.cube, &peers.signature, &options).unwrap();
    let answers = scene.answers(filter).0;
    assert!(scene.survey.used.iter().all(|used| *used), "{:?}", scene.survey.masks);
    answers
}

/// The largest difference, and the largest of the others' numbers.
fn worst(ours: &[f32], theirs: &[f64]) -> (f64, f64) {
    assert_eq!(ours.len(), theirs.len());
    let apart = ours.iter().zip(theirs).map(|(a, b)| (f64::from(*a) - b).abs());
    (apart.fold(0.0, f64::max), theirs.iter().copied().fold(0.0, f64::max))
}

#[test]
fn classic_is_the_matched_filter_of_spectral() {
    let peers = peers();
    let (apart, largest) =
        worst(&answers(&peers, Filter::Classic).enhancement, &peers.matched_filter);
    println!("classic: {apart} ppm m of {largest}");
    assert!(apart < 0.3 && largest > 2000.0, "{apart} ppm m of {largest}");
}

#[test]
fn ace_is_the_cosine_of_spectral() {
    let peers = peers();
    let of = (BANDS - 1) as f32;
    // From the t it was turned into, back to the squared cosine.
    let ours: Vec<f32> =
        answers(&peers, Filter::Ace).score.iter().map(|t| t * t / (of + t * t)).collect();
    let (apart, largest) = worst(&ours, &peers.squared_cosine);
    println!("ace: {apart} of {largest}");
    assert!(apart < 5e-5 && largest > 0.2, "{apart} of {largest}");
}

#[test]
fn sparse_is_mag1c() {
    let peers = peers();
    let ours = answers(&peers, Filter::Sparse).enhancement;
    let (apart, largest) = worst(&ours, &peers.mag1c);
    let zero = |value: f64| value == 0.0;
    let differ = ours.iter().zip(&peers.mag1c).filter(|(a, b)| zero(f64::from(**a)) != zero(**b));
    println!("sparse: {apart} ppm m of {largest}, {} differ in being zero", differ.clone().count());
    assert!(peers.mag1c.iter().filter(|b| zero(**b)).count() > 400);
    assert!(apart < 0.5 && largest > 2000.0, "{apart} ppm m of {largest}");
    assert_eq!(differ.count(), 0);
}

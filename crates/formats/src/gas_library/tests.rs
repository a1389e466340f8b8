use cathartes_core::units::GramsPerMole;
use proptest::prelude::*;

use super::*;

fn gas(segments: Vec<Segment>) -> CrossSection {
    CrossSection {
        gas: Gas {
            slug: "x".into(),
            name: "Ex".into(),
            formula: "H2".into(),
            cas: "1-1-1".into(),
            molar_mass: GramsPerMole(2.0),
        },
        segments,
        temperature: Kelvin(296.0),
        source: "a test".into(),
        citation: "nobody".into(),
        terms: "open".into(),
    }
}

fn segment(start: f64, sigma_cm2: Vec<f32>) -> Segment {
    Segment { start: PerCm(start), step: PerCm(0.5), sigma_cm2 }
}

fn small() -> Vec<u8> {
    encode(&[gas(vec![
        segment(700.0, vec![0.0, 1e-20, 2e-19, 1e-20]),
        segment(900.0, vec![1e-22; 3]),
    ])])
    .unwrap()
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_within_the_stated_error(
        exponents in prop::collection::vec(-30.0_f64..-14.0, 1..200),
    ) {
        let sigma: Vec<f32> = exponents.iter().map(|e| 10_f64.powf(*e) as f32).collect();
        let written = gas(vec![segment(700.0, sigma.clone())]);
        let read = parse(&encode(&[written]).unwrap()).unwrap();

        prop_assert_eq!(read[0].segments[0].sigma_cm2.len(), sigma.len());
        for (back, truth) in read[0].segments[0].sigma_cm2.iter().zip(&sigma) {
            let (back, truth) = (f64::from(*back), f64::from(*truth));
            let bound = if truth < FLOOR_CM2 { FLOOR_CM2 } else { truth * RELATIVE_ERROR };
            prop_assert!((back - truth).abs() <= bound, "{back} for {truth}");
        }
    }

    #[test]
    fn never_panics_near_the_truth(at in 0_usize..400, byte: u8, cut in 0_usize..500) {
        let mut bytes = small();
        let n = bytes.len();
        bytes[at % n] = byte;
        bytes.truncate(cut.max(1));
        let _ = parse(&bytes);
    }
}

#[test]
fn says_what_is_wrong() {
    let said = |bytes: &[u8]| parse(bytes).unwrap_err().to_string();
    assert_eq!(said(b"PNG"), "not a gas library: it does not begin with `CGL1`");
    assert!(said(&small()[..40]).starts_with("the packed part of the gas library is damaged"));

    let mut overlapping = gas(vec![segment(700.0, vec![1e-20; 9]), segment(702.0, vec![1e-20; 9])]);
    let bytes = encode(std::slice::from_ref(&overlapping)).unwrap();
    assert_eq!(
        said(&bytes),
        "`x`: tabulated range 2 (from 1) begins before the one before it ends"
    );
    overlapping.segments = vec![segment(700.0, vec![])];
    assert_eq!(said(&encode(&[overlapping]).unwrap()), "`x`: tabulated range 1 (from 1) is empty");
}

#[test]
fn the_built_in_library_is_whole() {
    let library = builtin();
    assert!(library.len() >= 35, "{}", library.len());
    for slug in ["ch4", "co2", "h2o", "nh3", "n2o", "co", "so2", "ethylene", "acetylene"] {
        assert!(library.iter().any(|g| g.gas.slug == slug), "{slug}");
    }
    for g in library {
        assert!(g.gas.molar_mass.0 > 1.0 && !g.citation.is_empty(), "{}", g.gas.slug);
        let tier = g.terms.split(':').next().unwrap();
        assert!(["open", "hitran-facts"].contains(&tier), "{}: {}", g.gas.slug, g.terms);
        assert!(!g.source.contains("nist_data") && !g.source.contains("AER-RC"), "{}", g.source);
    }
}

#[test]
fn methane_is_fine_where_its_lines_saturate() {
    let methane = builtin().iter().find(|g| g.gas.slug == "ch4").unwrap();
    let fine = methane.segments.iter().find(|s| s.start.0 < 4000.0 && s.end().0 > 7000.0).unwrap();
    assert!((fine.step.0 - 0.1).abs() < 1e-9);
    assert!(methane.covers(PerCm(700.0), PerCm(9200.0)));
}

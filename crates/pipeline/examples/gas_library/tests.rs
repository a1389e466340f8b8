use std::path::Path;

use super::*;

fn spectra() -> Option<&'static Path> {
    let path = Path::new("../../../shared/data/spectra");
    let there = path.is_dir();
    if !there {
        println!("left out: ../shared/data/spectra is not there");
    }
    there.then_some(path)
}

fn segment(start: f64, step: f64, n: usize, value: f32) -> Segment {
    Segment { start: PerCm(start), step: PerCm(step), sigma_cm2: vec![value; n] }
}

#[test]
fn no_closed_tier_gets_in() {
    let Some(spectra) = spectra() else { return };
    let manifest = fs::read_to_string(spectra.join("MANIFEST.csv")).unwrap();
    let files: Vec<PathBuf> = sources(spectra).unwrap().into_values().flatten().collect();
    assert!(files.len() > 30);
    for file in files {
        let stem = file.file_stem().unwrap().to_str().unwrap();
        let row = manifest.lines().find(|l| l.starts_with(&format!("{stem},"))).unwrap();
        assert!(row.contains(",open,") || row.contains(",hitran-facts,"), "{row}");
    }
}

#[test]
fn a_second_source_fills_only_what_the_first_left() {
    let mut laid = vec![segment(100.0, 1.0, 10, 1.0)];
    lay(&mut laid, &segment(90.0, 2.0, 20, 2.0));

    let means: Vec<(f64, f64, f32)> =
        laid.iter().map(|s| (s.start.0, s.end().0, s.sigma_cm2[0])).collect();

    assert_eq!(means, [(90.0, 98.0, 2.0), (100.0, 109.0, 1.0), (110.0, 128.0, 2.0)]);
}

#[test]
fn runs_keep_every_number_and_bridge_joints() {
    let mut points: Vec<(f64, f32)> = (0..10).map(|i| (600.4 + 0.4 * f64::from(i), 1.0)).collect();
    points.extend((0..5).map(|i| (605.5 + f64::from(i), 3.0)));
    points.extend((0..5).map(|i| (705.5 + f64::from(i), 5.0)));

    let segments = runs(&points);

    let shape: Vec<(f64, usize)> =
        segments.iter().map(|s| (s.start.0, s.sigma_cm2.len())).collect();
    assert_eq!(shape, [(600.4, 12), (605.5, 5), (705.5, 5)]);
}

#[test]
fn the_library_in_the_tree_is_the_one_we_would_make() {
    let Some(spectra) = spectra() else { return };
    let made = gas_library::encode(&collect(spectra).unwrap()).unwrap();
    let kept = fs::read(Path::new("../..").join(OUT)).unwrap();
    assert!(made == kept, "run `cargo xtask fixtures gas` again");
}

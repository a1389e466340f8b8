use proptest::prelude::*;

use crate::gas_import::{Given, read};

const GOOD: &str = "# gas: Phosphine
# formula: PH3
# cas: 7803-51-2
# temperature_K: 296
wavenumber_cm-1,cross_section_cm2_per_molecule
990.0,1e-20
990.5,2e-20
991.0,-1e-24
991.5,4e-20
";

#[test]
fn reads_our_own_header() {
    let made = read(GOOD.as_bytes(), &Given::default()).unwrap();
    let gas = made.cross_section;
    assert_eq!((gas.gas.slug.as_str(), gas.gas.cas.as_str()), ("phosphine", "7803-51-2"));
    assert_eq!(gas.segments[0].sigma_cm2, [1e-20, 2e-20, 0.0, 4e-20]);
}

#[test]
fn a_change_of_step_makes_a_second_range_of_cells() {
    let text = format!("{GOOD}1010,1e-20\n1012,2e-20\n1014,3e-20\n");
    let gas = read(text.as_bytes(), &Given::default()).unwrap().cross_section;
    let shape: Vec<(f64, f64)> = gas.segments.iter().map(|s| (s.step.0, s.end().0)).collect();
    assert_eq!(shape, [(0.5, 991.5), (2.0, 1014.0)]);
}

#[test]
fn wavelengths_become_even_wavenumbers() {
    let mut text = "wavelength_nm;base 10 cm2/molecule\n".to_owned();
    let row = |i: i32| format!("{};{}e-22\n", 2300 + i, 50 - i);
    text += &(0..50).map(row).collect::<Vec<_>>().concat();
    let given =
        Given { formula: Some("CH4".into()), slug: Some("mine".into()), ..Given::default() };
    let made = read(text.as_bytes(), &given).unwrap();
    let segment = &made.cross_section.segments[0];
    assert!((segment.start.0 - 1e7 / 2349.0).abs() < 1e-6);
    let nu = segment.start.0 + segment.step.0 * 20.0;
    let truth = (2350.0 - 1e7 / nu) * 1e-22 * std::f64::consts::LN_10;
    assert!((f64::from(segment.sigma_cm2[20]) / truth - 1.0).abs() < 1e-3);
    assert!(made.notes[1].starts_with("points were not evenly spaced"), "{:?}", made.notes);
}

#[test]
fn says_what_is_wrong_and_where() {
    let with = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        read(GOOD.replace(from, to).as_bytes(), &Given::default()).unwrap_err().to_string()
    };
    assert_eq!(with("990.5,2e-20", "990.5,two"), "line 7: `990.5,two` is not two numbers");
    assert_eq!(with("990.5,", "999,"), "wavenumbers neither rise nor fall throughout");
    assert_eq!(
        with("wavenumber_cm-1,cross_section_cm2_per_molecule\n", ""),
        "the unit of the first column is missing; give it with a first line such as \
         `wavenumber_cm-1,cross_section_cm2_per_molecule`"
    );
    assert!(with("2e-20", "2e3").contains("is the unit right?"));
    assert_eq!(with("PH3", "Qq3"), "`Qq3` is no formula whose mass we know; write it like C2H6O");
    assert_eq!(with(GOOD, "hello"), "neither JCAMP-DX, HITRAN .xsc nor two columns of numbers");
    let torn = with("990.5,2e-20\n991.0,-1e-24\n991.5,", "990.7,2e-20\n991.0,-1e-24\n1100,");
    assert!(torn.contains("not tabulated is not transparent"), "{torn}");
}

proptest! {
    #[test]
    fn never_panics_near_the_truth(at in 0..GOOD.len(), junk in "\\PC{0,4}") {
        let mut text = GOOD.to_owned();
        text.insert_str(at, &junk);
        let _ = read(text.as_bytes(), &Given::default());
    }
}

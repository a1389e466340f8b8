use super::*;

fn gas() -> CrossSection {
    let segment =
        |start, step, sigma_cm2| Segment { start: PerCm(start), step: PerCm(step), sigma_cm2 };
    CrossSection {
        gas: Gas {
            slug: "x".into(),
            name: "Ex".into(),
            formula: "X".into(),
            cas: String::new(),
            molar_mass: GramsPerMole(1.0),
        },
        segments: vec![
            segment(100.0, 2.0, vec![1.0; 6]),
            segment(111.5, 1.0, vec![3.0, 5.0, 3.0]),
            segment(200.0, 1.0, vec![7.0; 3]),
        ],
        temperature: Kelvin(296.0),
        source: String::new(),
        citation: String::new(),
        terms: String::new(),
    }
}

#[test]
fn reads_between_values_and_across_joints_but_not_in_gaps() {
    let gas = gas();
    let at = |nu| gas.at(PerCm(nu));
    assert_eq!(at(112.0), Some(4.0));
    assert_eq!(at(110.9), Some(1.0));
    assert_eq!(at(111.2), Some(3.0));
    assert_eq!((at(99.1), at(98.9), at(150.0), at(202.6)), (Some(1.0), None, None, None));
}

#[test]
fn covers_what_meets_and_nothing_across_a_gap() {
    let gas = gas();
    let covers = |a, b| gas.covers(PerCm(a), PerCm(b));
    assert!(covers(100.0, 113.0) && covers(105.0, 112.0) && covers(200.0, 202.0));
    assert!(!covers(90.0, 105.0) && !covers(112.0, 201.0) && !covers(300.0, 301.0));
}

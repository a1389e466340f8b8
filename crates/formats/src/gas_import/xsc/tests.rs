use cathartes_core::units::Kelvin;
use proptest::prelude::*;

use crate::gas_import::{Given, read};

fn block(low: f64, values: &[f64], kelvin: f64, torr: f64) -> String {
    let high = low + 0.5 * (values.len() - 1) as f64;
    let largest = values.iter().fold(0.0_f64, |m, v| m.max(*v));
    let mut text = format!(
        "{:>20}{low:10.4}{high:10.4}{:7}{kelvin:7.1}{torr:6.1}{largest:10.3E}{:>5}{:>15}    {:>3}{:>3}\n",
        "C2H6O",
        values.len(),
        "0.112",
        "Ethanol",
        "N2",
        "12"
    );
    for row in values.chunks(10) {
        text += &row.iter().map(|v| format!("{v:10.3E}")).collect::<Vec<_>>().concat();
        text.push('\n');
    }
    text
}

fn rising(n: usize, scale: f64) -> Vec<f64> {
    (0..n).map(|i| scale * (1.0 + i as f64)).collect()
}

fn several() -> String {
    block(900.0, &rising(25, 1e-20), 276.1, 760.0)
        + &block(900.0, &rising(25, 2e-20), 298.1, 50.0)
        + &block(900.0, &rising(25, 3e-20), 298.1, 760.0)
        + &block(1200.0, &rising(12, 4e-20), 297.9, 755.0)
}

#[test]
fn takes_the_block_nearest_to_room_air_and_every_range() {
    let made = read(several().as_bytes(), &Given::default()).unwrap();
    let gas = &made.cross_section;

    assert_eq!((gas.gas.name.as_str(), gas.gas.formula.as_str()), ("Ethanol", "C2H6O"));
    assert_eq!(gas.segments.len(), 2);
    assert_eq!((gas.segments[0].start.0, gas.segments[0].end().0), (900.0, 912.0));
    assert!((gas.segments[0].sigma_cm2[24] / 75e-20 - 1.0).abs() < 1e-6);
    assert_eq!(
        made.notes[0],
        "took 900.0-912.0 cm-1 at 298.1 K and 760 Torr, of 4 blocks; values are cm2 per molecule (base e)"
    );

    let cold = Given { temperature: Some(Kelvin(270.0)), ..Given::default() };
    let made = read(several().as_bytes(), &cold).unwrap().cross_section;
    assert!((made.segments[0].sigma_cm2[0] / 1e-20 - 1.0).abs() < 1e-6);
}

#[test]
fn says_what_is_wrong_and_where() {
    let said = |text: &str| read(text.as_bytes(), &Given::default()).unwrap_err().to_string();
    let text = several();
    assert_eq!(said(&text[..text.len() - 30]), "the file ends 2 values early");
    assert_eq!(
        said(&text.replacen("1.000E-20", "1.0-0E-20", 1)),
        "line 2: ` 1.0-0E-20` is not a number"
    );
    assert_eq!(said(&(text + "tail\n")), "line 16: not the header of a cross-section block");
}

proptest! {
    #[test]
    fn never_panics_near_the_truth(at in 0_usize..1200, junk in "\\PC{0,4}") {
        let mut text = several();
        text.insert_str(at.min(text.len()), &junk);
        let _ = read(text.as_bytes(), &Given::default());
    }
}

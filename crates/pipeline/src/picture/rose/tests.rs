use cathartes_core::units::{MetresPerSecond, Seconds};

use super::*;

#[test]
fn a_wind_to_the_west_comes_from_the_east() {
    let wind = WindReading {
        time: Seconds(0.0),
        east: MetresPerSecond(-2.0),
        north: MetresPerSecond(0.1),
        turbulence_across: None,
        turbulence_up: None,
        temperature: None,
        pressure: None,
    };
    assert_eq!(shares(&[&wind]).iter().position(|share| *share > 0.0), Some(4));
}

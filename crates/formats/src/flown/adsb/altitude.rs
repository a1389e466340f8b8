//! Pressure altitude in 12 bits: `C1 A1 C2 A2 C4 A4 B1 Q B2 D2 B4 D4`.
//!
//! With `Q` the other eleven bits count steps of 25 ft from −1000 ft. Without it, as above 50,175 ft, two
//! reflected binary codes count 500 ft (`D2 D4 A1 A2 A4 B1 B2 B4`) and 100 ft (`C1 C2 C4`, from 1 to 5, up and
//! down in turn) from −1300 ft. 0: not known.
//!
//! ICAO Annex 10 Volume IV, 3.1.2.6.5.4 and its appendix to chapter 3.

use cathartes_core::units::Metres;

const METRES_PER_FOOT: f64 = 0.3048;
const WITH_Q: u16 = 0x10;

/// `None`: not known, or no code.
pub(super) fn pressure(code: u16) -> Option<Metres> {
    let feet = match code & WITH_Q {
        _ if code == 0 => return None,
        0 => hundreds(code)?,
        _ => 25 * i32::from(code >> 5 << 4 | code & 0xF) - 1000,
    };
    Some(Metres(f64::from(feet) * METRES_PER_FOOT))
}

fn hundreds(code: u16) -> Option<i32> {
    // Where the bits stand, counted from the last.
    let picked = |bits: &[u16]| bits.iter().fold(0, |sum, bit| sum << 1 | (code >> bit & 1));
    let fives = plain(picked(&[2, 0, 10, 8, 6, 5, 3, 1]));
    let ones = match plain(picked(&[11, 9, 7])) {
        7 => 5,
        ones @ 1..=4 => ones,
        _ => return None,
    };
    let ones = if fives % 2 == 1 { 6 - ones } else { ones };
    Some(500 * i32::from(fives) + 100 * i32::from(ones) - 1300)
}

/// The number of a reflected binary code of at most eight bits.
fn plain(reflected: u16) -> u16 {
    (1..8).fold(reflected, |sum, shift| sum ^ reflected >> shift)
}

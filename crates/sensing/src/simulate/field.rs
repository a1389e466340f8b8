//! Random fields as pure functions of place and seed: any pixel can be asked for in any order.
//!
//! Value noise: random numbers on a square lattice, smooth between. A fractal is a sum of octaves,
//! each at half the size and `persistence` times the strength of the one before.

/// Mixes 64 bits so that every bit of the input moves every bit of the output (the finaliser of
/// `SplitMix64`; Steele, Lea and Flood 2014).
#[must_use]
pub(super) fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number that belongs to a lattice cell.
#[must_use]
pub(super) fn cell(seed: u64, x: i64, y: i64) -> u64 {
    mix(seed ^ mix((x as u64).wrapping_mul(0x8cb9_2ba7_2f3d_8dd7) ^ mix(y as u64)))
}

/// The upper bits as a number in 0..1.
#[must_use]
pub(super) fn unit(bits: u64) -> f32 {
    (bits >> 40) as f32 / 16_777_216.0
}

/// Smooth noise of mean zero and about unit deviation, features as large as one unit.
#[must_use]
pub(super) fn smooth(seed: u64, x: f64, y: f64) -> f32 {
    let (fx, fy) = (x.floor(), y.floor());
    let (ix, iy) = (fx as i64, fy as i64);
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (u, v) = (ease((x - fx) as f32), ease((y - fy) as f32));
    let at = |dx, dy| unit(cell(seed, ix + dx, iy + dy)) - 0.5;
    let top = at(0, 0) + u * (at(1, 0) - at(0, 0));
    let bottom = at(0, 1) + u * (at(1, 1) - at(0, 1));
    // A lattice value has deviation 1/√12; averaging over a cell leaves about 0.7 of it.
    (top + v * (bottom - top)) * 4.9
}

/// Sum of octaves, normalised to about unit deviation.
#[must_use]
pub(super) fn fractal(seed: u64, place: [f64; 2], octaves: u32, persistence: f32) -> f32 {
    let (mut sum, mut power, mut strength, mut scale) = (0.0, 0.0, 1.0_f32, 1.0);
    for k in 0..octaves {
        let own = mix(seed.wrapping_add(u64::from(k)));
        sum += strength * smooth(own, place[0] * scale, place[1] * scale);
        power += strength * strength;
        strength *= persistence;
        scale *= 2.0;
    }
    sum / power.sqrt()
}

/// Where a place lies among irregular cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Patch {
    /// The number of the cell it lies in.
    pub(super) id: u64,
    /// The number of the border it lies nearest to.
    pub(super) border: u64,
    /// Distance to that border, in cell sizes.
    pub(super) to_border: f32,
}

/// The irregular cell (Voronoi of a jittered lattice) around a place in units of the cell size.
#[must_use]
pub(super) fn patch(seed: u64, x: f64, y: f64) -> Patch {
    let (ix, iy) = (x.floor() as i64, y.floor() as i64);
    let (mut first, mut second) = ((f32::MAX, 0), (f32::MAX, 0));
    for dy in -1..=1 {
        for dx in -1..=1 {
            let id = cell(seed, ix + dx, iy + dy);
            let px = (ix + dx) as f64 + 0.1 + 0.8 * f64::from(unit(id));
            let py = (iy + dy) as f64 + 0.1 + 0.8 * f64::from(unit(mix(id)));
            // Fields are more square than round: a mixture of the two distances.
            let (ax, ay) = ((x - px).abs() as f32, (y - py).abs() as f32);
            let distance = 0.6 * (ax + ay) + 0.4 * ax.max(ay);
            if distance < first.0 {
                second = first;
                first = (distance, id);
            } else if distance < second.0 {
                second = (distance, id);
            }
        }
    }
    Patch { id: first.1, border: first.1 ^ second.1, to_border: 0.5 * (second.0 - first.0) }
}

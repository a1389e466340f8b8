//! The outline of a patch of pixels, along pixel edges.
//!
//! Every edge between a pixel inside and one outside is walked with the inside on its right (lines
//! grow downwards). No two pixels of a patch touch by a corner only, so every corner begins at
//! most one edge, each ring closes without touching itself or another, and the polygon is simple.

use std::collections::BTreeMap;

use cathartes_core::plume::PixelPlace;

/// Closed rings around 4-connected pixels without corner contacts: the outer one first, then holes.
pub(crate) fn rings(pixels: &[(u32, u32)]) -> Vec<Vec<PixelPlace>> {
    let mut edges = edges(pixels);
    let mut rings = Vec::new();
    while let Some((&start, _)) = edges.first_key_value() {
        let (mut ring, mut at) = (vec![start], start);
        while let Some(next) = edges.remove(&at) {
            ring.push(next);
            at = next;
        }
        rings.push(ring);
    }
    // The outermost ring holds the first corner in reading order, so it is already first.
    rings.iter().map(|ring| straightened(ring)).collect()
}

/// Directed edges, by the corner they begin at.
fn edges(pixels: &[(u32, u32)]) -> BTreeMap<(u32, u32), (u32, u32)> {
    let mut inside: Vec<(u32, u32)> = pixels.to_vec();
    inside.sort_unstable();
    let has = |l: Option<u32>, s: Option<u32>| {
        l.zip(s).is_some_and(|place| inside.binary_search(&place).is_ok())
    };
    let mut edges = BTreeMap::new();
    for &(l, s) in &inside {
        let sides = [
            (has(l.checked_sub(1), Some(s)), (l, s), (l, s + 1)),
            (has(Some(l), Some(s + 1)), (l, s + 1), (l + 1, s + 1)),
            (has(Some(l + 1), Some(s)), (l + 1, s + 1), (l + 1, s)),
            (has(Some(l), s.checked_sub(1)), (l + 1, s), (l, s)),
        ];
        edges.extend(sides.into_iter().filter(|side| !side.0).map(|(_, from, to)| (from, to)));
    }
    edges
}

/// Leaves out corners in the middle of a straight side. The first corner of a ring always turns.
fn straightened(ring: &[(u32, u32)]) -> Vec<PixelPlace> {
    let turns = |i: usize| {
        i == 0 || i + 1 == ring.len() || {
            let (a, b, c) = (ring[i - 1], ring[i], ring[i + 1]);
            !(a.0 == b.0 && b.0 == c.0 || a.1 == b.1 && b.1 == c.1)
        }
    };
    (0..ring.len())
        .filter(|&i| turns(i))
        .map(|i| PixelPlace { line_px: f64::from(ring[i].0), sample_px: f64::from(ring[i].1) })
        .collect()
}

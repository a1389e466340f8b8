//! From a decision map to the pixels of each plume.
//!
//! Hysteresis: a plume holds a pixel above the seed level and everything 8-connected to it above
//! the grow level. An intermittent plume comes in fragments; a fragment joins another when
//!
//! 1. at least one of the two holds a seed, the other passes the join level,
//! 2. the gap is no longer than the longer of the two, nor than [`MAX_GAP_PX`] pixels,
//! 3. the line from centre to centre lies within [`MAX_TURN_DEG`] of the wind, or, when the wind
//!    is not known, of the axis of the longer fragment, which must be elongated.
//!
//! Before that, the halo goes: inside a patch only pixels above the grow level of the `fine` map
//! stay, in pieces that reach [`PIECE`] there. Pieces that pass the seed level on their own stand
//! alone, the others go with the nearest; a patch without any is diffuse and stays whole.
//!
//! The pixels of the shortest line across a gap then belong to the plume: gas is there, below
//! the level. Pixels that touch by a corner only are joined by the stronger of the two between
//! them, so that a plume is one 4-connected patch with a simple outline.

use std::collections::BTreeSet;

use cathartes_core::raster::Raster;

use super::frame::{Axis, Frame, Step, axis, dot, length, minus};

/// Fine significance that a piece of a patch must reach.
const PIECE: f64 = 3.0;
const MAX_GAP_PX: f64 = 20.0;
const MAX_TURN_DEG: f64 = 20.0;
/// Length over width from which a fragment has an axis of its own.
const ELONGATED: f64 = 2.0;

/// Levels of the decision map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Levels {
    pub(crate) seed: f64,
    pub(crate) join: f64,
    pub(crate) grow: f64,
}

/// What segmentation needs to know of the ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lie {
    pub(crate) frame: Frame,
    pub(crate) downwind: Option<Step>,
}

/// One patch of pixels.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Patch {
    /// Indices into the raster, rising.
    pub(crate) pixels: Vec<usize>,
    /// Largest decision inside.
    pub(crate) peak: f64,
}

/// 8-connected patches of the pixels that satisfy `inside`, in raster order of their first pixel.
pub(crate) fn clusters(
    lines: usize,
    samples: usize,
    inside: impl Fn(usize) -> bool,
) -> Vec<Vec<usize>> {
    clusters_from(0..lines * samples, (lines, samples), inside)
}

/// The same, among a few pixels of a raster.
fn clusters_among(
    pixels: &[usize],
    map: &Raster,
    inside: impl Fn(usize) -> bool,
) -> Vec<Vec<usize>> {
    clusters_from(pixels.iter().copied(), (map.lines, map.samples), inside)
}

fn clusters_from(
    starts: impl Iterator<Item = usize>,
    (lines, samples): (usize, usize),
    inside: impl Fn(usize) -> bool,
) -> Vec<Vec<usize>> {
    let mut seen = vec![false; lines * samples];
    let mut found = Vec::new();
    for start in starts {
        if seen[start] || !inside(start) {
            continue;
        }
        seen[start] = true;
        let (mut patch, mut at) = (vec![start], 0);
        while let Some(&pixel) = patch.get(at) {
            at += 1;
            for next in neighbours(pixel, lines, samples) {
                if !seen[next] && inside(next) {
                    seen[next] = true;
                    patch.push(next);
                }
            }
        }
        patch.sort_unstable();
        found.push(patch);
    }
    found
}

fn neighbours(pixel: usize, lines: usize, samples: usize) -> impl Iterator<Item = usize> {
    let (line, sample) = (pixel / samples, pixel % samples);
    let span = |x: usize, n: usize| x.saturating_sub(1)..(x + 2).min(n);
    span(line, lines)
        .flat_map(move |l| span(sample, samples).map(move |s| l * samples + s))
        .filter(move |&next| next != pixel)
}

/// The two maps that draw a plume.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Maps<'a> {
    pub(crate) decision: &'a Raster,
    pub(crate) fine: &'a Raster,
}

/// The plumes of a decision map, strongest first.
pub(crate) fn patches(maps: Maps, levels: Levels, min_pixels: usize, lie: &Lie) -> Vec<Patch> {
    let decision = maps.decision;
    let grown = |i: usize| f64::from(decision.values[i]) >= levels.grow;
    let fragments: Vec<Patch> = clusters(decision.lines, decision.samples, grown)
        .into_iter()
        .filter(|pixels| peak(decision, pixels) >= levels.join)
        .flat_map(|pixels| without_halo(pixels, maps, levels, lie))
        .filter(|pixels| pixels.len() >= min_pixels)
        .map(|pixels| Patch { peak: peak(decision, &pixels), pixels })
        .filter(|patch| patch.peak >= levels.join)
        .collect();
    let mut plumes = joined(fragments, levels, decision.samples, lie);
    for plume in &mut plumes {
        plume.pixels = without_corner_contacts(&plume.pixels, decision);
    }
    plumes.sort_by(|a, b| b.peak.total_cmp(&a.peak).then(a.pixels.cmp(&b.pixels)));
    plumes
}

fn peak(map: &Raster, pixels: &[usize]) -> f64 {
    pixels.iter().map(|&i| f64::from(map.values[i])).fold(f64::MIN, f64::max)
}

/// The pieces of a patch that are there without integrating far.
fn without_halo(pixels: Vec<usize>, maps: Maps, levels: Levels, lie: &Lie) -> Vec<Vec<usize>> {
    let (fine, samples) = (maps.fine, maps.fine.samples);
    let stays =
        |i: usize| f64::from(fine.values[i]) >= levels.grow && pixels.binary_search(&i).is_ok();
    let mut pieces = clusters_among(&pixels, fine, stays);
    pieces.retain(|piece| peak(fine, piece) >= PIECE);
    pieces.sort_by(|a, b| peak(fine, b).total_cmp(&peak(fine, a)).then(a.cmp(b)));
    let alone = pieces.iter().take_while(|p| peak(fine, p) >= levels.seed).count().max(1);
    let weak = pieces.split_off(alone.min(pieces.len()));
    if pieces.is_empty() {
        return vec![pixels];
    }
    for piece in weak {
        let nearest = pieces
            .iter_mut()
            .filter_map(|p| {
                let (a, b) = (rim(&piece, samples), rim(p, samples));
                Some((nearest(&a, &b, samples, lie)?, p))
            })
            .min_by(|a, b| a.0.2.total_cmp(&b.0.2));
        if let Some(((from, to, _), host)) = nearest {
            host.extend(piece);
            host.extend(line_between(from, to, samples));
            host.sort_unstable();
            host.dedup();
        }
    }
    pieces
}

/// Joins fragments in raster order until no rule applies; keeps those with a seed.
fn joined(fragments: Vec<Patch>, levels: Levels, samples: usize, lie: &Lie) -> Vec<Patch> {
    let mut parts: Vec<Part> = fragments.into_iter().map(|p| Part::new(p, samples, lie)).collect();
    let mut first = 0;
    while first < parts.len() {
        let partner = (first + 1..parts.len()).find_map(|other| {
            let seeded = parts[first].patch.peak.max(parts[other].patch.peak) >= levels.seed;
            let bridge = seeded.then(|| parts[first].bridge(&parts[other], samples, lie))??;
            Some((other, bridge))
        });
        let Some((other, bridge)) = partner else {
            first += 1;
            continue;
        };
        let gone = parts.remove(other).patch;
        let kept = parts.remove(first).patch;
        let pixels: BTreeSet<usize> =
            kept.pixels.into_iter().chain(gone.pixels).chain(bridge).collect();
        let patch = Patch { pixels: pixels.into_iter().collect(), peak: kept.peak.max(gone.peak) };
        parts.push(Part::new(patch, samples, lie));
        first = 0;
    }
    parts.into_iter().map(|part| part.patch).filter(|p| p.peak >= levels.seed).collect()
}

/// A fragment with the measures that decide whether it joins another.
struct Part {
    patch: Patch,
    rim: Vec<usize>,
    axis: Option<Axis>,
}

impl Part {
    fn new(patch: Patch, samples: usize, lie: &Lie) -> Self {
        let rim = rim(&patch.pixels, samples);
        let places = patch.pixels.iter().map(|&i| (place(i, samples, lie), 1.0));
        let axis = axis(places);
        Self { patch, rim, axis }
    }

    /// The pixels of the shortest line to another fragment, when the two line up.
    fn bridge(&self, other: &Self, samples: usize, lie: &Lie) -> Option<Vec<usize>> {
        let (a, b) = (self.axis?, other.axis?);
        let longer = if a.deviation >= b.deviation { a } else { b };
        // A uniform bar is √12 of its deviation long.
        let reach = (longer.deviation * 12_f64.sqrt()).min(MAX_GAP_PX * lie.frame.pixel());
        let way = minus(b.centre, a.centre);
        let along = lie.downwind.or_else(|| {
            let elongated = longer.deviation > ELONGATED * longer.deviation_across;
            elongated.then_some(longer.along)
        })?;
        if dot(way, along).abs() < MAX_TURN_DEG.to_radians().cos() * length(way) {
            return None;
        }
        if length(way) > reach + 12_f64.sqrt() * (a.deviation + b.deviation) {
            return None;
        }
        let (from, to, gap) = nearest(&self.rim, &other.rim, samples, lie)?;
        (gap <= reach).then(|| line_between(from, to, samples))
    }
}

/// Pixels of a patch with a side outside.
fn rim(pixels: &[usize], samples: usize) -> Vec<usize> {
    let inside = |i: usize| pixels.binary_search(&i).is_ok();
    let open = |&i: &usize| {
        i % samples == 0
            || i < samples
            || ![i - 1, i + 1, i - samples, i + samples].into_iter().all(inside)
    };
    pixels.iter().copied().filter(open).collect()
}

/// The nearest two pixels of two patches and how far apart they are.
fn nearest(a: &[usize], b: &[usize], samples: usize, lie: &Lie) -> Option<(usize, usize, f64)> {
    let pairs = a.iter().flat_map(|&a| b.iter().map(move |&b| (a, b)));
    pairs
        .map(|(a, b)| (a, b, length(minus(place(a, samples, lie), place(b, samples, lie)))))
        .min_by(|x, y| x.2.total_cmp(&y.2))
}

fn place(pixel: usize, samples: usize, lie: &Lie) -> Step {
    lie.frame.step((pixel / samples) as f64, (pixel % samples) as f64)
}

/// Pixels of a straight line, ends included.
fn line_between(from: usize, to: usize, samples: usize) -> Vec<usize> {
    let parts = |i: usize| ((i / samples) as f64, (i % samples) as f64);
    let ((l0, s0), (l1, s1)) = (parts(from), parts(to));
    let steps = (l1 - l0).abs().max((s1 - s0).abs()).max(1.0);
    (0..=steps as usize)
        .map(|k| {
            let t = k as f64 / steps;
            let (l, s) = ((l0 + t * (l1 - l0)).round(), (s0 + t * (s1 - s0)).round());
            l as usize * samples + s as usize
        })
        .collect()
}

/// Fills one pixel wherever two touch by a corner only.
fn without_corner_contacts(pixels: &[usize], decision: &Raster) -> Vec<usize> {
    let samples = decision.samples;
    let mut inside: BTreeSet<usize> = pixels.iter().copied().collect();
    let mut look: Vec<usize> = pixels.to_vec();
    while let Some(pixel) = look.pop() {
        for (corner, a, b) in corners(pixel, decision) {
            if inside.contains(&corner) && !inside.contains(&a) && !inside.contains(&b) {
                let stronger = decision.values[a] >= decision.values[b];
                let filled = if stronger { a } else { b };
                inside.insert(filled);
                look.push(filled);
            }
        }
        debug_assert!(pixel < decision.lines * samples);
    }
    inside.into_iter().collect()
}

/// The diagonal neighbours of a pixel, each with the two pixels between.
fn corners(pixel: usize, raster: &Raster) -> Vec<(usize, usize, usize)> {
    let (line, sample) = (pixel / raster.samples, pixel % raster.samples);
    let step = |x: usize, up: bool, n: usize| {
        if up { Some(x + 1).filter(|&y| y < n) } else { x.checked_sub(1) }
    };
    [(false, false), (false, true), (true, false), (true, true)]
        .into_iter()
        .filter_map(|(down, right)| {
            let l = step(line, down, raster.lines)?;
            let s = step(sample, right, raster.samples)?;
            let at = |l: usize, s: usize| l * raster.samples + s;
            Some((at(l, s), at(line, s), at(l, sample)))
        })
        .collect()
}

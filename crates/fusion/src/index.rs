//! Which things are near a place: an R*-tree of boxes in space, so that no meridian and no pole is an edge.

use cathartes_core::geometry::LatLon;
use rstar::{AABB, RTree, RTreeObject};

use crate::ground::{distance, in_space};

const EARTH_M: f64 = 6.378e6;
/// The sphere of [`in_space`] is not the Earth.
const SLACK: f64 = 1.02;

/// A number in a box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Boxed {
    low: [f64; 3],
    high: [f64; 3],
    pub(crate) number: u32,
}

impl RTreeObject for Boxed {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.low, self.high)
    }
}

impl Boxed {
    /// All that is within so many metres of a place.
    pub(crate) fn around(place: LatLon, radius_m: f64, number: u32) -> Self {
        let (at, half) = (in_space(place), radius_m * SLACK + 1.0);
        Self { low: at.map(|x| x - half), high: at.map(|x| x + half), number }
    }

    /// A polygon with all that is inside of it, on a round Earth too.
    pub(crate) fn of_ring(ring: &[LatLon], number: u32) -> Self {
        let mut all = Self::around(ring[0], 0.0, number);
        let mut extent: f64 = 0.0;
        for corner in ring {
            let at = in_space(*corner);
            all.low = std::array::from_fn(|i| all.low[i].min(at[i]));
            all.high = std::array::from_fn(|i| all.high[i].max(at[i]));
            extent = extent.max(distance(ring[0], *corner).0);
        }
        // How far the ground between corners rises above their plane, and straight edges in degrees above both.
        let bulge = 1.0 + SLACK * (2.0 * extent).powi(2) / (2.0 * EARTH_M);
        all.low = all.low.map(|x| x - bulge);
        all.high = all.high.map(|x| x + bulge);
        all
    }

    pub(crate) fn holds(&self, other: &Self) -> bool {
        (0..3).all(|i| self.low[i] <= other.low[i] && other.high[i] <= self.high[i])
    }

    /// The box around both, of this one's number.
    pub(crate) fn and(&self, other: &Self) -> Self {
        Self {
            low: std::array::from_fn(|i| self.low[i].min(other.low[i])),
            high: std::array::from_fn(|i| self.high[i].max(other.high[i])),
            number: self.number,
        }
    }
}

/// Numbers by place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index(RTree<Boxed>);

impl Index {
    pub(crate) fn insert(&mut self, boxed: Boxed) {
        self.0.insert(boxed);
    }

    pub(crate) fn replace(&mut self, old: &Boxed, new: Boxed) {
        self.0.remove(old);
        self.0.insert(new);
    }

    /// Numbers of boxes that a box touches, rising.
    pub(crate) fn touching(&self, boxed: &Boxed) -> Vec<u32> {
        let near = self.0.locate_in_envelope_intersecting(boxed.envelope());
        let mut numbers: Vec<u32> = near.map(|b| b.number).collect();
        numbers.sort_unstable();
        numbers
    }
}

//! One source becomes two with the same centre of gravity and rate, or two become one.
//!
//! ```text
//! q₁ = f q,  q₂ = (1−f) q,  p₁ = p + (1−f) d,  p₂ = p − f d;     f uniform, d normal
//! ```
//!
//! In ln of the rates the Jacobian is 1/(f(1−f)). A split picks one of k and makes a pair in either
//! order, a merge picks one pair of k(k+1)/2, and k+1 sources without order are k+1 times as dense
//! as k: all these cancel.

use rand::RngExt;

use super::Walker;
use crate::invert::model::ln_normal;

/// Deviation of d, as share of the room.
const APART: f64 = 0.12;

impl Walker<'_> {
    pub(super) fn split_or_merge(&mut self) {
        if self.rng.random::<bool>() { self.split() } else { self.merge() }
    }

    fn ln_apart(&self, d: [f64; 3]) -> f64 {
        let size = self.start.model.prior.room.size;
        (0..3).map(|k| ln_normal(d[k], (0.0, APART * size[k]))).sum()
    }

    fn split(&mut self) {
        let k = self.state.sources.len();
        if k == 0 || k >= self.start.model.prior.most {
            return;
        }
        let mut next = self.state.clone();
        let one = next.sources.remove(self.rng.random_range(0..k));
        let f = self.rng.random::<f64>().clamp(1e-9, 1.0 - 1e-9);
        let size = self.start.model.prior.room.size;
        let d: [f64; 3] = [0, 1, 2].map(|k| APART * size[k] * self.normal());
        let part = |share: f64, along: f64| {
            let place: [f64; 3] = std::array::from_fn(|k| one.place[k] + along * d[k]);
            (place, one.ln_rate + share.ln())
        };
        let parts = [part(f, 1.0 - f), part(1.0 - f, -f)];
        let model = &self.start.model;
        if parts.iter().any(|p| !model.prior.room.holds(p.0)) {
            return;
        }
        next.sources.extend(parts.map(|(p, q)| model.emitter(p, q, &self.state.scales)));
        self.attempt(next, -self.ln_apart(d) - (f * (1.0 - f)).ln());
    }

    fn merge(&mut self) {
        let k = self.state.sources.len();
        if k < 2 {
            return;
        }
        let mut next = self.state.clone();
        let a = next.sources.remove(self.rng.random_range(0..k));
        let b = next.sources.remove(self.rng.random_range(0..k - 1));
        let (qa, qb) = (a.ln_rate.exp(), b.ln_rate.exp());
        let f = qa / (qa + qb);
        let d: [f64; 3] = std::array::from_fn(|k| a.place[k] - b.place[k]);
        let place = std::array::from_fn(|k| f * a.place[k] + (1.0 - f) * b.place[k]);
        let one = self.start.model.emitter(place, (qa + qb).ln(), &self.state.scales);
        next.sources.push(one);
        self.attempt(next, self.ln_apart(d) + (f * (1.0 - f)).ln());
    }
}

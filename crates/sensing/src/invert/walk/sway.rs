//! The direction of the wind, block by block.

use std::sync::Arc;

use rand::RngExt;

use super::Walker;
use crate::invert::{
    meander::given_neighbours,
    model::{Column, MEANDER, NOISE, NU, TURN, discrepancy2},
    plume::share,
};

/// What the readings of one block would be.
#[derive(Default)]
struct Block {
    /// Source by source.
    columns: Vec<Column>,
    total: Column,
    ln_likelihood: f64,
}

impl Walker<'_> {
    /// Every block once.
    pub(super) fn meander(&mut self) {
        if self.state.sources.is_empty() {
            return self.meander_freely();
        }
        let air = self.start.model.basis.values(&self.state.background);
        self.noise2 = self.state.scales[NOISE..].iter().map(|s| (2.0 * s).exp()).collect();
        for j in 0..self.state.meander.len() {
            self.sway(j, &air);
        }
        self.start.model.weigh(&mut self.state);
    }

    /// Without a source nothing speaks for or against any direction.
    fn meander_freely(&mut self) {
        for j in 0..self.state.meander.len() {
            let (mean, std) = self.neighbours(j);
            self.state.meander[j] = mean + std * self.normal();
        }
        self.start.model.weigh(&mut self.state);
    }

    fn neighbours(&self, j: usize) -> (f64, f64) {
        given_neighbours(&self.state.meander, j, self.state.scales[MEANDER])
    }

    fn sway(&mut self, j: usize, air: &[f64]) {
        let (mean, std) = self.neighbours(j);
        let now = self.state.meander[j];
        let anew = self.rng.random::<f64>() < 0.4;
        let size = if self.rng.random::<bool>() { 0.4 } else { 0.1 };
        let phi =
            if anew { mean } else { now } + if anew { std } else { size * std } * self.normal();
        let prior = |x: f64| -0.5 * ((x - mean) / std).powi(2);
        let ln_prior = if anew { 0.0 } else { prior(phi) - prior(now) };
        let (old, new) = (self.as_it_is(j, air), self.as_if(j, phi, air));
        let ln = ln_prior + self.heat * (new.ln_likelihood - old.ln_likelihood);
        if self.rng.random::<f64>().ln() < ln {
            self.state.meander[j] = phi;
            self.take_over(j, &new);
        }
    }

    fn as_it_is(&self, j: usize, air: &[f64]) -> Block {
        let members = &self.start.model.blocks.members[j];
        let pick = |from: &[f64]| members.iter().map(|&i| from[i]).collect();
        let (mean, swing) = (pick(&self.state.total.mean), pick(&self.state.total.swing));
        let total = Column { mean, swing };
        let ln_likelihood = self.ln_block(members, &total, air);
        Block { columns: Vec::new(), total, ln_likelihood }
    }

    fn as_if(&self, j: usize, phi: f64, air: &[f64]) -> Block {
        let model = &self.start.model;
        let members = &model.blocks.members[j];
        let angle = self.state.scales[TURN] + phi;
        let (shape, turn) = (model.shape(&self.state.scales), [angle.cos(), angle.sin()]);
        let zeros = vec![0.0; members.len()];
        let mut block =
            Block { total: Column { mean: zeros.clone(), swing: zeros }, ..Block::default() };
        for source in &self.state.sources {
            let rate = source.ln_rate.exp();
            let mut column = Column::default();
            for (n, &i) in members.iter().enumerate() {
                let flow = model.readings.flows[i].turned(turn);
                let share = share(&shape, &flow, &model.readings.sights[i], source.place);
                column.mean.push(share.mean);
                column.swing.push(share.swing);
                block.total.mean[n] += rate * share.mean;
                block.total.swing[n] += rate * share.swing;
            }
            block.columns.push(column);
        }
        block.ln_likelihood = self.ln_block(members, &block.total, air);
        block
    }

    fn ln_block(&self, members: &[usize], total: &Column, air: &[f64]) -> f64 {
        let model = &self.start.model;
        let r2 = discrepancy2(&self.state.scales);
        let mut ln = 0.0;
        for (n, &i) in members.iter().enumerate() {
            let run = model.basis.run_of(i);
            let v = self.noise2[run] + r2 * total.swing[n].powi(2);
            let e = model.readings.values[i] - total.mean[n] - air[i];
            ln += 0.5 * (NU * v.ln() - (NU + 1.0) * (NU * v + e * e).ln()) / model.together[run];
        }
        ln
    }

    fn take_over(&mut self, j: usize, block: &Block) {
        let members = &self.start.model.blocks.members[j];
        let put = |to: &mut Arc<Column>, from: &Column| {
            let to = Arc::make_mut(to);
            for (n, &i) in members.iter().enumerate() {
                (to.mean[i], to.swing[i]) = (from.mean[n], from.swing[n]);
            }
        };
        put(&mut self.state.total, &block.total);
        let sources = self.state.sources.iter_mut().zip(&block.columns);
        sources.for_each(|(source, column)| put(&mut source.column, column));
    }
}

//! The search while the line is flown.
//!
//! Lines are pushed one by one. Every [`BLOCK`] lines the sums of the columns grow by the new lines
//! (without pixels that the filter of the moment calls gas), filters are made anew, their covariance
//! pooled over as many neighbouring columns as the line is short, and the newest lines are searched:
//! the first plumes come out while the aircraft is over them. Means learnt so far serve lines not
//! yet seen, so provisional maps are a little noisier than final ones.
//!
//! [`Follower::finish`] searches the whole line as [`crate::search::search`] does, on the same
//! numbers in the same order: its maps equal those of the finished file bit by bit.
//!
//! Memory: the cube of the window, plus `p²` numbers a column.

use cathartes_core::{cube::Cube, signature::Signature};

use crate::{
    maps::SearchMaps,
    search::{self, SearchError, SearchOptions},
};

/// Lines between two provisional answers.
pub const BLOCK: usize = 64;
/// Lines a provisional answer covers: room for a plume.
pub const REACH: usize = 256;

/// A line in flight.
#[derive(Debug, Clone)]
pub struct Follower {
    cube: Cube,
    signature: Signature,
    options: SearchOptions,
    state: search::Running,
}

/// An answer before the end of the line.
#[derive(Debug, Clone, PartialEq)]
pub struct Provisional {
    /// Line of the scene that is the maps' first.
    pub first_line: usize,
    /// Maps of the newest lines.
    pub maps: SearchMaps,
}

impl Follower {
    /// Begins a line of as many samples as given, for the bands of the signature.
    #[must_use]
    pub fn new(samples: usize, signature: Signature, options: SearchOptions) -> Self {
        let bands = signature.bands.clone();
        let cube = Cube { lines: 0, samples, bands, data: Vec::new() };
        Self { cube, signature, options, state: search::Running::default() }
    }

    /// Lines so far.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.cube.lines
    }

    /// Adds one line of radiance in order sample, band; every [`BLOCK`] lines there is an answer.
    ///
    /// # Errors
    ///
    /// [`SearchError`] when the line has the wrong length. Too little ground to know is no error:
    /// there is no answer yet.
    pub fn push(&mut self, line: &[f32]) -> Result<Option<Provisional>, SearchError> {
        let expected = self.cube.samples * self.cube.bands.len();
        if line.len() != expected {
            return Err(SearchError::ShapeMismatch { expected, found: line.len() });
        }
        self.cube.data.extend_from_slice(line);
        self.cube.lines += 1;
        if !self.cube.lines.is_multiple_of(BLOCK) {
            return Ok(None);
        }
        let fresh = self.tail(BLOCK);
        self.state.learn(&fresh, &self.signature, &self.options);
        let newest = self.tail(REACH);
        let maps = self.state.look(&newest, &self.signature, &self.options);
        let first_line = self.cube.lines - newest.lines;
        Ok(maps.map(|maps| Provisional { first_line, maps }))
    }

    /// The final maps, equal to those of the finished file.
    ///
    /// # Errors
    ///
    /// [`SearchError`] as for a file.
    pub fn finish(self) -> Result<SearchMaps, SearchError> {
        search::search(&self.cube, &self.signature, &self.options)
    }

    /// The newest lines as a cube of their own.
    fn tail(&self, lines: usize) -> Cube {
        let lines = lines.min(self.cube.lines);
        let width = self.cube.samples * self.cube.bands.len();
        let data = self.cube.data[self.cube.data.len() - lines * width..].to_vec();
        Cube { lines, samples: self.cube.samples, bands: self.cube.bands.clone(), data }
    }
}

#[cfg(test)]
mod tests;

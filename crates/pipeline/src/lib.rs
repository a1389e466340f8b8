//! The jobs: the only place where numbers meet input and output.

pub mod font;
pub mod gas;

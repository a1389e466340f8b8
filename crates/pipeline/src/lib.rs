//! The jobs: the only place where numbers meet input and output.

pub mod airspace;
mod budget;
pub mod comply;
pub mod detect;
mod digest;
pub mod follow;
pub mod font;
pub mod gas;
pub mod import;
pub mod limit;
pub mod locate;
mod ortho;
mod outcome;
mod picture;
pub mod plan;
mod profiles;
pub mod simulate;
pub mod sites;
pub mod sun;
pub mod wind;
pub mod work;

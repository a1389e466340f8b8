//! The words of Cathartes as types: gases, spectra, cubes, places, winds, plumes.
//!
//! Values only. Nothing here reads a file, a clock or a die; a quantity carries its unit in its
//! type or its name.

pub mod agreement;
pub mod air;
pub mod airspace;
pub mod certificate;
pub mod checkpoint;
pub mod cube;
pub mod emitter;
pub mod estimate;
pub mod filter;
pub mod flown;
pub mod gas;
pub mod geometry;
pub mod identification;
pub mod look;
pub mod map_tile;
pub mod marking;
pub mod observation;
pub mod plume;
pub mod provenance;
pub mod radiance;
pub mod raster;
pub mod scenery;
pub mod signature;
pub mod site;
pub mod sortie;
pub mod source;
pub mod spectrum;
pub mod terrain;
pub mod trace;
pub mod track;
pub mod units;
pub mod wind;

//! Bytes to values and back. Hostile input ends here.
//!
//! No reader panics, recurses without bound or allocates more than a small multiple of what it
//! reads; every refusal is one sentence with the file, the place in it and the remedy.

pub mod aeri;
pub mod airspace;
mod armed;
pub mod band_table;
pub mod cog;
pub mod cql2;
pub mod envi;
pub mod fleet;
pub mod flight_log;
pub mod flown;
pub mod formula;
pub mod gas_import;
pub mod gas_library;
pub mod geotiff;
pub mod licensed_emitters;
pub mod modtran_channels;
pub mod netcdf;
pub mod observations;
pub mod open;
pub mod paper;
pub mod platform;
pub mod plume_geojson;
pub mod profile;
pub mod ramp;
pub mod raster_tile;
pub mod readings;
pub mod readings_csv;
pub mod region;
pub mod requirements;
pub mod scenery;
pub mod seen_plumes;
pub mod site;
pub mod sortie_out;
pub mod source_geojson;
pub mod terrain;
mod tiles;
pub mod trace_wind_csv;
pub mod vector_tile;
pub mod wind_csv;
pub mod xml;

pub use open::{Auxiliary, Cause, FormatError, open};

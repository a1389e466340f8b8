#![no_main]
//! Any bytes as any of the formats of observations, with a mapping that fills in what is missing: rows and
//! faults; never a panic.

use std::collections::BTreeMap;

use cathartes_formats::observations::{self, Mapping};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let constants = [
        ("reliability", "C"),
        ("credibility", "3"),
        ("collector", "patrol-7"),
        ("radius_90_m", "250"),
        ("bearing_std_deg", "2"),
        ("time", "2026-05-03T18:00:00Z"),
    ];
    let constants = constants.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mapping = Mapping { columns: BTreeMap::new(), constants: BTreeMap::from(constants) };
    match first % 7 {
        0 => drop(observations::csv(bytes, &mapping)),
        1 => drop(observations::geojson(bytes, &mapping)),
        2 => drop(observations::kml(bytes, &mapping)),
        3 => drop(observations::cursor_on_target(bytes, &mapping)),
        4 => drop(observations::stix(bytes, &mapping)),
        5 => drop(observations::read(bytes, &mapping)),
        _ => drop(Mapping::parse(bytes)),
    }
});

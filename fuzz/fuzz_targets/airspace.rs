#![no_main]
//! Any bytes as any of the forms of airspace: values or a sentence; never a panic. What is read as one of ours is
//! written and read again.

use cathartes_core::airspace::{Purpose, Rule};
use cathartes_formats::airspace::{Intent, authority, border, ed269, ed318, kml, openair, track};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let intent = match first % 2 {
        0 => Intent::default(),
        _ => Intent { rule: Rule::Permit, purposes: vec![Purpose::ChemicalSurvey] },
    };
    match first / 2 % 8 {
        0 => authorities(bytes),
        1 => {
            if let Ok(read) = track::read(bytes) {
                assert_eq!(track::read(track::write(&read).as_bytes()).as_ref(), Ok(&read));
            }
        }
        2 => drop(ed318::read(bytes, &intent)),
        3 => drop(ed269::read(bytes, &intent)),
        4 => drop(openair::read(bytes, &intent)),
        5 => drop(kml::read(bytes, &intent, None)),
        6 => drop(border::geojson(bytes)),
        _ => drop(border::topojson(bytes, "076")),
    }
});

fn authorities(bytes: &[u8]) {
    let Ok(read) = authority::read(bytes) else { return };
    assert_eq!(authority::read(authority::write(&read).as_bytes()).as_ref(), Ok(&read));
    let _ = (ed318::write(&read, "ESP"), ed269::write(&read, "ESP"), openair::write(&read), kml::write(&read));
}

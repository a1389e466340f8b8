#![no_main]
//! Any bytes: readings, sifted and laid into a frame, or a sentence with the row; never a panic.

use cathartes_core::trace::Frame;
use cathartes_formats::{readings::Table, readings_csv};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(mut table) = readings_csv::read(bytes) {
        table.sift();
        let origin = Table::first_on_earth(&table);
        let _ = table.traces(Frame { origin, start: None });
    }
});

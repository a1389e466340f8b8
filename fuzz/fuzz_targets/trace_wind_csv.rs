#![no_main]
//! Any bytes: winds or a sentence with the row; never a panic.

use cathartes_core::{trace::Sensor, units::Seconds};
use cathartes_formats::trace_wind_csv;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(table) = trace_wind_csv::read(bytes) {
        let _ = table.record(&[Sensor { id: 4, name: String::new() }], Seconds(0.0));
    }
});

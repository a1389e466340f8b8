#![no_main]
//! Any bytes: a series of winds or a sentence with the row; never a panic.

use cathartes_formats::wind_csv::WindSeries;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(series) = WindSeries::read(bytes)
        && let Ok(time) = "2026-05-03T18:05:00Z".parse()
    {
        let _ = series.at(time);
    }
});
